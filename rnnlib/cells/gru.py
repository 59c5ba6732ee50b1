"""The gated recurrent unit, in the conventions that are in use."""

from typing import NamedTuple

import numpy as np

from rnnlib import init
from rnnlib._checks import check_choice, check_flag, check_float_dtype, check_size
from rnnlib._products import product, rows_of, weight_gradient
from rnnlib._typing import Array, DTypeLike, Grads, Initialiser, Rng
from rnnlib.activations import sigmoid, sigmoid_slope, tanh_slope
from rnnlib.cells.base import Cell

__all__ = ["GRUCache", "GRUCell", "GRUState"]


class GRUState(NamedTuple):
    """The state of a GRU: `h`, of shape (B, H)."""

    h: Array


class GRUCache(NamedTuple):
    """What the backward pass of a GRU needs, by the names of the equations.

    Shapes (B, ...) for one step and (T, B, ...) for a sequence. `mask` and
    `learned_start` are set by a layer.
    """

    x: Array | None
    mask: Array | None
    learned_start: bool
    h_prev: Array
    r: Array
    z: Array
    m: Array
    n: Array
    h: Array


class GRUCell(Cell):
    """Mix the old state and a candidate, by a gate.

        a = x @ W_xh + b_h                          stacked: a_r a_z a_n
        r, z = sigmoid(a_r + h_prev @ W_hr), sigmoid(a_z + h_prev @ W_hz)
        m = h_prev @ W_hn + b_hn
        n = tanh(a_n + r * m)
        h = (1 - z) * n + z * h_prev

    The *update gate* z says how much of the old state is kept, and the *reset gate* r
    how much of it the *candidate* n gets to see. W_hr, W_hz, W_hn are the three blocks
    of W_hh.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    rng : numpy.random.Generator
        Draws the weights; biases start at zero.
    reset : {"after", "before"}
        Where r sits: after the product, as above and in PyTorch, cuDNN and Keras; or
        before it, `m = (r * h_prev) @ W_hn`, as in the first paper. Then there is no
        b_hn, which b_h would make superfluous.
    z_writes : bool
        Use the other convention, in which z says how much is written:
        `h = z * n + (1 - z) * h_prev`.
    recurrent_init : function of `rnnlib.init`
        Draws each gate's block of W_hh. W_xh is drawn by `rnnlib.init.glorot`.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        W_xh (D, 3H), W_hh (H, 3H), b_h (3H,), and b_hn (H,) if r sits after.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or `reset` is unknown.

    References
    ----------
    Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014.

    Examples
    --------
    >>> cell = GRUCell(2, 3, rng=np.random.default_rng(0))
    >>> state = cell.initial_state(batch_size=1)
    >>> state, cache = cell.forward(np.array([[1.0, -1.0]]), state)
    >>> bool(np.allclose(state.h, (1 - cache.z) * cache.n))
    True
    """

    State = GRUState
    Cache = GRUCache
    gates = "rzn"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        rng: Rng,
        reset: str = "after",
        z_writes: bool = False,
        recurrent_init: Initialiser = init.orthogonal,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = check_size("input_size", input_size)
        self.hidden_size = check_size("hidden_size", hidden_size)
        self.reset_after = check_choice("reset", reset, ("after", "before")) == "after"
        self.z_writes = check_flag("z_writes", z_writes)
        self.dtype = check_float_dtype(dtype)
        self.params = self._initial_params(rng, recurrent_init)
        if self.reset_after:
            self.params["b_hn"] = np.zeros(self.hidden_size, self.dtype)

    def step(self, a_x: Array, state: GRUState) -> tuple[GRUState, GRUCache]:
        """Return the new state, and what the way back needs."""
        h_prev, H = state.h, self.hidden_size
        W_rz, W_n = np.split(self.params["W_hh"], [2 * H], axis=1)
        a_r, a_z, a_n = np.split(a_x, 3, axis=-1)
        m_r, m_z = np.split(h_prev @ W_rz, 2, axis=-1)
        r, z = sigmoid(a_r + m_r), sigmoid(a_z + m_z)
        if self.reset_after:
            m = h_prev @ W_n + self.params["b_hn"]
            n = np.tanh(a_n + r * m)
        else:
            m = (r * h_prev) @ W_n
            n = np.tanh(a_n + m)
        keep = 1 - z if self.z_writes else z
        h = (1 - keep) * n + keep * h_prev
        return GRUState(h), GRUCache(None, None, False, h_prev, r, z, m, n, h)

    def step_backward(
        self, d_state: GRUState, cache: GRUCache
    ) -> tuple[Array, GRUState]:
        """Go through the equations of `step` upside down."""
        r, z, n, m, h_prev = cache.r, cache.z, cache.n, cache.m, cache.h_prev
        W_rz, W_n = np.split(self.params["W_hh"], [2 * self.hidden_size], axis=1)
        # h = (1 - keep) * n + keep * h_prev
        keep = 1 - z if self.z_writes else z
        dn, dkeep, dh_prev = (
            d_state.h * (1 - keep),
            d_state.h * (h_prev - n),
            d_state.h * keep,
        )
        dz = -dkeep if self.z_writes else dkeep
        da_n = dn * tanh_slope(n)
        if self.reset_after:
            # n = tanh(a_n + r * m),  m = h_prev @ W_n + b_hn
            dr = da_n * m
            dh_prev = dh_prev + product(da_n * r, W_n.T)
        else:
            # n = tanh(a_n + m),  m = (r * h_prev) @ W_n
            d_reset = product(da_n, W_n.T)
            dr, dh_prev = d_reset * h_prev, dh_prev + d_reset * r
        # r, z = sigmoid(a_r + h_prev @ W_r), sigmoid(a_z + h_prev @ W_z)
        da_rz = np.concatenate([dr * sigmoid_slope(r), dz * sigmoid_slope(z)], axis=-1)
        dh_prev = dh_prev + product(da_rz, W_rz.T)
        return np.concatenate([da_rz, da_n], axis=-1), GRUState(dh_prev)

    def parameter_gradients(
        self, da: Array, cache: GRUCache
    ) -> tuple[Array | None, Grads]:
        """Add up what each step says to the weights."""
        H, h_prev = self.hidden_size, cache.h_prev
        dx, grads = self._input_gradients(da, cache.x)
        da_rz, da_n = np.split(da, [2 * H], axis=-1)
        dW_rz = weight_gradient(h_prev, da_rz, H)
        if self.reset_after:
            # m = h_prev @ W_n + b_hn, and a_n + r * m
            dm = da_n * cache.r
            dW_n = weight_gradient(h_prev, dm, H)
            grads["b_hn"] = rows_of(dm).sum(axis=0)
        else:
            # m = (r * h_prev) @ W_n
            dW_n = weight_gradient(cache.r * h_prev, da_n, H)
        grads["W_hh"] = np.concatenate([dW_rz, dW_n], axis=1)
        return dx, grads
