"""Gradient and occlusion side by side, under the text that was read."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_07.nets import BRACKETS
from rnncourse.lesson_07.which_letter.compute import LONGEST, WhichLetter
from rnncourse.shared.wording import fixed, percent

__all__ = ["WhichLetterView"]

MOST_SLOPE, MOST_FALL = 1.0, 7.0
PLACES = np.arange(LONGEST)
SYMBOLS = BRACKETS.symbols


class WhichLetterView:
    """Above the gradient, below what is lost without it; right, what comes next."""

    size = (840, 358)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        x = ("", -0.7, LONGEST - 0.3)
        self.top = style.panel(
            figure,
            (68, 216, 520, 102),
            title="how steep: the gradient at each symbol, the steepest as 1",
            x=x,
            y=("", 0, MOST_SLOPE),
        )
        self.bottom = style.panel(
            figure,
            (68, 42, 520, 116),
            title="without it: how much ln p falls",
            x=x,
            y=("nats", -MOST_FALL, MOST_FALL),
        )
        for axes in (self.top, self.bottom):
            axes.set_xticks([])
        self.bottom.axhline(0, color=style.INK, lw=0.8)
        self.bottom.spines["bottom"].set_visible(False)
        self.right = style.panel(
            figure,
            (668, 42, 152, 276),
            title="what comes next",
            x=("probability, %", 0, 100),
            y=("", len(SYMBOLS) - 0.4, -0.6),
        )
        self.right.set_yticks(range(len(SYMBOLS)), SYMBOLS, family="monospace", size=11)
        self.right.set_xticks([0, 50, 100])
        self.slopes = Bars(self.top, PLACES, 0.7, color=style.GRADIENT)
        self.falls = Bars(self.bottom, PLACES, 0.7, color=style.OUTPUT)
        self.shares = Bars(self.right, range(len(SYMBOLS)), 0.7, lying=True)
        self.text = Digits(self.top, [], points=11, bold=True)
        self.again = Digits(self.bottom, [], points=11, bold=True)
        self.moving = (
            self.slopes,
            self.falls,
            self.shares,
            self.text,
            self.again,
            *style.spines(self.top, self.bottom, self.right),
        )

    def draw(self, data: WhichLetter) -> None:
        """Show `data`."""
        for bars, heights, most in (
            (self.slopes, data.slopes / data.slopes.max(), MOST_SLOPE),
            (self.falls, data.falls, MOST_FALL),
        ):
            read = np.where(PLACES[: len(heights)] < data.read, heights, 0.0)
            shown = np.pad(read, (0, LONGEST - len(read)))
            bars.set_heights(np.clip(shown, -most, most))
        self.shares.set_heights(100 * np.asarray(data.probabilities))
        self.shares.set_facecolor(
            [
                style.OUTPUT if symbol == data.target else style.LIGHT
                for symbol in SYMBOLS
            ]
        )
        inks = [
            style.INPUT if n < data.read else style.DIM for n in range(len(data.text))
        ]
        for digits, low in ((self.text, -0.16), (self.again, -1.14)):
            most = MOST_SLOPE if digits is self.text else MOST_FALL
            places = [(float(n), low * most) for n in PLACES]
            digits.write(places[: len(data.text)], data.text, inks)

    def describe(self, data: WhichLetter) -> str:
        """Return what the picture shows, in words."""
        rows = zip(data.text, data.slopes, data.falls, strict=False)
        each = ", ".join(f"{s} {fixed(a)} and {fixed(b)}" for s, a, b in rows)
        p = data.probabilities[SYMBOLS.index(data.target)]
        return (
            f"Two rows of bars over the symbols that were read, gradient and fall of "
            f"ln p: {each}. Right, seven bars of what comes next; that of "
            f"{data.target} is coloured, {percent(p)}."
        )
