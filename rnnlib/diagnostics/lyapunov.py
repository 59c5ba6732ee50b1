"""At which rate a gradient grows or fades: Lyapunov exponents of a run.

A product of many Jacobians soon is too large or too small for a float, and all of its
columns point the same way. So it is never formed: an orthogonal matrix is sent through
the steps, and after each of them a QR decomposition makes it orthogonal again. What it
was stretched by, the diagonal of R, is kept as a logarithm.
"""

from collections.abc import Iterator

import numpy as np

from rnnlib._checks import check_array, check_finite, check_mask
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike
from rnnlib.init import orthogonal

__all__ = ["lyapunov_exponents"]

EPS = float(np.finfo(float).eps)
MOST = 50  # rounds of rotations; six are usual


@tiny_is_zero
def lyapunov_exponents(jacobians: ArrayLike, mask: ArrayLike | None = None) -> Array:
    """Return the rates at which a product of Jacobians stretches, in nats per step.

        lambda_i = log(sigma_i) / T

    Here sigma_i are the singular values of the product of all T steps. A gradient that
    goes back through them changes by a factor of at most `exp(lambda_1 * T)`: it
    explodes if the first exponent stays above 0 as T grows, and vanishes if it stays
    below. As T grows these finite-time exponents tend to the Lyapunov exponents.

    Each step multiplies an orthogonal matrix, and QR gives the next one: J Q = Q' R.
    The product of the triangular factors R has the same singular values. It is kept as
    rows of length 1 and the logarithms of their lengths. Rotations make these rows
    orthogonal, and then their lengths are the singular values.

    Parameters
    ----------
    jacobians : array (T, B, S, S)
        As `step_jacobians` returned them.
    mask : bool array (T, B), optional
        True where a step exists; only those are counted.

    Returns
    -------
    array (B, S)
        The largest first; -inf where a step is singular, to the precision of floats.

    Raises
    ------
    ValueError
        If a Jacobian is not finite, a shape does not fit, or a sequence has no step.

    References
    ----------
    Benettin, Galgani, Giorgilli and Strelcyn, "Lyapunov characteristic exponents for
    smooth dynamical systems", 1980: exponents from vectors that are made orthogonal.
    Hestenes, "Inversion of matrices by biorthogonalization and related results", 1958:
    singular values by rotations.
    Engelken, Wolf and Abbott, "Lyapunov spectra of chaotic recurrent neural networks",
    2023.

    Examples
    --------
    >>> half = np.broadcast_to(np.diag([0.5, 1.0]), (3000, 1, 2, 2))
    >>> lyapunov_exponents(half).round(3)
    array([[ 0.   , -0.693]])
    """
    J = check_array("jacobians", jacobians, ("T", "B", "S", "S"))
    check_finite("jacobians", J)
    T, B, S, _ = J.shape
    steps = np.full(B, T)
    if mask is not None:
        steps = check_mask(mask, (T, B)).sum(axis=0)
    if not steps.all():
        empty = int(np.flatnonzero(steps == 0)[0])
        raise ValueError(
            f"mask must leave each sequence a step, got none for sequence {empty}"
        )
    rng = np.random.default_rng(0)
    Q = np.broadcast_to(orthogonal((S, S), rng=rng), (B, S, S))
    logs, rows = np.zeros((B, S)), np.broadcast_to(np.eye(S), (B, S, S))
    for step in np.asarray(J, np.float64):
        Q, R = np.linalg.qr(step @ Q)
        logs, rows = _times(R, logs, rows)
    rates = _rotated(logs, rows) / steps[:, None]
    return rates.astype(J.dtype)


def _times(R: Array, logs: Array, rows: Array) -> tuple[Array, Array]:
    """Return R times the matrix with rows `exp(logs) * rows`, in the same form."""
    size = abs(R).max(axis=-1, keepdims=True)
    R = np.where(size > R.shape[-1] * EPS * size.max(axis=-2, keepdims=True), R, 0)
    with np.errstate(divide="ignore"):
        terms = np.log(abs(R)) + logs[:, None, :]
    largest = terms.max(axis=-1)
    above = np.where(np.isneginf(largest), 0, largest)[:, :, None]
    rows, logs = _normalised((np.sign(R) * np.exp(terms - above)) @ rows, largest)
    return logs, rows


def _rotated(logs: Array, rows: Array) -> Array:
    """Return log(sigma) of the matrix with rows `exp(logs) * rows`, the largest first.

    Two rows at a time are rotated in their plane until all are orthogonal. A row is
    kept as a logarithm and a vector of length 1, so none is lost beside a longer one.
    """
    B, S = logs.shape
    b = np.arange(B)[:, None]
    for _ in range(MOST):
        largest = 0.0
        for one, other in _rounds(S):
            is_longer = logs[:, one] >= logs[:, other]
            i = np.where(is_longer, one, other)
            j = np.where(is_longer, other, one)
            u, v = rows[b, i], rows[b, j]
            cosine = np.vecdot(u, v)
            largest = max(largest, float(abs(cosine).max(initial=0)))
            # the angle that makes them orthogonal: tan(angle) = ratio * tau
            with np.errstate(invalid="ignore"):
                ratio = np.exp(logs[b, j] - logs[b, i])
            ratio = np.where(cosine == 0, 0, ratio)
            gap = 1 - ratio**2
            tau = 2 * cosine / (gap + np.hypot(gap, 2 * ratio * cosine))
            tau, ratio = tau[..., None], ratio[..., None]
            rows[b, i], logs[b, i] = _normalised(u + ratio**2 * tau * v, logs[b, i])
            rows[b, j], logs[b, j] = _normalised(v - tau * u, logs[b, j])
            cos = -0.5 * np.log1p((ratio * tau) ** 2)[..., 0]
            logs[b, i] += cos
            logs[b, j] += cos
        if largest <= S * EPS:
            break
    return np.sort(logs, axis=-1)[:, ::-1]


def _normalised(rows: Array, logs: Array) -> tuple[Array, Array]:
    """Return rows of length 1, and logarithms that hold what they were longer."""
    length = np.sqrt(np.vecdot(rows, rows))
    with np.errstate(divide="ignore"):
        longer = logs + np.log(length)
    return rows / np.where(length == 0, 1, length)[..., None], longer


def _rounds(count: int) -> Iterator[tuple[Array, Array]]:
    """Yield all pairs of rows, those of a round without a row in common."""
    even = count + count % 2
    ring = list(range(1, even))
    for k in range(even - 1):
        order = np.array([0, *ring[k:], *ring[:k]])
        one, other = order[: even // 2], order[: even // 2 - 1 : -1]
        real = (one < count) & (other < count)
        yield one[real], other[real]
