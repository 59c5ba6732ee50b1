"""The picture of the race: four ways over one surface, and their losses."""

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnncourse.drawing import style
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_06.optimiser_race.compute import (
    FRAMES,
    OPTIMISERS,
    START,
    SURFACES,
    UPDATES,
    Race,
    surface,
)
from rnncourse.lesson_06.words import small
from rnncourse.shared.wording import number
from rnnlib._typing import Array

__all__ = ["RaceView"]

LOOKS: dict[str, tuple[str, str, Any]] = {
    "SGD": (style.INK, "o", "-"),
    "Momentum": (style.INPUT, "s", (0, (5, 2))),
    "RMSProp": (style.CANDIDATE, "^", (0, (1, 1.2))),
    "Adam": (style.GRADIENT, "D", (0, (5, 2, 1, 2))),
}
BOTTOM, HEIGHT, FINE = 92, 224, 120
LOW, HIGH = -6, 3
GREYS = colormaps["Greys"]


class RaceView:
    """Left, the ways over a map that is dark where the loss is high; right, the loss.

    A way that leaves the map comes back where it does.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (76, BOTTOM, 320, HEIGHT),
            title="the way: dark is a high loss",
            x=("first direction", *FRAMES["bowl"][:2]),
            y=("second direction", *FRAMES["bowl"][2:]),
        )
        self.map = HeatMap(self.axes)
        self.loss_axes = style.panel(
            figure,
            (490, BOTTOM, 330, HEIGHT),
            title="the loss",
            x=("updates", 0, UPDATES),
            y=("loss", 0.1, 1),
        )
        style.log_axis(self.loss_axes, LOW, HIGH)
        self.paths: dict[str, Line2D] = {}
        self.losses: dict[str, Line2D] = {}
        for name, (colour, marker, dashes) in LOOKS.items():
            look: dict[str, Any] = {"color": colour, "ls": dashes, "label": name}
            (self.paths[name],) = self.axes.plot(
                [], [], marker=marker, ms=3.5, lw=1.4, **look
            )
            (self.losses[name],) = self.loss_axes.plot([], [], lw=style.LINE, **look)
        (self.begin,) = self.axes.plot(
            [], [], "o", ms=9, mfc="white", mec=style.INK, mew=1.6
        )
        style.key_below(self.axes, [*self.paths.values()])
        style.key_below(self.loss_axes, [*self.losses.values()])
        self.moving = (
            self.map,
            *self.paths.values(),
            self.begin,
            *self.losses.values(),
            *style.spines(self.axes, self.loss_axes),
        )

    def draw(self, data: Race) -> None:
        """Show `data`."""
        left, right, low, high = FRAMES[data.kind]
        self.axes.set_xlim(left, right)
        self.axes.set_ylim(low, high)
        self.map.set_cells(_greys(data.kind, data.ratio))
        self.begin.set_data(*np.reshape(START[data.kind], (2, 1)))
        for name in OPTIMISERS:
            wide = 10 * max(right - left, high - low)
            self.paths[name].set_data(*np.clip(data.paths[name], -wide, wide).T)
            losses = np.clip(data.losses[name], 10.0**LOW * 1.2, 10.0 ** (HIGH + 1))
            self.losses[name].set_data(np.arange(data.done + 1), losses)

    def describe(self, data: Race) -> str:
        """Return what the picture shows, in words."""
        ends = ", ".join(
            f"{name} at {small(found[-1])}" for name, found in data.losses.items()
        )
        return (
            f"Left, a map of {SURFACES[data.kind]} with the ways of four optimisers "
            f"from one start; right, their losses on a log axis over {data.done} "
            f"updates with learning rate {number(data.rate)}: {ends}."
        )


@lru_cache(16)
def _greys(kind: str, ratio: float) -> Array:
    """Return the colours of the map, the highest row first: dark is a high loss."""
    heights = np.log10(_heights(kind, ratio)[::-1] + 1e-3)
    spread = (heights - heights.min()) / np.ptp(heights)
    return np.asarray(GREYS(0.6 * spread, bytes=True))


def _heights(kind: str, ratio: float) -> Array:
    """Return the loss over the map, the lowest row first."""
    if kind == "net":
        return surface()[0]
    left, right, low, high = FRAMES["bowl"]
    x, y = np.linspace(left, right, FINE), np.linspace(low, high, FINE)[:, None]
    return np.asarray((x**2 + ratio * y**2) / 2)
