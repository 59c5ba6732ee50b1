"""Pairs of keys and values in a matrix of 16 × 16 numbers, and in a table."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.shared.wording import count, span, whole_percent
from rnnlib._typing import Array
from rnnlib.activations import softmax

__all__ = ["DRAWS", "KEYS", "MOST", "RULES", "SIZE", "FastWeights", "compute"]

SIZE, MOST, DRAWS = 16, 64, 20
KEYS = ("random", "at right angles")
RULES = ("sum", "decay", "delta", "softmax")
KEPT = 0.9  # of the whole memory, at each write of “decay”
SHARP = 16.0  # what the scores of the table are multiplied by
NOTHING = 1e-9  # a bit that comes back no stronger than this is not right


@dataclass(frozen=True)
class FastWeights:
    """What comes back of some pairs.

    Attributes
    ----------
    pairs : int
    rule, keys : str
        One of RULES, and one of KEYS.
    again : bool
        Whether the first key was written again at the end, with another value.
    agreement : ndarray, shape (pairs, SIZE)
        Of the first draw: each number that comes back, times the bit, 1 or -1, that it
        should be. A bit is right where this is above NOTHING, and exact where it is 1.
    shares : ndarray, shape (DRAWS,)
        Of the bits that count, how many are right: of all, or of the key that was
        written again.
    curves : ndarray, shape (len(RULES), MOST)
        The mean of these shares for each rule and each number of pairs.
    """

    pairs: int
    rule: str
    keys: str
    again: bool
    agreement: Array
    shares: Array
    curves: Array

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        kind = "a table" if self.rule == "softmax" else "a 16 × 16 matrix"
        keys = "random keys" if self.keys == "random" else f"keys {self.keys}"
        pairs = f"{count(self.pairs, 'pair')} with {keys}"
        what = "all bits"
        if self.again:
            pairs += ", then the first key again,"
            what = "that key's new bits"
        return (
            f"{self.rule.capitalize()}, {pairs} in {kind}: of {what} "
            f"{whole_percent(self.shares.mean())} come back right on average over "
            f"{DRAWS} draws ({span(self.shares)})."
        )


def compute(*, pairs: int, rule: str, keys: str, again: bool) -> FastWeights:
    """Write pairs of a key and a value into a memory, and ask for all of them.

    The keys have 16 numbers and length 1. They are drawn at random, or 16 at a time so
    that these are at right angles to each other. The values are 16 bits, 1 or -1. “sum”
    adds the outer product of key and value, “decay” lets the memory fade to 0.9 before
    that, “delta” adds what is missing, and “softmax” keeps all pairs in a table and
    attends to them.
    """
    agreement, shares = recalled(rule, keys, again)[pairs - 1]
    return FastWeights(pairs, rule, keys, again, agreement, shares, curves(keys, again))


@cache
def curves(keys: str, again: bool) -> Array:
    """Return the mean of the shares, (len(RULES), MOST)."""
    means = [[shares.mean() for _, shares in recalled(r, keys, again)] for r in RULES]
    return np.array(means)


@cache
def drawn(kind: str) -> tuple[Array, Array, Array]:
    """Return keys and values (DRAWS, MOST, SIZE), and other values of the first key."""
    rng = np.random.default_rng(12)
    keys = rng.standard_normal((DRAWS, MOST, SIZE))
    if kind == "random":
        keys /= np.linalg.norm(keys, axis=-1, keepdims=True)
    else:
        bases, _ = np.linalg.qr(keys.reshape(DRAWS, -1, SIZE, SIZE))
        keys = bases.reshape(keys.shape)
    values = rng.choice((-1.0, 1.0), (DRAWS, MOST, SIZE))
    return keys, values, rng.choice((-1.0, 1.0), (DRAWS, SIZE))


@cache
def recalled(rule: str, kind: str, again: bool) -> list[tuple[Array, Array]]:
    """Return agreement and shares, as in `FastWeights`, for each number of pairs."""
    keys, values, other = drawn(kind)
    memory, found = np.zeros((DRAWS, SIZE, SIZE)), []
    for n in range(1, MOST + 1):
        asked, wanted = keys[:, :n], values[:, :n]
        known, held = asked, wanted
        memory = _written(memory, keys[:, n - 1], values[:, n - 1], rule)
        answering = memory
        if again:
            known = np.concatenate([asked, asked[:, :1]], axis=1)
            held = np.concatenate([wanted, other[:, None]], axis=1)
            wanted = np.concatenate([other[:, None], wanted[:, 1:]], axis=1)
            answering = _written(memory, keys[:, 0], other, rule)
        if rule == "softmax":
            back = softmax(SHARP * asked @ known.swapaxes(1, 2)) @ held
        else:
            back = asked @ answering
        right = back * wanted > NOTHING
        shares = (right[:, :1] if again else right).mean(axis=(1, 2))
        found.append((back[0] * wanted[0], shares))
    return found


def _written(memory: Array, key: Array, value: Array, rule: str) -> Array:
    """Return the memories after one more pair, by a rule."""
    if rule == "delta":
        value = value - (key[:, None] @ memory)[:, 0]
    kept = KEPT if rule == "decay" else 1.0
    return kept * memory + key[:, :, None] * value[:, None]
