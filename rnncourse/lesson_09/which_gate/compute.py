"""An LSTM with a part taken out, against the whole one, over five seeds."""

from dataclasses import dataclass

import numpy as np

from rnncourse.lesson_09.gym.cells import VARIANTS
from rnncourse.lesson_09.gym.grid import GATE_TASKS, Entry, Run, curves, scores
from rnncourse.lesson_09.table import Duel, duel
from rnncourse.lesson_09.words import told, way
from rnnlib._typing import Array

__all__ = ["SAME", "STEPS_OF", "WhichGate", "compute"]

STEPS_OF = dict(GATE_TASKS)
SAME = 0.02  # scores that differ by no more are called the same


@dataclass(frozen=True)
class WhichGate:
    """What the variants of the LSTM make of a task.

    Attributes
    ----------
    entry : Entry
        What is looked at.
    scores : ndarray, shape (variants, seeds)
        Of the stored runs: 0 is chance, 1 the ceiling. The whole LSTM comes first.
    curves : ndarray, shape (2, seeds, BLOCKS)
        Losses of the whole LSTM, and of what is looked at.
    own : Run or None
        The learner's last run of it, perhaps still under way.
    """

    entry: Entry
    scores: Array
    curves: Array
    own: Run | None

    @property
    def row(self) -> int:
        """Which of VARIANTS it is."""
        return [*VARIANTS].index(self.entry.cell)

    @property
    def duel(self) -> Duel:
        """How it compares with the whole LSTM, seed by seed."""
        return duel(self.scores[self.row], self.scores[0], within=SAME)

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        whole = f"The whole LSTM is at {way(self.scores[0])} of the way"
        if not self.row:
            return f"{whole}.{told(self.own)}"
        found = self.duel
        ranges = "ranges apart" if found.apart else "ranges overlap"
        return (
            f"{whole}, {self.entry.cell} at {way(self.scores[self.row])}: worse in "
            f"{found.losses} of {len(self.scores[0])} seeds, better in {found.wins}; "
            f"{ranges}; sign test p = {found.p:.3g}.{told(self.own)}"
        )


def compute(*, task: str, variant: str, trained: tuple[Run, ...] = ()) -> WhichGate:
    """Return what the grid holds of the variants on a task.

    Parameters
    ----------
    task : str
        One of GATE_TASKS, which says at what length, too.
    variant : str
        One of VARIANTS.
    trained : tuple of Run
        By the learner.
    """
    entries = {name: Entry(task, STEPS_OF[task], name) for name in VARIANTS}
    entry = entries[variant]
    found = np.array([scores(each) for each in entries.values()])
    both = np.array([curves(entries["LSTM"]), curves(entry)])
    own = [run for run in trained if run.entry == entry]
    return WhichGate(entry, found, both, own[-1] if own else None)
