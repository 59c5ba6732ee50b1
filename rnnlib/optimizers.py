"""Optimisers: how a gradient becomes a step; and clipping, which limits the step.

An optimiser updates the parameters in place. It keeps its moments, one array for each
parameter, in `state`, under the letters of the equations. A learning rate that is not
positive, or a decay outside 0..1, raises a ValueError.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnlib._checks import NotFiniteError, check_finite, check_number
from rnnlib._nesting import check_arrays, check_same_keys
from rnnlib._norms import norm, squares_are_finite, tiny_is_zero
from rnnlib._repr import described
from rnnlib._typing import Array, Grads, Params
from rnnlib._words import shown

__all__ = [
    "SGD",
    "Adam",
    "Momentum",
    "Optimizer",
    "RMSProp",
    "clip_by_norm",
    "clip_by_value",
    "global_norm",
]


SMALLEST = float(np.finfo(np.float32).tiny)  # below it float32 loses digits


class Optimizer(ABC):
    """Move each parameter against its gradient.

    Parameters
    ----------
    learning_rate : float
        Greater than zero. It may be changed between updates, to another such number.

    Attributes
    ----------
    updates : int
        How many updates have been made.
    state : dict of dicts of arrays
        `state["m"]["W_hh"]` is the moment m of W_hh. Empty before the first update.
    """

    moments: tuple[str, ...] = ()

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.updates = 0
        self.state: dict[str, Params] = {}

    @property
    def learning_rate(self) -> float:
        """The factor of each step."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: float) -> None:
        self._learning_rate = check_number("learning_rate", learning_rate, above=0)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an optimiser of the same kind."""
        return {"learning_rate": self.learning_rate}

    __repr__ = described

    @tiny_is_zero
    def update(
        self, params: Params, grads: Mapping[str, Array], *, factor: float = 1.0
    ) -> None:
        """Change `params` in place, given a gradient for each of them.

        Parameters
        ----------
        params, grads : dict of arrays
        factor : float
            Of the learning rate in this update: what a schedule says.

        Raises
        ------
        ValueError
            If keys, shapes or dtypes differ, also from those of earlier updates, the
            factor is negative, or a gradient is not finite, or its square, where the
            moments need that. No parameter has been changed then.
        """
        check_arrays("params", params)
        check_same_keys("grads", grads, params)
        for moment in self.state.values():
            check_same_keys("params", params, moment)
        rate = self.learning_rate * check_number("factor", factor, at_least=0)
        check = _check_squares if "s" in self.moments else check_finite
        for name, gradient in grads.items():
            check(f"gradient of {name}", gradient)
        if not self.state:
            self.state = {
                moment: {name: np.zeros_like(p) for name, p in params.items()}
                for moment in self.moments
            }
        self.updates += 1
        for name, gradient in grads.items():
            moments = [self.state[moment][name] for moment in self.moments]
            step = self.direction(gradient, *moments)
            step *= rate
            params[name] -= step

    @abstractmethod
    def direction(self, gradient: Array, *moments: Array) -> Array:
        """Return the step for learning rate 1, and update the moments in place.

        It is a new array, which `update` changes.
        """


class SGD(Optimizer):
    """Step against the gradient: `p -= learning_rate * g` (Robbins and Monro, 1951).

    >>> params = {"p": np.array([1.0])}
    >>> SGD(0.1).update(params, {"p": np.array([2.0])})
    >>> params["p"]
    array([0.8])
    """

    def direction(self, gradient: Array, *moments: Array) -> Array:
        """Return the gradient itself."""
        return gradient.copy()


class Momentum(Optimizer):
    """Step against a running sum of gradients (Polyak, 1964).

        v = momentum * v + g
        p -= learning_rate * v

    >>> params, optimizer = {"p": np.array([1.0])}, Momentum(0.1, momentum=0.5)
    >>> for _ in range(2):
    ...     optimizer.update(params, {"p": np.array([2.0])})
    >>> params["p"]
    array([0.5])
    """

    moments = ("v",)

    def __init__(self, learning_rate: float, *, momentum: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.momentum = _decay("momentum", momentum)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an optimiser of the same kind."""
        return {**super().config(), "momentum": self.momentum}

    def direction(self, gradient: Array, *moments: Array) -> Array:
        """Return the running sum v."""
        (v,) = moments
        v *= self.momentum
        v += gradient
        return v.copy()


class RMSProp(Optimizer):
    """Divide each gradient by its recent root mean square (Hinton, 2012).

        s = decay * s + (1 - decay) * g**2
        p -= learning_rate * g / (sqrt(s) + epsilon)

    A gradient whose square is too large for a float is an error: s would be infinite,
    and no later step would move the parameter.

    >>> params = {"p": np.array([1.0])}
    >>> RMSProp(0.1, decay=0.75).update(params, {"p": np.array([2.0])})
    >>> params["p"].round(4)
    array([0.8])
    """

    moments = ("s",)

    def __init__(
        self, learning_rate: float, *, decay: float = 0.99, epsilon: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.decay = _decay("decay", decay)
        self.epsilon = check_number("epsilon", epsilon, above=0)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an optimiser of the same kind."""
        return {**super().config(), "decay": self.decay, "epsilon": self.epsilon}

    def direction(self, gradient: Array, *moments: Array) -> Array:
        """Return the gradient over its root mean square."""
        (s,) = moments
        s *= self.decay
        s += (1 - self.decay) * gradient**2
        return gradient / (np.sqrt(s) + self.epsilon)


class Adam(Optimizer):
    """Momentum and RMSProp, each corrected for starting at zero (Kingma and Ba, 2015).

        m = beta_1 * m + (1 - beta_1) * g
        s = beta_2 * s + (1 - beta_2) * g**2
        p -= learning_rate * m_hat / (sqrt(s_hat) + epsilon)

    with `m_hat = m / (1 - beta_1**n)` and `s_hat = s / (1 - beta_2**n)` at update n.
    The first step of each entry has size `learning_rate`, unless its gradient is as
    small as epsilon. A gradient whose square is too large for a float is an error, as
    in `RMSProp`.

    >>> params = {"p": np.array([1.0, 1.0])}
    >>> Adam(0.1).update(params, {"p": np.array([200.0, -0.02])})
    >>> params["p"].round(4)
    array([0.9, 1.1])
    """

    moments = ("m", "s")

    def __init__(
        self,
        learning_rate: float,
        *,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(learning_rate)
        self.beta_1 = _decay("beta_1", beta_1)
        self.beta_2 = _decay("beta_2", beta_2)
        self.epsilon = check_number("epsilon", epsilon, above=0)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an optimiser of the same kind."""
        betas = {"beta_1": self.beta_1, "beta_2": self.beta_2}
        return {**super().config(), **betas, "epsilon": self.epsilon}

    def direction(self, gradient: Array, *moments: Array) -> Array:
        """Return m_hat / (sqrt(s_hat) + epsilon)."""
        m, s = moments
        room = np.empty_like(gradient)
        # m = beta_1 * m + (1 - beta_1) * g
        m *= self.beta_1
        m += np.multiply(gradient, 1 - self.beta_1, out=room)
        # s = beta_2 * s + (1 - beta_2) * g**2
        s *= self.beta_2
        np.multiply(gradient, gradient, out=room)
        s += np.multiply(room, 1 - self.beta_2, out=room)
        # m_hat / (sqrt(s_hat) + epsilon), with m_hat = m / m_share
        m_share = 1 - self.beta_1**self.updates
        s_share = 1 - self.beta_2**self.updates
        np.sqrt(s, out=room)
        room *= m_share / math.sqrt(s_share)
        room += m_share * self.epsilon
        return np.divide(m, room, out=room)


def global_norm(grads: Mapping[str, Array]) -> float:
    """Return the Euclidean norm of all gradients taken as one long vector.

    Neither large nor small gradients get lost: where squares leave the range of floats,
    the gradients are scaled first (Blue, 1978).

    Raises
    ------
    ValueError
        If `grads` is not a dict of float arrays.

    >>> global_norm({"W": np.array([[3.0]]), "b": np.array([4.0])})
    5.0
    """
    check_arrays("grads", grads)
    return norm(*grads.values())


@tiny_is_zero
def clip_by_norm(grads: Mapping[str, Array], max_norm: float) -> tuple[Grads, float]:
    """Return gradients whose global norm is at most `max_norm`, and the norm before.

    All gradients are scaled by the same factor, which keeps their direction. Below the
    limit the same arrays are returned (Pascanu, Mikolov and Bengio, 2013).

    Raises
    ------
    ValueError
        If the limit is not greater than zero, or a gradient is not finite.

    >>> clip_by_norm({"W": np.array([[3.0]]), "b": np.array([4.0])}, 1.0)
    ({'W': array([[0.6]]), 'b': array([0.8])}, 5.0)
    """
    max_norm = check_number("max_norm", max_norm, above=0)
    size = global_norm(grads)
    if not math.isfinite(size):
        for name, gradient in grads.items():
            check_finite(f"gradient of {name}", gradient)
    if size <= max_norm:
        return dict(grads), size
    factor = max_norm / size
    if factor > SMALLEST:
        return {name: gradient * factor for name, gradient in grads.items()}, size
    # so small a factor is taken in two steps
    largest = max(float(abs(gradient).max()) for gradient in grads.values())
    unit = {name: gradient / largest for name, gradient in grads.items()}
    factor = max_norm / global_norm(unit)
    return {name: gradient * factor for name, gradient in unit.items()}, size


def clip_by_value(grads: Mapping[str, Array], limit: float) -> Grads:
    """Return gradients with each entry clipped to -limit..limit.

    Large entries are cut and small ones are kept, so the direction may change (Mikolov,
    2012).

    Raises
    ------
    ValueError
        If the limit is not greater than zero, or a gradient is not finite.

    >>> clip_by_value({"b": np.array([4.0, -0.5])}, 1.0)
    {'b': array([ 1. , -0.5])}
    """
    limit = check_number("limit", limit, above=0)
    check_arrays("grads", grads)
    return {
        name: np.clip(check_finite(f"gradient of {name}", gradient), -limit, limit)
        for name, gradient in grads.items()
    }


def _check_squares(name: str, gradient: Array) -> None:
    """Raise unless each entry is finite, and its square, too."""
    if not squares_are_finite(gradient):
        check_finite(name, gradient)
        raise NotFiniteError(
            f"the square of the {name} must be finite, got infinity of "
            f"{float(abs(gradient).max()):.2g} in {gradient.dtype}; set clip_norm, or "
            "clip it with clip_by_norm"
        )


def _decay(name: str, value: float) -> float:
    if not 0 <= check_number(name, value) < 1:
        raise ValueError(f"{name} must lie in 0 <= {name} < 1, got {shown(value)}")
    return float(value)
