"""The gym: any cell on any task, over five seeds."""

from collections.abc import Iterator

import numpy as np

from rnncourse.exploring.controls import Choice, Stops
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_09.gym.cells import IN_THE_GYM
from rnncourse.lesson_09.gym.compute import compute
from rnncourse.lesson_09.gym.grid import Entry, Run, run
from rnncourse.lesson_09.gym.tasks import LENGTHS, TASKS
from rnncourse.lesson_09.gym.view import GymView


def train(*, task: str, cell: str, steps: int) -> Iterator[Run]:
    """Train a new network, other weights and other sequences each time."""
    return run(Entry(task, steps, cell), np.random.default_rng())


gym = Explorer(
    title="The memory gym",
    question="Predict first: on which of these tasks does the plain RNN fall to chance "
    "as T grows while a gated cell does not? On which is it the other way round?",
    claim="No cell is best at everything. The four cells of this lesson tie on the "
    "flip-flop. On temporal order at T = 60 the plain RNN is at chance in all five "
    "seeds and the identity ReLU at the ceiling; on echo the plain RNN stays at the "
    "ceiling where both gated cells fall behind. LSTM and GRU learn parity when "
    "it is asked for at each step, and no cell learns it when it is asked for only at "
    "the end: what is asked when matters more than the cell. All this is true of one "
    "recipe; another one may turn it over. The minGRU is the cell of lesson 12.",
    controls={
        "task": Choice("task", tuple(TASKS), "adding"),
        "cell": Choice("cell", tuple(IN_THE_GYM), "RNN"),
        "steps": Stops("steps T", LENGTHS, 10),
    },
    presets={
        "short": {"task": "temporal order", "steps": 10},
        "long": {"task": "temporal order", "steps": 60},
        "asked at each step": {
            "task": "parity, each step",
            "cell": "LSTM",
            "steps": 30,
        },
        "asked at the end": {"task": "parity, at the end", "cell": "LSTM", "steps": 30},
        "gates do not help": {"task": "echo", "cell": "LSTM", "steps": 100},
    },
    compute=compute,
    view=GymView,
    training=Training("train one here", 5, train),
)
