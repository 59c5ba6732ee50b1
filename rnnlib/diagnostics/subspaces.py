"""Which directions the states use, and what can be read from them."""

from typing import NamedTuple

import numpy as np

from rnnlib._checks import check_array, check_finite, check_number, check_size
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike

__all__ = ["Principal", "Probe", "linear_probe", "principal_components"]


class Principal(NamedTuple):
    """The directions in which states vary most.

    Attributes
    ----------
    mean : array (H,)
    directions : array (K, H)
        Of length 1 and orthogonal; the largest entry of each is positive.
    shares : array (K,)
        Share of the variance along each, the largest first.
    """

    mean: Array
    directions: Array
    shares: Array

    def coordinates(self, states: ArrayLike) -> Array:
        """Return where states (..., H) lie along the directions, (..., K)."""
        H = len(self.mean)
        states = check_array("states", states, ("...", H), dtype=self.mean.dtype)
        coordinates: Array = (states - self.mean) @ self.directions.T
        return coordinates


@tiny_is_zero
def principal_components(states: ArrayLike, count: int = 2) -> Principal:
    """Return the directions in which states vary most.

    They are the best plane (line, space) to look at the states on: no other leaves a
    smaller squared distance. It is not said that what lies in them matters to the
    network, nor that what lies outside does not.

    Parameters
    ----------
    states : float array (..., H)
        Any leading axes; each row is one state.
    count : int
        K, at most H.

    Returns
    -------
    Principal

    Raises
    ------
    ValueError
        If an argument is not as described, or all states are the same.

    References
    ----------
    Pearson, "On lines and planes of closest fit to systems of points in space", 1901.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> states = rng.standard_normal((50, 4)) * [0.1, 3, 0.2, 1]
    >>> principal_components(states).directions.round() + 0.0
    array([[0., 1., 0., 0.],
           [0., 0., 0., 1.]])
    """
    states = check_finite("states", check_array("states", states, ("...", "H")))
    H = states.shape[-1]
    K = check_size("count", count)
    if K > H:
        raise ValueError(f"count must be at most {H}, the size of a state, got {count}")
    rows = states.reshape(-1, H)
    mean = rows.mean(axis=0)
    _, scales, directions = np.linalg.svd(rows - mean, full_matrices=len(rows) < K)
    if not scales.any():
        raise ValueError("states must differ from each other, got the same everywhere")
    variances = np.zeros(max(H, K), states.dtype)
    variances[: len(scales)] = (scales / scales[0]) ** 2
    directions = directions[:K]
    largest = abs(directions).argmax(axis=-1)[:, None]
    signs = np.sign(np.take_along_axis(directions, largest, axis=-1))
    return Principal(mean, signs * directions, variances[:K] / variances.sum())


class Probe(NamedTuple):
    """A linear reading of a state: states @ weights + bias.

    Attributes
    ----------
    weights : array (H,), or (H, V) for V numbers
    bias : number, or array (V,)
    """

    weights: Array
    bias: Array

    @property
    def direction(self) -> Array:
        """The weights at length 1: where the state must go for the number to grow."""
        length = np.linalg.norm(self.weights, axis=0)
        direction: Array = self.weights / np.where(length == 0, 1, length)
        return direction

    def read(self, states: ArrayLike) -> Array:
        """Return what is read from states (..., H): (...), or (..., V)."""
        shape = ("...", len(self.weights))
        states = check_array("states", states, shape, dtype=self.weights.dtype)
        said: Array = states @ self.weights + self.bias
        return said

    def r_squared(self, states: ArrayLike, targets: ArrayLike) -> Array:
        """Return which share of the targets' variance is read, 1 at best.

        Ask it of states that the probe was not fitted to. Below 0 the mean of these
        targets would have been a better guess.
        """
        said = self.read(states)
        targets = check_array("targets", targets, said.shape, dtype=said.dtype)
        rows = tuple(range(said.ndim - self.weights.ndim + 1))
        residual = ((targets - said) ** 2).sum(axis=rows)
        total = ((targets - targets.mean(axis=rows)) ** 2).sum(axis=rows)
        if not np.all(total):
            raise ValueError("targets must differ from each other, got all the same")
        share: Array = 1 - residual / total
        return share


@tiny_is_zero
def linear_probe(states: ArrayLike, targets: ArrayLike, *, ridge: float = 0.0) -> Probe:
    """Return the linear reading of the states that comes closest to the targets.

    It minimises the mean squared error plus `ridge` times the squared weights. What a
    probe can read is in the state; whether the network uses it, only an ablation shows.

    Parameters
    ----------
    states : float array (..., H)
    targets : float array (...), or (..., V)
    ridge : float
        0 or larger; some of it helps where there are few states.

    Returns
    -------
    Probe

    Raises
    ------
    ValueError
        If an argument is not as described.

    References
    ----------
    Alain and Bengio, "Understanding intermediate layers using linear classifier
    probes", 2016. Hoerl and Kennard, "Ridge regression: biased estimation for
    nonorthogonal problems", 1970.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> states = rng.standard_normal((40, 3))
    >>> probe = linear_probe(states, 2 * states[:, 1] - 1)
    >>> probe.weights.round(6) + 0.0, probe.bias.round(6)
    (array([0., 2., 0.]), np.float64(-1.0))
    """
    found = check_finite("states", check_array("states", states, ("...", "H")))
    *lead, H = found.shape
    wanted = check_array("targets", targets, ("...",), dtype=found.dtype)
    check_finite("targets", wanted)
    if wanted.shape[: len(lead)] != tuple(lead) or wanted.ndim > found.ndim:
        raise ValueError(
            f"targets must have shape {tuple(lead)}, or one axis more, got "
            f"{wanted.shape}"
        )
    check_number("ridge", ridge, at_least=0)
    rows, said = found.reshape(-1, H), wanted.reshape(-1, *wanted.shape[len(lead) :])
    mean, said_mean = rows.mean(axis=0), said.mean(axis=0)
    # |X w - y|^2 / N + ridge |w|^2 is one least-squares problem with H more rows
    more = np.sqrt(ridge * len(rows)) * np.eye(H, dtype=found.dtype)
    nothing = np.zeros((H, *said.shape[1:]), found.dtype)
    weights = np.linalg.lstsq(
        np.concatenate([rows - mean, more]),
        np.concatenate([said - said_mean, nothing]),
        rcond=None,
    )[0].astype(found.dtype)
    return Probe(weights, said_mean - mean @ weights)
