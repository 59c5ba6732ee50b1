"""Positions as vectors: what tells attention which step came first."""

import numpy as np

from rnnlib._checks import check_float_dtype, check_size
from rnnlib._typing import Array, DTypeLike

__all__ = ["positions"]


def positions(
    T: int, size: int, *, start: int = 0, dtype: DTypeLike = np.float64
) -> Array:
    """Return a vector for each position, to be added to what stands there, (T, size).

        row[2 k] = sin(t / 10000^(2 k / size))
        row[2 k + 1] = cos(t / 10000^(2 k / size))

    Each pair of entries is the hand of a clock, and each clock is slower than the one
    before. A shift by n steps turns every hand by an angle that depends on n alone.

    Parameters
    ----------
    T, size : int
        How many positions, and the size of each vector.
    start : int
        The first position, for a sequence that goes on.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or `start` is negative.

    References
    ----------
    Vaswani et al., "Attention is all you need", 2017.

    Examples
    --------
    >>> positions(3, 4).round(2)
    array([[ 0.  ,  1.  ,  0.  ,  1.  ],
           [ 0.84,  0.54,  0.01,  1.  ],
           [ 0.91, -0.42,  0.02,  1.  ]])
    """
    T, size = check_size("T", T), check_size("size", size)
    start = check_size("start", start, minimum=0)
    dtype = check_float_dtype(dtype)
    k = np.arange(size) // 2
    angle = np.arange(start, start + T)[:, None] / 10000 ** (2 * k / size)
    return np.where(np.arange(size) % 2, np.cos(angle), np.sin(angle)).astype(dtype)
