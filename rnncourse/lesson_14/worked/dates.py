"""Capstone 14.2, worked: a GRU reads the date, another one writes it, and looks."""

from typing import Any

import numpy as np

from rnncourse.lesson_14.exercises.dates import Pair
from rnnlib import GRUCell, Recurrent
from rnnlib._typing import Array, Rng
from rnnlib.attention import DotAttention
from rnnlib.batches import END, PAD, SPECIALS, Pairs
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.optimizers import Adam
from rnnlib.tasks import read
from rnnlib.training import cosine_decay, fit
from rnnlib.vocab import Vocabulary, pad

__all__ = ["ablate", "batch", "build", "predict", "split", "train"]

UPDATES, HIDDEN = 280, 40
LETTERS = Vocabulary((*SPECIALS, *"0123456789abcdefghijlmnoprstuvwy ,"))
DIGITS = Vocabulary((*SPECIALS, *"0123456789-"))


def split(data: list[Pair]) -> tuple[Array, Array, Array]:
    """Return the indices for training, validation and test: no day is in two."""
    targets = [target for _, target in data]
    days = list(dict.fromkeys(targets))
    part = {day: (n >= 800) + (n >= 850) for n, day in enumerate(days)}
    which = np.array([part[target] for target in targets])
    known, chosen, test = (np.flatnonzero(which == n) for n in range(3))
    return known, chosen, test


def batch(data: list[Pair], indices: Array) -> Pairs:
    """Return sources and targets side by side, as tokens."""
    shown = [data[i] for i in indices]
    sources = [LETTERS.encode(source) for source, _ in shown]
    targets = [DIGITS.encode([*target, SPECIALS[END]]) for _, target in shown]
    return Pairs(*pad(sources, fill=PAD), *pad(targets, fill=PAD))


def build(rng: Rng, dtype: Any = np.float64) -> Seq2Seq:
    """Return an untrained reader and writer."""
    reader, writer = (
        Recurrent(GRUCell(len(symbols), HIDDEN, rng=rng, dtype=dtype))
        for symbols in (LETTERS, DIGITS)
    )
    return Seq2Seq(reader, writer, rng=rng, attention=DotAttention(scaled=True))


def train(data: list[Pair], seed: int, updates: int = UPDATES) -> Seq2Seq:
    """Return a net that was drawn and trained with this seed."""
    rng = np.random.default_rng(seed)
    net, known = build(rng, np.float32), split(data)[0]
    drawn = (batch(data, rng.choice(known, 32, replace=False)) for _ in range(updates))
    slower = cosine_decay(updates)
    fit(net, drawn, Adam(0.02), clip_norm=1.0, schedule=slower, progress=False)
    return net


def predict(net: Seq2Seq, source: str) -> str:
    """Return the date in ISO 8601."""
    tokens = np.array(LETTERS.encode(source))[:, None]
    return read(net.predict(tokens, max_length=12), DIGITS)[0]


def ablate(net: Seq2Seq) -> Seq2Seq:
    """Return the net without its looks: what it finds there does not count."""
    W_sh = net.params["combine.W_sh"].copy()
    W_sh[HIDDEN:] = 0
    return net.with_params({**net.params, "combine.W_sh": W_sh})
