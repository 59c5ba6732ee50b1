"""The picture of the variants of the LSTM: their scores, and how the loss falls."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_09.figures.seeds import (
    Losses,
    Seeds,
    rows_of_seeds,
    shown,
)
from rnncourse.lesson_09.gym.cells import VARIANTS
from rnncourse.lesson_09.gym.grid import SEEDS, UPDATES
from rnncourse.lesson_09.which_gate.compute import WhichGate
from rnncourse.lesson_09.words import way

__all__ = ["WhichGateView"]

ROWS = range(len(VARIANTS))
BOTTOM, HEIGHT = 92, 224


class WhichGateView:
    """Left, a row for each variant; right, the losses of one and of the whole LSTM."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = rows_of_seeds(figure, (120, BOTTOM, 350, HEIGHT), [*VARIANTS])
        (self.whole,) = self.axes.fill([0], [0], color=style.LIGHT, zorder=0)
        self.whole.set_label("range of the whole LSTM")
        self.others = Seeds(
            self.axes, 0.25, upright=False, color=style.WEIGHT, marker="o"
        )
        self.here = Seeds(self.axes, 0.25, upright=False, color=style.CELL, marker="^")
        (self.own,) = self.axes.plot(
            [], [], "*", ms=13, mfc=style.TARGET, mec=style.INK, label="your own run"
        )
        style.key_below(self.axes, [self.whole, self.own], drop=36)
        self.right = style.panel(
            figure,
            (560, BOTTOM, 260, HEIGHT),
            title="the loss in training",
            x=("updates", 0, UPDATES),
            y=("loss", 1e-5, 10),
        )
        style.log_axis(self.right, -5, 1)
        self.usual = Losses(self.right, len(SEEDS), color=style.WEIGHT, alpha=0.7)
        self.losses = Losses(self.right, len(SEEDS), color=style.CELL)
        self.usual.stored[0].set_label("whole LSTM")
        self.losses.stored[0].set_label("this one")
        lines = self.usual.stored[0], self.losses.stored[0], self.losses.own
        style.key_below(self.right, lines)
        self.moving = (
            self.whole,
            *self.others.artists,
            *self.here.artists,
            self.own,
            *self.usual.artists,
            *self.losses.artists,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: WhichGate) -> None:
        """Show `data`."""
        low, high = shown(data.scores[0]).min(), shown(data.scores[0]).max()
        top, bottom = -0.5, len(VARIANTS) - 0.5
        self.whole.set_xy([(low, top), (high, top), (high, bottom), (low, bottom)])
        rest = [row for row in ROWS if row != data.row]
        self.others.show(rest, data.scores[rest])
        self.here.show([data.row], data.scores[data.row])
        score = data.own.score if data.own else None
        mine = [] if score is None else [shown(np.array(score))]
        self.own.set_data(mine, [data.row] * len(mine))
        usual, losses = data.curves
        self.usual.show(usual, (), UPDATES)
        self.losses.show(losses, data.own.losses if data.own else (), UPDATES)

    def describe(self, data: WhichGate) -> str:
        """Return what the picture shows, in words."""
        rows = "; ".join(
            f"{name} {way(scores)}"
            for name, scores in zip(VARIANTS, data.scores, strict=True)
        )
        ends = ", ".join(f"{curve[:, -1].mean():.2g}" for curve in data.curves)
        return (
            f"Left, on the task {data.entry.task} at T = {data.entry.steps}, the "
            f"seeds of each variant as dots, in per cent of the way from chance to the "
            f"ceiling: {rows}. Right, on a log axis, the losses of the whole LSTM and "
            f"of “{data.entry.cell}”, which end at {ends} on average."
        )
