"""The picture of a memory: what comes back bit by bit, and how many bits are right."""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_12.fast_weights.compute import (
    MOST,
    NOTHING,
    RULES,
    SIZE,
    FastWeights,
)
from rnncourse.shared.wording import whole_percent

__all__ = ["FastWeightsView"]

COLOURS = matplotlib.colormaps["PuOr_r"]
LOOKS = {
    "sum": (style.INPUT, "solid"),
    "decay": (style.CELL, (0, (5, 2))),
    "delta": (style.STATE, "solid"),
    "softmax": (style.OUTPUT, (0, (1.5, 1.5))),
}
WORDS = {"sum": "sum", "decay": "decay", "delta": "delta", "softmax": "table"}


class FastWeightsView:
    """Left, a row for each key and a column for each bit; right, a curve for each rule.

    Left a bit is the more purple the wronger and the more brown the righter it is.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (64, 72, 280, 244),
            title="what comes back, bit by bit",
            x=("bit of the value", 0.5, SIZE + 0.5),
            y=("key, the first on top", 0, 1),
        )
        self.axes.set_yticks([])
        self.axes.set_xticks([1, 4, 8, 12, 16])
        self.cells = HeatMap(self.axes)
        figure.text(
            0.08,
            0.025,
            "brown: right, purple: wrong, white: nothing",
            fontsize=style.SMALL,
            color=style.INK,
        )
        self.right = style.panel(
            figure,
            (450, 108, 370, 208),
            title="bits that are right, mean of 20 draws",
            x=("pairs n", 0, MOST + 1),
            y=("share of the bits", 0.4, 1.03),
        )
        self.right.axhline(0.5, **style.BOUND)
        self.right.text(2, 0.425, "guessing", fontsize=style.SMALL, color=style.INK)
        places = np.arange(1, MOST + 1)
        self.curves = {
            name: self.right.plot(
                places,
                np.ones(MOST),
                color=colour,
                linestyle=dashes,
                label=WORDS[name],
            )[0]
            for name, (colour, dashes) in LOOKS.items()
        }
        style.key_below(self.right, [*self.curves.values()], columns=4, drop=46)
        (self.here,) = self.right.plot([], [], "o", ms=9, mfc="none", mew=2.2)
        self.moving = (
            self.cells,
            *self.curves.values(),
            self.here,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: FastWeights) -> None:
        """Show `data`."""
        shown = np.clip(data.agreement, -1, 1) / 2 + 0.5
        self.cells.set_cells(COLOURS(shown, bytes=True))
        for name, shares in zip(RULES, data.curves, strict=True):
            n = np.arange(1, data.pairs + 1)
            self.curves[name].set_data(n, shares[: data.pairs])
            self.curves[name].set_linewidth(2.8 if name == data.rule else 1.2)
        colour, _ = LOOKS[data.rule]
        self.here.set_data([data.pairs], [data.shares.mean()])
        self.here.set_markeredgecolor(colour)

    def describe(self, data: FastWeights) -> str:
        """Return what the picture shows, in words."""
        wrong = int((data.agreement <= NOTHING).sum())
        here = ", ".join(
            f"{WORDS[name]} {whole_percent(shares[data.pairs - 1])}"
            for name, shares in zip(RULES, data.curves, strict=True)
        )
        keys = "at random" if data.keys == "random" else data.keys
        what = "the new bits of the first key" if data.again else "all bits"
        return (
            f"Left, of the first draw with keys {keys}, a row of {SIZE} cells for each "
            f"of the keys, {data.pairs} in all; wrong bits: {wrong}. Right, up to this "
            f"number of pairs, the share of {what} that is right for each rule; at "
            f"{data.pairs}: {here}."
        )
