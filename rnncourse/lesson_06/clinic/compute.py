"""Sick training runs and their healthy twins, as instruments show them.

``python -m rnncourse.lesson_06.clinic.compute`` trains all runs anew and stores them;
it takes about five minutes. Letters after it choose some of the patients.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.lesson_06.clinic.runs import BLOCK, ILLS, UPDATES, Chart, follow
from rnncourse.shared.wording import number, whole_percent
from rnnlib._typing import Array, Rng
from rnnlib.storage import read_arrays, write_arrays

__all__ = ["KINDS", "SEEDS", "Clinic", "Own", "compute", "measure", "own", "stored"]

STORED = Path(__file__).with_name("weights.npz")
SEEDS = range(100, 110)
SICK, WELL = 0, 1
KINDS = ("loss", "gradient_norm", "update_ratio", "saturated")


@dataclass(frozen=True)
class Own:
    """A run of the learner's, under way or done."""

    patient: str
    healed: bool
    chart: Chart

    @property
    def progress(self) -> float:
        """How much of the training is done, from 0 to 1."""
        return self.chart.progress


@dataclass(frozen=True)
class Clinic:
    """A patient, and the twin if the cause is switched off.

    Attributes
    ----------
    patient : str
        A key of ILLS.
    seed : int
    healed : bool
        Whether the cause is switched off.
    updates : ndarray, shape (40,)
        The middle of each block of updates.
    curves : mapping of str to ndarray, shape (2, 40)
        By the name of what is measured, a key of KINDS: of the patient, of the twin.
    scores : ndarray, shape (2,)
        Share of right answers on new data.
    chance : float
        The share that guessing has.
    trained : tuple of Own
        The learner's, the last one perhaps still under way.
    """

    patient: str
    seed: int
    healed: bool
    updates: Array
    curves: dict[str, Array]
    scores: Array
    chance: float
    trained: tuple[Own, ...] = ()

    @property
    def latest(self) -> Own | None:
        """The learner's last run of what is looked at."""
        place = self.patient, self.healed
        runs = reversed(self.trained)
        return next((run for run in runs if (run.patient, run.healed) == place), None)

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return f"{self._of(SICK)} {self._twin() if self.healed else self._guess()}"

    def _of(self, row: int) -> str:
        first, last = self.curves["loss"][row, [0, -1]]
        return (
            f"Patient {self.patient}, seed {self.seed}: loss {number(first, 3)} at "
            f"first, {number(last, 3)} at the end; {whole_percent(self.scores[row])} "
            "right on new data."
        )

    def _guess(self) -> str:
        mine = self.latest
        if mine is None or mine.chart.score is None:
            return f"Guessing has {whole_percent(self.chance)}."
        return f"Your run: {whole_percent(mine.chart.score)}."

    def _twin(self) -> str:
        last = self.curves["loss"][WELL, -1]
        return (
            f"The cause was: {ILLS[self.patient].cause}. Without it: loss "
            f"{number(last, 3)}, {whole_percent(self.scores[WELL])} right."
        )


@cache
def stored() -> dict[str, Array]:
    """Return what was measured: by kind and patient (2, 10, 40), scores (2, 10)."""
    return read_arrays(STORED, "clinic")[1]


def compute(
    *, patient: str, seed: int, healed: bool, trained: tuple[Own, ...] = ()
) -> Clinic:
    """Look at one patient.

    Parameters
    ----------
    patient : str
        A key of ILLS.
    seed : int
        One of SEEDS.
    healed : bool
        Whether to switch the cause off.
    trained : tuple of Own
        By the learner.
    """
    found, k = stored(), SEEDS.index(seed)
    return Clinic(
        patient=patient,
        seed=seed,
        healed=healed,
        updates=BLOCK * (np.arange(UPDATES // BLOCK) + 0.5),
        curves={kind: found[f"{kind} {patient}"][:, k] for kind in KINDS},
        scores=found[f"score {patient}"][:, k],
        chance=ILLS[patient].chance,
        trained=trained,
    )


def own(*, patient: str, healed: bool, rng: Rng) -> Iterator[Own]:
    """Train a patient, or a healthy twin; yield the run so far."""
    for chart in follow(patient, not healed, rng):
        yield Own(patient, healed, chart)


def measure(patient: str, sick: bool, seed: int) -> Chart:
    """Return the chart of a whole run."""
    *_, last = follow(patient, sick, np.random.default_rng(seed))
    return last


def main() -> None:
    """Train what the command line names, or all, and store it."""
    found = stored() if STORED.exists() else {}
    for name in sys.argv[1:] or ILLS:
        charts = [
            [measure(name, sick, seed) for seed in SEEDS] for sick in (True, False)
        ]
        for kind in (*KINDS, "score"):
            every = [[getattr(chart, kind) for chart in row] for row in charts]
            found[f"{kind} {name}"] = np.array(every, dtype=np.float32)
        write_arrays(STORED, "clinic", {}, found)
        print(name, found[f"score {name}"].round(2).tolist())


if __name__ == "__main__":
    main()
