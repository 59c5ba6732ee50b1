"""The stage of the next letter: bars before it, surprises after it."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_07.next_letter_theatre.compute import ALL, LONGEST, NextLetter
from rnncourse.shared.wording import fixed, percent

__all__ = ["NextLetterView"]

MOST_BITS, MOST_SHARE = 10, 100


class NextLetterView:
    """Left, what may come next; right, what came, and who was surprised by it."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (58, 92, 340, 214),
            title="what may come next",
            x=("next letter (. ends the name)", -0.7, ALL - 0.3),
            y=("probability, %", 0, MOST_SHARE),
        )
        self.axes.set_xticks([])
        self.axes.xaxis.labelpad = 18
        self.cut = Bars(self.axes, range(ALL), 0.8, color=style.LIGHT)
        self.bars = Bars(self.axes, range(ALL), 0.8, color=style.OUTPUT)
        self.right = style.panel(
            figure,
            (456, 92, 368, 214),
            title="the name, and the surprise of each letter",
            x=("letter by letter", -0.7, LONGEST - 0.3),
            y=("surprise, bits", 0, MOST_BITS),
        )
        self.right.set_xticks([])
        self.right.xaxis.labelpad = 18
        self.own = Bars(self.right, range(LONGEST), 0.7, color=style.OUTPUT)
        (self.bigram,) = self.right.plot([], [], "_", color=style.INK, ms=13, mew=2)
        (self.trigram,) = self.right.plot([], [], "x", color=style.INK, ms=6, mew=1.3)
        keys = (
            (self.cut, "cut off"),
            (self.bars, "may be drawn"),
            (self.own, "the net"),
            (self.bigram, "bigram"),
            (self.trigram, "trigram"),
        )
        for handle, words in keys:
            handle.set_label(words)
        style.key_below(self.axes, [handle for handle, _ in keys[:2]])
        style.key_below(self.right, [handle for handle, _ in keys[2:]], columns=3)
        self.names = Digits(
            self.axes, [(n, -6) for n in range(ALL)], points=style.SMALL
        )
        self.text = Digits(self.right, [], points=style.TEXT, bold=True)
        self.moving = (
            self.cut,
            self.bars,
            self.own,
            self.bigram,
            self.trigram,
            self.names,
            self.text,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: NextLetter) -> None:
        """Show `data`."""
        self.cut.set_heights(100 * data.probabilities)
        self.bars.set_heights(100 * data.probabilities * (data.left > 0))
        self.names.set_texts(data.letters)
        shown = np.minimum(data.surprises, MOST_BITS)
        count = shown.shape[1]
        self.own.set_heights(np.pad(shown[0], (0, LONGEST - count)))
        for line, heights in ((self.bigram, shown[1]), (self.trigram, shown[2])):
            line.set_data(np.arange(count), heights)
        inks = [style.INPUT] * len(data.prefix) + [style.INK] * len(data.drawn)
        self.text.write(
            [(n, -0.6) for n in range(count)], data.prefix + data.drawn, inks
        )

    def describe(self, data: NextLetter) -> str:
        """Return what the picture shows, in words."""
        order = np.argsort(-data.probabilities)[:3]
        first = ", ".join(
            f"{data.letters[n]} {percent(data.probabilities[n])}" for n in order
        )
        pairs = zip(data.prefix + data.drawn, data.surprises[0], strict=True)
        each = ", ".join(f"{letter} {fixed(bits, 1)}" for letter, bits in pairs)
        return (
            f"Left, bars of the next letter, the highest: {first}. Right, the name "
            f"letter by letter, each with the net's surprise in bits: {each}; marks "
            "show those of a bigram and a trigram model."
        )
