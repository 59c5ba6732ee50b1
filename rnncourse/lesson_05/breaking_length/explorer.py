"""The breaking length: how long sequences may be for three cells."""

from collections.abc import Iterator

import numpy as np

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_05.breaking_length.compute import NAMES, Run, compute, run
from rnncourse.lesson_05.breaking_length.view import BreakingLengthView


def train(*, cell: str, steps: int) -> Iterator[Run]:
    """Train a new cell, other weights and other sequences each time."""
    return run(cell, steps, rng=np.random.default_rng())


breaking_length = Explorer(
    title="Breaking length",
    question="Predict first: all three learn 20 steps in most runs. Which of them "
    "still learn 60, and from which length on is the plain RNN no better than "
    "guessing? The picture shows the lengths up to T.",
    claim="With 16 units and 400 updates the plain tanh RNN begins to fail at 20 to 25 "
    "steps, and from about 60 on hardly any run is better than guessing: so far its "
    "gradient reaches. A ReLU "
    "network that starts from the identity still learns 80 steps in most runs, an LSTM "
    "65 in more than half.",
    controls={
        "steps": IntSlider("length T", 10, 80, 20, step=5),
        "cell": Choice("cell", tuple(NAMES), "tanh", NAMES),
    },
    presets={
        "the RNN learns": {"steps": 20},
        "the RNN breaks": {"steps": 35},
        "the RNN guesses": {"steps": 60},
        "identity keeps": {"steps": 60, "cell": "relu"},
        "the LSTM keeps": {"steps": 60, "cell": "lstm"},
    },
    compute=compute,
    view=BreakingLengthView,
    training=Training("train one here", 2, train),
)
