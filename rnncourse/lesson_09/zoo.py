"""Four GRUs that learn alike, of which at most one is what it was meant to be.

``python -m rnncourse.lesson_09.zoo`` trains each with ten seeds and stores what came
out; so it does for the parity puzzle, and for a latch that is found by guessing. It
takes about ten minutes. Names after it choose some of them.
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.lesson_09.exercises.guess import guess_weights
from rnncourse.lesson_09.latch import SHAPES, is_latch
from rnncourse.shared.recipe import train
from rnncourse.shared.temporal_order import reader, training
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array, Rng
from rnnlib.batches import Batch
from rnnlib.cells import GRUCell
from rnnlib.metrics import accuracy
from rnnlib.models import SequenceClassifier, Tagger
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import Parity, TemporalOrder

__all__ = ["KINDS", "gru", "ten_runs"]

KINDS = ("as meant", "z exchanged", "reset on the other side", "no reset gate")
OPTIONS: dict[str, dict[str, Any]] = {
    "z exchanged": {"z_writes": True},
    "reset on the other side": {"reset": "before"},
}
STEPS, UPDATES, HIDDEN, OPEN = 20, 400, 16, 100.0


def gru(kind: str, input_size: int, *, rng: Rng) -> GRUCell:
    """Return one of the four; each draws the same weights.

    Where there is to be no reset gate, r is exactly 1, and so it stays: the slope of a
    sigmoid there is exactly 0.

    >>> cell = gru("no reset gate", 2, rng=np.random.default_rng(0))
    >>> state, cache = cell.forward(None, cell.initial_state(1))
    >>> bool((cache.r == 1).all())
    True
    """
    options = OPTIONS.get(kind, {})
    cell = GRUCell(input_size, HIDDEN, rng=rng, dtype=np.float32, **options)
    if kind == "no reset gate":
        for name in ("W_xh", "W_hh"):
            cell.params[name][:, :HIDDEN] = 0
        cell.params["b_h"][:HIDDEN] = OPEN
    return cell


def _trained(kind: str, seed: int) -> tuple[SequenceClassifier, Batch, list[float]]:
    """Return a net that has learned, new sequences, and the losses of its training."""
    task, rng = TemporalOrder(steps=STEPS), np.random.default_rng(seed)
    model = reader(gru(kind, len(task.symbols), rng=rng), task, rng=rng)
    losses = list(training(model, task, UPDATES, rng=rng))
    return model, task.sample(1000, rng=rng, split="held_out"), losses


def _learned(kind: str, seed: int) -> Array:
    """Return accuracy and loss on new sequences, and the last training loss."""
    model, batch, losses = _trained(kind, seed)
    right = accuracy(model.predict(batch.inputs), batch.targets)
    held_out = model.loss(batch, gradients=False).value
    return np.array([right, held_out, np.mean(losses[-20:])])


def _loaded(seed: int) -> Array:
    """Return the accuracy of weights as they were trained, and loaded into others."""
    model, batch, _ = _trained("as meant", seed)
    weights = model.parts["recurrent"].params
    right = []
    for kind in KINDS[:3]:
        cell = gru(kind, len(weights["W_xh"]), rng=np.random.default_rng(seed))
        for name, array in cell.params.items():
            array[...] = weights[name]
        model.parts["recurrent"] = Recurrent(cell)
        right.append(accuracy(model.predict(batch.inputs), batch.targets))
    return np.array(right)


def _parity(asked: str, seed: int) -> Array:
    """Return the accuracy of the last answer, at 10 steps and at 50."""
    rng = np.random.default_rng(seed)
    cell = GRUCell(2, HIDDEN, rng=rng, dtype=np.float32)
    model = Tagger(Recurrent(cell), 2, rng=rng)
    train(model, Parity(10, asked=asked), 600, rng=rng)
    found = []
    for steps in (10, 50):
        batch = Parity(steps, asked="at the end").sample(1000, rng=rng)
        said = model.predict(batch.inputs)
        found.append(accuracy(said, batch.targets, batch.mask))
    return np.array(found)


def _guesses(seed: int) -> float:
    """Return how many guesses it takes until a unit is a latch."""
    rng = np.random.default_rng(seed)
    return guess_weights(is_latch, SHAPES, 10, rng, limit=20_000)[0]


ten_runs = Trials(
    Path(__file__).with_name("zoo.npz"),
    {
        **{kind: partial(_learned, kind) for kind in KINDS},
        **{
            f"parity, asked {asked}": partial(_parity, asked)
            for asked in ("each step", "at the end")
        },
        "loaded into another": _loaded,
        "guesses of scale 10": _guesses,
    },
)

if __name__ == "__main__":
    ten_runs.measure()
