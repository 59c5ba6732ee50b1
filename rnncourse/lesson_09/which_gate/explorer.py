"""Which gate matters: an LSTM with a part taken out, on three tasks."""

from collections.abc import Iterator

import numpy as np

from rnncourse.exploring.controls import Choice
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_09.gym.cells import VARIANTS
from rnncourse.lesson_09.gym.grid import Entry, Run, run
from rnncourse.lesson_09.which_gate.compute import STEPS_OF, compute
from rnncourse.lesson_09.which_gate.view import WhichGateView


def train(*, task: str, variant: str) -> Iterator[Run]:
    """Train a new network, other weights and other sequences each time."""
    return run(Entry(task, STEPS_OF[task], variant), np.random.default_rng())


which_gate = Explorer(
    title="Which gate matters",
    question="Predict first: you take one part out of an LSTM and train it. Which part "
    "is missed most where a bit has to be overwritten (flip-flop)? Where it has to be "
    "held (temporal order)? Where something is counted (a^n b^n)?",
    claim="Which part matters is a question about the task. Without forget gate a bit "
    "that was written cannot be taken back, and every seed falls far behind on the "
    "flip-flop; where something is only counted, the same gate is not missed. The "
    "tanh at the output is hardly missed where a bit is held or overwritten. With "
    "five seeds even five wins out of five could be a coin: p = 0.0625.",
    controls={
        "task": Choice(
            "task, T",
            tuple(STEPS_OF),
            "temporal order",
            {task: f"{task}, {steps}" for task, steps in STEPS_OF.items()},
        ),
        "variant": Choice("LSTM", tuple(VARIANTS), "LSTM", {"LSTM": "whole"}),
    },
    presets={
        "overwriting without f": {"task": "flip-flop", "variant": "no forget gate"},
        "holding without i": {"task": "temporal order", "variant": "no input gate"},
        "counting without tanh": {"task": "a^n b^n", "variant": "no output tanh"},
    },
    compute=compute,
    view=WhichGateView,
    training=Training("train one here", 5, train),
)
