"""The picture of four memories as a text goes on: bytes, and work a token."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnncourse.drawing import style
from rnncourse.lesson_12.memory_meter.compute import (
    BYTES,
    KINDS,
    MOST,
    MemoryMeter,
    in_bytes,
    multiplications,
    numbers,
)
from rnncourse.shared.wording import number

__all__ = ["MemoryMeterView"]

LOOKS = {
    "LSTM": (style.CELL, (0, (5, 2))),
    "minGRU": (style.STATE, "solid"),
    "matrix": (style.CANDIDATE, (0, (1.5, 1.5))),
    "attention": (style.OUTPUT, "solid"),
}
PLACES = np.unique(np.geomspace(1, MOST, 200).round().astype(np.int64))


class MemoryMeterView:
    """Left the bytes that are carried on, right the multiplications a token takes.

    Both up to the token that has been reached, on axes of powers of ten.
    """

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.left = style.panel(
            figure,
            (70, 92, 320, 212),
            title="carried on to the next token",
            x=("tokens T", 1, MOST),
            y=("bytes", 10, 1e11),
        )
        self.right = style.panel(
            figure,
            (500, 92, 320, 212),
            title="work of one token",
            x=("tokens T", 1, MOST),
            y=("multiplications", 100, 1e10),
        )
        style.log_axis(self.left, 1, 11)
        style.log_axis(self.right, 2, 10)
        for axes in (self.left, self.right):
            axes.set_xscale("log")
            axes.set_xlim(1, MOST)
            axes.set_xticks([1, 100, 10_000, MOST], ["1", "100", "10,000", "$10^6$"])
            axes.minorticks_off()
        self.sizes, self.costs = _curves(self.left), _curves(self.right)
        figure.legend(
            handles=[*self.sizes.values()],
            loc="lower center",
            ncols=len(LOOKS),
            fontsize=style.SMALL,
            labelcolor=style.INK,
            frameon=False,
        )
        self.moving = (
            *self.sizes.values(),
            *self.costs.values(),
            *style.spines(self.left, self.right),
        )

    def draw(self, data: MemoryMeter) -> None:
        """Show `data`."""
        tokens = np.append(PLACES[data.tokens > PLACES], data.tokens)
        rows: tuple[tuple[dict[str, Line2D], Callable[..., int], int], ...] = (
            (self.sizes, numbers, BYTES),
            (self.costs, multiplications, 1),
        )
        for lines, counted, each in rows:
            for kind, line in lines.items():
                heights = [each * counted(kind, int(t), data.width) for t in tokens]
                line.set_data(tokens, heights)
                line.set_markevery([len(tokens) - 1])

    def describe(self, data: MemoryMeter) -> str:
        """Return what the picture shows, in words."""
        sizes = ", ".join(f"{k} {in_bytes(data.sizes[k])}" for k in KINDS)
        costs = ", ".join(f"{k} {number(data.costs[k])}" for k in KINDS)
        return (
            f"Two panels with a line for each of four layers of width {data.width}, up "
            f"to token {data.tokens:,}. Left the bytes that are carried on, flat but "
            f"for attention, which rises: at the end {sizes}. Right the "
            f"multiplications of one token, likewise: at the end {costs}."
        )


def _curves(axes: Axes) -> dict[str, Line2D]:
    """Return an empty line for each kind, with a dot at its end."""
    return {
        kind: axes.plot([], [], marker="o", ms=7, color=colour, ls=dashes, label=kind)[
            0
        ]
        for kind, (colour, dashes) in LOOKS.items()
    }
