"""Attention: a weighted look at a whole sequence, forward and backward.

Queries (T, B, H) ask, keys (S, B, H) answer, values (S, B, E) are what is read. The
weights (T, B, S) are a softmax of scores, so each row of them sums to one, and the
context (T, B, E) is the mean of the values under these weights:

    weights = softmax(scores)
    context[t, b] = sum over s of weights[t, b, s] * values[s, b]

Where `mask` (S, B) is False a key does not exist: its weight is exactly zero, and its
entries are ignored, even if they are NaN.
"""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, NamedTuple, Self

import numpy as np

from rnnlib import init
from rnnlib._checks import (
    NotFiniteError,
    check_array,
    check_finite,
    check_flag,
    check_float_dtype,
    check_mask,
    check_rng,
    check_size,
)
from rnnlib._memory import freeze, kept
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._norms import all_finite, tiny_is_zero
from rnnlib._products import product, rows_of, weight_gradient
from rnnlib._repr import described
from rnnlib._typing import Array, ArrayLike, DTypeLike, Grads, Params, Rng
from rnnlib._words import kind_of
from rnnlib.activations import softmax, softmax_backward, tanh_slope

__all__ = ["AdditiveAttention", "Attention", "AttentionCache", "DotAttention"]


class AttentionCache(NamedTuple):
    """What the backward pass of an attention needs.

    `hidden` is the tanh of an additive attention, (T, B, S, A), else None.
    """

    queries: Array
    keys: Array
    values: Array
    mask: Array | None
    hidden: Array | None
    weights: Array


class Attention(ABC):
    """What all kinds of attention share; only their scores differ.

    A subclass defines `scores` and `scores_backward`, and leaves most checks of their
    arguments to `forward` and `backward`.
    """

    params: Params

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """Return the arguments that make an attention of the same kind."""

    __repr__ = described

    @abstractmethod
    def scores(self, queries: Array, keys: Array) -> tuple[Array, Array | None]:
        """Return scores (T, B, S) and what their backward pass needs."""

    @abstractmethod
    def scores_backward(
        self, dscores: Array, cache: AttentionCache
    ) -> tuple[Array, Array, Grads]:
        """Return the gradients of queries, keys and parameters."""

    @tiny_is_zero
    def forward(
        self,
        queries: ArrayLike,
        keys: ArrayLike,
        values: ArrayLike,
        mask: ArrayLike | None = None,
    ) -> tuple[Array, Array, AttentionCache]:
        """Return the context of each query, and the weights it was taken with.

        Parameters
        ----------
        queries : float array (T, B, H)
        keys : float array (S, B, H)
        values : float array (S, B, E)
            Often the keys themselves.
        mask : bool array (S, B), optional
            True where a key exists.

        Returns
        -------
        context : array (T, B, E)
        weights : array (T, B, S)
            A read-only view of the cache.
        cache : AttentionCache

        Raises
        ------
        ValueError
            If shapes or dtypes do not fit, a sequence has no key, or an entry that
            exists, or a score, is not finite.
        """
        check_params(self.params)
        queries, keys, values, exists = _check(queries, keys, values, mask)
        with np.errstate(over="ignore", invalid="ignore"):
            scores, hidden = self.scores(queries, keys)
        if not all_finite(scores):
            raise NotFiniteError("scores must be finite, got infinity; scale the keys")
        if exists is not None:
            scores = np.where(exists.T, scores, -np.inf)
        weights = softmax(scores)
        # context[t, b] = sum over s of weights[t, b, s] * values[s, b]
        context = np.einsum("tbs,sbe->tbe", weights, values, optimize=True)
        cache = AttentionCache(queries, keys, values, exists, hidden, weights)
        freeze(cache)
        return context, weights, cache

    @tiny_is_zero
    def backward(
        self, dcontext: ArrayLike, cache: AttentionCache
    ) -> tuple[Array, Array, Array, Grads]:
        """Return the gradients of queries, keys and values, and of the parameters.

        Raises
        ------
        ValueError
            If the cache comes from something else, or `dcontext` (T, B, E) does not fit
            or is not finite.
        """
        if not isinstance(cache, AttentionCache):
            raise ValueError(
                f"cache must be of type AttentionCache, got {kind_of(cache)}; "
                "pass what forward returned last"
            )
        values, weights = cache.values, cache.weights
        shape = (*weights.shape[:2], values.shape[-1])
        dcontext = check_array("dcontext", dcontext, shape, dtype=values.dtype)
        check_finite("dcontext", dcontext)
        # context[t, b] = sum over s of weights[t, b, s] * values[s, b]
        dvalues = np.einsum("tbs,tbe->sbe", weights, dcontext, optimize=True)
        dweights = np.einsum("tbe,sbe->tbs", dcontext, values, optimize=True)
        # weights = softmax(scores)
        dscores = softmax_backward(dweights, weights)
        dqueries, dkeys, grads = self.scores_backward(dscores, cache)
        return dqueries, dkeys, dvalues, grads

    def with_params(self, params: Params) -> Self:
        """Return an attention of the same kind that computes with other parameters."""
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.params = dict(params)
        return twin


class DotAttention(Attention):
    """Score a key by its dot product with the query.

        scores[t, b, s] = queries[t, b] . keys[s, b]

    Parameters
    ----------
    scaled : bool
        Divide by sqrt(H). The sum of H products grows like sqrt(H); large scores make
        the softmax pick a single key, and then no gradient gets through.

    Attributes
    ----------
    params : dict
        Empty: there is nothing to learn.

    Raises
    ------
    ValueError
        If `scaled` is neither True nor False.

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

    def __init__(self, *, scaled: bool = False) -> None:
        self.scaled = check_flag("scaled", scaled)
        self.params = {}

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an attention of the same kind."""
        return {"scaled": self.scaled}

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
        dtype: DTypeLike = np.float64,
    ) -> None:
        H = check_size("query_size", query_size)
        K = check_size("key_size", key_size)
        A = check_size("attention_size", attention_size)
        check_rng(rng)
        dtype = check_float_dtype(dtype)
        self.params = {
            "W_qa": init.glorot((H, A), rng=rng, dtype=dtype),
            "W_ka": init.glorot((K, A), rng=rng, dtype=dtype),
            "v_a": init.glorot((A, 1), rng=rng, dtype=dtype)[:, 0],
        }

    def config(self) -> dict[str, Any]:
        """Return the arguments that make an attention of the same kind."""
        (H, A), K = self.params["W_qa"].shape, len(self.params["W_ka"])
        sizes = {"query_size": H, "key_size": K, "attention_size": A}
        return {**sizes, "dtype": self.params["v_a"].dtype.name}

    def scores(self, queries: Array, keys: Array) -> tuple[Array, Array | None]:
        """Return the score of each key for each query."""
        W_qa, W_ka = self.params["W_qa"], self.params["W_ka"]
        for name, array, W in (("queries", queries, W_qa), ("keys", keys, W_ka)):
            check_array(name, array, ("T", "B", W.shape[0]), dtype=W.dtype)
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


def _check(
    queries: ArrayLike, keys: ArrayLike, values: ArrayLike, mask: ArrayLike | None
) -> tuple[Array, Array, Array, Array | None]:
    q = check_finite("queries", check_array("queries", queries, ("T", "B", "H")))
    B, dtype = q.shape[1], q.dtype
    k = check_array("keys", keys, ("S", B, "H"), dtype=dtype)
    v = check_array("values", values, (len(k), B, "E"), dtype=dtype)
    if mask is None:
        check_finite("keys", k)
        return kept(q), kept(k), kept(check_finite("values", v)), None
    exists = kept(check_mask(mask, k.shape[:2]))
    if not exists.any(axis=0).all():
        empty = int(np.flatnonzero(~exists.any(axis=0))[0])
        raise ValueError(
            f"mask must leave each sequence a key, got none for sequence {empty}"
        )
    nothing: Any = dtype.type(0)
    k, v = (np.where(exists[:, :, None], array, nothing) for array in (k, v))
    return kept(q), check_finite("keys", k), check_finite("values", v), exists
