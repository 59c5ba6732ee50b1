"""Layers without a memory: linear scores, embeddings, dropout.

Each returns its output and a cache from `forward`, and gradients from `backward`.
Inputs may have any leading axes, (T, B) in most lessons. What does not fit in shape,
dtype or range, or is not finite, is a ValueError.
"""

from copy import copy
from typing import Any, Self

import numpy as np

from rnnlib import init
from rnnlib._checks import (
    as_array,
    check_array,
    check_finite,
    check_flag,
    check_float_dtype,
    check_mask,
    check_number,
    check_rng,
    check_size,
    check_tokens,
)
from rnnlib._memory import kept
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._norms import tiny_is_zero
from rnnlib._products import product, rows_of, weight_gradient
from rnnlib._repr import described
from rnnlib._typing import Array, ArrayLike, DTypeLike, Grads, Params, Rng
from rnnlib._words import shown

__all__ = ["Dropout", "Embedding", "Linear"]

FROM_FORWARD = "pass what forward returned last"


class _Layer:
    """Parameters in a dict, and a way to compute with others."""

    params: Params
    dtype: np.dtype[Any]

    def with_params(self, params: Params) -> Self:
        """Return a layer of the same kind that computes with other parameters."""
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.params = dict(params)
        return twin

    __repr__ = described


class Linear(_Layer):
    """Turn hidden states into scores: the output layer.

        y = h @ W_hy + b_y

    These are scores, or logits: any real numbers. A softmax makes them probabilities
    (Bridle, 1990), and the losses have it inside.

    Parameters
    ----------
    input_size, output_size : int
        H, and V for a model of V symbols.
    rng : numpy.random.Generator
        Draws W_hy, by `rnnlib.init.glorot`; b_y starts at zero.
    names : pair of str
        Keys of the weights and of the bias, for a layer that stands elsewhere.
    dtype : numpy dtype

    Attributes
    ----------
    params : dict
        W_hy (H, V), b_y (V,).

    Raises
    ------
    ValueError
        If a size is not a positive whole number.

    Examples
    --------
    >>> layer = Linear(4, 3, rng=np.random.default_rng(0))
    >>> y, cache = layer.forward(np.ones((5, 2, 4)))
    >>> dh, grads = layer.backward(np.ones_like(y), cache)
    >>> y.shape, dh.shape, grads["b_y"]
    ((5, 2, 3), (5, 2, 4), array([10., 10., 10.]))
    """

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        rng: Rng,
        names: tuple[str, str] = ("W_hy", "b_y"),
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = H = check_size("input_size", input_size)
        self.output_size = V = check_size("output_size", output_size)
        self.dtype = check_float_dtype(dtype)
        self.names = _check_names(names)
        weight = init.glorot((H, V), rng=check_rng(rng), dtype=self.dtype)
        self.params = {names[0]: weight, names[1]: np.zeros(V, self.dtype)}

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer of the same kind."""
        sizes = {"input_size": self.input_size, "output_size": self.output_size}
        return {**sizes, "names": self.names, "dtype": self.dtype.name}

    @tiny_is_zero
    def forward(self, h: ArrayLike) -> tuple[Array, Array]:
        """Return scores (..., V) of states (..., H), and the cache."""
        check_params(self.params)
        shape = ("...", self.input_size)
        h = check_finite("h", check_array("h", h, shape, dtype=self.dtype))
        W, b = (self.params[name] for name in self.names)
        return product(h, W) + b, kept(h)

    @tiny_is_zero
    def backward(self, dy: ArrayLike, cache: Array) -> tuple[Array, Grads]:
        """Return the gradient of the states (..., H), and those of the parameters."""
        shape: tuple[int | str, ...] = ("...", self.input_size)
        cache = check_array("cache", cache, shape, dtype=self.dtype, fix=FROM_FORWARD)
        shape = (*cache.shape[:-1], self.output_size)
        dy = check_finite("dy", check_array("dy", dy, shape, dtype=self.dtype))
        # y = h @ W_hy + b_y
        grads = weight_gradient(cache, dy, self.input_size), rows_of(dy).sum(axis=0)
        dh = product(dy, self.params[self.names[0]].T)
        return dh, dict(zip(self.names, grads, strict=True))


class Embedding(_Layer):
    """Give each token a vector of its own, and learn it.

        e = W_xe[x]

    That is what a product with a one-hot vector gives, without the zeros. A token that
    occurs several times receives the sum of its gradients.

    Parameters
    ----------
    vocab_size, embedding_size : int
        V and E.
    rng : numpy.random.Generator
        Draws the vectors, standard normal numbers.
    dtype : numpy dtype

    Attributes
    ----------
    params : dict
        W_xe (V, E): one row a token.

    Raises
    ------
    ValueError
        If a size is not a positive whole number.

    References
    ----------
    Bengio et al., "A neural probabilistic language model", 2003.

    Examples
    --------
    >>> layer = Embedding(5, 2, rng=np.random.default_rng(0))
    >>> e, cache = layer.forward([[3, 3, 1]])
    >>> e.shape, layer.backward(np.ones_like(e), cache)["W_xe"][3]
    ((1, 3, 2), array([2., 2.]))
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        *,
        rng: Rng,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.vocab_size = V = check_size("vocab_size", vocab_size)
        self.embedding_size = E = check_size("embedding_size", embedding_size)
        self.dtype = check_float_dtype(dtype)
        vectors = check_rng(rng).standard_normal((V, E))
        self.params = {"W_xe": vectors.astype(self.dtype)}

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer of the same kind."""
        sizes = {"vocab_size": self.vocab_size, "embedding_size": self.embedding_size}
        return {**sizes, "dtype": self.dtype.name}

    @property
    def input_size(self) -> int:
        """V, the number of tokens."""
        return self.vocab_size

    @property
    def output_size(self) -> int:
        """E, the size of a vector."""
        return self.embedding_size

    def forward(
        self, tokens: ArrayLike, mask: ArrayLike | None = None
    ) -> tuple[Array, Array]:
        """Return vectors (..., E) of tokens (...), and the cache.

        Where `mask` is False the token is not looked at, and the vector is zero.
        """
        check_params(self.params)
        tokens = as_array("tokens", tokens)
        if mask is None:
            tokens = check_tokens("tokens", tokens, ("...",), self.vocab_size)
            return self.params["W_xe"][tokens], kept(tokens)
        exists = check_mask(mask, tokens.shape)
        tokens = np.where(exists, tokens, np.zeros((), tokens.dtype))
        tokens = check_tokens("tokens", tokens, ("...",), self.vocab_size)
        vectors = self.params["W_xe"][tokens] * exists[..., None].astype(self.dtype)
        return vectors, np.where(exists, tokens, -1)

    @tiny_is_zero
    def backward(self, de: ArrayLike, cache: Array) -> Grads:
        """Return the gradient of the parameters; tokens have none."""
        cache = as_array("cache", cache)
        if cache.dtype.kind not in "iu":
            raise ValueError(
                f"cache must hold whole numbers, got dtype {cache.dtype}; "
                f"{FROM_FORWARD}"
            )
        shape = (*cache.shape, self.embedding_size)
        de = check_array("de", de, shape, dtype=self.dtype)
        exists = cache >= 0
        de_seen = check_finite("de where a token exists", de[exists])
        # e = W_xe[x]
        dW_xe = weight_gradient(cache[exists], de_seen, self.vocab_size)
        return {"W_xe": dW_xe}


class Dropout(_Layer):
    """Set a random share of the entries to zero, and scale up the others.

    In training each entry is kept with probability `1 - rate` and divided by it, so
    its mean stays what it was (inverted dropout). At inference nothing is changed.

    Parameters
    ----------
    rate : float
        Share to drop, from 0 up to, but not including, 1.
    same_over_time : bool
        Draw one mask and keep it for all steps, the first axis of the input. A fresh
        mask at each step would wipe out a memory that passes through it.

    Raises
    ------
    ValueError
        If the rate is not in that range.

    References
    ----------
    Srivastava et al., "Dropout", 2014.
    Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent
    neural networks", 2016: one mask over time.

    Examples
    --------
    >>> dropout = Dropout(0.5)
    >>> y, cache = dropout.forward(np.ones((4, 2)), rng=np.random.default_rng(0))
    >>> sorted({float(entry) for entry in y.ravel()})
    [0.0, 2.0]
    >>> y, cache = dropout.forward(np.ones((4, 2)))
    >>> bool((y == 1).all())
    True
    """

    def __init__(self, rate: float, *, same_over_time: bool = False) -> None:
        self.rate = rate
        self.same_over_time = check_flag("same_over_time", same_over_time)
        self.params = {}

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer of the same kind."""
        return {"rate": self.rate, "same_over_time": self.same_over_time}

    @property
    def rate(self) -> float:
        """The share that is dropped; it may be changed, within its range."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        checked = check_number("rate", rate, at_least=0)
        if checked >= 1:
            raise ValueError(f"rate must be less than 1, got {shown(rate)}")
        self._rate = checked

    @tiny_is_zero
    def forward(
        self, x: ArrayLike, *, rng: Rng | None = None
    ) -> tuple[Array, Array | None]:
        """Return `x` with entries dropped, and the cache; without `rng`, `x` itself."""
        x = as_array("x", x)
        if x.dtype.kind in "iu":
            raise ValueError(
                f"x must hold floats, got dtype {x.dtype}; tokens go through an "
                "Embedding first, and their vectors through the dropout"
            )
        check_array("x", x, ("...", "D"))
        if rng is None:
            return x, None
        shape = x.shape
        if self.same_over_time:
            shape = (1, *shape[1:])
        stays = check_rng(rng).random(shape) >= self.rate
        scale = stays.astype(x.dtype) / x.dtype.type(1 - self.rate)
        return x * scale, np.broadcast_to(scale, x.shape)

    @tiny_is_zero
    def backward(self, dy: ArrayLike, cache: Array | None) -> Array:
        """Return the gradient of `x`: what was dropped gets none."""
        if cache is None:
            return check_array("dy", dy, ("...", "D"))
        cache = check_array("cache", cache, ("...", "D"), fix=FROM_FORWARD)
        return check_array("dy", dy, cache.shape, dtype=cache.dtype) * cache


def _check_names(names: Any) -> tuple[str, str]:
    """Return the keys of weights and bias if they are a pair of strings."""
    if isinstance(names, str) or [type(name) for name in names] != [str, str]:
        raise ValueError(
            f"names must be a pair of strings, of weights and bias, got {shown(names)}"
        )
    weights, bias = names
    return weights, bias
