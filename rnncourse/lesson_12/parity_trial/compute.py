"""Who tracks a state, and how far: the stored trials, and the learner's own runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_12.tracking import (
    CELLS,
    STEPS,
    TASKS,
    TIMES,
    UPDATES,
    shares,
    tracker,
    tracking,
)
from rnncourse.lesson_12.trials import ten_runs
from rnncourse.shared.wording import span, whole_percent
from rnnlib._typing import Array

__all__ = ["RIGHT", "ParityTrial", "Run", "compute", "run", "stored"]

RIGHT = 0.99  # of the answers: the task is solved


@dataclass(frozen=True)
class Run:
    """A training of the learner's own, under way or done.

    Attributes
    ----------
    task, cell : str
    shares : tuple of float
        Once it is over, the accuracy at each of TIMES.
    progress : float
    """

    task: str
    cell: str
    shares: tuple[float, ...]
    progress: float


@dataclass(frozen=True)
class ParityTrial:
    """What ten seeds of each cell make of sequences longer than those they learned.

    Attributes
    ----------
    task, cell : str
    times : int
        How many times as long the sequences are on which they are tested.
    shares : ndarray, shape (cells, seeds, times)
        Accuracies in the last 20 steps.
    own : Run or None
        The learner's last run of this cell, perhaps still under way.
    """

    task: str
    cell: str
    times: int
    shares: Array
    own: Run | None

    @property
    def column(self) -> int:
        """Which of TIMES it is."""
        return TIMES.index(self.times)

    @property
    def row(self) -> int:
        """Which of CELLS it is."""
        return [*CELLS].index(self.cell)

    @property
    def here(self) -> Array:
        """The shares (cells, seeds) at this length."""
        found: Array = self.shares[..., self.column]
        return found

    @property
    def chance(self) -> float:
        """The accuracy of a guess."""
        return 1 / TASKS[self.task][2]

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        counts = ", ".join(
            f"{cell} {(found >= RIGHT).sum()}"
            for cell, found in zip(CELLS, self.here, strict=True)
        )
        return (
            f"Learned at T = {STEPS}, asked at T = {self.times * STEPS:,}. "
            f"So many of {self.here.shape[1]} seeds have at least "
            f"{whole_percent(RIGHT)} right: {counts}. Right answers of {self.cell}: "
            f"{span(self.here[self.row])}; of a guess: {whole_percent(self.chance)}."
            f"{self._told()}"
        )

    def _told(self) -> str:
        if self.own is None:
            return ""
        if not self.own.shares:
            return " Yours is under way."
        return f" Yours has {whole_percent(self.own.shares[self.column])} right."


@cache
def stored(task: str) -> Array:
    """Return the stored shares (cells, seeds, times)."""
    found = [ten_runs(f"{task}, T = {STEPS}, {cell}") for cell in CELLS]
    return np.array(found)[..., : len(TIMES)]


def run(*, task: str, cell: str, rng: np.random.Generator) -> Iterator[Run]:
    """Train a new network; yield after each update. The last one has shares."""
    model = tracker(task, cell, rng=rng)
    for done, _ in enumerate(tracking(model, task, rng=rng), 1):
        yield Run(task, cell, (), 0.95 * done / UPDATES)
    found = tuple(map(float, shares(model, task, rng=rng)))
    yield Run(task, cell, found, 1.0)


def compute(
    *, task: str, cell: str, times: int, trained: tuple[Run, ...] = ()
) -> ParityTrial:
    """Look at a task, a cell, and a length.

    Parameters
    ----------
    task : str
        One of TASKS.
    cell : str
        One of CELLS.
    times : int
        One of TIMES.
    trained : tuple of Run
        By the learner.
    """
    own = [each for each in trained if (each.task, each.cell) == (task, cell)]
    last = own[-1] if own else None
    return ParityTrial(task, cell, times, stored(task), last)
