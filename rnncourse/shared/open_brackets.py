"""What is open in a text of brackets and quotes, and which units go with it."""

import numpy as np

from rnnlib._typing import Array
from rnnlib.tasks import BracketLanguage

__all__ = ["correlations", "depths", "quoted"]

SYMBOLS = BracketLanguage.symbols


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


def correlations(h: Array, feature: Array) -> Array:
    """Return the correlation of each unit of h (T, B, H) with a feature (T, B).

    A unit that never changes has correlation 0.
    """
    x, y = h.reshape(-1, h.shape[-1]).astype(float), feature.reshape(-1).astype(float)
    x, y = x - x.mean(axis=0), y - y.mean()
    size = np.linalg.norm(x, axis=0) * np.linalg.norm(y)
    found: Array = y @ x / np.where(size > 0, size, 1)
    return found
