"""The minimal GRU and LSTM: gates that do not see the state, and so no loop.

Feng et al., "Were RNNs all we needed?", 2024, take h_prev out of the gates and the
candidate, and the tanh off the candidate. What is left is a linear recurrence, which a
scan computes at once: `rnnlib.recurrent.Scanned`.
"""

from abc import abstractmethod
from typing import Any, NamedTuple

import numpy as np

from rnnlib._checks import (
    check_flag,
    check_float_dtype,
    check_number,
    check_rng,
    check_size,
)
from rnnlib._typing import Array, DTypeLike, Grads, Rng
from rnnlib.activations import log_sigmoid, sigmoid, sigmoid_slope
from rnnlib.cells.base import Cell
from rnnlib.init import glorot

__all__ = [
    "LinearCell",
    "MinGRUCache",
    "MinGRUCell",
    "MinLSTMCache",
    "MinLSTMCell",
    "MinState",
]


class MinState(NamedTuple):
    """The state of a minimal cell: `h`, of shape (B, H)."""

    h: Array


class MinGRUCache(NamedTuple):
    """What the backward pass of a minimal GRU needs, by the names of the equations.

    Shapes (B, ...) for one step and (T, B, ...) for a sequence; `gates` holds z, n one
    after the other, (2, B, H) or (T, 2, B, H). `mask` and `learned_initial_state` are
    set by a layer.
    """

    x: Array | None
    mask: Array | None
    learned_initial_state: bool
    h_prev: Array
    gates: Array
    h: Array

    @property
    def z(self) -> Array:
        """How much is written, (..., B, H)."""
        return self.gates[..., 0, :, :]

    @property
    def n(self) -> Array:
        """The candidate, (..., B, H)."""
        return self.gates[..., 1, :, :]


class MinLSTMCache(NamedTuple):
    """The cache of a minimal LSTM: `gates` holds i, f, g, and `w` what is written."""

    x: Array | None
    mask: Array | None
    learned_initial_state: bool
    h_prev: Array
    gates: Array
    w: Array
    h: Array

    @property
    def i(self) -> Array:
        """The input gate before it is weighed against f, (..., B, H)."""
        return self.gates[..., 0, :, :]

    @property
    def f(self) -> Array:
        """The forget gate before it is weighed against i, (..., B, H)."""
        return self.gates[..., 1, :, :]

    @property
    def g(self) -> Array:
        """The candidate, (..., B, H)."""
        return self.gates[..., 2, :, :]


class LinearSlopes(NamedTuple):
    """The local slopes of h: with respect to each pre-activation, and to h_prev."""

    h_by_a: Array
    h_by_h_prev: Array


class LinearCell(Cell):
    """A cell whose state enters nothing but `h = keep * h_prev + write * candidate`.

    A subclass says what is written. All its pieces take arrays with any leading axes,
    one step or many.
    """

    signed: bool

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        rng: Rng,
        forget_bias: float = 0.0,
        signed: bool = False,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = D = check_size("input_size", input_size)
        self.hidden_size = H = check_size("hidden_size", hidden_size)
        self.signed = check_flag("signed", signed)
        self.dtype = check_float_dtype(dtype)
        forget_bias = check_number("forget_bias", forget_bias)
        check_rng(rng)
        W_xh = [glorot((D, H), rng=rng, dtype=self.dtype) for _ in self.gates]
        b_h = np.zeros((len(self.gates), H), self.dtype)
        self._remember(b_h, forget_bias)
        self.params = {"W_xh": np.hstack(W_xh), "b_h": b_h.reshape(-1)}

    @abstractmethod
    def _remember(self, b_h: Array, forget_bias: float) -> None:
        """Set the bias of the gate that forgets, in b_h of shape (n, H)."""

    @abstractmethod
    def _gate(self, cache: Any) -> tuple[Array, Array]:
        """Turn pre-activations into gates, in place; return write and candidate."""

    @abstractmethod
    def _written(self, cache: Any) -> tuple[Array, Array, Array]:
        """Return write, the candidate, and the slopes of write, (..., n - 1, B, H)."""

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a cell like this one."""
        return {**super().config(), "signed": self.signed}

    def coefficients(self, cache: Any) -> tuple[Array, Array]:
        """Return a and b of `h = a * h_prev + b`, after `project`.

        The gates are computed in place. Shapes are (..., B, H).
        """
        write, candidate = self._gate(cache)
        return self._kept(write), write * candidate

    def step(self, cache: Any) -> None:
        """Compute gates and state in place, after `project`."""
        a, b = self.coefficients(cache)
        cache.h[...] = a * cache.h_prev + b

    def slopes(self, cache: Any) -> LinearSlopes:
        """Return the local slopes of the equations of `step`."""
        write, candidate, write_by_a = self._written(cache)
        # h = (1 - write) * h_prev + write * candidate, or 1 - 2 * write
        h_by_write = candidate - (2 if self.signed else 1) * cache.h_prev
        h_by_a = np.empty_like(cache.gates)
        np.multiply(h_by_write[..., None, :, :], write_by_a, out=h_by_a[..., :-1, :, :])
        h_by_a[..., -1, :, :] = write
        return LinearSlopes(h_by_a, self._kept(write))

    def step_backward(
        self, d_state: MinState, slopes: LinearSlopes, da: Array | None = None
    ) -> tuple[Array, MinState]:
        """Differentiate the equations of `step`."""
        dh = d_state.h
        by_gate = np.moveaxis(slopes.h_by_a, -3, 0)  # (n, ..., B, H)
        da = np.concatenate([dh * h_by_a for h_by_a in by_gate], axis=-1, out=da)
        return da, MinState(dh * slopes.h_by_h_prev)

    def parameter_gradients(self, da: Array, cache: Any) -> tuple[Array | None, Grads]:
        """Sum the parameter gradients over the steps."""
        return self._input_gradients(da, cache.x)

    def _kept(self, write: Array) -> Array:
        """Return how much of the old state is kept."""
        return 1 - 2 * write if self.signed else 1 - write


class MinGRUCell(LinearCell):
    """A GRU whose gate and candidate see the input alone.

        a = x @ W_xh + b_h                          stacked: a_z a_n
        z, n = sigmoid(a_z), a_n
        h = (1 - z) * h_prev + z * n

    The *update gate* z says how much is written, as in the paper. There is no W_hh:
    what is kept and what is written depends on the present input, never on what was
    read before. So the recurrence is linear, h = a * h_prev + b, and a scan computes
    all its steps at once.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    rng : numpy.random.Generator
        Draws the weights, by `rnnlib.init.glorot`.
    forget_bias : float
        Initial bias of what is kept: that of a_z is its negative. The larger, the
        longer the memory at first, as in an LSTM.
    signed : bool
        Keep between -1 and 1 of the old state instead of between 0 and 1:
        `h = (1 - 2 * z) * h_prev + z * n` (Grazzi et al., 2025). A state that can turn
        round can tell odd from even.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        W_xh (D, 2H), b_h (2H,).

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or the bias is not finite.

    References
    ----------
    Feng et al., "Were RNNs all we needed?", 2024: minGRU.
    Grazzi et al., "Unlocking state-tracking in linear RNNs through negative
    eigenvalues", 2025.

    Examples
    --------
    >>> cell = MinGRUCell(2, 3, rng=np.random.default_rng(0))
    >>> state, cache = cell.forward(np.array([[1.0, -1.0]]), cell.initial_state(1))
    >>> bool(np.allclose(state.h, cache.z * cache.n))
    True
    """

    State = MinState
    Cache = MinGRUCache
    gates = "zn"

    def _remember(self, b_h: Array, forget_bias: float) -> None:
        b_h[0] = -forget_bias

    def _gate(self, cache: MinGRUCache) -> tuple[Array, Array]:
        z, n = cache.z, cache.n
        z[...] = sigmoid(z)
        return z, n

    def _written(self, cache: MinGRUCache) -> tuple[Array, Array, Array]:
        z = cache.z
        return z, cache.n, sigmoid_slope(z)[..., None, :, :]


class MinLSTMCell(LinearCell):
    """An LSTM whose gates and candidate see the input alone, with f + i brought to 1.

        a = x @ W_xh + b_h                          stacked: a_i a_f a_g
        i, f, g = sigmoid(a_i), sigmoid(a_f), a_g
        w = i / (f + i)
        h = (1 - w) * h_prev + w * g

    There is neither a cell state nor an output gate. All else is as in `MinGRUCell`,
    arguments included; `forget_bias` is that of a_f.

    Attributes
    ----------
    params : dict
        W_xh (D, 3H), b_h (3H,).

    References
    ----------
    Feng et al., "Were RNNs all we needed?", 2024: minLSTM.

    Examples
    --------
    >>> cell = MinLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> state, cache = cell.forward(np.array([[1.0, -1.0]]), cell.initial_state(1))
    >>> bool(np.allclose(cache.w, cache.i / (cache.f + cache.i)))
    True
    """

    State = MinState
    Cache = MinLSTMCache
    gates = "ifg"

    def _remember(self, b_h: Array, forget_bias: float) -> None:
        b_h[1] = forget_bias

    def _gate(self, cache: MinLSTMCache) -> tuple[Array, Array]:
        a_i, a_f, g = cache.i, cache.f, cache.g
        # i / (f + i), also where both are too small for a float
        cache.w[...] = sigmoid(log_sigmoid(a_i) - log_sigmoid(a_f))
        a_i[...], a_f[...] = sigmoid(a_i), sigmoid(a_f)
        return cache.w, g

    def _written(self, cache: MinLSTMCache) -> tuple[Array, Array, Array]:
        # w = sigmoid(log i - log f)
        by_log = sigmoid_slope(cache.w)
        w_by_a = np.stack([by_log * (1 - cache.i), by_log * (cache.f - 1)], axis=-3)
        return cache.w, cache.g, w_by_a
