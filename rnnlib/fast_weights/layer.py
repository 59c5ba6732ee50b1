"""A layer that writes into a matrix, and reads from it, at each step."""

from copy import copy
from typing import Any, NamedTuple, Self

import numpy as np

from rnnlib._checks import (
    as_array,
    check_array,
    check_choice,
    check_finite,
    check_float_dtype,
    check_mask,
    check_number,
    check_rng,
    check_size,
    check_tokens,
)
from rnnlib._memory import freeze, frozen, kept
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._norms import tiny_is_zero
from rnnlib._products import product, rows_of, weight_gradient
from rnnlib._repr import described
from rnnlib._typing import Array, ArrayLike, DTypeLike, Grads, Params, Rng
from rnnlib._words import kind_of
from rnnlib.activations import sigmoid, sigmoid_slope
from rnnlib.fast_weights._matrix import (
    RULES,
    FastWeightsState,
    asked,
    check_state,
    outer,
    read,
    unit,
    unit_backward,
    written,
    written_backward,
)
from rnnlib.init import glorot

__all__ = ["FastWeights", "FastWeightsCache"]


class FastWeightsCache(NamedTuple):
    """What the backward pass needs, by the names of the equations; time is first.

    The lengths are those of keys and queries before they were scaled to 1. `gate` is 1
    for the sum. `latest` (T, B) is the last step that exists, counted from 1, and 0 for
    the initial state; `M` (T + 1, B, K, V) begins with the initial memory.
    """

    x: Array
    mask: Array | None
    latest: Array
    k: Array
    q: Array
    v: Array
    gate: Array
    k_length: Array
    q_length: Array
    M: Array
    h: Array


class FastWeights:
    """Write a key and a value into a matrix at each step, and ask it a query.

        k, q = unit(x @ W_k), unit(x @ W_q)         of length 1
        v, gate = x @ W_v, sigmoid(x @ W_g + b_g)
        sum:    M = M_prev + outer(k, v)
        decay:  M = gate * M_prev + outer(k, v)
        delta:  M = M_prev + gate * outer(k, v - k @ M_prev)
        h = q @ M

    The *sum* erases nothing and cannot correct anything. With *decay* what is old
    fades. The *delta rule* looks up what the memory says of k, and writes only what is
    missing: a step of gradient descent on the error `v - k @ M`, at the rate `gate`,
    taken while reading. It has the interface of `Recurrent`.

    Parameters
    ----------
    input_size, key_size, value_size : int
        D, K and V. A matrix (K, V) holds about K pairs.
    rule : {"sum", "decay", "delta"}
    rng : numpy.random.Generator
        Draws the weights, by `rnnlib.init.glorot`.
    gate_bias : float
        Initial value of b_g: the larger, the more is kept, or is written in a step.
    dtype : numpy dtype
        float64 or float32.

    Attributes
    ----------
    params : dict
        W_k (D, K), W_q (D, K), W_v (D, V), and W_g (D, 1), b_g (1,) if there is a gate.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or the rule is unknown.

    References
    ----------
    Schmidhuber, "Learning to control fast-weight memories", 1992.
    Katharopoulos et al., "Transformers are RNNs", 2020: an attention without softmax is
    the sum.
    Schlag, Irie and Schmidhuber, "Linear transformers are secretly fast weight
    programmers", 2021: the delta rule.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> layer = FastWeights(3, 4, 2, rng=rng, rule="delta")
    >>> h, state, cache = layer.forward(rng.standard_normal((5, 1, 3)))
    >>> h.shape, state.M.shape
    ((5, 1, 2), (1, 4, 2))
    >>> bool(np.allclose(h[-1], cache.q[-1] @ state.M[0]))
    True
    """

    params: Params

    def __init__(
        self,
        input_size: int,
        key_size: int,
        value_size: int,
        *,
        rng: Rng,
        rule: str = "sum",
        gate_bias: float = 0.0,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = D = check_size("input_size", input_size)
        self.key_size = K = check_size("key_size", key_size)
        self.value_size = V = check_size("value_size", value_size)
        self.rule = check_choice("rule", rule, RULES)
        self.dtype = check_float_dtype(dtype)
        bias = check_number("gate_bias", gate_bias)
        check_rng(rng)
        sizes = {"W_k": K, "W_q": K, "W_v": V} | ({} if rule == "sum" else {"W_g": 1})
        self.params = {
            name: glorot((D, size), rng=rng, dtype=self.dtype)
            for name, size in sizes.items()
        }
        if rule != "sum":
            self.params["b_g"] = np.full(1, bias, self.dtype)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer like this one."""
        names = ("input_size", "key_size", "value_size", "rule")
        return {**{n: getattr(self, n) for n in names}, "dtype": self.dtype.name}

    __repr__ = described

    @property
    def output_size(self) -> int:
        """V, the size of what is read at each step."""
        return self.value_size

    @property
    def hidden_size(self) -> int:
        """The size of the memory: K * V."""
        return self.key_size * self.value_size

    def with_params(self, params: Params) -> Self:
        """Return a layer of the same kind that computes with other parameters."""
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.params = dict(params)
        return twin

    def initial_state(self, batch_size: int) -> FastWeightsState:
        """Return the empty memory: zeros."""
        B, V = check_size("batch_size", batch_size), self.value_size
        M = np.zeros((B, self.key_size, V), self.dtype)
        return FastWeightsState(np.zeros((B, V), self.dtype), M)

    def final(self, state: FastWeightsState) -> Array:
        """Return what the final state says about the whole sequence: h, (B, V)."""
        return state.h

    def from_final(self, d_final: Array) -> FastWeightsState:
        """Return the gradient of the final state, given that of `final(state)`."""
        return self.initial_state(len(d_final))._replace(h=d_final)

    def from_hidden(self, h: Array) -> FastWeightsState:
        """Return the state whose memory has the entries `h`, (B, K * V)."""
        M = h.reshape(len(h), self.key_size, self.value_size)
        return self.initial_state(len(h))._replace(M=M)

    def to_hidden(self, state: FastWeightsState) -> Array:
        """Return the entries of the memory, (B, K * V)."""
        return state.M.reshape(len(state.M), -1)

    @tiny_is_zero
    def forward(
        self,
        x: ArrayLike | None,
        state: FastWeightsState | None = None,
        mask: ArrayLike | None = None,
    ) -> tuple[Array, FastWeightsState, FastWeightsCache]:
        """Write and read at each step; arguments and results are as in `Recurrent`.

        Parameters
        ----------
        x : float array (T, B, D), or integer tokens (T, B)
            None is refused: a step without input has nothing to write.
        state : FastWeightsState, optional
            By default empty.
        mask : bool array (T, B), optional
            True where a step exists; elsewhere nothing is written, and `h` is repeated.

        Raises
        ------
        ValueError
            If a shape or dtype does not fit, a token is outside 0..D - 1, or a number
            is not finite.
        """
        check_params(self.params)
        x, exists = self._check_input(x, mask)
        T, B = x.shape[:2]
        state = check_state("state", self.initial_state(B), state)
        k, k_length = unit(product(x, self.params["W_k"]))
        q, q_length = unit(product(x, self.params["W_q"]))
        v = product(x, self.params["W_v"])
        gate = np.ones((T, B, 1), v.dtype)
        if self.rule != "sum":
            gate = sigmoid(product(x, self.params["W_g"]) + self.params["b_g"])
        M = np.empty((T + 1, *state.M.shape), np.result_type(k, q, v, gate, *state))
        M[0] = state.M
        for t in range(T):
            M[t + 1] = written(self.rule, M[t], k[t], v[t], gate[t])
            if exists is not None:
                np.copyto(M[t + 1], M[t], where=~exists[t, :, None, None])
        h = np.concatenate([state.h[None], read(M[1:], q)])
        latest = np.broadcast_to(np.arange(1, T + 1)[:, None], (T, B))
        if exists is not None:
            latest = np.maximum.accumulate(latest * exists, axis=0)
        h = h[latest, np.arange(B)]
        lengths = k_length, q_length
        cache = FastWeightsCache(x, exists, latest, k, q, v, gate, *lengths, M, h)
        freeze(cache)
        return frozen(h), FastWeightsState(h[-1].copy(), M[-1].copy()), cache

    @tiny_is_zero
    def backward(
        self,
        dh: ArrayLike,
        cache: Any,
        d_state: FastWeightsState | None = None,
    ) -> tuple[Array | None, FastWeightsState, Grads]:
        """Compute all gradients; arguments and results are as in `Recurrent`."""
        if type(cache) is not FastWeightsCache:
            raise ValueError(
                f"cache must be of type FastWeightsCache, got {kind_of(cache)}; pass "
                "what forward returned last"
            )
        dh = check_finite("dh", check_array("dh", dh, cache.h.shape, dtype=self.dtype))
        T, B, _ = dh.shape
        d_state = check_state("d_state", self.initial_state(B), d_state)
        d_read = np.zeros((T + 1, *d_state.h.shape), np.result_type(dh, d_state.h))
        np.add.at(d_read, (cache.latest, np.arange(B)), dh)
        np.add.at(d_read, (cache.latest[-1], np.arange(B)), d_state.h)
        # h = q @ M
        dq, from_h = asked(cache.M[1:], d_read[1:]), outer(cache.q, d_read[1:])
        dk, dv, dgate = (np.zeros_like(a) for a in (cache.k, cache.v, cache.gate))
        dM = d_state.M
        for t in reversed(range(T)):
            dM = dM + from_h[t]
            step = cache.M[t], cache.k[t], cache.v[t], cache.gate[t]
            dM_prev, *d = written_backward(self.rule, dM, *step)
            if cache.mask is not None:
                exists = cache.mask[t, :, None]
                d = [np.where(exists, each, 0) for each in d]
                dM_prev = np.where(exists[..., None], dM_prev, dM)
            dM, (dk[t], dv[t], dgate[t]) = dM_prev, d
        d_inputs = {
            "W_k": unit_backward(dk, cache.k, cache.k_length),
            "W_q": unit_backward(dq, cache.q, cache.q_length),
            "W_v": dv,
        }
        if self.rule != "sum":
            d_inputs["W_g"] = dgate * sigmoid_slope(cache.gate)
        x, D = cache.x, self.input_size
        grads = {name: weight_gradient(x, d, D) for name, d in d_inputs.items()}
        if self.rule != "sum":
            grads["b_g"] = rows_of(d_inputs["W_g"]).sum(axis=0)
        dx: Array | None = None
        if x.dtype.kind not in "iu":
            dx = np.sum([product(d, self.params[n].T) for n, d in d_inputs.items()], 0)
        return dx, FastWeightsState(d_read[0], dM), grads

    def _check_input(
        self, x: ArrayLike | None, mask: ArrayLike | None
    ) -> tuple[Array, Array | None]:
        """Return x, zero where no step exists, and the mask."""
        if x is None:
            raise ValueError(
                "x must be an array (T, B, D), got None; a step without input has "
                "nothing to write"
            )
        x = as_array("x", x)
        axes: tuple[int | str, ...] = ("T", "B")
        is_tokens, exists = x.dtype.kind in "iu", None
        if not is_tokens:
            axes = (*axes, self.input_size)
        if mask is not None and x.ndim == len(axes):
            exists = kept(check_mask(mask, x.shape[:2]))
            there = exists.reshape(*exists.shape, *[1] * (x.ndim - 2))
            x = np.where(there, x, np.zeros((), x.dtype))
        hint = "for a batch of one, pass x[:, None]"
        if is_tokens:
            return kept(check_tokens("x", x, axes, self.input_size, hint=hint)), exists
        x = check_array("x", x, axes, dtype=self.dtype, hint=hint)
        return kept(check_finite("x", x)), exists
