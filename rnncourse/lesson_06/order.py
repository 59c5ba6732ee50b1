"""The temporal order task, trained with the optimiser and the clipping of lesson 06."""

from typing import NamedTuple

import numpy as np

from rnncourse.shared.temporal_order import held_out_accuracy, reader
from rnnlib._typing import Rng
from rnnlib.cells import RNNCell
from rnnlib.optimizers import Optimizer
from rnnlib.tasks import TemporalOrder
from rnnlib.training import History, fit

__all__ = ["Outcome", "learn_order"]

HIDDEN, BATCH = 32, 32


class Outcome(NamedTuple):
    """What a training has brought.

    Attributes
    ----------
    accuracy : float
        On a thousand new sequences; guessing has 0.25.
    history : History
    """

    accuracy: float
    history: History


def learn_order(
    optimizer: Optimizer,
    *,
    rng: Rng,
    clip_norm: float | None = None,
    steps: int = 20,
    updates: int = 600,
) -> Outcome:
    """Train a plain RNN of 32 tanh units to tell the order of two marks.

    Parameters
    ----------
    optimizer : Optimizer
    rng : numpy.random.Generator
        Draws the initial weights, and the sequences.
    clip_norm : float, optional
        Largest global norm of a gradient.
    steps, updates : int

    Examples
    --------
    >>> from rnnlib import Adam
    >>> rng = np.random.default_rng(0)
    >>> outcome = learn_order(Adam(0.01), rng=rng, steps=5, updates=200)
    >>> outcome.accuracy > 0.9, outcome.history.updates
    (True, 200)
    """
    task = TemporalOrder(steps=steps)
    cell = RNNCell(len(task.symbols), HIDDEN, rng=rng, dtype=np.float32)
    model = reader(cell, task, rng=rng)
    history = fit(
        model,
        (task.sample(BATCH, rng=rng) for _ in range(updates)),
        optimizer,
        clip_norm=clip_norm,
        progress=False,
    )
    return Outcome(held_out_accuracy(model, task, rng=rng), history)
