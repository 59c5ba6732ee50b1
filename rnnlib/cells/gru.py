"""The gated recurrent unit, in the conventions that are in use."""

from typing import Any, NamedTuple

import numpy as np

from rnnlib import init
from rnnlib._checks import check_choice, check_flag, check_float_dtype, check_size
from rnnlib._products import product, product_by_gate, rows_of, weight_gradient
from rnnlib._typing import Array, DTypeLike, Grads, Initialiser, Rng
from rnnlib.activations import sigmoid_slope, tanh_slope
from rnnlib.cells.base import Cell
from rnnlib.cells.caches import squash

__all__ = ["GRUCache", "GRUCell", "GRUState"]


class GRUState(NamedTuple):
    """The state of a GRU: `h`, of shape (B, H)."""

    h: Array


class GRUCache(NamedTuple):
    """What the backward pass of a GRU needs, by the names of the equations.

    Shapes (B, ...) for one step and (T, B, ...) for a sequence; `gates` holds r, z, n
    one after the other, (3, B, H) or (T, 3, B, H). `mask` and `learned_initial_state`
    are set by a layer.
    """

    x: Array | None
    mask: Array | None
    learned_initial_state: bool
    h_prev: Array
    gates: Array
    m: Array
    h: Array

    @property
    def r(self) -> Array:
        """How much of the old state the candidate sees, (..., B, H)."""
        return self.gates[..., 0, :, :]

    @property
    def z(self) -> Array:
        """How much of the old state is kept, (..., B, H)."""
        return self.gates[..., 1, :, :]

    @property
    def n(self) -> Array:
        """The candidate, (..., B, H)."""
        return self.gates[..., 2, :, :]


class GRUSlopes(NamedTuple):
    """The local slopes of h = (1 - keep) * n + keep * h_prev and of a_n + r * m.

    Each says of what, and with respect to what: `h_by_a_z` is the slope of h with
    respect to a_z, the pre-activation of the update gate. With the reset before the
    product, `r * h_prev` takes the place of `r * m` in the last two.
    """

    h_by_a_z: Array
    h_by_a_n: Array
    h_by_h_prev: Array
    reset_by_a_r: Array
    reset_by_m: Array


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
        Draws the weights; the biases are zero at first.
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

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a cell like this one."""
        reset = "after" if self.reset_after else "before"
        return {**super().config(), "reset": reset, "z_writes": self.z_writes}

    def step(self, cache: GRUCache) -> None:
        """Compute gates and state in place, after `project`."""
        if not self.reset_after:
            return self._step_reset_before(cache)
        h_prev, m, (r, z, n) = cache.h_prev, cache.m, cache.gates
        a_rz = cache.gates[:2]  # x @ W_xh + b_h is in the gates already
        m_rzn = product_by_gate(h_prev, self.params["W_hh"])
        a_rz += m_rzn[:2]
        squash(a_rz, sigmoids=2)
        np.add(m_rzn[2], self.params["b_hn"], out=m)
        n += r * m
        np.tanh(n, out=n)
        keep = self._kept(z)
        cache.h[...] = (1 - keep) * n + keep * h_prev

    def _step_reset_before(self, cache: GRUCache) -> None:
        h_prev, m, (r, z, n) = cache.h_prev, cache.m, cache.gates
        W_hrz, W_hn = np.split(self.params["W_hh"], [2 * self.hidden_size], axis=1)
        a_rz = cache.gates[:2]  # x @ W_xh + b_h is in the gates already
        a_rz += product_by_gate(h_prev, W_hrz)
        squash(a_rz, sigmoids=2)
        m[...] = (r * h_prev) @ W_hn
        n += m
        np.tanh(n, out=n)
        keep = self._kept(z)
        cache.h[...] = (1 - keep) * n + keep * h_prev

    def slopes(self, cache: GRUCache) -> GRUSlopes:
        """Return the local slopes of the equations of `step`, written from outputs."""
        r, z, n, h_prev = cache.r, cache.z, cache.n, cache.h_prev
        keep, sign = self._kept(z), -1 if self.z_writes else 1
        m = cache.m if self.reset_after else h_prev
        return GRUSlopes(
            h_by_a_z=sign * (h_prev - n) * sigmoid_slope(z),
            h_by_a_n=(1 - keep) * tanh_slope(n),
            h_by_h_prev=keep,
            reset_by_a_r=m * sigmoid_slope(r),
            reset_by_m=r,
        )

    def step_backward(
        self, d_state: GRUState, slopes: GRUSlopes, da: Array | None = None
    ) -> tuple[Array, GRUState]:
        """Differentiate the equations of `step`, the last one first."""
        if not self.reset_after:
            return self._step_backward_reset_before(d_state, slopes, da)
        dh = d_state.h
        # h = (1 - keep) * n + keep * h_prev
        da_z, da_n = dh * slopes.h_by_a_z, dh * slopes.h_by_a_n
        dh_prev = dh * slopes.h_by_h_prev
        # n = tanh(a_n + r * m)
        da_r, dm = da_n * slopes.reset_by_a_r, da_n * slopes.reset_by_m
        # a_r += h_prev @ W_hr, a_z += h_prev @ W_hz, m = h_prev @ W_hn + b_hn
        dm_rzn = np.concatenate([da_r, da_z, dm], axis=-1)
        dh_prev += product(dm_rzn, self.params["W_hh"].T)
        return np.concatenate([da_r, da_z, da_n], axis=-1, out=da), GRUState(dh_prev)

    def _step_backward_reset_before(
        self, d_state: GRUState, slopes: GRUSlopes, da: Array | None
    ) -> tuple[Array, GRUState]:
        dh = d_state.h
        W_hrz, W_hn = np.split(self.params["W_hh"], [2 * self.hidden_size], axis=1)
        # h = (1 - keep) * n + keep * h_prev
        da_z, da_n = dh * slopes.h_by_a_z, dh * slopes.h_by_a_n
        dh_prev = dh * slopes.h_by_h_prev
        # n = tanh(a_n + m), m = (r * h_prev) @ W_hn
        d_reset = product(da_n, W_hn.T)
        da_r = d_reset * slopes.reset_by_a_r
        dh_prev += d_reset * slopes.reset_by_m
        # a_r += h_prev @ W_hr, a_z += h_prev @ W_hz
        dh_prev += product(np.concatenate([da_r, da_z], axis=-1), W_hrz.T)
        return np.concatenate([da_r, da_z, da_n], axis=-1, out=da), GRUState(dh_prev)

    def parameter_gradients(
        self, da: Array, cache: GRUCache
    ) -> tuple[Array | None, Grads]:
        """Sum the parameter gradients over the steps."""
        H, h_prev = self.hidden_size, cache.h_prev
        dx, grads = self._input_gradients(da, cache.x)
        da_rz, da_n = np.split(da, [2 * H], axis=-1)
        dW_rz = weight_gradient(h_prev, da_rz, H)
        if self.reset_after:
            # n = tanh(a_n + r * m), m = h_prev @ W_hn + b_hn
            dm = da_n * cache.r
            dW_n = weight_gradient(h_prev, dm, H)
            grads["b_hn"] = rows_of(dm).sum(axis=0)
        else:
            # m = (r * h_prev) @ W_hn
            dW_n = weight_gradient(cache.r * h_prev, da_n, H)
        grads["W_hh"] = np.concatenate([dW_rz, dW_n], axis=1)
        return dx, grads

    def _kept(self, z: Array) -> Array:
        """Return how much of the old state is kept."""
        return 1 - z if self.z_writes else z
