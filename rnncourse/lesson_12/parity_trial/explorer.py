"""The parity trial: who tracks a state beyond the length they learned."""

from collections.abc import Iterator

import numpy as np

from rnncourse.exploring.controls import Choice, Stops
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_12.parity_trial.compute import Run, compute, run
from rnncourse.lesson_12.parity_trial.view import ParityTrialView
from rnncourse.lesson_12.tracking import CELLS, TASKS, TIMES


def train(*, task: str, cell: str, times: int) -> Iterator[Run]:
    """Train a new network, whatever length is looked at; other weights each time."""
    return run(task=task, cell=cell, rng=np.random.default_rng())


parity_trial = Explorer(
    title="Parity trial",
    question="Predict first: from sequences of 20 bits these four cells learned to say "
    "whether an odd number of ones has come so far, or did not learn it. Which of them "
    "are right when sequences are 100 times as long?",
    claim="If a state is only multiplied by numbers between 0 and 1, it cannot turn "
    "over at each one, and parity is not learned. With numbers down to −1 it is, for a "
    "while: what falls short at each step multiplies, and a linear recurrence has "
    "nothing that sets it right. A squashing recurrence has.",
    controls={
        "task": Choice("task", tuple(TASKS), "parity"),
        "cell": Choice("cell", tuple(CELLS), "a in (0, 1)"),
        "times": Stops("times as long", TIMES, 1),
    },
    presets={
        "never turns over": {"cell": "a in (0, 1)", "times": 2},
        "turns over, for a while": {"cell": "a in (-1, 1)", "times": 5},
        "sets itself right": {"cell": "tanh RNN", "times": 100},
        "order matters": {"task": "three cups", "cell": "a in (-1, 1)", "times": 1},
    },
    compute=compute,
    view=ParityTrialView,
    training=Training("train one here", 8, train),
)
