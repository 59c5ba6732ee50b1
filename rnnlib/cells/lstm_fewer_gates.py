"""The LSTM with one gate fewer: coupled to another, or taken out.

Take a gate out, train, and see what it was for: Greff, Srivastava, Koutník, Steunebrink
and Schmidhuber, "LSTM: a search space odyssey", IEEE Transactions on Neural Networks
and Learning Systems 28, 2017.
"""

from typing import Any

import numpy as np

from rnnlib import init
from rnnlib._checks import check_float_dtype, check_size
from rnnlib._products import product, product_by_gate
from rnnlib._typing import Array, DTypeLike, Initialiser, Params, Rng
from rnnlib.activations import sigmoid_slope
from rnnlib.cells.caches import squash
from rnnlib.cells.lstm import LSTMCache, LSTMCell, LSTMSlopes, LSTMState

__all__ = [
    "CoupledLSTMCache",
    "CoupledLSTMCell",
    "NoForgetGateLSTMCache",
    "NoForgetGateLSTMCell",
    "NoInputGateLSTMCache",
    "NoInputGateLSTMCell",
    "NoOutputGateLSTMCache",
    "NoOutputGateLSTMCell",
]


class FewerGates:
    """The equations of an LSTM in which one gate is not computed.

    The cache says what it is instead: as much as another gate leaves, or 1.
    """

    gates: str
    params: Params

    def step(self, cache: LSTMCache) -> None:
        """Compute gates and state in place, after `project`."""
        a = cache.gates  # x @ W_xh + b_h is in it already
        a += product_by_gate(cache.h_prev, self.params["W_hh"])
        squash(a, sigmoids=len(self.gates) - 1)
        cache.c[...] = cache.f * cache.c_prev + cache.i * cache.g
        np.tanh(cache.c, out=cache.tanh_c)
        cache.h[...] = cache.o * cache.tanh_c

    def step_backward(
        self, d_state: LSTMState, slopes: Any, da: Array | None = None
    ) -> tuple[Array, LSTMState]:
        """Differentiate the equations of `step`, the last one first."""
        dh, dc = d_state
        # h = o * tanh(c)
        d = {"o": dh * slopes.h_by_a_o}
        dc = dc + dh * slopes.h_by_c
        # c = f * c_prev + i * g
        d["i"] = dc * slopes.c_by_a_i
        d["f"] = dc * slopes.c_by_a_f
        d["g"] = dc * slopes.c_by_a_g
        dc_prev = dc * slopes.c_by_c_prev
        # a = x @ W_xh + h_prev @ W_hh + b_h, of the gates that are computed
        da = np.concatenate([d[gate] for gate in self.gates], axis=-1, out=da)
        return da, LSTMState(product(da, self.params["W_hh"].T), dc_prev)


class CoupledLSTMCache(LSTMCache):
    """The cache of coupled gates: `gates` holds f, o, g, (3, B, H) or (T, 3, B, H)."""

    __slots__ = ()

    @property
    def i(self) -> Array:
        """How much is written, (..., B, H): as much as is forgotten."""
        return 1 - self.f


class CoupledLSTMCell(FewerGates, LSTMCell):
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
    Greff et al., "LSTM: a search space odyssey", 2017: CIFG.

    Examples
    --------
    >>> cell = CoupledLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> cell, cell.params["W_hh"].shape
    (CoupledLSTMCell(2, 3), (3, 9))
    """

    Cache = CoupledLSTMCache
    gates = "fog"

    def slopes(self, cache: LSTMCache) -> LSTMSlopes:
        """Return those of an LSTM, with f at work in two places."""
        slopes: LSTMSlopes = super().slopes(cache)
        # c = f * c_prev + (1 - f) * g
        c_by_a_f = (cache.c_prev - cache.g) * sigmoid_slope(cache.f)
        return slopes._replace(c_by_a_f=c_by_a_f)


class NoInputGateLSTMCache(LSTMCache):
    """The cache without input gate: `gates` holds f, o, g, as in coupled gates."""

    __slots__ = ()

    @property
    def i(self) -> Array:
        """How much is written, (..., B, H): all."""
        return np.ones_like(self.c)


class NoInputGateLSTMCell(FewerGates, LSTMCell):
    """An LSTM that writes every candidate in full.

        c = f * c_prev + g                          i = 1

    There is no a_i, and a is stacked a_f a_o a_g. All else is as in `LSTMCell`,
    arguments included.

    Attributes
    ----------
    params : dict
        W_xh (D, 3H), W_hh (H, 3H), b_h (3H,).

    References
    ----------
    Greff et al., "LSTM: a search space odyssey", 2017: NIG.

    Examples
    --------
    >>> cell = NoInputGateLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> state, cache = cell.forward(np.array([[1.0, -1.0]]), cell.initial_state(1))
    >>> bool((state.c == cache.g).all())
    True
    """

    Cache = NoInputGateLSTMCache
    gates = "fog"


class NoForgetGateLSTMCache(LSTMCache):
    """The cache without forget gate: `gates` holds i, o, g."""

    __slots__ = ()

    @property
    def i(self) -> Array:
        """How much is written, (..., B, H)."""
        return self.gates[..., -3, :, :]

    @property
    def f(self) -> Array:
        """How much is kept, (..., B, H): all."""
        return np.ones_like(self.c)


class NoForgetGateLSTMCell(FewerGates, LSTMCell):
    """An LSTM that cannot forget, like the first one, of 1997.

        c = c_prev + i * g                          f = 1

    There is no a_f, and a is stacked a_i a_o a_g; nor is there a forget_bias. All else
    is as in `LSTMCell`, the other arguments included.

    Attributes
    ----------
    params : dict
        W_xh (D, 3H), W_hh (H, 3H), b_h (3H,).

    References
    ----------
    Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997.
    Greff et al., "LSTM: a search space odyssey", 2017: NFG.

    Examples
    --------
    >>> cell = NoForgetGateLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> state = cell.initial_state(1)._replace(c=np.array([[1.0, 2.0, 3.0]]))
    >>> new, cache = cell.forward(None, state)
    >>> bool((new.c == state.c + cache.i * cache.g).all())
    True
    """

    Cache = NoForgetGateLSTMCache
    gates = "iog"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        rng: Rng,
        recurrent_init: Initialiser = init.orthogonal,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = check_size("input_size", input_size)
        self.hidden_size = check_size("hidden_size", hidden_size)
        self.dtype = check_float_dtype(dtype)
        self.params = self._initial_params(rng, recurrent_init)


class NoOutputGateLSTMCache(LSTMCache):
    """The cache without output gate: `gates` holds i, f, g."""

    __slots__ = ()

    @property
    def i(self) -> Array:
        """How much is written, (..., B, H)."""
        return self.gates[..., -3, :, :]

    @property
    def f(self) -> Array:
        """How much is kept, (..., B, H)."""
        return self.gates[..., -2, :, :]

    @property
    def o(self) -> Array:
        """How much is shown, (..., B, H): all."""
        return np.ones_like(self.c)


class NoOutputGateLSTMCell(FewerGates, LSTMCell):
    """An LSTM that always shows all of its cell state.

        h = tanh(c)                                 o = 1

    There is no a_o, and a is stacked a_i a_f a_g. All else is as in `LSTMCell`,
    arguments included.

    Attributes
    ----------
    params : dict
        W_xh (D, 3H), W_hh (H, 3H), b_h (3H,).

    References
    ----------
    Greff et al., "LSTM: a search space odyssey", 2017: NOG.

    Examples
    --------
    >>> cell = NoOutputGateLSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> state, _ = cell.forward(np.array([[1.0, -1.0]]), cell.initial_state(1))
    >>> bool((state.h == np.tanh(state.c)).all())
    True
    """

    Cache = NoOutputGateLSTMCache
    gates = "ifg"
