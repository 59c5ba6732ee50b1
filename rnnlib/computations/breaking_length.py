"""Train one cell on one task, and say how often it is right on new sequences."""

import numpy as np

from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.cells import Cell
from rnnlib.losses import cross_entropy
from rnnlib.optimizers import Adam, clip_by_norm
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import TemporalOrder

__all__ = ["accuracy_after_training"]

BATCH_SIZE = 32
LEARNING_RATE = 3e-3
MAX_NORM = 1.0


def accuracy_after_training(
    cell: Cell, task: TemporalOrder, *, rng: Rng, updates: int = 600
) -> float:
    """Return the share of new sequences that `cell`, once trained, answers rightly.

    The scores are a product of the last state and W_hy. Each update draws a batch of
    32 sequences, goes back through all of time, clips the gradient to norm 1 and takes
    a step of Adam. The parameters of `cell` are changed in place.

    >>> from rnnlib import RNNCell
    >>> rng = np.random.default_rng(0)
    >>> task = TemporalOrder(steps=5)
    >>> cell = RNNCell(len(task.symbols), 16, rng=rng)
    >>> accuracy_after_training(cell, task, rng=rng, updates=200) > 0.9
    True
    """
    layer, optimizer = Recurrent(cell), Adam(LEARNING_RATE)
    W_hy = init.glorot((cell.hidden_size, len(task.classes)), rng=rng)
    params = {**layer.params, "W_hy": W_hy}
    for _ in range(updates):
        batch = task.sample(BATCH_SIZE, rng=rng)
        h, _, cache = layer.forward(batch.inputs)
        _, dscores = cross_entropy(h[-1] @ W_hy, batch.targets)
        dh = np.zeros_like(h)
        dh[-1] = dscores @ W_hy.T
        _, _, grads = layer.backward(dh, cache)
        grads["W_hy"] = h[-1].T @ dscores
        grads, _ = clip_by_norm(grads, MAX_NORM)
        optimizer.update(params, grads)
    batch = task.sample(1000, rng=rng, split="held_out")
    h, _, _ = layer.forward(batch.inputs)
    return _share_right(h[-1] @ W_hy, batch.targets)


def _share_right(scores: Array, targets: Array) -> float:
    return float((scores.argmax(axis=-1) == targets).mean())
