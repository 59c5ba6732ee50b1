"""Capstone 14.4, worked: a GRU follows the pen, and names the digit."""

import numpy as np

from rnncourse.lesson_14.exercises.strokes import Stroke
from rnnlib import GRUCell, Recurrent
from rnnlib._typing import Array, Rng
from rnnlib.batches import Batch
from rnnlib.models import SequenceClassifier
from rnnlib.optimizers import Adam
from rnnlib.training import cosine_decay, fit

__all__ = ["ablate", "batch", "build", "predict", "split", "train"]

UPDATES = 200


def split(data: list[Stroke]) -> tuple[Array, Array, Array]:
    """Return the indices of the strokes for training, validation and test."""
    return np.arange(400), np.arange(400, 480), np.arange(480, len(data))


def moves(places: Array) -> Array:
    """Return how the pen moves, (T - 1, 2): where the digit stands does not matter."""
    return np.diff(places, axis=0) * 8


def batch(data: list[Stroke], indices: Array) -> Batch:
    """Return the moves side by side, padded, and the digits."""
    shown = [moves(data[i][0]) for i in indices]
    longest = max(map(len, shown))
    inputs = np.zeros((longest, len(shown), 2))
    exists = np.zeros((longest, len(shown)), bool)
    for b, steps in enumerate(shown):
        inputs[: len(steps), b], exists[: len(steps), b] = steps, True
    digits = np.array([data[i][1] for i in indices])
    return Batch(inputs, digits, input_mask=exists)


def build(rng: Rng) -> SequenceClassifier:
    """Return an untrained model of ten classes."""
    return SequenceClassifier(Recurrent(GRUCell(2, 24, rng=rng)), 10, rng=rng)


def train(data: list[Stroke], seed: int, updates: int = UPDATES) -> SequenceClassifier:
    """Return a net that was drawn and trained with this seed."""
    rng = np.random.default_rng(seed)
    net, known = build(rng), split(data)[0]
    drawn = (batch(data, rng.choice(known, 32, replace=False)) for _ in range(updates))
    slower = cosine_decay(updates)
    fit(net, drawn, Adam(0.02), clip_norm=1.0, schedule=slower, progress=False)
    return net


def predict(net: SequenceClassifier, places: Array) -> int:
    """Return the digit of a stroke."""
    scores, _ = net.logits(moves(places)[:, None])
    return int(scores[0].argmax())


def ablate(net: SequenceClassifier) -> SequenceClassifier:
    """Return the net without what it sees of up and down."""
    flat = net.params["recurrent.W_xh"] * np.array([[1.0], [0.0]])
    return net.with_params({**net.params, "recurrent.W_xh": flat})
