"""The picture of the gradient microscope."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_05.gradient_microscope.compute import GradientMicroscope
from rnncourse.shared.wording import number
from rnnlib._typing import Array

__all__ = ["MicroscopeView"]

FRAMES = np.array([10, 20, 40, 60, 80, 100])
LEFT, BOTTOM, SIDE = 62, 92, 224


class MicroscopeView:
    """Left, the norm of every gradient; right, what is left of the last one.

    The axes have a few fixed lengths, and change to the next when T outgrows them.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._frame = int(FRAMES[-1])
        self.map_axes = style.panel(
            figure,
            (LEFT, BOTTOM, SIDE, SIDE),
            title=r"size of every gradient $\|\partial L_t/\partial h_k\|$",
            x=("back to step $k$", 0.5, FRAMES[-1] + 0.5),
            y=("loss at step $t$", FRAMES[-1] + 0.5, 0.5),
        )
        self.map_axes.set_facecolor(style.NOTHING)
        self.map = HeatMap(self.map_axes)
        style.magnitude_bar(figure, (LEFT + SIDE + 14, BOTTOM + 16, 10, SIDE - 32))
        self.axes = style.panel(
            figure,
            (434, BOTTOM, 386, SIDE),
            title="how much of the gradient is left",
            x=("steps back, $T - k$", 0, FRAMES[-1]),
            y=("factor", 0, 1),
        )
        style.log_axis(self.axes, -8, 8)
        self.band = self.axes.fill_between(
            [0, 1], [1, 1], [1, 1], color=style.STATE_PALE, linewidth=0
        )
        self.band.set_label("all singular values")
        (self.largest,) = self.axes.plot([], [], color=style.STATE, lw=style.WIDE)
        self.largest.set_label(r"largest of $\partial h_T/\partial h_k$")
        (self.left,) = self.axes.plot([], [], color=style.GRADIENT, lw=style.LINE)
        self.left.set_label(r"$\|\partial L_T/\partial h_k\|$, relative")
        (self.bound,) = self.axes.plot([], [], **style.BOUND)
        self.bound.set_label(r"bound $(\gamma\,\sigma_{\max})^{T-k}$")
        lines = (self.band, self.largest, self.left, self.bound)
        style.key_below(self.axes, lines)
        self.moving = (self.map, *lines, *style.spines(self.map_axes, self.axes))

    def draw(self, data: GradientMicroscope) -> None:
        """Show `data`."""
        frame = int(FRAMES[data.steps <= FRAMES][0])
        if frame != self._frame:
            self._set_frame(frame)
        self.map.set_cells(_padded(style.magnitude_colours(data.norms), frame))
        every = np.arange(data.steps + 1)
        low, high = (
            style.for_log_axis(values, self.axes)
            for values in (data.smallest, data.largest)
        )
        style.move_band(self.band, data.back, low, high)
        self.largest.set_data(data.back, high)
        self.left.set_data(every, style.for_log_axis(data.left, self.axes))
        self.bound.set_data(every, style.for_log_axis(data.bound, self.axes))

    def _set_frame(self, frame: int) -> None:
        self._frame = frame
        self.map_axes.set(xlim=(0.5, frame + 0.5), ylim=(frame + 0.5, 0.5))
        self.axes.set_xlim(0, frame)

    def describe(self, data: GradientMicroscope) -> str:
        """Return what the picture shows, in words."""
        return (
            "Left, a map of the norm of dL_t/dh_k for each loss t and each earlier "
            f"step k up to {data.steps}: purple is below 1, orange above. Right, over "
            "the steps back on a log axis, what is left of the gradient, falling or "
            f"rising from 1 to {number(data.left[-1])}; the singular values of "
            f"dh_T/dh_k, the largest ending at {number(data.largest[-1])}; and the "
            f"dashed bound, ending at {number(data.bound[-1])}."
        )


def _padded(colours: Array, frame: int) -> Array:
    """Return `colours` in the corner of a transparent square of `frame` cells."""
    square = np.zeros((frame, frame, 4), dtype=np.uint8)
    square[: len(colours), : len(colours)] = colours
    return square
