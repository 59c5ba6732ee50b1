"""The picture of three comparisons: what the cells reach, and what they are given."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_09.fairness.compute import Fairness
from rnncourse.lesson_09.figures.seeds import (
    LOOKS,
    Seeds,
    rows_of_seeds,
)
from rnncourse.lesson_09.gym.cells import CELLS
from rnncourse.lesson_09.gym.grid import FAIR
from rnncourse.lesson_09.words import way
from rnncourse.shared.wording import whole_percent

__all__ = ["FairnessView"]

COMPARED = {cell: LOOKS[cell] for cell in CELLS}
ROWS, GROUPS = range(len(CELLS)), np.arange(len(FAIR))
SHIFTS = (-0.26, 0.0, 0.26)  # of the ways to compare, inside the row of a cell
BAR, MOST = 0.2, 2.3
BOTTOM, HEIGHT = 80, 236


class FairnessView:
    """Left, a row for each cell, all ways to compare; right, what the cells are given.

    In full colour is the way that is looked at.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = rows_of_seeds(figure, (120, BOTTOM, 350, HEIGHT), [*CELLS])
        self.others = Seeds(self.axes, 0.06, upright=False, color=style.DIM, marker=".")
        self.seeds = {
            cell: Seeds(self.axes, 0.06, upright=False, **look)
            for cell, look in COMPARED.items()
        }
        self.right = style.panel(
            figure,
            (540, BOTTOM, 280, HEIGHT),
            title="what is each given? (LSTM = 1)",
            x=("", -0.5, len(FAIR) - 0.5),
            y=("", 0, MOST),
        )
        self.right.set_xticks(GROUPS, [how.removeprefix("same ") for how in FAIR])
        self.right.axhline(1, **style.BOUND, zorder=3)
        self.bars = {
            cell: self.right.bar(
                GROUPS + BAR * (row - 1.5),
                np.zeros(len(FAIR)),
                0.85 * BAR,
                facecolor=look.get("mfc", look["color"]),
                edgecolor=look["color"],
            )
            for row, (cell, look) in enumerate(COMPARED.items())
        }
        bars = [each for group in self.bars.values() for each in group]
        for cell, group in self.bars.items():
            group[0].set_label(cell)
        first = [group[0] for group in self.bars.values()]
        style.key_below(self.right, first, drop=30)
        self.moving = (
            *self.others.artists,
            *(part for seeds in self.seeds.values() for part in seeds.artists),
            *bars,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: Fairness) -> None:
        """Show `data`."""
        at = FAIR.index(data.how)
        rest = [k for k in range(len(FAIR)) if k != at]
        places = [row + SHIFTS[k] for k in rest for row in ROWS]
        self.others.show(places, data.scores[rest])
        found = zip(self.seeds.values(), data.here, strict=True)
        for row, (seeds, scores) in enumerate(found):
            seeds.show([row + SHIFTS[at]], scores)
        for group, heights in zip(self.bars.values(), data.given.T, strict=True):
            for bar, height in zip(group, heights, strict=True):
                bar.set_height(min(height, MOST))

    def describe(self, data: Fairness) -> str:
        """Return what the picture shows, in words."""
        rows = "; ".join(
            f"{cell} {way(scores)}"
            for cell, scores in zip(CELLS, data.here, strict=True)
        )
        given = "; ".join(
            f"{cell} " + ", ".join(whole_percent(share) for share in shares)
            for cell, shares in zip(CELLS, data.given.T, strict=True)
        )
        return (
            f"Left, on the task {data.task} with the {data.how}, the seeds of each "
            f"cell as dots, in per cent of the way from chance to the ceiling: {rows}; "
            f"pale, those of the two other comparisons. Right, bars of the units, "
            f"parameters and seconds of each, over those of the LSTM: {given}."
        )
