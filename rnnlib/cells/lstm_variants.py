"""Variants of the LSTM: peepholes, with coupled gates too; no tanh at the output."""

from typing import Any

import numpy as np

from rnnlib._products import product_by_gate, rows_of
from rnnlib._typing import Array, Grads, Initialiser, Params, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells.lstm import LSTMCache, LSTMCell, LSTMSlopes, LSTMState
from rnnlib.cells.lstm_fewer_gates import CoupledLSTMCell

__all__ = [
    "CoupledPeepholeLSTMCell",
    "NoOutputTanhLSTMCache",
    "NoOutputTanhLSTMCell",
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


class CoupledPeepholeLSTMCell(PeepholeLSTMCell, CoupledLSTMCell):
    """An LSTM with coupled gates that see the cell state: `i = 1 - f`, w_cf and w_co.

    >>> cell = CoupledPeepholeLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> sorted(cell.params)
    ['W_hh', 'W_xh', 'b_h', 'w_cf', 'w_co']
    """


class NoOutputTanhLSTMCache(LSTMCache):
    """The cache without tanh at the output: `tanh_c` holds c itself."""

    __slots__ = ()


class NoOutputTanhLSTMCell(LSTMCell):
    """An LSTM that shows its cell state as it is, however large.

        h = o * c

    All else is as in `LSTMCell`, arguments and parameters included.

    References
    ----------
    Greff et al., "LSTM: a search space odyssey", 2017: NOAF.

    Examples
    --------
    >>> cell = NoOutputTanhLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> state, cache = cell.forward(np.array([[1.0, -1.0]]), cell.initial_state(1))
    >>> bool((state.h == cache.o * state.c).all())
    True
    """

    Cache = NoOutputTanhLSTMCache

    def step(self, cache: LSTMCache) -> None:
        """Compute gates and state in place, after `project`."""
        super().step(cache)
        cache.tanh_c[...] = cache.c
        cache.h[...] = cache.o * cache.c

    def slopes(self, cache: LSTMCache) -> LSTMSlopes:
        """Return those of an LSTM, with h = o * c."""
        slopes: LSTMSlopes = super().slopes(cache)
        return slopes._replace(h_by_c=cache.o)
