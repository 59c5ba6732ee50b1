"""What all kinds of attention share: scores to weights to a context, and back.

Queries (T, B, H) ask, keys (S, B, H) answer, values (S, B, E) are what is read. The
weights (T, B, S) are a softmax of scores, so each row of them sums to one, and the
context (T, B, E) is the mean of the values under these weights:

    weights = softmax(scores)
    context[t, b] = sum over s of weights[t, b, s] * values[s, b]

Where `mask` (S, B) is False a key does not exist: its weight is exactly zero, and its
entries are ignored, even if they are NaN. A mask (T, B, S) says it for each query.
"""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, NamedTuple, Self

import numpy as np

from rnnlib._checks import (
    NotFiniteError,
    check_array,
    check_finite,
    check_flag,
    check_mask,
)
from rnnlib._memory import freeze, kept
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._norms import all_finite, tiny_is_zero
from rnnlib._repr import described
from rnnlib._typing import Array, ArrayLike, Grads, Params
from rnnlib._words import kind_of
from rnnlib.activations import softmax, softmax_backward

__all__ = ["Attention", "AttentionCache"]


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

    Attributes
    ----------
    params : dict
    lenient : bool
        What happens where the equation has no answer. A query that sees no key has the
        weights and the context 0, and no gradient; scores that overflow have the limit
        of their softmax, where the kind of attention knows it. Otherwise both are
        errors.
    """

    params: Params

    def __init__(self, params: Params, *, lenient: bool = False) -> None:
        self.params = params
        self.lenient = check_flag("lenient", lenient)

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
        mask : bool array (S, B) or (T, B, S), optional
            True where a key exists; or where a query may look at a key.

        Returns
        -------
        context : array (T, B, E)
        weights : array (T, B, S)
            A read-only view of the cache.
        cache : AttentionCache

        Raises
        ------
        ValueError
            If shapes or dtypes do not fit, or an entry that exists is not finite; and,
            unless it is lenient, if a query sees no key or a score is not finite.
        """
        check_params(self.params)
        queries, keys, values, mask = self._check(queries, keys, values, mask)
        sees = None if mask is None else _by_query(mask)
        scores, hidden = self._finite_scores(queries, keys, sees)
        weights = softmax(scores)
        if sees is not None:
            weights = np.where(sees, weights, 0)
        # context[t, b] = sum over s of weights[t, b, s] * values[s, b]
        context = np.einsum("tbs,sbe->tbe", weights, values, optimize=True)
        cache = AttentionCache(queries, keys, values, mask, hidden, weights)
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

    def _limit(self, queries: Array, keys: Array) -> tuple[Array, tuple[Array, ...]]:
        """Return scores that are finite, and what to multiply them by, in turn."""
        raise _overflow()

    def _finite_scores(
        self, queries: Array, keys: Array, sees: Array | None
    ) -> tuple[Array, Array | None]:
        """Return scores of which the largest of each row is finite."""
        with np.errstate(over="ignore", invalid="ignore"):
            scores, hidden = self.scores(queries, keys)
            if all_finite(scores if sees is None else np.where(sees, scores, 0)):
                return _masked(scores, sees), hidden
            if not self.lenient:
                raise _overflow()
            # scores = small * factors; what counts is how far each is below the largest
            small, factors = self._limit(queries, keys)
            scores = _masked(small, sees)
            scores = scores - scores.real.max(axis=-1, keepdims=True)
            for factor in factors:
                scores = scores * factor
            return scores, hidden

    def _check(
        self,
        queries: ArrayLike,
        keys: ArrayLike,
        values: ArrayLike,
        mask: ArrayLike | None,
    ) -> tuple[Array, Array, Array, Array | None]:
        q = check_finite("queries", check_array("queries", queries, ("T", "B", "H")))
        (T, B), dtype = q.shape[:2], q.dtype
        k = check_array("keys", keys, ("S", B, "H"), dtype=dtype)
        v = check_array("values", values, (len(k), B, "E"), dtype=dtype)
        if mask is None:
            check_finite("keys", k)
            return kept(q), kept(k), kept(check_finite("values", v)), None
        S = len(k)
        shape = (T, B, S) if np.ndim(mask) == 3 else (S, B)
        exists = kept(check_mask(mask, shape, may_be_empty=self.lenient))
        sees = _by_query(exists)
        if not (self.lenient or sees.any(axis=-1).all()):
            raise _nothing_left(exists)
        some: Array = np.asarray(sees.any(axis=0)).T  # (S, B)
        nothing: Any = dtype.type(0)
        k, v = (np.where(some[:, :, None], array, nothing) for array in (k, v))
        return kept(q), check_finite("keys", k), check_finite("values", v), exists


def _by_query(mask: Array) -> Array:
    """Return which query sees which key, (T, B, S), or (1, B, S) for all alike."""
    return mask.T[None] if mask.ndim == 2 else mask


def _masked(scores: Array, sees: Array | None) -> Array:
    """Return scores, -inf where a key is not seen; a row without a key is all 0."""
    if sees is None:
        return scores
    masked = np.where(sees, scores, -np.inf)
    return np.where(sees.any(axis=-1, keepdims=True), masked, 0)


def _overflow() -> NotFiniteError:
    return NotFiniteError("scores must be finite, got infinity; scale the keys")


def _nothing_left(mask: Array) -> ValueError:
    """Return the error for the first query that sees no key."""
    t, b = (int(n) for n in np.argwhere(~_by_query(mask).any(axis=-1))[0])
    one, where = "sequence", f"sequence {b}"
    if mask.ndim == 3:
        one, where = "query", f"query {t} of sequence {b}"
    return ValueError(
        f"mask must leave each {one} a key, got none for {where}; with lenient=True "
        "the attention gives it the context 0"
    )
