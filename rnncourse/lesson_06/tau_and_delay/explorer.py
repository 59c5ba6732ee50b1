"""Truncated BPTT: two switches, one for the state and one for the gradient."""

from collections.abc import Iterator

import numpy as np

from rnncourse.exploring.controls import Stops, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_06.tau_and_delay.compute import (
    DELAYS,
    MODES,
    TAUS,
    Run,
    compute,
    run,
)
from rnncourse.lesson_06.tau_and_delay.view import TauView


def train(*, tau: int, delay: int, carry: bool, cut: bool) -> Iterator[Run]:
    """Train a new network, other weights and other streams each time."""
    mode = MODES[carry, cut or not carry]
    return run(tau, delay, mode, rng=np.random.default_rng())


tau_and_delay = Explorer(
    title="Truncated BPTT",
    question="Predict first: a network is to repeat each bit six steps later, and its "
    "gradient is cut every τ steps. From which τ on does it learn that, with the state "
    "carried over the cuts? And without?",
    claim="The state and the gradient are two switches. The cut takes the gradient of "
    "every answer whose bit lies in an earlier chunk; with τ at most the delay that is "
    "every answer, and hardly a run learns it, unless the delay is so short that the "
    "state holds the bit anyway. Carrying the state does not give the gradient back, "
    "but answers near the beginning of a chunk can be right only with it.",
    controls={
        "tau": Stops("chunk τ", TAUS, 4),
        "delay": Stops("delay", DELAYS, 1),
        "carry": Toggle("carry the state", True),
        "cut": Toggle("cut the gradient", True),
    },
    presets={
        "chunks too short": {"tau": 4, "delay": 6},
        "just long enough": {"tau": 8, "delay": 6},
        "no state": {"tau": 8, "delay": 6, "carry": False},
        "nothing cut": {"tau": 4, "delay": 6, "cut": False},
    },
    compute=compute,
    view=TauView,
    training=Training("train one here", 1, train),
    needs={"cut": "carry"},
)
