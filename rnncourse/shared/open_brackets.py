"""What is open in a text of brackets and quotes, and which units go with it."""

import numpy as np

from rnnlib._typing import Array
from rnnlib.tasks import BracketLanguage

__all__ = ["correlations", "depths", "quoted", "read_text"]

SYMBOLS, STRANGE = BracketLanguage.symbols, 8


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


def read_text(text: str, longest: int) -> tuple[str, str]:
    """Return what is read of a typed text, and a sentence about what is not.

    >>> read_text('(ab)"a"', 9), read_text("{a} xyz", 9)
    (('(ab)"a"', ''), ('a', ' Not read: “{} xyz”.'))
    >>> read_text("", 9)
    ('a', ' There is nothing to read, so “a” is read.')
    """
    known = "".join(sign for sign in text if sign in SYMBOLS)
    strange = "".join(dict.fromkeys(sign for sign in text if sign not in SYMBOLS))
    missed = []
    if strange:
        missed.append(f"“{strange[:STRANGE]}{'…' * (len(strange) > STRANGE)}”")
    if len(known) > longest:
        missed.append(f"all after {longest} symbols")
    note = f" Not read: {' and '.join(missed)}." if missed else ""
    if not known:
        note += " There is nothing to read, so “a” is read."
    return known[:longest] or "a", note
