"""The long short-term memory cell, with its peephole and coupled variants."""

from typing import NamedTuple

import numpy as np

from rnnlib import init
from rnnlib._checks import (
    check_array,
    check_flag,
    check_float_dtype,
    check_number,
    check_size,
)
from rnnlib._products import product, weight_gradient
from rnnlib._typing import Array, DTypeLike, Grads, Initialiser, Rng
from rnnlib.activations import sigmoid, sigmoid_slope, tanh_slope
from rnnlib.cells.base import Cell

__all__ = ["LSTMCache", "LSTMCell", "LSTMState"]


class LSTMState(NamedTuple):
    """The state of an LSTM: hidden state `h` and cell state `c`, each (B, H)."""

    h: Array
    c: Array


class LSTMCache(NamedTuple):
    """What the backward pass of an LSTM needs, by the names of the equations.

    Shapes (B, ...) for one step and (T, B, ...) for a sequence. `mask` and
    `learned_start` are set by a layer.
    """

    x: Array | None
    mask: Array | None
    learned_start: bool
    h_prev: Array
    c_prev: Array
    i: Array
    f: Array
    o: Array
    g: Array
    c: Array
    tanh_c: Array
    h: Array


class LSTMCell(Cell):
    """Keep a cell state, and let three gates decide what becomes of it.

        a = x @ W_xh + h_prev @ W_hh + b_h          a is stacked: a_i a_f a_o a_g
        i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
        g = tanh(a_g)
        c = f * c_prev + i * g
        h = o * tanh(c)

    There are three gates, each between 0 and 1, and one candidate. The *forget gate*
    f says how much of the old cell state is kept: 1 keeps all, 0 erases. The *input
    gate* i says how much is written, and the *candidate* g, between -1 and 1, what is
    written. The *output gate* o says how much of the cell is shown.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    rng : numpy.random.Generator
        Draws the weights.
    forget_bias : float
        Start of the forget gate's part of b_h; the rest starts at zero. With 1 the
        gate starts at 0.73, with 0 at one half: then a memory is gone in a few steps.
    peephole : bool
        Let the gates see the cell state: `a_i += c_prev * w_ci`,
        `a_f += c_prev * w_cf`, and, once the new cell is known, `a_o += c * w_co`.
    coupled : bool
        Write exactly where something is forgotten: `i = 1 - f`. There is no a_i then,
        and the stack is a_f a_o a_g.
    recurrent_init : function of `rnnlib.init`
        Draws each gate's block of W_hh. W_xh is drawn by `rnnlib.init.glorot`.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        W_xh (D, 4H), W_hh (H, 4H), b_h (4H,), with 3H if coupled; with peepholes also
        w_ci, w_cf, w_co (H,).

    Raises
    ------
    ValueError
        If a size is not a positive whole number, the bias is not finite, or an option
        is neither True nor False.

    References
    ----------
    Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997.
    Gers, Schmidhuber and Cummins, "Learning to forget", 2000: the forget gate.
    Gers and Schmidhuber, "Recurrent nets that time and count", 2000: peepholes.
    Greff et al., "LSTM: a search space odyssey", 2017: coupled gates.

    Examples
    --------
    >>> cell = LSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> state = cell.initial_state(batch_size=1)
    >>> state, cache = cell.forward(np.array([[1.0, -1.0]]), state)
    >>> bool(np.allclose(state.c, cache.i * cache.g)), state.h.shape
    (True, (1, 3))
    """

    State = LSTMState
    Cache = LSTMCache

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        rng: Rng,
        forget_bias: float = 1.0,
        peephole: bool = False,
        coupled: bool = False,
        recurrent_init: Initialiser = init.orthogonal,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = check_size("input_size", input_size)
        self.hidden_size = check_size("hidden_size", hidden_size)
        self.dtype = check_float_dtype(dtype)
        self.peephole = check_flag("peephole", peephole)
        self.coupled = check_flag("coupled", coupled)
        self.gates = "fog" if coupled else "ifog"
        self.params = self._initial_params(rng, recurrent_init)
        forget = self.split(self.params["b_h"])["f"]
        forget += check_number("forget_bias", forget_bias)
        if peephole:
            for gate in self.gates[:-1]:
                self.params[f"w_c{gate}"] = np.zeros(self.hidden_size, self.dtype)

    def step(self, a_x: Array, state: LSTMState) -> tuple[LSTMState, LSTMCache]:
        """Return the new state, and what the way back needs."""
        h_prev, c_prev = state
        a = self.split(a_x + h_prev @ self.params["W_hh"])
        a_f = self._peep(a["f"], c_prev, "f")
        f = sigmoid(a_f)
        i = 1 - f if self.coupled else sigmoid(self._peep(a["i"], c_prev, "i"))
        g = np.tanh(a["g"])
        c = f * c_prev + i * g
        o = sigmoid(self._peep(a["o"], c, "o"))
        tanh_c = np.tanh(c)
        h = o * tanh_c
        cache = LSTMCache(None, None, False, h_prev, c_prev, i, f, o, g, c, tanh_c, h)
        return LSTMState(h, c), cache

    def step_backward(
        self, d_state: LSTMState, cache: LSTMCache
    ) -> tuple[Array, LSTMState]:
        """Go through the equations of `step` upside down."""
        dh, dc = d_state
        i, f, o, g = cache.i, cache.f, cache.o, cache.g
        c_prev, tanh_c = cache.c_prev, cache.tanh_c
        # h = o * tanh(c)
        do = dh * tanh_c
        dc = dc + dh * o * (1 - tanh_c**2)
        # o = sigmoid(a_o + c * w_co)
        da_o = do * sigmoid_slope(o)
        dc = self._peep(dc, da_o, "o")
        # c = f * c_prev + i * g
        df, dc_prev = dc * c_prev, dc * f
        di, dg = dc * g, dc * i
        # i = 1 - f, or sigmoid(a_i + c_prev * w_ci)
        if self.coupled:
            df, da_i = df - di, None
        else:
            da_i = di * sigmoid_slope(i)
            dc_prev = self._peep(dc_prev, da_i, "i")
        # f = sigmoid(a_f + c_prev * w_cf)
        da_f = df * sigmoid_slope(f)
        dc_prev = self._peep(dc_prev, da_f, "f")
        # g = tanh(a_g)
        da_g = dg * tanh_slope(g)
        # a = a_x + h_prev @ W_hh
        stacked = [da_f, da_o, da_g] if da_i is None else [da_i, da_f, da_o, da_g]
        da = np.concatenate(stacked, axis=-1)
        return da, LSTMState(product(da, self.params["W_hh"].T), dc_prev)

    def parameter_gradients(
        self, da: Array, cache: LSTMCache
    ) -> tuple[Array | None, Grads]:
        """Add up what each step says to the weights."""
        dx, grads = self._input_gradients(da, cache.x)
        # a = x @ W_xh + h_prev @ W_hh + b_h
        grads["W_hh"] = weight_gradient(cache.h_prev, da, self.hidden_size)
        if self.peephole:
            seen = {"i": cache.c_prev, "f": cache.c_prev, "o": cache.c}
            for gate, da_gate in self.split(da).items():
                if gate != "g":
                    each = da_gate * seen[gate]
                    grads[f"w_c{gate}"] = each.reshape(-1, self.hidden_size).sum(axis=0)
        return dx, grads

    def split(self, stacked: Array) -> dict[str, Array]:
        """Return views of the gates' parts of an array (..., 4H), by their letters.

        Another size is a ValueError.

        >>> cell = LSTMCell(2, 3, rng=np.random.default_rng(0), forget_bias=1.0)
        >>> cell.split(cell.params["b_h"])["f"]
        array([1., 1., 1.])
        """
        if np.shape(stacked)[-1:] != self.params["b_h"].shape:
            check_array("stacked", stacked, ("...", len(self.params["b_h"])))
        H = self.hidden_size
        return {g: stacked[..., k * H : k * H + H] for k, g in enumerate(self.gates)}

    def _peep(self, value: Array, other: Array, gate: str) -> Array:
        """Return `value + other * w_c` of that gate, or `value` without peepholes."""
        return value + other * self.params[f"w_c{gate}"] if self.peephole else value
