"""The long short-term memory cell."""

from typing import Any, NamedTuple

import numpy as np

from rnnlib import init
from rnnlib._checks import (
    check_array,
    check_float_dtype,
    check_number,
    check_size,
)
from rnnlib._products import product, product_by_gate, weight_gradient
from rnnlib._typing import Array, DTypeLike, Grads, Initialiser, Rng
from rnnlib.activations import sigmoid_slope, tanh_slope
from rnnlib.cells._moved import moved_to_class
from rnnlib.cells.base import Cell
from rnnlib.cells.caches import squash

__all__ = ["LSTMCache", "LSTMCell", "LSTMState"]


class LSTMState(NamedTuple):
    """The state of an LSTM: hidden state `h` and cell state `c`, each (B, H)."""

    h: Array
    c: Array


class LSTMCache(NamedTuple):
    """What the backward pass of an LSTM needs, by the names of the equations.

    Shapes (B, ...) for one step and (T, B, ...) for a sequence; `gates` holds i, f, o,
    g one after the other, (4, B, H) or (T, 4, B, H). `mask` and `learned_initial_state`
    are set by a layer.
    """

    x: Array | None
    mask: Array | None
    learned_initial_state: bool
    h_prev: Array
    c_prev: Array
    gates: Array
    c: Array
    tanh_c: Array
    h: Array

    @property
    def i(self) -> Array:
        """How much is written, (..., B, H)."""
        return self.gates[..., -4, :, :]

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
    """The local slopes of h = o * tanh(c) and of c = f * c_prev + i * g.

    Each says of what, and with respect to what: `c_by_a_f` is the slope of c with
    respect to a_f, the pre-activation of the forget gate.
    """

    h_by_a_o: Array
    h_by_c: Array
    c_by_a_i: Array
    c_by_a_f: Array
    c_by_a_g: Array
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
        Initial value of the forget gate's part of b_h; the rest of b_h is zero. With 1
        the gate is at 0.73 before training, with 0 at one half: then a memory is gone
        in a few steps.
    recurrent_init : function of `rnnlib.init`
        Draws each gate's block of W_hh. W_xh is drawn by `rnnlib.init.glorot`.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        W_xh (D, 4H), W_hh (H, 4H), b_h (4H,).

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or the bias is not finite.

    References
    ----------
    Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997.
    Gers, Schmidhuber and Cummins, "Learning to forget", 2000: the forget gate.

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
    gates = "ifog"

    @moved_to_class(peephole="Peephole", coupled="Coupled")
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        rng: Rng,
        forget_bias: float = 1.0,
        recurrent_init: Initialiser = init.orthogonal,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = check_size("input_size", input_size)
        self.hidden_size = check_size("hidden_size", hidden_size)
        self.dtype = check_float_dtype(dtype)
        self.params = self._initial_params(rng, recurrent_init)
        b_f = self.split(self.params["b_h"])["f"]
        b_f += check_number("forget_bias", forget_bias)

    def step(self, cache: LSTMCache) -> None:
        """Compute gates and state in place, after `project`."""
        a = cache.gates  # x @ W_xh + b_h is in it already
        a += product_by_gate(cache.h_prev, self.params["W_hh"])
        squash(a, sigmoids=3)
        i, f, o, g = a
        cache.c[...] = f * cache.c_prev + i * g
        np.tanh(cache.c, out=cache.tanh_c)
        cache.h[...] = o * cache.tanh_c

    def slopes(self, cache: LSTMCache) -> Any:
        """Return the local slopes of the equations of `step`, written from outputs."""
        i, f, o, g = cache.i, cache.f, cache.o, cache.g
        return LSTMSlopes(
            h_by_a_o=cache.tanh_c * sigmoid_slope(o),
            h_by_c=o * tanh_slope(cache.tanh_c),
            c_by_a_i=g * sigmoid_slope(i),
            c_by_a_f=cache.c_prev * sigmoid_slope(f),
            c_by_a_g=i * tanh_slope(g),
            c_by_c_prev=f,
        )

    def step_backward(
        self, d_state: LSTMState, slopes: Any, da: Array | None = None
    ) -> tuple[Array, LSTMState]:
        """Differentiate the equations of `step`, the last one first."""
        dh, dc = d_state
        # h = o * tanh(c)
        da_o = dh * slopes.h_by_a_o
        dc = dc + dh * slopes.h_by_c
        # c = f * c_prev + i * g
        da_i = dc * slopes.c_by_a_i
        da_f = dc * slopes.c_by_a_f
        da_g = dc * slopes.c_by_a_g
        dc_prev = dc * slopes.c_by_c_prev
        # a = x @ W_xh + h_prev @ W_hh + b_h
        da = np.concatenate([da_i, da_f, da_o, da_g], axis=-1, out=da)
        return da, LSTMState(product(da, self.params["W_hh"].T), dc_prev)

    def parameter_gradients(
        self, da: Array, cache: LSTMCache
    ) -> tuple[Array | None, Grads]:
        """Sum the parameter gradients over the steps."""
        dx, grads = self._input_gradients(da, cache.x)
        # a = x @ W_xh + h_prev @ W_hh + b_h
        grads["W_hh"] = weight_gradient(cache.h_prev, da, self.hidden_size)
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
