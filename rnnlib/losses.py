"""Losses: how wrong scores are, and the gradient that says what to change.

Each loss takes any leading axes, (T, B) in most lessons, and averages over the steps
that exist: it grows neither with T nor with padding. It returns the loss, in nats
for probabilities, and its gradient with respect to the first argument. Where `mask` is
False, the score and the target are ignored, even if they are NaN.

Source: Bishop, "Pattern recognition and machine learning", 2006, section 4.3: each loss
is a negative log-likelihood, and its gradient is prediction minus target.
"""

from typing import Any

import numpy as np

from rnnlib._checks import (
    as_array,
    check_array,
    check_finite,
    check_mask,
    check_tokens,
)
from rnnlib._norms import tiny_is_zero
from rnnlib._products import rows_of
from rnnlib._typing import Array, ArrayLike
from rnnlib.activations import log_sigmoid, sigmoid

__all__ = ["binary_cross_entropy", "cross_entropy", "mean_squared_error"]


@np.errstate(over="ignore", under="ignore")  # scores far apart, and tiny probabilities
def cross_entropy(
    logits: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None
) -> tuple[Any, Array]:
    """Return the mean of `-log p[target]` with `p = softmax(logits)`, and dL/dlogits.

    For one step the gradient is `p - y`, with `y` the one-hot target. It is not zero
    even when the most probable symbol is the right one: there is always more to learn.

    Parameters
    ----------
    logits : float array (..., V)
        One score per symbol, any real number.
    targets : integer array (...)
        The right tokens.
    mask : bool array (...), optional
        True where a step exists.

    Returns
    -------
    loss : float
        In nats per token; `exp(loss)` is the perplexity.
    dlogits : array (..., V)

    Raises
    ------
    ValueError
        If a shape does not fit, a target is outside 0..V - 1, or no step exists.

    Examples
    --------
    >>> loss, dlogits = cross_entropy([[1.0, 2.2, -3.0, 4.1]], [1])
    >>> round(float(loss), 3), dlogits.round(3)
    (2.079, array([[ 0.038, -0.875,  0.001,  0.837]]))
    """
    logits = check_array("logits", logits, ("...", "V"))
    steps = logits.shape[:-1]
    targets = as_array("targets", targets)
    exists = None if mask is None else check_mask(mask, steps)
    if exists is not None and targets.shape == steps:
        targets = np.where(exists, targets, targets.dtype.type(0))
    V, fix = logits.shape[-1], "there is one score for each symbol or class, from 0 on"
    targets = check_tokens("targets", targets, steps, V, fix=fix).reshape(-1)
    scores = rows_of(_zero_padding("logits", logits, exists))
    each_step = np.arange(len(scores))

    p = scores - scores.real.max(axis=1, keepdims=True)
    at_target = p[each_step, targets]
    np.exp(p, out=p)
    total = p.sum(axis=1)
    losses = np.log(total) - at_target
    # dL/dlogits = p - y
    p /= total[:, None]
    p[each_step, targets] -= 1
    return _mean(losses.reshape(steps), p.reshape(logits.shape), exists)


@tiny_is_zero
def binary_cross_entropy(
    logits: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None
) -> tuple[Any, Array]:
    """Return the mean of `-y log p - (1 - y) log(1 - p)`, p = sigmoid(logits).

    Each score answers its own yes-or-no question; targets are 0, 1 or a probability.
    For one score the gradient is `p - y`.

    Parameters
    ----------
    logits, targets : float arrays (...) of the same shape
    mask : bool array, optional
        True where a step exists; its axes are the leading ones of `logits`.

    Returns
    -------
    loss : float
        In nats per score.
    dlogits : array (...)

    Raises
    ------
    ValueError
        If a shape does not fit, a target is outside 0..1, or no step exists.

    Examples
    --------
    >>> loss, dlogits = binary_cross_entropy([0.0, 2.0], [1.0, 1.0])
    >>> round(float(loss), 4), dlogits.round(4)
    (0.41, array([-0.25  , -0.0596]))
    """
    logits, targets, exists = _pair("logits", logits, targets, mask)
    wrong = (targets.real < 0) | (targets.real > 1)
    if wrong.any():
        raise ValueError(
            f"targets must lie between 0 and 1, got {targets[wrong][0]}; "
            "they are probabilities, or the answers no (0) and yes (1)"
        )
    each = -targets * log_sigmoid(logits) - (1 - targets) * log_sigmoid(-logits)
    return _mean(each, sigmoid(logits) - targets, exists)


@tiny_is_zero
def mean_squared_error(
    predictions: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None
) -> tuple[Any, Array]:
    """Return the mean of `(prediction - target)**2`, and its gradient.

    Parameters
    ----------
    predictions, targets : float arrays (...) of the same shape
    mask : bool array, optional
        True where a step exists; its axes are the leading ones of `predictions`.

    Returns
    -------
    loss : float
        In the squared unit of the targets.
    dpredictions : array (...)

    Raises
    ------
    ValueError
        If a shape does not fit or no step exists.

    Examples
    --------
    >>> loss, dpredictions = mean_squared_error([1.0, 4.0], [1.0, 2.0])
    >>> float(loss), dpredictions
    (2.0, array([0., 2.]))
    """
    predictions, targets, exists = _pair("predictions", predictions, targets, mask)
    error = predictions - targets
    return _mean(error**2, 2 * error, exists)


def _pair(
    name: str, scores: ArrayLike, targets: ArrayLike, mask: ArrayLike | None
) -> tuple[Array, Array, Array | None]:
    scores = check_array(name, scores, ("...",))
    targets = check_array("targets", targets, scores.shape, dtype=scores.dtype)
    exists = None
    if mask is not None:
        mask = as_array("mask", mask)
        steps = check_mask(mask, scores.shape[: mask.ndim])
        exists = np.broadcast_to(_aligned(steps, scores), scores.shape)
    return (
        _zero_padding(name, scores, exists),
        _zero_padding("targets", targets, exists),
        exists,
    )


def _zero_padding(name: str, array: Array, exists: Array | None) -> Array:
    if exists is not None:
        array = np.where(_aligned(exists, array), array, array.dtype.type(0))
    return check_finite(name, array)


def _mean(each: Array, gradient: Array, exists: Array | None) -> tuple[Any, Array]:
    """Return the mean over the steps that exist, and its gradient, in place."""
    count = each.size
    if exists is not None:
        each, count = each * _aligned(exists, each), exists.sum()
        np.copyto(gradient, 0, where=~_aligned(exists, gradient))
    gradient /= each.dtype.type(count)
    return each.sum() / each.dtype.type(count), gradient


def _aligned(exists: Array, array: Array) -> Array:
    """Return a mask with axes of size 1 added, so that it broadcasts with `array`."""
    return exists.reshape(exists.shape + (1,) * (array.ndim - exists.ndim))
