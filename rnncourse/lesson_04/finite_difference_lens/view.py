"""The picture of the finite-difference lens."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_04.finite_difference_lens.compute import (
    GRID,
    ZOOM,
    Differences,
)
from rnncourse.shared.wording import number

__all__ = ["DifferencesView"]

BOTTOM, HEIGHT = 92, 232
LOWEST, HIGHEST = -12, 1
ENDS = {"central": (-1.0, 1.0), "one-sided": (0.0, 1.0)}
LABELS = {
    "float64": (
        (-2.6, -8.6, "∝ eps²"),
        (-3.1, -1.5, "∝ eps"),
        (-10.6, -7.2, "∝ 1/eps"),
    ),
    "float32": ((-1.4, -6.2, "∝ eps²"), (-1.4, -0.5, "∝ eps"), (-5.6, -3.9, "∝ 1/eps")),
}


class DifferencesView:
    """Left, the loss under a magnifying glass; right, the error, from 0.1 down."""

    size = (840, 360)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.lens = style.panel(
            figure,
            (70, BOTTOM, 300, HEIGHT),
            title="the loss near one weight, less its tangent",
            x=("weight moved by, in eps", ZOOM[0], ZOOM[-1]),
            y=("off the tangent", -1.15, 1.4),
        )
        (self.tangent,) = self.lens.plot(ZOOM, 0 * ZOOM, **style.BOUND)
        (self.bend,) = self.lens.plot(ZOOM, ZOOM, color=style.INK, lw=style.LINE)
        (self.secant,) = self.lens.plot([], [], "o-", color=style.GRADIENT, ms=7)
        self.tangent.set_label("tangent: exact")
        self.bend.set_label("the loss")
        self.secant.set_label("the difference")
        style.key_below(self.lens, (self.bend, self.tangent, self.secant), columns=3)
        self.scale = Digits(self.lens, [(-1.45, 1.27)], points=9, align="left")
        self.axes = _error_axes(figure)
        self.curves = {
            name: self.axes.plot([], [], color=style.GRADIENT, linestyle=dashes)[0]
            for name, dashes in (("central", "-"), ("one-sided", (0, (4, 1.5))))
        }
        (self.best,) = self.axes.plot([], [], **style.BOUND)
        self.best.set_label("best eps")
        (self.dot,) = self.axes.plot([], [], "o", color=style.INK, ms=8)
        self.dot.set(label="this eps", clip_on=False)
        for name, curve in self.curves.items():
            curve.set_label(name)
        lines = (*self.curves.values(), self.best, self.dot)
        style.key_below(self.axes, lines)
        self.labels = {
            floats: Digits(self.axes, [(10.0**x, 10.0**y) for x, y, _ in labels])
            for floats, labels in LABELS.items()
        }
        moving = (self.tangent, self.bend, self.secant, self.scale)
        spines = style.spines(self.lens, self.axes)
        self.moving = (*moving, *lines, *self.labels.values(), *spines)

    def draw(self, data: Differences) -> None:
        """Show `data`."""
        size = _round_up(abs(data.bend).max())
        self.bend.set_ydata(data.bend / size)
        ends = np.array(ENDS[data.formula])
        self.secant.set_data(ends, np.interp(ends, ZOOM, data.bend) / size)
        self.scale.set_texts([f"1 is {number(size, 1)} of the rise over eps"])
        for name, curve in self.curves.items():
            reached = data.eps * (1 - 1e-9) <= GRID
            shown = style.for_log_axis(data.errors[name][reached], self.axes)
            curve.set_data(GRID[reached], shown)
            curve.set_linewidth(style.WIDE if name == data.formula else 1.4)
        self.best.set_data([data.best] * 2, self.axes.get_ylim())
        self.best.set_visible(data.eps <= data.best)
        self.dot.set_data(
            [data.eps], style.for_log_axis(np.array([data.error]), self.axes)
        )
        for floats, digits in self.labels.items():
            digits.set_texts(
                [
                    text if floats == data.floats and data.eps <= 10.0**x else ""
                    for x, _, text in LABELS[floats]
                ]
            )

    def describe(self, data: Differences) -> str:
        """Return what the picture shows, in words."""
        return (
            "Left, how far the loss is from its tangent as one weight moves by up to "
            f"1.5 eps, with the {data.formula} difference as a line between two points "
            "of it. Right, on log axes, the error of the numerical gradient, for "
            "central and for one-sided differences, from eps = 0.1 down to "
            f"{number(data.eps)}, where it is {number(data.error, 1)}."
        )


def _error_axes(figure: Figure) -> Axes:
    axes = style.panel(
        figure,
        (466, BOTTOM, 354, HEIGHT),
        title="error of the nine numbers of $dW_{hh}$",
        x=("eps", GRID[0], GRID[-1]),
        y=("share of the gradient's norm", 0, 1),
    )
    style.log_axis(axes, LOWEST, HIGHEST, every=3)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(list(10.0 ** np.arange(-12, 0, 2))))
    axes.xaxis.set_minor_locator(NullLocator())
    return axes


def _round_up(size: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, ... times a power of ten."""
    power = 10.0 ** np.floor(np.log10(max(size, 1e-300)))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= size))
