"""The picture of surgery: what is written, what may come next, and how far it goes."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_13.surgery.compute import (
    DIRECTIONS,
    MOST,
    SHIFTS,
    SYMBOLS,
    Surgery,
)
from rnncourse.shared.wording import fixed, whole_percent

__all__ = ["SurgeryView"]

OWN, MOVED = "#9a9a9a", style.OUTPUT
LOOKS = (
    {"color": style.STATE, "linestyle": "solid"},
    {"color": style.INPUT, "linestyle": (0, (5, 2))},
    {"color": style.INK, "linestyle": (0, (1.5, 1.5))},
)
SHORT = ("the probe's", "the means'", "random")


class SurgeryView:
    """Above, text and what follows; left, the next symbol; right, all shifts so far."""

    size = (840, 390)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        sheet = style.sheet(figure, (20, 312, 800, 74), 800, 74)
        for y, words in ((56, "by itself"), (24, "moved")):
            sheet.text(0, y, words, fontsize=style.TEXT, color=style.INK, va="center")
        self.read = [
            Digits(sheet, [(180, y)], align="right", points=14, colour=style.INPUT)
            for y in (56, 24)
        ]
        self.written = [
            Digits(sheet, [(190, y)], align="left", points=14, bold=True, colour=colour)
            for y, colour in ((56, style.FADED), (24, style.INK))
        ]
        self.left = style.panel(
            figure,
            (60, 84, 330, 196),
            title="the next symbol",
            x=("", -0.6, len(SYMBOLS) - 0.4),
            y=("probability", 0, 1),
        )
        places = np.arange(len(SYMBOLS))
        self.left.set_xticks(places, SYMBOLS, fontsize=style.TEXT + 2)
        self.bars = [
            Bars(self.left, places - 0.2, 0.38, color=OWN, label="by itself"),
            Bars(self.left, places + 0.2, 0.38, color=MOVED, label="moved"),
        ]
        style.key_below(self.left, self.bars, drop=40)
        self.right = style.panel(
            figure,
            (470, 84, 350, 196),
            title="a closing bracket, mean over states",
            x=("moved by, in brackets", -MOST, MOST),
            y=("probability", 0, 1),
        )
        self.lines = [
            self.right.plot([], [], lw=style.LINE, label=short, **look)[0]
            for short, look in zip(SHORT, LOOKS, strict=True)
        ]
        (self.here,) = self.right.plot([], [], "o", ms=9, mfc="none", mew=2.2)
        self.here.set_clip_on(False)
        style.key_below(self.right, self.lines, columns=3, drop=48)
        self.moving = (
            *self.read,
            *self.written,
            *self.bars,
            *self.lines,
            self.here,
            *style.spines(self.left, self.right),
        )

    def draw(self, data: Surgery) -> None:
        """Show `data`."""
        for read in self.read:
            read.set_texts([data.text])
        texts = data.written_before, data.written_after
        for written, text in zip(self.written, texts, strict=True):
            written.set_texts([text])
        for bars, heights in zip(self.bars, (data.before, data.after), strict=True):
            bars.set_heights(heights)
        shown = abs(SHIFTS) <= abs(data.shift) + 1e-9
        for name, line, curve in zip(DIRECTIONS, self.lines, data.curves, strict=True):
            line.set_data(SHIFTS[shown], curve[shown])
            line.set_linewidth(3.2 if name == data.way else 1.4)
            if name == data.way:
                self.here.set_markeredgecolor(line.get_color())
                height = np.interp(data.shift, SHIFTS, curve)
                self.here.set_data([data.shift], [height])

    def describe(self, data: Surgery) -> str:
        """Return what the picture shows, in words."""
        symbols = ", ".join(
            f"{symbol} {whole_percent(own)} and {whole_percent(moved)}"
            for symbol, own, moved in zip(SYMBOLS, data.before, data.after, strict=True)
        )
        means = ", ".join(
            f"{name} {whole_percent(np.interp(data.shift, SHIFTS, curve))}"
            for name, curve in zip(DIRECTIONS, data.curves, strict=True)
        )
        return (
            f"After {data.text} the net writes {data.written_before} by itself, and "
            f"{data.written_after} once its state was moved by {fixed(data.shift, 1)}. "
            f"Left, bars of the next symbol by itself and moved: {symbols}. Right, at "
            f"this shift, how probable a closing bracket is on average: {means}."
        )
