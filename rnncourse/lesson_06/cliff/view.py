"""The picture of the cliff: the way over the loss, and the norm of each gradient."""

from itertools import pairwise

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_06.cliff.compute import (
    BIASES,
    CLIPS,
    START,
    UPDATES,
    WEIGHTS,
    Cliff,
    surface,
)
from rnncourse.lesson_06.words import signed
from rnncourse.shared.wording import number
from rnnlib._typing import Array

__all__ = ["CliffView"]

BOTTOM, HEIGHT = 92, 224
LOW, HIGH = -4, 4


class CliffView:
    """Left, the way over the loss, darker where it is high; right, the norms.

    A way that leaves the map is drawn up to its edge.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (70, BOTTOM, 340, HEIGHT),
            title="the way down: dark is a high loss",
            x=("weight $w$", WEIGHTS[0], WEIGHTS[-1]),
            y=("bias $b$", BIASES[0], BIASES[-1]),
        )
        self.axes.contourf(
            WEIGHTS,
            BIASES,
            np.log10(surface() + 1e-3),
            levels=np.linspace(-3, 1.5, 19),
            cmap=colormaps["Greys"],
            extend="both",
        )
        (self.path,) = self.axes.plot(
            [], [], "o-", color=style.GRADIENT, lw=1.4, ms=3.5, label="updates"
        )
        (self.begin,) = self.axes.plot(
            *START, "o", ms=9, mfc="white", mec=style.INK, mew=1.6, label="start"
        )
        (self.end,) = self.axes.plot(
            [], [], "X", ms=11, mfc=style.TARGET, mec=style.INK, label="end"
        )
        self.end.set_clip_on(False)
        style.key_below(self.axes, (self.begin, self.path, self.end), columns=3)
        self.norms_axes = style.panel(
            figure,
            (500, BOTTOM, 320, HEIGHT),
            title="norm of each gradient, before clipping",
            x=("update", 0, UPDATES + 2),
            y=("norm", 0.1, 1),
        )
        style.log_axis(self.norms_axes, LOW, HIGH)
        (self.norms,) = self.norms_axes.plot(
            [], [], ".-", color=style.GRADIENT, lw=1.2, ms=4, label="norm"
        )
        (self.cut,) = self.norms_axes.plot(
            [], [], "o", ms=8, mfc="none", mec=style.INK, label="cut"
        )
        (self.limit,) = self.norms_axes.plot(
            [0, UPDATES + 2], [1, 1], **style.BOUND, label="limit"
        )
        handles = (self.norms, self.cut, self.limit)
        style.key_below(self.norms_axes, handles, columns=3)
        self.moving = (
            self.path,
            self.begin,
            self.end,
            self.limit,
            self.norms,
            self.cut,
            *style.spines(self.axes, self.norms_axes),
        )

    def draw(self, data: Cliff) -> None:
        """Show `data`."""
        inside = _to_the_edge(data.path)
        self.path.set_data(*inside.T)
        self.end.set_data(*inside[-1:].T)
        updates = np.arange(1, UPDATES + 1)
        norms = np.clip(data.norms, 10.0**LOW * 1.2, 10.0**HIGH)
        self.norms.set_data(updates, norms)
        self.cut.set_data(updates[data.cut], norms[data.cut])
        self.limit.set_ydata([data.limit] * 2)
        self.limit.set_visible(data.clip != "off")

    def describe(self, data: Cliff) -> str:
        """Return what the picture shows, in words."""
        w, b = map(signed, data.path[-1])
        return (
            f"Left, a map of the loss over w and b with a cliff across it; the way "
            f"goes from w = {START[0]}, b = {START[1]} to w = {w}, b = {b}. Right, the "
            f"norms of {UPDATES} gradients on a log axis, {number(data.norms.max())} "
            f"at most; clipping {CLIPS[data.clip]}, limit {number(data.limit)}."
        )


def _to_the_edge(path: Array) -> Array:
    """Return a way up to where it first leaves the map."""
    low = np.array([WEIGHTS[0], BIASES[0]])
    high = np.array([WEIGHTS[-1], BIASES[-1]])
    kept = [path[0]]
    for here, there in pairwise(path):
        if ((there >= low) & (there <= high)).all():
            kept.append(there)
            continue
        room = np.where(there > here, high - here, low - here)
        share = min(float(r / m) for r, m in zip(room, there - here, strict=True) if m)
        kept.append(here + min(share, 1.0) * (there - here))
        break
    return np.array(kept)
