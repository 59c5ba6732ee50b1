"""The picture of the bottleneck: exact answers over the length of the word."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_10.bottleneck.compute import LENGTHS, MOST, SIZES, Bottleneck
from rnncourse.shared.wording import percent

__all__ = ["BottleneckView"]

DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)))
LONGEST = LENGTHS[-1]


class BottleneckView:
    """Left, three curves up to the length looked at; right, one word and its answer."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (70, 92, 370, 224),
            title="words that come back without a mistake",
            x=("length of the word", LENGTHS[0] - 0.4, LONGEST + 0.4),
            y=("exact, %", 0, 102),
        )
        self.curves = [
            self.axes.plot(
                LENGTHS,
                np.zeros(len(LENGTHS)),
                color=style.STATE,
                ls=dashes,
                label=f"H = {H}",
            )[0]
            for H, dashes in zip(SIZES, DASHES, strict=True)
        ]
        (self.point,) = self.axes.plot([2], [100], "o", color=style.INK, ms=9)
        self.point.set(label="here", clip_on=False)
        style.key_below(self.axes, (*self.curves, self.point), columns=4)
        self.table = style.sheet(figure, (480, 60, 350, 260), MOST + 4, 6)
        for y, name in ((5.2, "the word"), (3.6, "should be"), (2.4, "is said")):
            self.table.text(
                0, y, name, fontsize=style.TEXT, color=style.INK, va="center"
            )
        places = [[(4.8 + 0.95 * n, y) for n in range(MOST)] for y in (5.2, 3.6, 2.4)]
        self.word, self.wanted, self.said = (
            Digits(self.table, row, points=13, bold=True, colour=colour)
            for row, colour in zip(
                places, (style.INPUT, style.TARGET, style.OUTPUT), strict=True
            )
        )
        self.marks = Digits(
            self.table,
            [(x, 1.5) for x, _ in places[2]],
            points=12,
            colour=style.INK,
        )
        digits = (self.word, self.wanted, self.said, self.marks)
        self.moving = (
            *self.curves,
            self.point,
            *digits,
            *style.spines(self.axes),
        )

    def draw(self, data: Bottleneck) -> None:
        """Show `data`."""
        upto = LENGTHS.index(data.length) + 1
        for H, curve, row in zip(SIZES, self.curves, data.exact, strict=True):
            curve.set_data(LENGTHS[:upto], 100 * row[:upto])
            curve.set_linewidth(style.WIDE - 1 if data.hidden == H else 1.4)
        self.point.set_data([data.length], [100 * data.share])
        marks = "".join("x" if wrong else " " for wrong in data.wrong)
        for digits, text in (
            (self.word, data.word),
            (self.wanted, data.word[::-1]),
            (self.said, data.said),
            (self.marks, marks),
        ):
            digits.set_texts(list(text.ljust(MOST)))

    def describe(self, data: Bottleneck) -> str:
        """Return what the picture shows, in words."""
        upto = LENGTHS.index(data.length)
        ends = ", ".join(
            f"H = {H} from {percent(row[0])} to {percent(row[upto])}"
            for H, row in zip(SIZES, data.exact, strict=True)
        )
        return (
            f"Left, three curves over word lengths 2 to {data.length}: {ends}; a "
            f"dot at the end of H = {data.hidden}. Right, the word "
            f"{data.word}, its reversal {data.word[::-1]} and what is said, "
            f"{data.said}; an x marks each wrong place."
        )
