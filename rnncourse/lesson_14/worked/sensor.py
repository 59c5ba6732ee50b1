"""Capstone 14.3, worked: a small GRU that says at each value whether it is on."""

from typing import Any

import numpy as np

from rnncourse.lesson_14.exercises.sensor import Recording
from rnnlib import GRUCell, Recurrent
from rnnlib._typing import Array, Rng
from rnnlib.batches import Batch
from rnnlib.models import Tagger
from rnnlib.optimizers import Adam
from rnnlib.training import fit

__all__ = ["ablate", "batch", "build", "predict", "split", "step", "train"]

UPDATES = 200


def split(data: list[Recording]) -> tuple[Array, Array, Array]:
    """Return the indices of the recordings for training, validation and test."""
    return np.arange(400), np.arange(400, 480), np.arange(480, len(data))


def batch(data: list[Recording], indices: Array) -> Batch:
    """Return the recordings side by side, and whether the machine was on."""
    values = np.stack([data[i][0] for i in indices], axis=1)
    on = np.stack([data[i][1] for i in indices], axis=1)
    return Batch(values[:, :, None], on.astype(float))


def build(rng: Rng) -> Tagger:
    """Return an untrained model that answers at each step."""
    layer = Recurrent(GRUCell(1, 8, rng=rng))
    return Tagger(layer, rng=rng, loss="binary_cross_entropy")


def train(data: list[Recording], seed: int, updates: int = UPDATES) -> Tagger:
    """Return a net that was drawn and trained with this seed."""
    rng = np.random.default_rng(seed)
    net, known = build(rng), split(data)[0]
    drawn = (batch(data, rng.choice(known, 32, replace=False)) for _ in range(updates))
    fit(net, drawn, Adam(0.02), clip_norm=1.0, progress=False)
    return net


def predict(net: Tagger, values: Array) -> Array:
    """Return for each step whether the machine is on, given all values."""
    scores, _ = net.logits(values[:, None, None])
    return scores.reshape(-1) > 0


def step(net: Tagger, value: float, state: Any) -> tuple[bool, Any]:
    """Return whether it is on after one more value, and the new state."""
    scores, state = net.logits(np.full((1, 1, 1), value), state)
    return bool(scores.reshape(-1)[0] > 0), state


def ablate(net: Tagger) -> Tagger:
    """Return the net without its memory: no unit hears of the state before."""
    still = 0 * net.params["recurrent.W_hh"]
    return net.with_params({**net.params, "recurrent.W_hh": still})
