"""What all recurrent cells share: how a step is cut into pieces.

A layer may then take out of its loop what does not depend on the recurrence. The input
product of all steps comes before it, the parameter gradients of all steps after it,
each as one matrix product. `forward` and `backward` are the same pieces for one step.
"""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, ClassVar, Self

import numpy as np

from rnnlib._checks import (
    as_array,
    check_array,
    check_finite,
    check_params,
    check_same_keys,
    check_size,
    check_tokens,
)
from rnnlib._products import product
from rnnlib._typing import Array, ArrayLike, Grads, Params

__all__ = ["Cell", "cache_at"]


class Cell(ABC):
    """One step of a recurrence: the input and the old state give the new state.

    A cell is its parameters. It holds no state: the state goes in and comes out.
    A subclass says what is its own: `step`, `step_backward`, `parameter_gradients`,
    and the NamedTuples of its state and of its cache, `State` and `Cache`. These pieces
    do not check what they are given: `forward`, `backward` and the layers do.

    Attributes
    ----------
    params : dict of arrays
        Updated in place by the optimisers, never rebound.
    input_size, hidden_size : int
        D and H.
    dtype : numpy dtype
        Of parameters, inputs, states and gradients alike.
    """

    State: ClassVar[Any]
    Cache: ClassVar[Any]
    params: Params
    input_size: int
    hidden_size: int
    dtype: np.dtype[Any]

    @abstractmethod
    def step(self, a_x: Array, state: Any) -> tuple[Any, Any]:
        """Return the new state and the cache of a step with input product `a_x`."""

    @abstractmethod
    def step_backward(self, d_state: Any, cache: Any) -> tuple[Array, Any]:
        """Return the gradients of the pre-activation and of the old state."""

    @abstractmethod
    def parameter_gradients(self, da: Array, cache: Any) -> tuple[Array | None, Grads]:
        """Return the gradients of the input and of the parameters, from `da`.

        All arrays may have any leading axes, (B,) for a step or (T, B) for a sequence;
        the gradient of a parameter is the sum over them.
        """

    def project(self, x: Array | None) -> Array:
        """Return the part of the pre-activation that does not depend on the state.

        That is `x @ W_xh + b_h` for x (..., D), a look-up for tokens (...), and the
        bias alone for None: a step without input.
        """
        if x is None:
            return self.params["b_h"]
        return product(x, self.params["W_xh"]) + self.params["b_h"]

    def initial_state(self, batch_size: int) -> Any:
        """Return the state of zeros for a batch, each array of shape (B, H)."""
        shape = (check_size("batch_size", batch_size), self.hidden_size)
        return self.State(*(np.zeros(shape, self.dtype) for _ in self.State._fields))

    def forward(self, x: ArrayLike | None, state: Any) -> tuple[Any, Any]:
        """Compute one step.

        Parameters
        ----------
        x : float array (B, D), integer tokens (B,), or None for a step without input
        state : NamedTuple of arrays (B, H)
            As `initial_state` or an earlier step returned it.

        Returns
        -------
        state : NamedTuple of arrays (B, H)
        cache : NamedTuple
            What the backward pass needs, by the names of the equations.

        Raises
        ------
        ValueError
            If a shape or dtype does not fit, a token is outside 0..D - 1, or an input
            or a parameter is not finite.
        """
        check_params(self.params)
        state = self.check_state("state", state)
        found = None if x is None else self.check_input(x, state[0].shape[:1])
        new_state, cache = self.step(self.project(found), state)
        return new_state, cache._replace(x=found)

    def backward(self, d_state: Any, cache: Any) -> tuple[Array | None, Any, Grads]:
        """Compute the gradients of one step, given that of its new state.

        Returns
        -------
        dx : array (B, D), or None for tokens and for a step without input
        d_state_prev : NamedTuple of arrays (B, H)
        grads : dict with the keys of `params`
        """
        batch_size, _ = self.check_cache(cache, ("B",))
        d_state = self.check_state("d_state", d_state, batch_size)
        da, d_state_prev = self.step_backward(d_state, cache)
        dx, grads = self.parameter_gradients(da, cache)
        return dx, d_state_prev, grads

    def with_params(self, params: Params) -> Self:
        """Return a cell of the same kind that computes with other parameters.

        The arrays are taken as they are, not copied. Gradient checks use it to try
        nearby parameters.
        """
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.params = dict(params)
        return twin

    def check_input(self, x: ArrayLike, leading: tuple[int | str, ...]) -> Array:
        """Return `x` as floats (leading, D) or tokens (leading)."""
        found = as_array("x", x)
        axes = len(leading) + (found.dtype.kind == "f")
        no_batch = len(leading) == 2 and found.ndim == axes - 1
        hint = "for a batch of one, pass x[:, None]" if no_batch else ""
        if found.dtype.kind in "iu":
            if found.ndim > len(leading):
                hint = "whole numbers are tokens; features are x.astype(float)"
            return check_tokens("x", found, leading, self.input_size, hint=hint)
        shape = (*leading, self.input_size)
        return check_finite(
            "x", check_array("x", found, shape, dtype=self.dtype, hint=hint)
        )

    def check_state(self, name: str, state: Any, batch: int | str = "B") -> Any:
        """Return `state` if it is this cell's NamedTuple of finite arrays (B, H)."""
        if not isinstance(state, self.State):
            raise ValueError(
                f"{name} must be of type {self.State.__name__}, got "
                f"{type(state).__name__}; start from initial_state(batch_size)"
            )
        for field, array in zip(self.State._fields, state, strict=True):
            found = check_array(
                f"{name}.{field}", array, (batch, self.hidden_size), dtype=self.dtype
            )
            batch = check_finite(f"{name}.{field}", found).shape[0]
        return state

    def check_cache(self, cache: Any, leading: tuple[str, ...]) -> tuple[int, ...]:
        """Return the shape of `cache.h` if it is this cell's cache of that form."""
        if not isinstance(cache, self.Cache):
            raise ValueError(
                f"cache must be of type {self.Cache.__name__}, got "
                f"{type(cache).__name__}; pass what forward returned last"
            )
        shape: tuple[int | str, ...] = (*leading, self.hidden_size)
        return check_array("cache.h", cache.h, shape, dtype=self.dtype).shape


def cache_at(cache: Any, t: int) -> Any:
    """Return the cache of step `t` alone, from that of a whole sequence."""
    try:
        return type(cache)(*[None if field is None else field[t] for field in cache])
    except (IndexError, TypeError):
        raise ValueError(
            f"cache must be that of a sequence with a step {t!r}, got {cache!r}"
        ) from None
