"""Variants of the LSTM: peepholes, coupled gates, and both."""

from typing import Any, NamedTuple

import numpy as np

from rnnlib._products import product, product_by_gate, rows_of
from rnnlib._typing import Array, Grads, Initialiser, Params, Rng
from rnnlib.activations import sigmoid, sigmoid_slope, tanh_slope
from rnnlib.cells.caches import squash
from rnnlib.cells.lstm import LSTMCache, LSTMCell, LSTMState

__all__ = [
    "CoupledLSTMCache",
    "CoupledLSTMCell",
    "CoupledPeepholeLSTMCell",
    "PeepholeLSTMCell",
]


class PeepholeLSTMCell(LSTMCell):
    """An LSTM whose gates see the cell state, too.

        a_i += c_prev * w_ci
        a_f += c_prev * w_cf
        a_o += c * w_co                             once the new cell state is known

    All else is as in `LSTMCell`, arguments included.

    Attributes
    ----------
    params : dict
        W_xh (D, 4H), W_hh (H, 4H), b_h (4H,), and the peepholes w_ci, w_cf, w_co (H,),
        zero at first.

    References
    ----------
    Gers and Schmidhuber, "Recurrent nets that time and count", 2000.

    Examples
    --------
    >>> cell = PeepholeLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> cell, sorted(cell.params)
    (PeepholeLSTMCell(2, 3), ['W_hh', 'W_xh', 'b_h', 'w_cf', 'w_ci', 'w_co'])
    """

    def _initial_params(self, rng: Rng, recurrent_init: Initialiser) -> Params:
        """Draw those of an LSTM, and set the peepholes to zero."""
        params = super()._initial_params(rng, recurrent_init)
        for gate in self.gates[:-1]:
            params[f"w_c{gate}"] = np.zeros(self.hidden_size, self.dtype)
        return params

    def step(self, cache: LSTMCache) -> None:
        """Compute gates and state in place, after `project`."""
        a = cache.gates  # x @ W_xh + b_h is in it already
        a += product_by_gate(cache.h_prev, self.params["W_hh"])
        *i_and_f, o, g = a  # or f alone, if the gates are coupled
        for gate, a_gate in zip(self.gates, i_and_f, strict=False):
            a_gate[...] = sigmoid(a_gate + cache.c_prev * self.params[f"w_c{gate}"])
        np.tanh(g, out=g)
        cache.c[...] = cache.f * cache.c_prev + cache.i * g
        np.tanh(cache.c, out=cache.tanh_c)
        o[...] = sigmoid(o + cache.c * self.params["w_co"])
        cache.h[...] = o * cache.tanh_c

    def step_backward(
        self, d_state: LSTMState, slopes: Any, da: Array | None = None
    ) -> tuple[Array, LSTMState]:
        """Go back as without peepholes, and through each of them."""
        dh, dc = d_state
        # a_o += c * w_co
        dc = dc + dh * slopes.h_by_a_o * self.params["w_co"]
        da, (dh_prev, dc_prev) = super().step_backward(LSTMState(dh, dc), slopes, da)
        # a_i += c_prev * w_ci, a_f += c_prev * w_cf
        for gate in self.gates[:-2]:
            dc_prev += self.split(da)[gate] * self.params[f"w_c{gate}"]
        return da, LSTMState(dh_prev, dc_prev)

    def parameter_gradients(
        self, da: Array, cache: LSTMCache
    ) -> tuple[Array | None, Grads]:
        """Sum the parameter gradients over the steps."""
        dx, grads = super().parameter_gradients(da, cache)
        for gate, da_gate in self.split(da).items():
            if gate != "g":
                seen = cache.c if gate == "o" else cache.c_prev
                grads[f"w_c{gate}"] = rows_of(da_gate * seen).sum(axis=0)
        return dx, grads


class CoupledLSTMCache(LSTMCache):
    """The cache of coupled gates: `gates` holds f, o, g, (3, B, H) or (T, 3, B, H)."""

    __slots__ = ()

    @property
    def i(self) -> Array:
        """How much is written, (..., B, H): as much as is forgotten."""
        return 1 - self.f


class CoupledLSTMSlopes(NamedTuple):
    """The local slopes of h = o * tanh(c) and of c = f * c_prev + (1 - f) * g."""

    h_by_a_o: Array
    h_by_c: Array
    c_by_a_f: Array
    c_by_a_g: Array
    c_by_c_prev: Array


class CoupledLSTMCell(LSTMCell):
    """An LSTM that writes exactly where it forgets: one gate does the work of two.

        i = 1 - f

    So there is no a_i, and a is stacked a_f a_o a_g. All else is as in `LSTMCell`,
    arguments included.

    Attributes
    ----------
    params : dict
        W_xh (D, 3H), W_hh (H, 3H), b_h (3H,).

    References
    ----------
    Greff et al., "LSTM: a search space odyssey", 2017.

    Examples
    --------
    >>> cell = CoupledLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> cell, cell.params["W_hh"].shape
    (CoupledLSTMCell(2, 3), (3, 9))
    """

    Cache = CoupledLSTMCache
    gates = "fog"

    def step(self, cache: LSTMCache) -> None:
        """Compute gates and state in place, after `project`."""
        a = cache.gates  # x @ W_xh + b_h is in it already
        a += product_by_gate(cache.h_prev, self.params["W_hh"])
        squash(a, sigmoids=2)
        f, o, g = a
        cache.c[...] = f * cache.c_prev + (1 - f) * g
        np.tanh(cache.c, out=cache.tanh_c)
        cache.h[...] = o * cache.tanh_c

    def slopes(self, cache: LSTMCache) -> CoupledLSTMSlopes:
        """Return the local slopes of the equations of `step`, written from outputs."""
        i, f, o, g = cache.i, cache.f, cache.o, cache.g
        return CoupledLSTMSlopes(
            h_by_a_o=cache.tanh_c * sigmoid_slope(o),
            h_by_c=o * tanh_slope(cache.tanh_c),
            c_by_a_f=(cache.c_prev - g) * sigmoid_slope(f),
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
        # c = f * c_prev + (1 - f) * g
        da_f = dc * slopes.c_by_a_f
        da_g = dc * slopes.c_by_a_g
        dc_prev = dc * slopes.c_by_c_prev
        # a = x @ W_xh + h_prev @ W_hh + b_h
        da = np.concatenate([da_f, da_o, da_g], axis=-1, out=da)
        return da, LSTMState(product(da, self.params["W_hh"].T), dc_prev)


class CoupledPeepholeLSTMCell(PeepholeLSTMCell, CoupledLSTMCell):
    """An LSTM with coupled gates that see the cell state: `i = 1 - f`, w_cf and w_co.

    >>> cell = CoupledPeepholeLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> sorted(cell.params)
    ['W_hh', 'W_xh', 'b_h', 'w_cf', 'w_co']
    """
