"""Capstone 14.1, worked: a GRU reads twenty years and forecasts the next."""

import numpy as np

from rnncourse.lesson_14.exercises.forecast import FIRST_YEAR
from rnnlib import GRUCell, Recurrent
from rnnlib._typing import Array, Rng
from rnnlib.batches import Batch
from rnnlib.models import SequenceClassifier
from rnnlib.optimizers import Adam
from rnnlib.training import fit

__all__ = ["ablate", "batch", "build", "predict", "split", "train"]

BACK, UPDATES = 20, 200
ENDS = 1921 - FIRST_YEAR, 1961 - FIRST_YEAR


def split(data: Array) -> tuple[Array, Array, Array]:
    """Return the indices of the years for training, validation and test."""
    return np.arange(BACK, ENDS[0]), np.arange(*ENDS), np.arange(ENDS[1], len(data))


def scale(data: Array) -> tuple[float, float]:
    """Return mean and standard deviation of the years before the validation."""
    return float(data[: ENDS[0]].mean()), float(data[: ENDS[0]].std())


def batch(data: Array, indices: Array) -> Batch:
    """Return the years before each index, and the year itself."""
    mean, deviation = scale(data)
    scaled = (data - mean) / deviation
    past = np.stack([scaled[i - BACK : i] for i in indices], axis=1)
    return Batch(past[:, :, None], scaled[indices])


def build(rng: Rng) -> SequenceClassifier:
    """Return an untrained model that answers with one number a sequence."""
    layer = Recurrent(GRUCell(1, 8, rng=rng))
    return SequenceClassifier(layer, rng=rng, loss="mean_squared_error")


def train(data: Array, seed: int, updates: int = UPDATES) -> SequenceClassifier:
    """Return a net that was drawn and trained with this seed."""
    rng = np.random.default_rng(seed)
    net, every = build(rng), batch(data, split(data)[0])

    def some() -> Batch:
        chosen = rng.choice(len(every.targets), 32, replace=False)
        return Batch(every.inputs[:, chosen], every.targets[chosen])

    drawn = (some() for _ in range(updates))
    fit(net, drawn, Adam(0.01), clip_norm=1.0, progress=False)
    return net


def predict(net: SequenceClassifier, past: Array) -> float:
    """Return the forecast, in sunspots, for the year after these."""
    mean, deviation = scale(past)
    answer, _ = net.logits(((past[-BACK:] - mean) / deviation)[:, None, None])
    return float(answer[0]) * deviation + mean


def ablate(net: SequenceClassifier) -> SequenceClassifier:
    """Return the net without its memory: no unit hears of the state before."""
    still = 0 * net.params["recurrent.W_hh"]
    return net.with_params({**net.params, "recurrent.W_hh": still})
