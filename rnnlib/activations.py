"""Activation functions, with their slopes written from outputs.

A backward pass has the output `h` of the forward pass at hand, so each slope here is
a function of `h`, not of the pre-activation `a`: the slope of tanh is `1 - h**2`.

Functions work elementwise on arrays of any shape and keep the dtype; only `softmax` and
`log_softmax` work along the last axis. Anything but float64 and float32 raises a
ValueError.

Sources: Bridle, "Probabilistic interpretation of feedforward classification network
outputs", 1990: softmax. Nair and Hinton, "Rectified linear units improve restricted
Boltzmann machines", 2010: ReLU. The slopes from outputs are in Rumelhart, Hinton and
Williams, "Learning internal representations by error propagation", 1986.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnnlib._checks import check_array, check_choice, check_floats
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "activation",
    "identity",
    "identity_slope",
    "log_sigmoid",
    "log_softmax",
    "log_softmax_backward",
    "relu",
    "relu_slope",
    "sigmoid",
    "sigmoid_slope",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_slope",
]


# Scores may be so far apart that their difference is infinite: then exp of it is 0.
_far_apart = np.errstate(over="ignore", under="ignore")


def tanh(a: ArrayLike) -> Array:
    """Return the hyperbolic tangent, a value in (-1, 1).

    >>> tanh(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.7616,  0.    ,  0.7616])
    """
    return np.tanh(check_floats("a", a))


@tiny_is_zero
def tanh_slope(h: ArrayLike) -> Array:
    """Return the slope of tanh where its output is `h`: 1 at h = 0, 0 at the ends.

    >>> tanh_slope(np.array([0.0, 0.9]))
    array([1.  , 0.19])
    """
    return 1 - check_floats("h", h) ** 2


def sigmoid(a: ArrayLike) -> Array:
    """Return `1 / (1 + exp(-a))`, a value in (0, 1).

    Computed as `(tanh(a / 2) + 1) / 2`, which cannot overflow. Far below zero only the
    absolute error is small, so losses use `log_sigmoid`.

    >>> sigmoid(np.array([-1.0, 0.0, 1.0])).round(4)
    array([0.2689, 0.5   , 0.7311])
    """
    return 0.5 * np.tanh(0.5 * check_floats("a", a)) + 0.5


@tiny_is_zero
def sigmoid_slope(h: ArrayLike) -> Array:
    """Return the slope of the sigmoid where its output is `h`: at most 1/4.

    >>> sigmoid_slope(np.array([0.5, 0.9]))
    array([0.25, 0.09])
    """
    h = check_floats("h", h)
    slope: Array = h * (1 - h)
    return slope


def relu(a: ArrayLike) -> Array:
    """Return `a` where it is positive, else 0.

    >>> relu(np.array([-2.0, 3.0]))
    array([0., 3.])
    """
    return np.maximum(check_floats("a", a), 0)


def relu_slope(h: ArrayLike) -> Array:
    """Return 1 where the output `h` is positive, else 0, also at the kink.

    >>> relu_slope(np.array([0.0, 3.0]))
    array([0., 1.])
    """
    h = check_floats("h", h)
    return (h.real > 0).astype(h.dtype)


def identity(a: ArrayLike) -> Array:
    """Return `a` itself: a linear unit.

    >>> identity(np.array([-2.0, 3.0]))
    array([-2.,  3.])
    """
    return check_floats("a", a)


def identity_slope(h: ArrayLike) -> Array:
    """Return 1 everywhere.

    >>> identity_slope(np.array([-2.0, 3.0]))
    array([1., 1.])
    """
    return np.ones_like(check_floats("h", h))


class Activation(NamedTuple):
    """An activation, its slope as a function of its output, and the largest slope.

    `max_slope` is the gamma of the bound (gamma sigma_max)^n of lesson 05.
    """

    name: str
    function: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    max_slope: float


ACTIVATIONS = {
    each.name: each
    for each in (
        Activation("tanh", tanh, tanh_slope, 1.0),
        Activation("relu", relu, relu_slope, 1.0),
        Activation("sigmoid", sigmoid, sigmoid_slope, 0.25),
        Activation("identity", identity, identity_slope, 1.0),
    )
}


def activation(name: str) -> Activation:
    """Return the activation of that name: tanh, relu, sigmoid or identity.

    Raises
    ------
    ValueError
        If there is no activation of that name.

    >>> activation("sigmoid").max_slope
    0.25
    """
    return ACTIVATIONS[check_choice("activation", name, tuple(ACTIVATIONS))]


@_far_apart
def softmax(a: ArrayLike) -> Array:
    """Return probabilities along the last axis, `exp(a) / sum(exp(a))`.

    The largest score is subtracted first. That changes nothing, since only differences
    matter, and keeps `exp` from overflowing. A score of -inf has probability 0.

    Raises
    ------
    ValueError
        If the largest score of a row is not finite: all are -inf, or one is NaN or inf.

    >>> softmax(np.array([1.0, 2.2, -3.0, 4.1])).round(3)
    array([0.038, 0.125, 0.001, 0.837])
    >>> softmax(np.array([1e4, 0.0]))
    array([1., 0.])
    """
    exp = np.exp(_below_largest(a))
    p: Array = exp / exp.sum(axis=-1, keepdims=True)
    return p


def _below_largest(a: ArrayLike) -> Array:
    """Return scores minus the largest of each row, which must be finite."""
    a = check_array("a", a, ("...", "V"))
    largest = a.real.max(axis=-1, keepdims=True)
    if not np.isfinite(largest).all():
        worst = largest[~np.isfinite(largest)][0]
        raise ValueError(
            "a must have a finite largest score in each row, got "
            f"{worst}; only scores of -inf beside a finite one have a softmax"
        )
    below: Array = a - largest
    return below


@tiny_is_zero
def softmax_backward(dp: ArrayLike, p: ArrayLike) -> Array:
    """Return dL/da of `p = softmax(a)`, given dL/dp and `p` itself.

    >>> softmax_backward(np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    array([ 0.25, -0.25])
    """
    p = check_array("p", p, ("...", "V"))
    dp = check_array("dp", dp, p.shape, dtype=p.dtype)
    da: Array = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
    return da


@_far_apart
def log_softmax(a: ArrayLike) -> Array:
    """Return the logarithm of `softmax(a)`, accurate even for tiny probabilities.

    Raises
    ------
    ValueError
        As for `softmax`.

    >>> log_softmax(np.array([1e4, 0.0]))
    array([     0., -10000.])
    """
    shifted = _below_largest(a)
    log_p: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return log_p


@tiny_is_zero
def log_softmax_backward(dlog_p: ArrayLike, log_p: ArrayLike) -> Array:
    """Return dL/da of `log_p = log_softmax(a)`, given dL/dlog_p and `log_p` itself.

    >>> log_softmax_backward(np.array([1.0, 0.0]), np.log([0.5, 0.5]))
    array([ 0.5, -0.5])
    """
    log_p = check_array("log_p", log_p, ("...", "V"))
    dlog_p = check_array("dlog_p", dlog_p, log_p.shape, dtype=log_p.dtype)
    da: Array = dlog_p - np.exp(log_p) * dlog_p.sum(axis=-1, keepdims=True)
    return da


@tiny_is_zero
def log_sigmoid(a: ArrayLike) -> Array:
    """Return the logarithm of `sigmoid(a)`, accurate even far below zero.

    >>> log_sigmoid(np.array([-50.0, 0.0])).round(3)
    array([-50.   ,  -0.693])
    """
    a = check_floats("a", a)
    negative = np.where(a.real < 0, a, -a)
    return -relu(-a) - np.log1p(np.exp(negative))
