"""The picture of a forced weight: where the decoder looks, and what it says."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_11.force_a_weight.compute import (
    FORCE,
    LONGEST,
    SOURCES,
    ForcedWeight,
)
from rnncourse.shared.wording import percent

__all__ = ["ForceAWeightView"]

ANSWER = len(next(iter(SOURCES.values())))
NAMES = 11
OWN, MADE = "#9a9a9a", style.OUTPUT


class ForceAWeightView:
    """Left, the weight of each letter; right, the probability of each character.

    The grey bars are those of the network by itself.
    """

    size = (840, 324)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.left = style.panel(
            figure,
            (60, 80, 480, 186),
            title="",
            x=("the source, letter by letter", -0.6, LONGEST - 0.4),
            y=("weight", 0, 1),
        )
        self.left.set_xticks([])
        self.left.xaxis.labelpad = 24
        self.right = style.panel(
            figure,
            (600, 80, 220, 186),
            title="",
            x=("the character it writes", -0.6, NAMES - 0.4),
            y=("probability", 0, 1),
        )
        self.right.set_xticks([])
        self.right.xaxis.labelpad = 24
        self.bars = []
        for axes, count in ((self.left, LONGEST), (self.right, NAMES)):
            places = np.arange(count)
            self.bars += [
                Bars(axes, places - 0.2, 0.38, color=OWN, label="by itself"),
                Bars(axes, places + 0.2, 0.38, color=MADE, label="as it is made to"),
            ]
            style.key_below(axes, self.bars[-2:], drop=52)
        self.letters = Digits(
            self.left, [(k, -0.08) for k in range(LONGEST)], points=12, bold=True
        )
        self.names = Digits(
            self.right, [(k, -0.08) for k in range(NAMES)], points=12, bold=True
        )
        sheet = style.sheet(figure, (60, 271, 760, 50), 760, 50)
        sheet.text(
            0, 24, "it writes", fontsize=style.TEXT + 1, color=style.INK, va="center"
        )
        self.answer = Digits(
            sheet, [(90 + 22 * k, 24) for k in range(ANSWER)], points=15, bold=True
        )
        (self.frame,) = sheet.plot([], [], color=style.INK, lw=1.4)
        self.new = Digits(sheet, [(350, 24)], points=12, align="left")
        self.moving = (
            *self.bars,
            self.letters,
            self.names,
            self.answer,
            self.frame,
            self.new,
            *style.spines(self.left, self.right),
        )

    def draw(self, data: ForcedWeight) -> None:
        """Show `data`."""
        for bars, heights in zip(
            self.bars, (data.own, data.forced, data.before, data.after), strict=True
        ):
            places = np.zeros(len(bars.get_heights()))
            places[: len(heights)] = heights
            bars.set_heights(places)
        self.letters.set_texts(list(data.source.replace(" ", "·").ljust(LONGEST)))
        inks = [style.INPUT] * LONGEST
        if data.how == FORCE:
            inks[data.place] = style.INK
        self.letters.set_colours(inks)
        self.names.set_texts(data.names)
        answer = SOURCES[data.source]
        self.answer.set_texts(list(answer))
        self.answer.set_colours(
            [style.INK if k == data.step else style.FADED for k in range(ANSWER)]
        )
        x = 90 + 22 * data.step
        self.frame.set_data([x - 10, x + 10, x + 10, x - 10, x - 10], [8, 8, 40, 40, 8])
        told = "" if data.new_answer == data.answer else f"now: {data.new_answer}"
        self.new.set_texts([told])

    def describe(self, data: ForcedWeight) -> str:
        """Return what the picture shows, in words."""
        top, moved = int(data.own.argmax()), int(data.forced.argmax())
        return (
            f"Left, over the {len(data.source)} letters of “{data.source}”, bars of "
            f"the weights at step {data.step + 1}: by itself the network looks most at "
            f"place {top + 1} ({percent(data.own[top])}), as it is made to at place "
            f"{moved + 1} ({percent(data.forced[moved])}). Right, bars of what it "
            f"writes: by itself “{data.answer}” with {percent(data.before.max())}, as "
            f"it is made to “{data.new_answer}” with {percent(data.after.max())}."
        )
