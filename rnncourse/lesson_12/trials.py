"""What ten seeds make of the trainings of lesson 12.

``python -m rnncourse.lesson_12.trials`` makes all of them anew and stores them; it
takes about twenty minutes. Names after it choose some of them.
"""

from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

from rnncourse.lesson_12.tracking import (
    CELLS,
    STEPS,
    TASKS,
    shares,
    tracker,
    tracking,
)
from rnncourse.shared.recipe import training
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.cells import MinGRUCell
from rnnlib.metrics import accuracy
from rnnlib.models import SequenceClassifier
from rnnlib.recurrent import Scanned
from rnnlib.tasks import TemporalOrder

__all__ = ["PAIRS", "RULES", "recalled", "ten_runs", "tracked"]

SIZE, PAIRS = 16, (2, 4, 8, 12, 16, 24, 32, 48, 64)
RULES = ("sum", "delta", "softmax")


def order(steps: int, forget_bias: float, seed: int) -> Array:
    """Return the accuracy, and the mean of the last 20 losses, (2,)."""
    rng = np.random.default_rng(seed)
    cell = MinGRUCell(6, 32, rng=rng, forget_bias=forget_bias, dtype=np.float32)
    model = SequenceClassifier(Scanned(cell), 4, rng=rng)
    losses = [*training(model, TemporalOrder(steps), 600, rng=rng)]
    test = np.random.default_rng(seed + 1)
    batch = TemporalOrder(steps).sample(1000, rng=test)
    right = accuracy(model.predict(batch.inputs), batch.targets)
    return np.array([right, np.mean(losses[-20:])])


def tracked(task: str, cell: str, seed: int) -> Array:
    """Return the accuracy at each of TIMES, and the mean of the last 20 losses."""
    rng = np.random.default_rng(seed)
    model = tracker(task, cell, rng=rng)
    losses = [*tracking(model, task, rng=rng)]
    found = shares(model, task, rng=np.random.default_rng(seed + 1))
    return np.append(found, np.mean(losses[-20:]))


def recalled(rule: str, seed: int, *, trials: int = 50) -> Array:
    """Return the share of bits that come back right, for each number of pairs.

    Keys are random directions of 16 numbers, values 16 random signs. The delta rule
    writes at rate 1; softmax keeps all pairs in a table and looks at scores times 16.
    The last number is for 8 pairs of which the first key was written again with a new
    value: the share of bits of that value.
    """
    rng = np.random.default_rng(seed)
    found = []
    for n in PAIRS:
        keys, values = _pairs(rng, trials, n)
        found.append(_right(rule, keys, values, keys, values))
    keys, values = _pairs(rng, trials, 8)
    fresh = rng.choice([-1.0, 1.0], size=(trials, 1, SIZE))
    first = keys[:, :1]
    whole = np.concatenate([keys, first], axis=1), np.concatenate([values, fresh], 1)
    return np.array([*found, _right(rule, *whole, first, fresh)])


def _pairs(rng: np.random.Generator, trials: int, n: int) -> tuple[Array, Array]:
    keys = rng.standard_normal((trials, n, SIZE))
    keys /= np.linalg.norm(keys, axis=-1, keepdims=True)
    return keys, rng.choice([-1.0, 1.0], size=(trials, n, SIZE))


def _right(rule: str, keys: Array, values: Array, asked: Array, true: Array) -> float:
    """Return the share of right signs when `asked` is asked after all was written."""
    if rule == "softmax":
        read = softmax(SIZE * asked @ keys.swapaxes(1, 2)) @ values
    else:
        M = np.zeros((len(keys), SIZE, SIZE))
        for k, v in zip(keys.swapaxes(0, 1), values.swapaxes(0, 1), strict=True):
            known = (k[:, None] @ M)[:, 0] if rule == "delta" else 0
            M += k[:, :, None] * (v - known)[:, None, :]
        read = asked @ M
    return float((np.sign(read) == true).mean())


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        **{
            f"temporal order, T = {T}, forget bias {bias}": partial(order, T, bias)
            for T, bias in ((60, 0), (200, 0), (200, 4))
        },
        **{f"recall, {rule}": partial(recalled, rule) for rule in RULES},
        **{
            f"{task}, T = {STEPS}, {cell}": partial(tracked, task, cell)
            for task, cell in product(TASKS, CELLS)
        },
    },
)

if __name__ == "__main__":
    ten_runs.measure()
