"""Kinds of attention: how a query scores a key."""

from typing import Any

import numpy as np

from rnnlib import init
from rnnlib._checks import (
    check_array,
    check_flag,
    check_float_dtype,
    check_rng,
    check_size,
)
from rnnlib._products import product, rows_of, weight_gradient
from rnnlib._typing import Array, DTypeLike, Grads, Rng
from rnnlib.activations import tanh_slope
from rnnlib.attention.base import Attention, AttentionCache

__all__ = ["AdditiveAttention", "DotAttention"]


class DotAttention(Attention):
    """Score a key by its dot product with the query.

        scores[t, b, s] = queries[t, b] . keys[s, b]

    Parameters
    ----------
    scaled : bool
        Divide by sqrt(H). The sum of H products grows like sqrt(H); large scores make
        the softmax pick a single key, and then no gradient gets through.
    lenient : bool
        Instead of an error: the context 0 for a query that sees no key; and, for scores
        that overflow, the limit of the softmax, which is all weight on the largest.

    Attributes
    ----------
    params : dict
        Empty: there is nothing to learn.

    Raises
    ------
    ValueError
        If `scaled` or `lenient` is neither True nor False.

    References
    ----------
    Luong, Pham and Manning, "Effective approaches to attention-based neural machine
    translation", 2015.
    Vaswani et al., "Attention is all you need", 2017: the scaling.

    Examples
    --------
    >>> keys = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    >>> context, weights, cache = DotAttention().forward(3 * keys[:1], keys, keys)
    >>> weights.round(3)
    array([[[0.953, 0.047]]])
    """

    def __init__(self, *, scaled: bool = False, lenient: bool = False) -> None:
        super().__init__({}, lenient=lenient)
        self.scaled = check_flag("scaled", scaled)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an attention of the same kind."""
        return {"scaled": self.scaled, "lenient": self.lenient}

    def scores(self, queries: Array, keys: Array) -> tuple[Array, Array | None]:
        """Return the score of each key for each query."""
        hint = "additive attention takes keys of another size"
        check_array("keys", keys, ("S", "B", queries.shape[2]), hint=hint)
        dots = np.einsum("tbh,sbh->tbs", queries, keys, optimize=True)
        return dots * self._scale(queries), None

    def scores_backward(
        self, dscores: Array, cache: AttentionCache
    ) -> tuple[Array, Array, Grads]:
        """Return the gradients of queries, keys and parameters."""
        queries, keys = cache.queries, cache.keys
        # scores[t, b, s] = scale * queries[t, b] . keys[s, b]
        ddots = dscores * self._scale(queries)
        dqueries = np.einsum("tbs,sbh->tbh", ddots, keys, optimize=True)
        dkeys = np.einsum("tbs,tbh->sbh", ddots, queries, optimize=True)
        return dqueries, dkeys, {}

    def _limit(self, queries: Array, keys: Array) -> tuple[Array, tuple[Array, ...]]:
        """Return the scores of scaled-down queries and keys, and both scales."""
        small_queries, up = _small(queries, axis=-1)  # (T, B, 1)
        small_keys, up_too = _small(keys, axis=(0, -1))  # (1, B, 1)
        return self.scores(small_queries, small_keys)[0], (up, up_too)

    def _scale(self, queries: Array) -> float:
        return float(queries.shape[-1] ** -0.5) if self.scaled else 1.0


class AdditiveAttention(Attention):
    """Score a key by a small network that looks at it and at the query.

        hidden[t, b, s] = tanh(queries[t, b] @ W_qa + keys[s, b] @ W_ka)
        scores = hidden @ v_a

    Parameters
    ----------
    query_size, key_size, attention_size : int
        Of a query, of a key, and of the hidden layer, A.
    rng : numpy.random.Generator
        Draws the weights, by `rnnlib.init.glorot`.
    lenient : bool
        Instead of an error: the context 0 for a query that sees no key.
    dtype : numpy dtype

    Attributes
    ----------
    params : dict
        W_qa (H, A), W_ka (K, A), v_a (A,).

    Raises
    ------
    ValueError
        If a size is not a positive whole number.

    References
    ----------
    Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align
    and translate", 2015.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> attention = AdditiveAttention(2, 3, 4, rng=rng)
    >>> queries, keys = rng.standard_normal((5, 1, 2)), rng.standard_normal((6, 1, 3))
    >>> context, weights, cache = attention.forward(queries, keys, keys)
    >>> context.shape, bool(np.allclose(weights.sum(axis=-1), 1))
    ((5, 1, 3), True)
    """

    def __init__(
        self,
        query_size: int,
        key_size: int,
        attention_size: int,
        *,
        rng: Rng,
        lenient: bool = False,
        dtype: DTypeLike = np.float64,
    ) -> None:
        H = check_size("query_size", query_size)
        K = check_size("key_size", key_size)
        A = check_size("attention_size", attention_size)
        check_rng(rng)
        dtype = check_float_dtype(dtype)
        params = {
            "W_qa": init.glorot((H, A), rng=rng, dtype=dtype),
            "W_ka": init.glorot((K, A), rng=rng, dtype=dtype),
            "v_a": init.glorot((A, 1), rng=rng, dtype=dtype)[:, 0],
        }
        super().__init__(params, lenient=lenient)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an attention of the same kind."""
        (H, A), K = self.params["W_qa"].shape, len(self.params["W_ka"])
        sizes = {"query_size": H, "key_size": K, "attention_size": A}
        dtype = self.params["v_a"].dtype.name
        return {**sizes, "lenient": self.lenient, "dtype": dtype}

    def scores(self, queries: Array, keys: Array) -> tuple[Array, Array | None]:
        """Return the score of each key for each query."""
        W_qa, W_ka = self.params["W_qa"], self.params["W_ka"]
        check_array("queries", queries, ("T", "B", len(W_qa)), dtype=W_qa.dtype)
        check_array("keys", keys, ("S", "B", len(W_ka)), dtype=W_ka.dtype)
        asked = product(queries, W_qa)[:, :, None]
        offered = product(keys, W_ka).swapaxes(0, 1)
        hidden = np.tanh(asked + offered)  # (T, B, S, A)
        return hidden @ self.params["v_a"], hidden

    def scores_backward(
        self, dscores: Array, cache: AttentionCache
    ) -> tuple[Array, Array, Grads]:
        """Return the gradients of queries, keys and parameters."""
        hidden = cache.hidden
        if hidden is None:
            raise ValueError(
                "cache must be that of an AdditiveAttention, got that of a DotAttention"
            )
        W_qa, W_ka, v_a = self.params["W_qa"], self.params["W_ka"], self.params["v_a"]
        # scores = hidden @ v_a
        dv_a = rows_of(hidden).T @ dscores.reshape(-1)
        # hidden = tanh(a),  a = queries @ W_qa + keys @ W_ka
        da = dscores[..., None] * v_a * tanh_slope(hidden)
        da_q, da_k = da.sum(axis=2), da.sum(axis=0).swapaxes(0, 1)
        grads = {
            "W_qa": weight_gradient(cache.queries, da_q, W_qa.shape[0]),
            "W_ka": weight_gradient(cache.keys, da_k, W_ka.shape[0]),
            "v_a": dv_a,
        }
        return product(da_q, W_qa.T), product(da_k, W_ka.T), grads


def _small(array: Array, axis: int | tuple[int, ...]) -> tuple[Array, Array]:
    """Return an array divided by a power of two, to entries below 2; and that power."""
    largest = abs(array.real).max(axis=axis, keepdims=True)
    power = np.maximum(np.frexp(largest)[1] - 1, 0)
    up = np.ldexp(np.ones((), largest.dtype), power)
    return array / up, up
