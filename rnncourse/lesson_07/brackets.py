"""What is open in a text of brackets and quotes, and what a model knows of it."""

import numpy as np

from rnncourse.lesson_07.nets import BRACKETS
from rnnlib._typing import Array
from rnnlib.activations import log_softmax
from rnnlib.batches import Batch
from rnnlib.models import LanguageModel

__all__ = ["FEATURES", "correlations", "depths", "excess", "features", "quoted"]

SYMBOLS = BRACKETS.symbols
FEATURES = ("depth", "quote", "position")
DEEPEST = BRACKETS.max_depth


def depths(tokens: Array) -> Array:
    """Return how many brackets are open after each of tokens (T, B).

    >>> from rnnlib import Vocabulary
    >>> depths(Vocabulary(SYMBOLS).encode('a([b])"a"')[:, None])[:, 0]
    array([0, 1, 2, 2, 1, 0, 0, 0, 0])
    """
    change = np.array([(s in "([") - (s in ")]") for s in SYMBOLS])
    open_ones: Array = np.cumsum(change[tokens], axis=0)
    return open_ones


def quoted(tokens: Array) -> Array:
    """Return whether a quote is open after each of tokens (T, B).

    >>> from rnnlib import Vocabulary
    >>> quoted(Vocabulary(SYMBOLS).encode('a"b"')[:, None])[:, 0]
    array([False,  True,  True, False])
    """
    marks = tokens == SYMBOLS.index('"')
    return np.cumsum(marks, axis=0) % 2 == 1


def features(tokens: Array) -> dict[str, Array]:
    """Return what might be worth knowing at each step, (T, B), by FEATURES."""
    T, B = tokens.shape
    position = np.broadcast_to(np.arange(T)[:, None], (T, B))
    return dict(zip(FEATURES, (depths(tokens), quoted(tokens), position), strict=True))


def correlations(h: Array, feature: Array) -> Array:
    """Return the correlation of each unit of h (T, B, H) with a feature (T, B).

    A unit that never changes has correlation 0.
    """
    x, y = h.reshape(-1, h.shape[-1]).astype(float), feature.reshape(-1).astype(float)
    x, y = x - x.mean(axis=0), y - y.mean()
    size = np.linalg.norm(x, axis=0) * np.linalg.norm(y)
    found: Array = y @ x / np.where(size > 0, size, 1)
    return found


def excess(model: LanguageModel, batch: Batch) -> Array:
    """Return by how many bits a model is above the bound: in all, and by depth, (6,).

    What the language itself would say of each symbol is known, so that the chance of
    what was drawn cancels.
    """
    y, _ = model.logits(batch.inputs)
    p = BRACKETS.probabilities(batch.inputs)
    lost = (p * (np.log(np.where(p > 0, p, 1)) - log_softmax(y.astype(float)))).sum(-1)
    depth = depths(batch.inputs)
    groups = [lost, *(lost[depth == d] for d in range(DEEPEST + 1))]
    return np.array([group.mean() for group in groups]) / np.log(2)
