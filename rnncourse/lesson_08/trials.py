"""What ten seeds make of the trainings of lesson 08.

``python -m rnncourse.lesson_08.trials`` makes all of them anew and stores them; it
takes about ten minutes. Names after it choose some of them.
"""

from functools import partial
from pathlib import Path

import numpy as np

from rnncourse.lesson_08.forget_bias_race.compute import (
    BLOCK,
    GUESSING,
    HIDDEN,
    SECOND_MARK,
    STEPS,
    run,
)
from rnncourse.shared.temporal_order import accuracy_after_training
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.cells import LSTMCell
from rnnlib.tasks import TemporalOrder

__all__ = ["ten_runs"]


def _race(seed: int) -> Array:
    """Return the three accuracies, and of bias +1 what happened first.

    That is after how many updates the loss had fallen by a tenth of a nat, and after
    how many the product of the forget gates up to the second mark had doubled; infinite
    where that never happened.
    """
    *_, race = run(seed)
    assert race.accuracies is not None
    line = race.reach[-1, :, SECOND_MARK[0]]
    falls = _first(race.losses[-1] < GUESSING - 0.1, after=1)
    rises = _first(line > line[0] + np.log10(2), after=0)
    return np.array([*race.accuracies, falls, rises])


def _first(happened: Array, after: int) -> float:
    """Return after how many updates something happened for the first time."""
    return BLOCK * float(after + happened.argmax()) if happened.any() else np.inf


def _patient(bias: float, seed: int) -> float:
    """Return the accuracy after 3000 updates."""
    task, rng = TemporalOrder(steps=STEPS), np.random.default_rng(seed)
    cell = LSTMCell(
        len(task.symbols), HIDDEN, rng=rng, forget_bias=bias, dtype=np.float32
    )
    return accuracy_after_training(cell, task, rng=rng, updates=3000)


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        "race": _race,
        "bias 0, 3000 updates": partial(_patient, 0.0),
        "bias −2, 3000 updates": partial(_patient, -2.0),
    },
)

if __name__ == "__main__":
    ten_runs.measure()
