"""Euclidean norms that neither overflow nor vanish on the way: as `nrm2` of BLAS.

A sum of squares leaves the range of floats long before the entries do. Where it does,
the entries are divided by a power of two first, which costs no digit (Blue, 1978).
"""

import math

import numpy as np

from rnnlib._typing import Array

__all__ = ["all_finite", "norm", "row_norms", "squares_are_finite", "tiny_is_zero"]

# A sum of n squares has all its digits in float32 between n * LEAST and MOST.
LEAST, MOST = 1e-31, 3e38

# What is too small for a float becomes 0, also where np.seterr(all="raise") was called.
tiny_is_zero = np.errstate(under="ignore")


def all_finite(array: Array) -> bool:
    """Return whether `array` holds neither NaN nor infinity.

    If an entry is not finite, neither is the sum of squares, which is quickly computed.
    As that sum may also overflow, only then is each entry looked at.
    """
    squares = np.vdot(array, array).real
    return math.isfinite(squares) or bool(np.isfinite(array).all())


def squares_are_finite(array: Array) -> bool:
    """Return whether the square of each entry is finite, in the dtype of `array`.

    >>> squares_are_finite(np.array([1e19], np.float32))
    True
    >>> squares_are_finite(np.array([1e20], np.float32))
    False
    """
    if math.isfinite(np.vdot(array, array).real):
        return True
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return bool(np.isfinite(array * array).all())


def norm(*arrays: Array) -> float:
    """Return the Euclidean norm of all entries of all arrays.

    >>> norm(np.array([3e-200]), np.array([[4e-200]])), norm(np.array([-1e200]))
    (5e-200, 1e+200)
    """
    total = 0.0
    for array in arrays:
        squares = _squares(array)
        if not array.size * LEAST <= squares <= MOST:
            return math.hypot(*map(_scaled_norm, arrays))
        total += squares
    return math.sqrt(total)


@np.errstate(over="ignore", under="ignore")
def row_norms(rows: Array) -> Array:
    """Return the norm of each row (..., H), as an array (...).

    >>> row_norms(np.array([[3.0, 4.0], [3e-200, 4e-200]]))
    array([5.e+000, 5.e-200])
    """
    squares = np.vecdot(rows, rows).real
    norms: Array = np.sqrt(squares)
    odd = ~((rows.shape[-1] * LEAST <= squares) & (squares <= MOST))
    if odd.any():
        sizes = abs(rows[odd])
        _, power = np.frexp(sizes.max(axis=-1))
        unit = np.ldexp(sizes, -power[:, None])
        norms[odd] = np.ldexp(np.sqrt(np.vecdot(unit, unit)), power)
    return norms


@np.errstate(over="ignore", under="ignore")
def _scaled_norm(array: Array) -> float:
    sizes = abs(array)
    _, power = np.frexp(sizes.max(initial=0))
    return float(np.ldexp(math.sqrt(_squares(np.ldexp(sizes, -power))), power))


def _squares(array: Array) -> float:
    return float(np.vdot(array, array).real)
