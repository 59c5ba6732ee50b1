"""A latch, to be found by guessing: one GRU unit that S sets and R resets."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from rnnlib._typing import Array
from rnnlib.activations import sigmoid

__all__ = ["SHAPES", "TOKENS", "is_latch"]

TOKENS = "SR."
SHAPES = ((3, 3), (1, 3), (3,), (1,))  # W_xh, W_hh, b_h, b_hn of one unit
LONG = 20
WORDS = np.array([*product(range(3), repeat=4)]).T  # (4, 81)


def is_latch(weights: Sequence[Array]) -> bool:
    """Return whether h is above a half where S came last, and below where it did not.

    Every string of four tokens is tried, and followed by 20 dots.

    >>> store, clear, keep = [9, -9, 9], [9, -9, -9], [9, 9, 0]
    >>> W_xh = np.array([store, clear, keep])
    >>> is_latch([W_xh, np.zeros((1, 3)), np.zeros(3), np.zeros(1)])
    True
    >>> is_latch([0 * W_xh, np.zeros((1, 3)), np.zeros(3), np.zeros(1)])
    False
    """
    W_xh, W_hh, b_h, b_hn = weights
    W_hr, W_hz, W_hn = W_hh[0]
    h, is_set = np.zeros(WORDS.shape[1]), np.zeros(WORDS.shape[1], dtype=bool)
    for token in (*WORDS, *np.full((LONG, WORDS.shape[1]), 2)):
        a_r, a_z, a_n = (W_xh[token] + b_h).T
        r, z = sigmoid(a_r + h * W_hr), sigmoid(a_z + h * W_hz)
        n = np.tanh(a_n + r * (h * W_hn + b_hn[0]))
        h = (1 - z) * n + z * h
        is_set = np.where(token == 2, is_set, token == 0)
    return bool(((h > 0.5) == is_set).all())
