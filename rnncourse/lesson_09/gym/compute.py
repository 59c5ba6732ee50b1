"""A look at the grid: one task, all cells and lengths, and the learner's own runs."""

from dataclasses import dataclass

import numpy as np

from rnncourse.lesson_09.gym.cells import IN_THE_GYM
from rnncourse.lesson_09.gym.grid import Entry, Run, curves, scores
from rnncourse.lesson_09.gym.tasks import LENGTHS
from rnncourse.lesson_09.words import told, way
from rnncourse.shared.wording import whole_percent
from rnnlib._typing import Array

__all__ = ["ABOVE", "NEAR", "Gym", "compute"]

ABOVE, NEAR = 0.1, 0.9  # of the way from chance to the ceiling


@dataclass(frozen=True)
class Gym:
    """What the cells make of a task.

    Attributes
    ----------
    entry : Entry
        What is looked at.
    scores : ndarray, shape (cells, lengths, seeds)
        Of the stored runs: 0 is chance, 1 the ceiling.
    curves : ndarray, shape (seeds, BLOCKS)
        Losses of the stored runs of what is looked at.
    own : Run or None
        The learner's last run of it, perhaps still under way.
    """

    entry: Entry
    scores: Array
    curves: Array
    own: Run | None

    @property
    def column(self) -> int:
        """Which of LENGTHS it is."""
        return LENGTHS.index(self.entry.steps)

    @property
    def row(self) -> int:
        """Which of IN_THE_GYM it is."""
        return [*IN_THE_GYM].index(self.entry.cell)

    @property
    def here(self) -> Array:
        """The stored scores (seeds,) of what is looked at."""
        found: Array = self.scores[self.row, self.column]
        return found

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        found = zip(IN_THE_GYM, self.scores[:, self.column], strict=True)
        cells = ", ".join(
            f"{cell} {(each > ABOVE).sum()} and {(each > NEAR).sum()}"
            for cell, each in found
        )
        return (
            f"T = {self.entry.steps}, of {len(self.here)} seeds above "
            f"{whole_percent(ABOVE)} of the way and above {whole_percent(NEAR)}: "
            f"{cells}. The {self.entry.cell} is at {way(self.here)}.{told(self.own)}"
        )


def compute(*, task: str, cell: str, steps: int, trained: tuple[Run, ...] = ()) -> Gym:
    """Return what the grid holds of a task, one cell and length looked at.

    Parameters
    ----------
    task : str
        One of TASKS.
    cell : str
        One of IN_THE_GYM.
    steps : int
        One of LENGTHS.
    trained : tuple of Run
        By the learner.
    """
    entry = Entry(task, steps, cell)
    found = [[scores(Entry(task, T, name)) for T in LENGTHS] for name in IN_THE_GYM]
    own = [run for run in trained if run.entry == entry]
    return Gym(entry, np.array(found), curves(entry), own[-1] if own else None)
