"""The picture of powers of a matrix."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_05.eigen_picture.compute import CIRCLE, STEPS, EigenPicture
from rnncourse.shared.wording import number

__all__ = ["EigenView"]

REACH = 4.0
BOTTOM, SIDE = 92, 224


class EigenView:
    """Left, what the powers do to a vector and the unit circle; right, their norm."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.plane = style.panel(
            figure,
            (70, BOTTOM, SIDE, SIDE),
            title="the unit circle, $n$ steps later",
            x=("first unit of $h$", -REACH, REACH),
            y=("second unit of $h$", -REACH, REACH),
        )
        self.plane.axhline(0, color=style.LIGHT, lw=1, zorder=0)
        self.plane.axvline(0, color=style.LIGHT, lw=1, zorder=0)
        (self.circle,) = self.plane.fill([0], [0], color=style.STATE_PALE)
        self.circle.set(edgecolor=style.STATE, linewidth=0.8)
        (self.unit,) = self.plane.plot(*CIRCLE.T, color=style.WEIGHT, lw=1)
        self.circle.set_label("circle after $n$ steps")
        (self.path,) = self.plane.plot([], [], "o-", color=style.STATE, lw=1.2, ms=3.5)
        self.path.set_label("path of one vector")
        (self.end,) = self.plane.plot([], [], "o", color=style.INK, ms=7)
        style.key_below(self.plane, (self.circle, self.path), columns=1)
        self.axes = style.panel(
            figure,
            (400, BOTTOM, 420, SIDE),
            title=r"does $W^n$ grow?",
            x=("steps $n$", 0, STEPS),
            y=("factor", 0, 1),
        )
        style.log_axis(self.axes, -4, 4)
        n = np.arange(STEPS + 1)
        self.band = self.axes.fill_between(n, n, n, color=style.STATE_PALE, linewidth=0)
        self.band.set_label("all singular values of $W^n$")
        (self.largest,) = self.axes.plot(n, n, color=style.STATE, lw=style.WIDE)
        self.largest.set_label(r"largest: the norm $\|W^n\|$")
        (self.radius,) = self.axes.plot(n, n, color=style.WEIGHT, lw=style.LINE)
        self.radius.set_label(r"spectral radius $|\lambda|^n$")
        (self.bound,) = self.axes.plot(n, n, **style.BOUND)
        self.bound.set_label(r"bound $\sigma_{\max}(W)^n$")
        (self.now,) = self.axes.plot([], [], color=style.INK, lw=1, ls=":")
        (self.dot,) = self.axes.plot([], [], "o", color=style.INK, ms=7)
        self.now.set_clip_on(False)
        self.dot.set_clip_on(False)
        lines = (self.band, self.largest, self.radius, self.bound)
        style.key_below(self.axes, lines)
        left = (self.circle, self.unit, self.path, self.end)
        spines = style.spines(self.plane, self.axes)
        self.moving = (*left, *lines, *spines, self.now, self.dot)

    def draw(self, data: EigenPicture) -> None:
        """Show `data`."""
        far = 100 * REACH
        self.circle.set_xy(np.clip(data.circle, -far, far))
        self.path.set_data(*np.clip(data.path, -far, far).T)
        self.end.set_data(*np.clip(data.path[-1:], -far, far).T)
        n = np.arange(STEPS + 1)
        smallest, largest, radius, bound = (
            style.for_log_axis(values, self.axes)
            for values in (
                data.smallest,
                data.largest,
                data.radius**n,
                data.norm**n,
            )
        )
        style.move_band(self.band, n, smallest, largest)
        self.largest.set_ydata(largest)
        self.radius.set_ydata(radius)
        self.bound.set_ydata(bound)
        limits = self.axes.get_ylim()
        self.now.set_data([data.steps] * 2, limits)
        self.dot.set_data([data.steps], [np.clip(largest[data.steps], *limits)])

    def describe(self, data: EigenPicture) -> str:
        """Return what the picture shows, in words."""
        x, y = data.path[-1]
        now = data.largest[data.steps]
        return (
            f"Left, the unit circle after {data.steps} steps, an ellipse that reaches "
            f"{number(now)} far, and the path of the vector (1, 0), which ends at "
            f"({number(x)}, {number(y)}). Right, over the steps on a log axis, the "
            f"norm of the power of W, up to {number(data.largest.max())}, between the "
            f"power of its spectral radius {number(data.radius, 3)} and the dashed "
            f"power of its norm {number(data.norm, 3)}."
        )
