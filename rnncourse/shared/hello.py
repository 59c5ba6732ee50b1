"""The four-letter network that lessons 01, 02 and 04 compute by hand."""

import numpy as np

from rnnlib._typing import Array, Params
from rnnlib.vocab import Vocabulary, one_hot

__all__ = ["INPUTS", "TARGETS", "VOCABULARY", "inputs", "params", "targets"]

VOCABULARY = Vocabulary("helo")
INPUTS, TARGETS = "hell", "ello"

_W_XH = [
    [0.31, -0.10, 1.47],
    [-0.62, 0.88, 0.25],
    [0.54, -0.73, -0.41],
    [0.17, 0.36, -0.95],
]
_W_HH = [[0.42, -0.31, 0.56], [0.18, 0.65, -0.24], [-0.47, 0.29, 0.38]]
_W_HY = [
    [0.42, -0.74, 1.07, 0.19],
    [-0.48, 0.50, 0.64, -1.13],
    [0.84, 2.37, -3.21, 3.98],
]
_B_Y = [0.07, 0.34, -0.37, 0.35]


def params() -> Params:
    """Return its parameters as new arrays, laid out as everywhere in the library.

    W_xh (4, 3), W_hh (3, 3), b_h (3,), W_hy (3, 4), b_y (4,). They are made up, and
    have two decimals so that every number can be computed by hand. After "h" the
    scores of h, e, l, o are 1.00, 2.20, -3.00 and 4.10.

    >>> weights = params()
    >>> h = np.tanh(weights["W_xh"][0] + weights["b_h"])
    >>> (h @ weights["W_hy"] + weights["b_y"]).round(2)
    array([ 1. ,  2.2, -3. ,  4.1])
    """
    return {
        "W_xh": np.array(_W_XH),
        "W_hh": np.array(_W_HH),
        "b_h": np.zeros(3),
        "W_hy": np.array(_W_HY),
        "b_y": np.array(_B_Y),
    }


def inputs() -> Array:
    """Return "hell" as one-hot vectors, (4, 1, 4)."""
    return one_hot(VOCABULARY.encode(INPUTS), len(VOCABULARY))[:, None]


def targets() -> Array:
    """Return the tokens of "ello", (4, 1)."""
    return np.asarray(VOCABULARY.encode(TARGETS))[:, None]
