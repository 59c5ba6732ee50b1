"""The picture of the loss curve."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_01.loss_curve.compute import GRID, LossCurve, pushes
from rnncourse.shared.wording import number

__all__ = ["LossCurveView"]

BOTTOM, HEIGHT, SIDE = 92, 204, 340
DOTS = (0, (1, 1.5))


class LossCurveView:
    """Left, two losses over p; right, what each of them sends back to the score."""

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.left = _panel(figure, 70, "how wrong it was", "loss", (0, 7.2))
        self.right = _panel(
            figure, 484, "how hard it pushes the score up", "push", (0, 1.08)
        )
        by_log, by_square = pushes(GRID)
        (log,) = self.left.plot(GRID, -np.log(GRID), color=style.INK, lw=style.LINE)
        (square,) = self.left.plot(
            GRID, (1 - GRID) ** 2, color=style.INK, lw=style.LINE, ls=DOTS
        )
        (log_push,) = self.right.plot(GRID, by_log, color=style.GRADIENT, lw=style.LINE)
        (square_push,) = self.right.plot(
            GRID, by_square, color=style.GRADIENT, lw=style.LINE, ls=DOTS
        )
        log.set_label(r"cross-entropy $-\log p$")
        square.set_label(r"squared error $(1-p)^2$")
        log_push.set_label(r"of cross-entropy, $1-p$")
        square_push.set_label(r"of squared error, $2p(1-p)^2$")
        (self.slope,) = self.left.plot([0, 1], [0, 0], color=style.GRADIENT, lw=1.4)
        self.slope.set_label(r"slope $-1/p$")
        style.key_below(self.left, (log, square, self.slope))
        style.key_below(self.right, (log_push, square_push), columns=1)
        self.losses, self.pushes = (
            axes.plot([0, 0], [0, 0], "o", color=colour, ms=8, clip_on=False)[0]
            for axes, colour in ((self.left, style.INK), (self.right, style.GRADIENT))
        )
        self.at = tuple(
            axes.plot([0, 0], axes.get_ylim(), color=style.INK, lw=1, ls=":")[0]
            for axes in (self.left, self.right)
        )
        self.moving = (
            *self.at,
            self.slope,
            self.losses,
            self.pushes,
        )

    def draw(self, data: LossCurve) -> None:
        """Show `data`."""
        low, high = data.p - 0.12, data.p + 0.12
        ends = np.array([low, high])
        self.slope.set_data(ends, data.loss + data.slope * (ends - data.p))
        self.losses.set_data([data.p, data.p], [data.loss, data.squared])
        self.pushes.set_data([data.p, data.p], [data.push, data.squared_push])
        for line in self.at:
            line.set_xdata([data.p, data.p])

    def describe(self, data: LossCurve) -> str:
        """Return what the picture shows, in words."""
        return (
            "Left, over the probability p of the right answer, minus log p, falling "
            "from 6.9 to 0, and the squared error, falling from 1 to 0, marked at p = "
            f"{number(data.p, 3)}, where they are {number(data.loss, 3)} and "
            f"{number(data.squared, 3)}. Right, what each sends back to the score: "
            f"{number(data.push, 3)} and {number(data.squared_push, 3)} there."
        )


def _panel(
    figure: Figure, left: float, title: str, y: str, limits: tuple[float, float]
) -> Axes:
    return style.panel(
        figure,
        (left, BOTTOM, SIDE, HEIGHT),
        title=title,
        x=("p, probability of the right answer", 0, 1),
        y=(y, *limits),
    )
