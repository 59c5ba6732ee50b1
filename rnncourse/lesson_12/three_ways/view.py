"""The picture of the three ways: the matrix, and the times over the length."""

from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from rnncourse.drawing import style
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_12.three_ways.compute import MOST, ThreeWays
from rnncourse.lesson_12.three_ways.times import LENGTHS, WAYS
from rnncourse.shared.wording import number
from rnnlib._typing import Array

__all__ = ["ThreeWaysView", "shades"]

LOOKS: dict[str, dict[str, Any]] = {
    "loop": {"color": style.INK, "ls": (0, (5, 2)), "marker": "o"},
    "scan": {"color": style.STATE, "ls": "-", "marker": "s"},
    "matrix": {"color": style.OUTPUT, "ls": (0, (1.5, 1.5)), "marker": "^"},
}
BOTTOM, HEIGHT = 96, 220
FULL = 255 * np.array(to_rgb(style.STATE))


def shades(shares: Array) -> Array:
    """Return a colour for each share: white at 0, the colour of the state at 1."""
    colours = np.full((*shares.shape, 4), 255, dtype=np.uint8)
    colours[..., :3] = 255 + shares[..., None] * (FULL - 255)
    return colours


class ThreeWaysView:
    """Left, how much of each input is left in each state; right, the times."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.left = style.panel(
            figure,
            (70, BOTTOM, 220, HEIGHT),
            title="the matrix: what is left of $b_s$ in $h_t$",
            x=("step s", 0, 1),
            y=("step t", 0, 1),
        )
        self.left.set_xticks([0.02, 0.98], ["first", "last"])
        self.left.set_yticks([0.02, 0.98], ["last", "first"])
        self.map = HeatMap(self.left)
        self.right = style.panel(
            figure,
            (410, BOTTOM, 400, HEIGHT),
            title="time of one thread, for all steps",
            x=("steps T", 0.7, 1.4 * LENGTHS[-1]),
            y=("ms", 1e-2, 1e2),
        )
        style.log_axis(self.right, -2, 2, every=1)
        self.right.set_xscale("log")
        self.right.xaxis.set_major_locator(FixedLocator(LENGTHS))
        self.right.xaxis.set_minor_locator(NullLocator())
        self.right.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))
        self.lines = {
            way: self.right.plot([], [], label=way, ms=4, lw=1.8, **look)[0]
            for way, look in LOOKS.items()
        }
        (self.points,) = self.right.plot(
            [], [], "o", ms=11, mfc="none", mec=style.INK, mew=1.6, label="here"
        )
        style.key_below(self.right, [*self.lines.values(), self.points], columns=4)
        self.moving = (
            self.map,
            *self.lines.values(),
            self.points,
            *style.spines(self.left, self.right),
        )

    def draw(self, data: ThreeWays) -> None:
        """Show `data`."""
        self.map.set_cells(shades(data.matrix))
        for line, times in zip(self.lines.values(), data.times, strict=True):
            tried = times[: data.upto][~np.isnan(times[: data.upto])]
            line.set_data(LENGTHS[: len(tried)], tried)
        here = data.here[~np.isnan(data.here)]
        self.points.set_data([data.steps] * len(here), here)

    def describe(self, data: ThreeWays) -> str:
        """Return what the picture shows, in words."""
        lines = "; ".join(
            f"the {way} up to {number(np.nanmax(times[: data.upto]))}"
            for way, times in zip(WAYS, data.times, strict=True)
        )
        shown = min(data.steps, MOST)
        which = "" if shown == data.steps else f" of the first {shown} steps"
        return (
            f"Left, the matrix{which}: 1 on the diagonal, less the further below it, "
            f"nothing above it. Right, at width {data.width}, the milliseconds of each "
            f"way over T up to {data.steps}, where rings are; both axes are "
            f"logarithmic: {lines}."
        )
