"""The picture of the time constant."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_08.time_constant.compute import LONGEST, TimeConstant
from rnncourse.shared.wording import number

__all__ = ["TimeConstantView"]

FRAMES = np.array([10, 20, 50, 100, LONGEST])
BOTTOM, HEIGHT = 92, 216


class TimeConstantView:
    """Left, a cell state that fades; right, what is left of gradients.

    The axes have a few fixed lengths, and change to the next when T outgrows them.
    """

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (62, BOTTOM, 330, HEIGHT),
            title="a cell state to which nothing is written",
            x=("steps on", 0, LONGEST),
            y=("$c$", 0, 1.05),
        )
        (self.c,) = self.axes.plot([], [], color=style.CELL, lw=style.WIDE)
        self.c.set_label(r"$c$: multiplied by $f$ at each step")
        (self.rest,) = self.axes.plot([], [], **style.BOUND)
        self.rest.set_label(r"$\tau$ steps: $1/e$ = 37 % is left")
        (self.dot,) = self.axes.plot([], [], "o", color=style.INK, ms=7)
        self.dot.set_clip_on(False)
        style.key_below(self.axes, (self.c, self.rest), columns=1)
        self.right = style.panel(
            figure,
            (478, BOTTOM, 344, HEIGHT),
            title="how much of the gradient is left",
            x=("steps back, $T - k$", 0, LONGEST),
            y=("factor", 0, 1),
        )
        style.log_axis(self.right, -12, 2)
        (self.total,) = self.right.plot([], [], color=style.GRADIENT, lw=style.LINE)
        self.total.set_label("LSTM, all paths")
        (self.direct,) = self.right.plot([], [], color=style.GATES["f"], lw=style.LINE)
        self.direct.set(label="LSTM, product of its $f$", linestyle=(0, (5, 2)))
        (self.plain,) = self.right.plot([], [], color=style.GRADIENT, lw=style.LINE)
        self.plain.set(label="plain RNN", linestyle=(0, (1, 1.5)))
        lines = (self.total, self.direct, self.plain)
        style.key_below(self.right, lines)
        spines = style.spines(self.axes, self.right)
        self.moving = (self.c, self.rest, *lines, *spines, self.dot)

    def draw(self, data: TimeConstant) -> None:
        """Show `data`."""
        frame = int(FRAMES[data.steps <= FRAMES][0])
        self.axes.set_xlim(0, frame)
        self.right.set_xlim(0, frame)
        steps = np.arange(data.steps + 1)
        self.c.set_data(steps, data.c)
        left = np.exp(-1)
        self.rest.set_data([0, data.tau, data.tau], [left, left, 0])
        self.dot.set_data(*([[data.tau], [left]] if data.tau <= frame else [[], []]))
        for line, values in (
            (self.total, data.total),
            (self.direct, data.direct),
            (self.plain, data.plain),
        ):
            line.set_data(steps, style.for_log_axis(values, self.right))

    def describe(self, data: TimeConstant) -> str:
        """Return what the picture shows, in words."""
        return (
            f"Left, over {data.steps} steps, a cell state that falls from 1 to "
            f"{number(data.c[-1])}; it passes 37 % after {number(data.tau, 3)} steps. "
            "Right, on a log axis over the steps back, what is left of the gradient of "
            f"the cell state: along all paths {number(data.total[-1])}, along the "
            f"forget gates alone {number(data.direct[-1])}; and of the state of a "
            f"plain RNN {number(data.plain[-1])}."
        )
