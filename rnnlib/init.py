"""Initial values of weight matrices.

Each function draws a matrix of shape (n, m), to be used as `row @ matrix`, from the
generator `rng`; `gain` scales it. The choice decides how long a plain recurrent network
remembers before it has learned anything: see lesson 05.

A size that is not a positive whole number, a gain that is not finite, or a dtype other
than float64 and float32 raises a ValueError.
"""

import numpy as np

from rnnlib._checks import check_float_dtype, check_number, check_rng, check_size
from rnnlib._typing import Array, DTypeLike, Rng
from rnnlib._words import shown

__all__ = ["gaussian", "glorot", "identity", "non_normal", "orthogonal", "uniform"]


def uniform(
    shape: tuple[int, int],
    *,
    rng: Rng,
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return entries drawn uniformly from -gain/sqrt(n) to gain/sqrt(n).

    PyTorch initialises its recurrent layers this way, with n the hidden size (after
    LeCun et al., 1998).

    >>> W = uniform((4, 3), rng=np.random.default_rng(0))
    >>> W.shape, bool(abs(W).max() <= 0.5)
    ((4, 3), True)
    """
    (n, m), gain, dtype = _check(shape, rng, gain, dtype)
    limit = gain / np.sqrt(n)
    return rng.uniform(-limit, limit, size=(n, m)).astype(dtype)


def gaussian(
    shape: tuple[int, int],
    *,
    rng: Rng,
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return normally distributed entries with standard deviation gain/sqrt(n).

    For a large square matrix the eigenvalues fill a disc of radius `gain` (Girko, 1984)
    and the largest singular value is close to `2 * gain` (Geman, 1980).

    >>> W = gaussian((400, 400), rng=np.random.default_rng(0))
    >>> float(np.linalg.norm(W, 2).round(1))
    2.0
    """
    (n, m), gain, dtype = _check(shape, rng, gain, dtype)
    weights = gain / np.sqrt(n) * rng.standard_normal((n, m))
    return np.asarray(weights, dtype=dtype)


def glorot(
    shape: tuple[int, int],
    *,
    rng: Rng,
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return uniform entries of variance gain^2 * 2/(n + m) (Glorot and Bengio, 2010).

    >>> W = glorot((2, 4), rng=np.random.default_rng(0))
    >>> bool(abs(W).max() <= 1.0)
    True
    """
    (n, m), gain, dtype = _check(shape, rng, gain, dtype)
    limit = gain * np.sqrt(6 / (n + m))
    return rng.uniform(-limit, limit, size=(n, m)).astype(dtype)


def orthogonal(
    shape: tuple[int, int],
    *,
    rng: Rng,
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return a matrix all of whose singular values equal `gain` (Saxe et al., 2014).

    A state or gradient multiplied by it neither grows nor shrinks, as long as `gain` is
    1, the matrix is square and the units are linear.

    >>> W = orthogonal((3, 3), rng=np.random.default_rng(0))
    >>> bool(np.allclose(W @ W.T, np.eye(3)))
    True
    """
    (n, m), gain, dtype = _check(shape, rng, gain, dtype)
    normal = rng.standard_normal((max(n, m), min(n, m)))
    q, r = np.linalg.qr(normal)
    q = q * np.sign(np.diag(r))
    return (gain * (q if n >= m else q.T)).astype(dtype)


def identity(
    shape: tuple[int, int],
    *,
    rng: Rng,
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return `gain` on the diagonal and 0 elsewhere (Le, Jaitly and Hinton, 2015).

    With gain 1 a ReLU network adds its input to its state and keeps it. `rng` is not
    used; it is there because all initialisers take the same arguments.

    >>> identity((2, 3), rng=np.random.default_rng(0), gain=0.5)
    array([[0.5, 0. , 0. ],
           [0. , 0.5, 0. ]])
    """
    (n, m), gain, dtype = _check(shape, rng, gain, dtype)
    return (gain * np.eye(n, m)).astype(dtype)


def non_normal(
    shape: tuple[int, int],
    *,
    rng: Rng,
    gain: float = 1.0,
    shear: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return a square matrix whose eigenvalues, but not its norm, equal `gain`.

    In a random orthogonal basis it is `gain * (I + shear * N)`, where N holds ones
    just above the diagonal in blocks of four, and zeros elsewhere. If the norm is above
    1, powers of the matrix grow at first, as the shear adds up; if `gain` is below 1,
    they decay in the end: a transient that the spectral radius does not show (Trefethen
    and Embree, 2005).

    Raises
    ------
    ValueError
        If the matrix is not square, since only a square one has eigenvalues.

    >>> W = non_normal((8, 8), rng=np.random.default_rng(0), gain=0.8)
    >>> float(np.trace(W).round(6)), bool(np.linalg.norm(W, 2) > 1.4)
    (6.4, True)
    """
    (n, m), gain, dtype = _check(shape, rng, gain, dtype)
    if n != m:
        raise ValueError(f"shape must be square, got ({n}, {m})")
    shear = check_number("shear", shear)
    above = np.arange(n - 1)
    above = above[above % 4 != 3]
    block = np.eye(n)
    block[above, above + 1] = shear
    q = orthogonal((n, n), rng=rng)
    return (gain * (q @ block @ q.T)).astype(dtype)


def _check(
    shape: tuple[int, int], rng: Rng, gain: float, dtype: DTypeLike
) -> tuple[tuple[int, int], float, np.dtype[np.generic]]:
    if not isinstance(shape, tuple) or len(shape) != 2:
        raise ValueError(f"shape must be a pair (rows, columns), got {shown(shape)}")
    rows, columns = (check_size("each size in shape", size) for size in shape)
    check_rng(rng)
    return (rows, columns), check_number("gain", gain), check_float_dtype(dtype)
