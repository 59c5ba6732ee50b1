"""What ten seeds make of the trainings of lesson 05.

``python -m rnncourse.lesson_05.trials`` makes all of them anew and stores them; it
takes a few minutes. Names after it choose some of them.
"""

from functools import partial
from pathlib import Path

import numpy as np

from rnncourse.shared.temporal_order import accuracy_after_training
from rnncourse.shared.trials import Trials
from rnnlib import init
from rnnlib._typing import Initialiser
from rnnlib.cells import RNNCell
from rnnlib.tasks import TemporalOrder

__all__ = ["ten_runs"]


def _accuracy(seed: int, *, steps: int, activation: str, draw: Initialiser) -> float:
    task, rng = TemporalOrder(steps=steps), np.random.default_rng(seed)
    cell = RNNCell(
        len(task.symbols), 32, rng=rng, activation=activation, recurrent_init=draw
    )
    return accuracy_after_training(cell, task, rng=rng)


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        f"{words}, T = {steps}": partial(
            _accuracy, steps=steps, activation=activation, draw=draw
        )
        for words, steps, activation, draw in (
            ("tanh, orthogonal", 20, "tanh", init.orthogonal),
            ("tanh, orthogonal", 60, "tanh", init.orthogonal),
            ("tanh, identity", 60, "tanh", init.identity),
            ("ReLU, Gaussian", 60, "relu", init.gaussian),
            ("ReLU, identity", 60, "relu", init.identity),
        )
    },
)

if __name__ == "__main__":
    ten_runs.measure()
