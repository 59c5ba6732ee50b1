"""Capstone 14.5, worked: a GRU in each direction sings the second voice."""

from typing import Any

import numpy as np

from rnncourse.lesson_14.duet.voices import FIRST_NOTES, SECOND_NOTES
from rnnlib import Bidirectional, GRUCell
from rnnlib._typing import Array, Rng
from rnnlib.batches import Batch
from rnnlib.models import Tagger
from rnnlib.optimizers import Adam
from rnnlib.training import fit
from rnnlib.vocab import pad

__all__ = ["ablate", "batch", "build", "predict", "split", "train"]

HIDDEN, UPDATES = 16, 300


def split(data: list[Any]) -> tuple[Array, Array, Array]:
    """Return the indices for training, validation and test."""
    return np.arange(280), np.arange(280, 330), np.arange(330, len(data))


def batch(data: list[Any], indices: Any) -> Batch:
    """Return melodies and their second voices, padded, with the mask of what exists."""
    shown = [data[i] for i in indices]
    first, exists = pad([notes - FIRST_NOTES[0] for notes, _ in shown], fill=0)
    second, _ = pad([notes for _, notes in shown], fill=0)
    return Batch(first, second, exists, exists)


def build(rng: Rng, dtype: Any = np.float64) -> Tagger:
    """Return an untrained net that hears what came and what will come."""
    cells = (GRUCell(len(FIRST_NOTES), HIDDEN, rng=rng, dtype=dtype) for _ in "<>")
    return Tagger(Bidirectional(*cells), len(SECOND_NOTES), rng=rng)


def train(data: list[Any], seed: int, updates: int = UPDATES) -> Tagger:
    """Return a net that was drawn and trained with this seed."""
    rng = np.random.default_rng(seed)
    net, known = build(rng, np.float32), split(data)[0]
    drawn = (batch(data, rng.choice(known, 32, replace=False)) for _ in range(updates))
    fit(net, drawn, Adam(0.02), clip_norm=1.0, progress=False)
    return net


def predict(net: Tagger, first: Array) -> Array:
    """Return the second voice of a melody."""
    answer, _ = net.logits(first[:, None] - FIRST_NOTES[0])
    return np.asarray(answer.argmax(axis=-1)[:, 0])


def ablate(net: Tagger) -> Tagger:
    """Return the net without what it knows of the notes to come."""
    W_hy = net.params["output.W_hy"].copy()
    W_hy[HIDDEN:] = 0
    return net.with_params({**net.params, "output.W_hy": W_hy})
