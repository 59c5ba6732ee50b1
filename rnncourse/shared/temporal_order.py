"""Training one cell on the temporal order task, and testing it."""

from functools import partial

from rnncourse.shared import recipe
from rnnlib._typing import Rng
from rnnlib.cells import Cell
from rnnlib.metrics import accuracy
from rnnlib.models import SequenceClassifier
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import TemporalOrder

__all__ = ["accuracy_after_training", "held_out_accuracy", "reader", "training"]

training = partial(recipe.training, learning_rate=3e-3, decay=False)


def reader(cell: Cell, task: TemporalOrder, *, rng: Rng) -> SequenceClassifier:
    """Return a model that answers from the last state of `cell`."""
    return SequenceClassifier(Recurrent(cell), len(task.classes), rng=rng)


def held_out_accuracy(
    model: SequenceClassifier, task: TemporalOrder, *, rng: Rng
) -> float:
    """Return the accuracy on a thousand new sequences."""
    batch = task.sample(1000, rng=rng, split="held_out")
    return accuracy(model.predict(batch.inputs), batch.targets)


def accuracy_after_training(
    cell: Cell, task: TemporalOrder, *, rng: Rng, updates: int = 600
) -> float:
    """Return the accuracy on new sequences once `cell` has been trained.

    >>> import numpy as np
    >>> from rnnlib import RNNCell
    >>> rng = np.random.default_rng(0)
    >>> task = TemporalOrder(steps=5)
    >>> cell = RNNCell(len(task.symbols), 16, rng=rng)
    >>> accuracy_after_training(cell, task, rng=rng, updates=200) > 0.9
    True
    """
    model = reader(cell, task, rng=rng)
    for _ in training(model, task, updates, rng=rng):
        pass
    return held_out_accuracy(model, task, rng=rng)
