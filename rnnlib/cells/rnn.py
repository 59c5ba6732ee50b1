"""The plain recurrent cell (Elman, 1990)."""

from typing import Any, NamedTuple

import numpy as np

from rnnlib import init
from rnnlib._checks import check_float_dtype, check_size
from rnnlib._products import product, weight_gradient
from rnnlib._typing import Array, DTypeLike, Grads, Initialiser, Rng
from rnnlib.activations import activation as named_activation
from rnnlib.cells.base import Cell

__all__ = ["RNNCache", "RNNCell", "RNNState"]


class RNNState(NamedTuple):
    """The state of a plain RNN: `h`, of shape (B, H)."""

    h: Array


class RNNCache(NamedTuple):
    """What the backward pass of a plain RNN needs.

    Shapes (B, ...) for one step and (T, B, ...) for a sequence. `mask` and
    `learned_initial_state` are set by a layer.
    """

    x: Array | None
    mask: Array | None
    learned_initial_state: bool
    h_prev: Array
    h: Array


class RNNSlopes(NamedTuple):
    """The local slope of h = phi(a): that of h with respect to a."""

    h_by_a: Array


class RNNCell(Cell):
    """Mix the input into the state and squash: one step of a plain RNN.

        h = phi(x @ W_xh + h_prev @ W_hh + b_h)

    Here phi is the activation, applied to each unit. In papers the same step is
    written with columns, `h_t = phi(W_xh x_t + W_hh h_{t-1} + b_h)`.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    rng : numpy.random.Generator
        Draws the weights; b_h is zero at first.
    activation : {"tanh", "relu", "sigmoid", "identity"}
    recurrent_init : function of `rnnlib.init`
        Draws W_hh. W_xh is drawn by `rnnlib.init.glorot`.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        W_xh (D, H), W_hh (H, H), b_h (H,).

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or the activation is unknown.

    References
    ----------
    Elman, "Finding structure in time", Cognitive Science 14, 1990.

    Examples
    --------
    >>> cell = RNNCell(2, 3, rng=np.random.default_rng(0))
    >>> state = cell.initial_state(batch_size=1)
    >>> state, cache = cell.forward(np.array([[1.0, -1.0]]), state)
    >>> state.h.shape
    (1, 3)
    >>> dx, d_state_prev, grads = cell.backward(state, cache)
    >>> dx.shape, grads["W_hh"].shape
    ((1, 2), (3, 3))
    """

    State = RNNState
    Cache = RNNCache
    gates = "h"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        rng: Rng,
        activation: str = "tanh",
        recurrent_init: Initialiser = init.orthogonal,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = check_size("input_size", input_size)
        self.hidden_size = check_size("hidden_size", hidden_size)
        self.activation = named_activation(activation)
        self.dtype = check_float_dtype(dtype)
        self.params = self._initial_params(rng, recurrent_init)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a cell like this one."""
        return {**super().config(), "activation": self.activation.name}

    def preactivations(self, cache: RNNCache) -> Array:
        """Return where they are, (..., 1, B, H): the new state takes their place."""
        return cache.h[..., None, :, :]

    def step(self, cache: RNNCache) -> None:
        """Compute the new state in place, after `project`."""
        a = h = cache.h  # x @ W_xh + b_h is in it already
        a += cache.h_prev @ self.params["W_hh"]
        h[...] = self.activation.function(a)

    def slopes(self, cache: RNNCache) -> RNNSlopes:
        """Return the local slope of h = phi(a), written from h."""
        return RNNSlopes(self.activation.slope(cache.h))

    def step_backward(
        self, d_state: RNNState, slopes: RNNSlopes, da: Array | None = None
    ) -> tuple[Array, RNNState]:
        """Differentiate the equations of `step`, the last one first."""
        # h = phi(a)
        da = np.multiply(d_state.h, slopes.h_by_a, out=da)
        # a = x @ W_xh + h_prev @ W_hh + b_h
        return da, RNNState(product(da, self.params["W_hh"].T))

    def parameter_gradients(
        self, da: Array, cache: RNNCache
    ) -> tuple[Array | None, Grads]:
        """Sum the parameter gradients over the steps."""
        dx, grads = self._input_gradients(da, cache.x)
        # a = x @ W_xh + h_prev @ W_hh + b_h
        grads["W_hh"] = weight_gradient(cache.h_prev, da, self.hidden_size)
        return dx, grads
