"""The picture of the parity trial: ten seeds over the length, and all cells at one."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_12.parity_trial.compute import ParityTrial
from rnncourse.lesson_12.tracking import CELLS, STEPS, TIMES
from rnncourse.shared.trials import SEEDS
from rnncourse.shared.wording import span, whole_percent
from rnnlib._typing import Array

__all__ = ["ParityTrialView"]

LOOKS: dict[str, dict[str, Any]] = dict(
    zip(
        CELLS,
        (
            {"color": style.GATES["f"], "marker": "v"},
            {"color": style.GATES["o"], "marker": "D"},
            {"color": style.STATE, "marker": "o"},
            {"color": style.CELL, "marker": "^"},
        ),
        strict=True,
    )
)
BOTTOM, HEIGHT = 92, 224
LOWEST = 25
SPREAD = np.linspace(-0.3, 0.3, len(SEEDS))


class ParityTrialView:
    """Left, one cell over the length; right, all four at the length that is asked."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.left = style.panel(
            figure,
            (70, BOTTOM, 330, HEIGHT),
            title="this cell, ten seeds",
            x=("length when asked, times 20 steps", -0.4, len(TIMES) - 0.6),
            y=("right answers, %", LOWEST, 103),
        )
        self.left.set_xticks(range(len(TIMES)), [str(n) for n in TIMES])
        self.right = style.panel(
            figure,
            (490, BOTTOM, 330, HEIGHT),
            title="all four cells at this length",
            x=("", -0.5, len(CELLS) - 0.5),
            y=("right answers, %", LOWEST, 103),
        )
        self.right.set_xticks(range(len(CELLS)), [*CELLS])
        self.chance = [axes.axhline(50, **style.BOUND) for axes in self._panels]
        self.chance[0].set_label("a guess")
        (self.here,) = self.left.plot([0, 0], [0, 200], color=style.LIGHT, lw=8)
        self.here.set_zorder(0)
        self.seeds = [
            self.left.plot([], [], lw=1.3, ms=3.5, alpha=0.8)[0] for _ in SEEDS
        ]
        self.dots = [
            self.right.plot([], [], ls="", ms=5, **look)[0] for look in LOOKS.values()
        ]
        (self.own,) = self.left.plot(
            [], [], "*-", color=style.INK, ms=10, lw=1.5, label="your own run"
        )
        style.key_below(self.left, [self.chance[0], self.own], columns=2)
        self.moving = (
            self.here,
            *self.chance,
            *self.seeds,
            *self.dots,
            self.own,
            *style.spines(*self._panels),
        )

    @property
    def _panels(self) -> tuple[Axes, Axes]:
        return self.left, self.right

    def draw(self, data: ParityTrial) -> None:
        """Show `data`."""
        upto = data.column + 1
        self.here.set_xdata([data.column, data.column])
        for line in self.chance:
            line.set_ydata([100 * data.chance] * 2)
        look = LOOKS[data.cell]
        for line, row in zip(self.seeds, data.shares[data.row], strict=True):
            line.set_data(range(upto), _seen(row[:upto]))
            line.set(color=look["color"], marker=look["marker"])
        for k, (dots, found) in enumerate(zip(self.dots, data.here, strict=True)):
            dots.set_data(k + SPREAD, _seen(found))
        own = data.own.shares[:upto] if data.own else ()
        self.own.set_data(range(len(own)), _seen(np.array(own)))

    def describe(self, data: ParityTrial) -> str:
        """Return what the picture shows, in words."""
        cells = ", ".join(
            f"{cell} {span(found)}"
            for cell, found in zip(CELLS, data.here, strict=True)
        )
        first = span(data.shares[data.row, :, 0])
        return (
            f"On the task {data.task}, learned at T = {STEPS}. Left, ten seeds of "
            f"{data.cell} up to {data.times} times that length: from {first} right to "
            f"{span(data.here[data.row])}. Right, ten dots for each cell at this "
            f"length: {cells}. A dashed line is at {whole_percent(data.chance)}, a "
            "guess."
        )


def _seen(shares: Array) -> Array:
    """Return shares in per cent, brought to the edge where they lie below it."""
    inside: Array = np.maximum(100 * shares, LOWEST + 1)
    return inside
