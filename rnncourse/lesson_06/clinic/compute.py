"""Sick training runs and their healthy twins, as instruments show them.

``python -m rnncourse.lesson_06.clinic.compute`` trains all runs anew and stores them;
it takes about five minutes. Letters after it choose some of the patients.
"""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.lesson_06.clinic.runs import BLOCK, ILLS, UPDATES, Chart, follow
from rnncourse.shared.wording import number, whole_percent
from rnnlib._typing import Array
from rnnlib.storage import read_arrays, write_arrays

__all__ = ["INSTRUMENTS", "SEEDS", "Clinic", "compute", "stored"]

STORED = Path(__file__).with_name("weights.npz")
SEEDS = range(100, 110)
SICK, WELL = 0, 1
INSTRUMENTS = {
    "gradient_norm": "norm of the gradient, before clipping",
    "saturated": "share of saturated states",
    "update_ratio": "step over weights",
}
KEPT = ("loss", *INSTRUMENTS)
BEGINNING = 5  # blocks


@dataclass(frozen=True)
class Clinic:
    """A patient, what one instrument shows, and the twin if the cause is switched off.

    Attributes
    ----------
    patient, instrument : str
        Keys of ILLS and of INSTRUMENTS.
    seed : int
    healed : bool
        Whether the healthy twin is shown beside the patient.
    updates : ndarray, shape (40,)
        The middle of each block of updates.
    losses, shown : ndarray, shape (2, 40)
        The loss, and what the instrument shows: of the patient, and of the twin.
    scores : ndarray, shape (2,)
        Share of right answers on new data.
    chance : float
    trained : tuple of Chart
        The learner's own, the last one perhaps still under way.
    """

    patient: str
    instrument: str
    seed: int
    healed: bool
    updates: Array
    losses: Array
    shown: Array
    scores: Array
    chance: float
    trained: tuple[tuple[str, bool, Chart], ...] = ()

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        said = (
            f"Patient {self.patient}, seed {self.seed}: loss "
            f"{number(self.losses[SICK, 0])} at first and "
            f"{number(self.losses[SICK, -1])} at the end, "
            f"{whole_percent(self.scores[SICK])} right on new data "
            f"(guessing: {whole_percent(self.chance)})."
        )
        if not self.healed:
            return said
        return (
            f"{said} With the cause switched off: {number(self.losses[WELL, -1])} and "
            f"{whole_percent(self.scores[WELL])}. Cause: {ILLS[self.patient].cause}."
        )


@cache
def stored() -> dict[str, Array]:
    """Return what was measured: by kind and patient, (2, 10, 40), scores (2, 10)."""
    return read_arrays(STORED, "clinic")[1]


def compute(*, patient: str, instrument: str, seed: int, healed: bool) -> Clinic:
    """Look at one patient with one instrument.

    Parameters
    ----------
    patient : str
        A key of ILLS.
    instrument : str
        A key of INSTRUMENTS.
    seed : int
        One of SEEDS.
    healed : bool
        Whether to show the run without the cause, too.
    """
    of, k = stored(), SEEDS.index(seed)
    return Clinic(
        patient=patient,
        instrument=instrument,
        seed=seed,
        healed=healed,
        updates=BLOCK * (np.arange(UPDATES // BLOCK) + 0.5),
        losses=of[f"loss {patient}"][:, k],
        shown=of[f"{instrument} {patient}"][:, k],
        scores=of[f"score {patient}"][:, k],
        chance=ILLS[patient].chance,
    )


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
        for kind in (*KEPT, "score"):
            every = [[getattr(chart, kind) for chart in row] for row in charts]
            found[f"{kind} {name}"] = np.array(every, dtype=np.float32)
        write_arrays(STORED, "clinic", {}, found)
        print(name, found[f"score {name}"].round(2).tolist())


if __name__ == "__main__":
    main()
