"""Five seeds as dots, and a line from the worst to the best of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnnlib._typing import Array

__all__ = [
    "HIGHEST",
    "LEVELS",
    "LOOKS",
    "LOWEST",
    "NAMED",
    "Losses",
    "Seeds",
    "rows_of_seeds",
    "shown",
]

LOOKS: dict[str, dict[str, Any]] = {
    "RNN": {"color": style.STATE, "marker": "o"},
    "identity ReLU": {"color": style.STATE, "marker": "s", "mfc": "white"},
    "LSTM": {"color": style.CELL, "marker": "^"},
    "GRU": {"color": style.GATES["f"], "marker": "D"},
    "minGRU": {"color": style.GATES["f"], "marker": "v", "mfc": "white"},
}
LOWEST, HIGHEST = -30, 106  # per cent of the way; what is lower is drawn at the edge
LEVELS = (0, 25, 50, 75, 100)
NAMED = ("chance", "25 %", "50 %", "75 %", "ceiling")


def shown(scores: Array) -> Array:
    """Return scores in per cent, brought to the edge where they lie beyond it."""
    inside: Array = np.maximum(100 * scores, LOWEST + 3)
    return inside


class Seeds:
    """The seeds of one or several groups, side by side.

    Parameters
    ----------
    axes : Axes
    spread : float
        Half of the width that the seeds of a group have, side by side.
    upright : bool
        Whether scores go up; otherwise they go to the right.
    look : options of `Axes.plot`
    """

    def __init__(
        self, axes: Axes, spread: float, *, upright: bool = True, **look: Any
    ) -> None:
        self._spread, self._upright = spread, upright
        (self.dots,) = axes.plot([], [], ls="", ms=4.5, zorder=3, **look)
        self.ranges = LineCollection([], color=look["color"], lw=1.2, zorder=2)
        axes.add_collection(self.ranges, autolim=False)

    @property
    def artists(self) -> tuple[Artist, ...]:
        """What moves."""
        return self.ranges, self.dots

    def show(self, places: Sequence[float], scores: Array) -> None:
        """Show scores (groups, seeds), each group at its place."""
        heights = shown(np.reshape(scores, (len(places), -1)))
        n = heights.shape[1]
        spread = self._spread * (2 * np.arange(n) + 1 - n) / n
        across = np.asarray(places, dtype=float)[:, None]
        points = np.stack(np.broadcast_arrays(across + spread, heights), axis=-1)
        ends = np.stack([heights.min(axis=1), heights.max(axis=1)], axis=1)
        lines = np.stack(np.broadcast_arrays(across, ends), axis=-1)
        if not self._upright:
            points, lines = points[..., ::-1], lines[..., ::-1]
        self.dots.set_data(*points.reshape(-1, 2).T)
        self.ranges.set_segments([*lines])


class Losses:
    """Curves of the loss: those of the stored seeds, and the learner's own.

    Parameters
    ----------
    axes : Axes
        With a log axis.
    seeds : int
        How many stored curves there are.
    look : options of `Axes.plot`
        Of the stored ones.
    """

    def __init__(self, axes: Axes, seeds: int, **look: Any) -> None:
        self._axes = axes
        self.stored = [axes.plot([], [], lw=1.3, **look)[0] for _ in range(seeds)]
        self.stored[0].set_label("the stored seeds")
        (self.own,) = axes.plot([], [], color=style.INK, lw=2.4, label="your own run")

    @property
    def artists(self) -> tuple[Artist, ...]:
        """What moves."""
        return *self.stored, self.own

    def show(self, curves: Array, own: Sequence[float], updates: int) -> None:
        """Show the means of blocks of updates: `curves` (seeds, blocks), and `own`."""
        middles = (np.arange(curves.shape[1]) + 0.5) * updates / curves.shape[1]
        for line, curve in zip(self.stored, curves, strict=True):
            line.set_data(middles, style.for_log_axis(curve, self._axes))
        losses = style.for_log_axis(np.array(own), self._axes)
        self.own.set_data(middles[: len(own)], losses)


def rows_of_seeds(
    figure: Figure, place: tuple[float, float, float, float], names: Sequence[str]
) -> Axes:
    """Return a panel with a row for each name, from chance to the ceiling."""
    axes = style.panel(
        figure,
        place,
        title="how far does each seed come?",
        x=("", LOWEST, HIGHEST),
        y=("", len(names) - 0.5, -0.5),
    )
    axes.set_yticks(range(len(names)), names)
    axes.set_xticks(LEVELS, NAMED)
    for level in LEVELS[:: len(LEVELS) - 1]:
        axes.axvline(level, **style.BOUND, zorder=1)
    return axes
