"""Training one cell on the temporal order task, and counting its right answers."""

from collections.abc import Iterator

from rnnlib._typing import Rng
from rnnlib.cells import Cell
from rnnlib.metrics import accuracy
from rnnlib.models import SequenceClassifier
from rnnlib.optimizers import Adam, clip_by_norm
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import TemporalOrder

__all__ = ["accuracy_after_training", "reader", "share_right", "training"]

BATCH_SIZE = 32
LEARNING_RATE = 3e-3
MAX_NORM = 1.0


def reader(cell: Cell, task: TemporalOrder, *, rng: Rng) -> SequenceClassifier:
    """Return a model that answers from the last state of `cell`."""
    return SequenceClassifier(Recurrent(cell), len(task.classes), rng=rng)


def training(
    model: SequenceClassifier,
    task: TemporalOrder,
    *,
    rng: Rng,
    updates: int,
) -> Iterator[float]:
    """Train `model` while the losses are asked for, one update each.

    Each update draws a batch of 32 sequences, goes back through all of time, clips the
    gradient to norm 1 and takes a step of Adam. The parameters are changed in place.
    """
    optimizer = Adam(LEARNING_RATE)
    for _ in range(updates):
        loss = model.loss(task.sample(BATCH_SIZE, rng=rng))
        grads, _ = clip_by_norm(loss.grads, MAX_NORM)
        optimizer.update(model.params, grads)
        yield float(loss.value)


def share_right(model: SequenceClassifier, task: TemporalOrder, *, rng: Rng) -> float:
    """Return the share of a thousand new sequences that `model` answers rightly."""
    batch = task.sample(1000, rng=rng, split="held_out")
    return accuracy(model.predict(batch.inputs), batch.targets)


def accuracy_after_training(
    cell: Cell, task: TemporalOrder, *, rng: Rng, updates: int = 600
) -> float:
    """Return the share of new sequences that `cell`, once trained, answers rightly.

    >>> import numpy as np
    >>> from rnnlib import RNNCell
    >>> rng = np.random.default_rng(0)
    >>> task = TemporalOrder(steps=5)
    >>> cell = RNNCell(len(task.symbols), 16, rng=rng)
    >>> accuracy_after_training(cell, task, rng=rng, updates=200) > 0.9
    True
    """
    model = reader(cell, task, rng=rng)
    for _ in training(model, task, rng=rng, updates=updates):
        pass
    return share_right(model, task, rng=rng)
