"""The picture of the gym: how far each cell comes, and how its loss falls."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_09.figures.seeds import (
    HIGHEST,
    LEVELS,
    LOOKS,
    LOWEST,
    NAMED,
    Losses,
    Seeds,
    shown,
)
from rnncourse.lesson_09.gym.cells import IN_THE_GYM
from rnncourse.lesson_09.gym.compute import Gym
from rnncourse.lesson_09.gym.grid import SEEDS, UPDATES
from rnncourse.lesson_09.gym.tasks import LENGTHS
from rnncourse.lesson_09.words import way

__all__ = ["GymView"]

APART = 0.8 / len(IN_THE_GYM)  # between two cells of a length
BOTTOM, HEIGHT = 98, 216


def place(row: int, column: int) -> float:
    """Return where the seeds of a cell are, at a length."""
    return column + APART * (row - (len(IN_THE_GYM) - 1) / 2)


class GymView:
    """Left, all seeds by length and cell; right, the losses of what is looked at."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (70, BOTTOM, 430, HEIGHT),
            title="how far does each seed come?",
            x=("steps T", -0.5, len(LENGTHS) - 0.5),
            y=("", LOWEST, HIGHEST),
        )
        self.axes.set_xticks(range(len(LENGTHS)), [str(T) for T in LENGTHS])
        (self.here,) = self.axes.fill([0], [0], color=style.LIGHT, zorder=0)
        self.axes.set_yticks(LEVELS, NAMED)
        for level in LEVELS[:: len(LEVELS) - 1]:
            self.axes.axhline(level, **style.BOUND, zorder=1)
        self.seeds = {
            cell: Seeds(self.axes, APART / 2.5, label=cell, **LOOKS[cell])
            for cell in IN_THE_GYM
        }
        (self.own,) = self.axes.plot(
            [], [], "*", ms=13, mfc=style.TARGET, mec=style.INK, label="your own run"
        )
        dots = [seeds.dots for seeds in self.seeds.values()]
        style.key_below(self.axes, [*dots, self.own], columns=3)
        self.right = style.panel(
            figure,
            (570, BOTTOM, 250, HEIGHT),
            title="the loss in training",
            x=("updates", 0, UPDATES),
            y=("loss", 1e-5, 10),
        )
        style.log_axis(self.right, -5, 1)
        self.losses = Losses(self.right, len(SEEDS), color=style.WEIGHT, alpha=0.7)
        style.key_below(self.right, [self.losses.stored[0], self.losses.own], columns=1)
        self.moving = (
            self.here,
            *(part for seeds in self.seeds.values() for part in seeds.artists),
            self.own,
            *self.losses.artists,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: Gym) -> None:
        """Show `data`."""
        middle, half = place(data.row, data.column), APART / 2
        left, right = middle - half, middle + half
        corners = [(left, LOWEST), (right, LOWEST), (right, HIGHEST), (left, HIGHEST)]
        self.here.set_xy(corners)
        for row, (seeds, found) in enumerate(
            zip(self.seeds.values(), data.scores, strict=True)
        ):
            seeds.show([place(row, column) for column in range(len(LENGTHS))], found)
        score = data.own.score if data.own else None
        mine = [] if score is None else [shown(np.array(score))]
        self.own.set_data([middle] * len(mine), mine)
        losses = data.own.losses if data.own else ()
        self.losses.show(data.curves, losses, UPDATES)

    def describe(self, data: Gym) -> str:
        """Return what the picture shows, in words."""
        rows = "; ".join(
            f"{cell} " + ", ".join(way(scores) for scores in found)
            for cell, found in zip(IN_THE_GYM, data.scores, strict=True)
        )
        ends = f"{data.curves[:, -1].min():.2g} to {data.curves[:, -1].max():.2g}"
        return (
            f"Left, on the task {data.entry.task}, the seeds of each cell as dots, in "
            f"per cent of the way from chance to the ceiling, for T = "
            f"{', '.join(map(str, LENGTHS))}: {rows}. Right, on a log axis, the losses "
            f"of the {data.entry.cell} at T = {data.entry.steps} over {UPDATES} "
            f"updates, which end at {ends}."
        )
