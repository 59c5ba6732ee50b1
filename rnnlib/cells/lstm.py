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
from rnnlib.cells.caches import by_gate, squash

__all__ = ["LSTMCache", "LSTMCell", "LSTMState"]


class LSTMState(NamedTuple):
    """The state of an LSTM: hidden state `h` and cell state `c`, each (B, H)."""

    h: Array
    c: Array


class LSTMCache(NamedTuple):
    """What the backward pass of an LSTM needs, by the names of the equations.

    Shapes (B, ...) for one step and (T, B, ...) for a sequence; `gates` holds i, f, o,
    g one after the other, (4, B, H) or (T, 4, B, H); without i if they are coupled.
    `mask` and `learned_start` are set by a layer.
    """

    x: Array | None
    mask: Array | None
    learned_start: bool
    h_prev: Array
    c_prev: Array
    gates: Array
    c: Array
    tanh_c: Array
    h: Array

    @property
    def i(self) -> Array:
        """How much is written, (..., B, H)."""
        coupled = self.gates.shape[-3] == 3
        return 1 - self.f if coupled else self.gates[..., -4, :, :]

    @property
    def f(self) -> Array:
        """How much is kept, (..., B, H)."""
        return self.gates[..., -3, :, :]

    @property
    def o(self) -> Array:
        """How much is shown, (..., B, H)."""
        return self.gates[..., -2, :, :]

    @property
    def g(self) -> Array:
        """What is written, (..., B, H)."""
        return self.gates[..., -1, :, :]


class LSTMSlopes(NamedTuple):
    """The slopes of h = o * tanh(c), and of c = f * c_prev + i * g.

    Each is named by what is moved, the gates by their pre-activations. If the gates
    are coupled there is no a_i.
    """

    h_by_o: Array
    h_by_c: Array
    c_by_i: Array | None
    c_by_f: Array
    c_by_g: Array
    c_by_c_prev: Array


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

    def step(self, cache: LSTMCache) -> None:
        """Compute gates and state in place, after `project`."""
        c_prev, c, tanh_c = cache.c_prev, cache.c, cache.tanh_c
        a = gates = cache.gates  # x @ W_xh + b_h is in it already
        a += cache.h_prev @ by_gate(self.params["W_hh"], self.hidden_size)
        if self.peephole:
            for gate, a_gate in zip(self.gates[:-2], a, strict=False):
                a_gate += c_prev * self.params[f"w_c{gate}"]
            a_o = a[-2].copy()
        squash(a, sigmoids=len(a) - 1)
        if self.coupled:
            f, o, g = gates
            i = 1 - f
        else:
            i, f, o, g = gates
        # c = f * c_prev + i * g
        np.add(f * c_prev, i * g, out=c)
        if self.peephole:
            o[...] = sigmoid(a_o + c * self.params["w_co"])
        # h = o * tanh(c)
        np.tanh(c, out=tanh_c)
        np.multiply(o, tanh_c, out=cache.h)

    def slopes(self, cache: LSTMCache) -> LSTMSlopes:
        """Return the slopes of h = o * tanh(c) and of c = f * c_prev + i * g."""
        i, f, o, g = cache.i, cache.f, cache.o, cache.g
        c_prev, tanh_c = cache.c_prev, cache.tanh_c
        return LSTMSlopes(
            h_by_o=tanh_c * sigmoid_slope(o),
            h_by_c=o * tanh_slope(tanh_c),
            c_by_i=None if self.coupled else g * sigmoid_slope(i),
            c_by_f=(c_prev - g if self.coupled else c_prev) * sigmoid_slope(f),
            c_by_g=i * tanh_slope(g),
            c_by_c_prev=f,
        )

    def step_backward(
        self, d_state: LSTMState, slopes: LSTMSlopes, da: Array | None = None
    ) -> tuple[Array, LSTMState]:
        """Go through the equations of `step` upside down."""
        dh, dc = d_state
        # h = o * tanh(c)
        da_o = dh * slopes.h_by_o
        dc = dc + dh * slopes.h_by_c
        if self.peephole:
            dc += da_o * self.params["w_co"]
        # c = f * c_prev + i * g
        dc_prev = dc * slopes.c_by_c_prev
        parts = [dc * slopes.c_by_f, da_o, dc * slopes.c_by_g]
        if slopes.c_by_i is not None:
            parts = [dc * slopes.c_by_i, *parts]
        if self.peephole:
            for gate, da_gate in zip(self.gates[:-2], parts, strict=False):
                dc_prev += da_gate * self.params[f"w_c{gate}"]
        # a = a_x + h_prev @ W_hh
        da = np.concatenate(parts, axis=-1, out=da)
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
