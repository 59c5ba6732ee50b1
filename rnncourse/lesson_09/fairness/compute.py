"""Four cells on a task, with as many units, parameters or seconds as the LSTM."""

from dataclasses import dataclass

import numpy as np

from rnncourse.lesson_09.gym.cells import CELLS, parameters
from rnncourse.lesson_09.gym.grid import FAIR, FAIR_TASKS, Entry, fair, scores, seconds
from rnncourse.lesson_09.gym.tasks import TASKS
from rnncourse.lesson_09.words import way
from rnncourse.shared.wording import fixed
from rnnlib._typing import Array

__all__ = ["STEPS_OF", "Fairness", "compute"]

STEPS_OF = dict(FAIR_TASKS)


@dataclass(frozen=True)
class Fairness:
    """Four cells on a task, and what they are given.

    Attributes
    ----------
    task, how : str
        What is looked at; `how` is one of FAIR.
    entries : tuple of Entry
        One a cell.
    scores : ndarray, shape (len(FAIR), cells, seeds)
        Of the stored runs: 0 is chance, 1 the ceiling.
    given : ndarray, shape (len(FAIR), cells)
        Units, parameters and seconds of what is looked at, over those of the LSTM.
    """

    task: str
    how: str
    entries: tuple[Entry, ...]
    scores: Array
    given: Array

    @property
    def here(self) -> Array:
        """The scores (cells, seeds) of what is looked at."""
        found: Array = self.scores[FAIR.index(self.how)]
        return found

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        order = np.argsort(-np.median(self.here, axis=1), kind="stable")
        names = [*CELLS]
        cells = ", ".join(
            f"{names[k]} {fixed(100 * np.median(self.here[k]), 0)} % "
            f"({way(self.here[k])})"
            for k in order
        )
        plain = self.entries[names.index("RNN")]
        return (
            f"{self.how.capitalize()}: the RNN has {plain.hidden} units and "
            f"{plain.updates} updates. Median and range, the best first: {cells}."
        )


def compute(*, task: str, how: str) -> Fairness:
    """Return what the grid holds of one way to compare the cells.

    Parameters
    ----------
    task : str
        One of FAIR_TASKS, which says at what length, too.
    how : str
        One of FAIR.
    """
    steps = STEPS_OF[task]
    every = {each: [fair(task, steps, cell, each) for cell in CELLS] for each in FAIR}
    found = [[scores(entry) for entry in entries] for entries in every.values()]
    return Fairness(
        task=task,
        how=how,
        entries=tuple(every[how]),
        scores=np.array(found),
        given=_given(every[how]),
    )


def _given(entries: list[Entry]) -> Array:
    """Return units, parameters and seconds of entries, over those of the LSTM."""
    found = np.array(
        [
            [
                entry.hidden,
                parameters(entry.cell, TASKS[entry.task].inputs, entry.hidden),
                np.median(seconds(entry)),
            ]
            for entry in entries
        ]
    ).T
    return found / found[:, [*CELLS].index("LSTM"), None]
