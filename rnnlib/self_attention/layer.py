"""A layer in which each step of a sequence looks at the steps of the same sequence."""

from copy import copy
from typing import Any, NamedTuple, Self

import numpy as np

from rnnlib import init
from rnnlib._checks import (
    as_array,
    check_array,
    check_finite,
    check_flag,
    check_float_dtype,
    check_kind,
    check_mask,
    check_rng,
    check_size,
    check_tokens,
)
from rnnlib._memory import freeze, frozen, kept
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._norms import tiny_is_zero
from rnnlib._products import product, weight_gradient
from rnnlib._repr import described
from rnnlib._typing import Array, ArrayLike, DTypeLike, Grads, Params, Rng
from rnnlib.attention import AttentionCache, DotAttention
from rnnlib.self_attention.table import Table, check_table

__all__ = ["SelfAttention", "SelfAttentionCache"]

PROJECTIONS = ("W_xq", "W_xk", "W_xv")


class SelfAttentionCache(NamedTuple):
    """What the backward pass of a self-attention needs.

    `weights` (T, B, heads, S) says how much of each step each head looks at; `exists`
    (S, B) says which there are, those of the initial state first. `latest` (T, B) is
    the last step that exists, counted from 1; 0 is the initial state.
    """

    x: Array
    exists: Array
    latest: Array
    context: Array
    weights: Array
    look: AttentionCache


class SelfAttention:
    """Let each step of a sequence look at itself and at the steps before it.

        q, k, v = x @ W_xq, x @ W_xk, x @ W_xv
        weights = softmax(q . k / sqrt(H / heads))      over the steps that it may see
        h = (weights . v) @ W_vh

    It is an attention whose queries, keys and values come from one sequence. Several
    heads cut q, k and v into as many parts, each with weights of its own, and set what
    they find side by side. All steps are computed at once.

    What goes from one call to the next is the table of all keys and values so far. So
    chunks give what the whole sequence gives, but the table grows with every step.

    Where `mask` is False a step does not exist: nobody looks at it, and its output is
    that of the step before, as a `Recurrent` carries its state over.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    heads : int
        A divisor of H.
    causal : bool
        Whether a step sees only itself and earlier ones. Else it sees the whole of
        what `forward` is given, and all that the state remembers.
    rng : numpy.random.Generator
        Draws the weights, by `rnnlib.init.glorot`.
    dtype : numpy dtype

    Attributes
    ----------
    params : dict
        W_xq, W_xk, W_xv (D, H), W_vh (H, H).

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or the heads do not divide H.

    References
    ----------
    Vaswani et al., "Attention is all you need", 2017.

    Examples
    --------
    >>> from rnnlib.self_attention import positions
    >>> rng = np.random.default_rng(0)
    >>> layer = SelfAttention(3, 4, heads=2, rng=rng)
    >>> x = rng.standard_normal((5, 1, 3)) + positions(5, 3)[:, None]
    >>> h, state, cache = layer.forward(x)
    >>> h.shape, state.keys.shape, cache.weights.shape
    ((5, 1, 4), (5, 1, 4), (5, 1, 2, 5))
    >>> cache.weights[1, 0, 0].round(2)
    array([0.91, 0.09, 0.  , 0.  , 0.  ])
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        heads: int = 1,
        causal: bool = True,
        rng: Rng,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = D = check_size("input_size", input_size)
        self.hidden_size = H = check_size("hidden_size", hidden_size)
        self.heads = check_size("heads", heads)
        self.causal = check_flag("causal", causal)
        self.dtype = check_float_dtype(dtype)
        check_rng(rng)
        if H % self.heads:
            raise ValueError(
                f"heads must divide hidden_size {H}, got {heads}; each head has an "
                "equal part of it"
            )
        shapes = dict.fromkeys(PROJECTIONS, (D, H)) | {"W_vh": (H, H)}
        self.params: Params = {
            name: init.glorot(shape, rng=rng, dtype=self.dtype)
            for name, shape in shapes.items()
        }
        # padding has a query, too, and sees nothing
        self._attention = DotAttention(scaled=True, lenient=True)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer like this one."""
        sizes = {"input_size": self.input_size, "hidden_size": self.hidden_size}
        kind = {"heads": self.heads, "causal": self.causal}
        return {**sizes, **kind, "dtype": self.dtype.name}

    __repr__ = described

    @property
    def output_size(self) -> int:
        """H, the size of what comes out at each step."""
        return self.hidden_size

    def with_params(self, params: Params) -> Self:
        """Return a layer of the same kind that computes with other parameters."""
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.params = dict(params)
        return twin

    def initial_state(self, batch_size: int) -> Table:
        """Return an empty table."""
        B = check_size("batch_size", batch_size)
        return self.from_final(np.zeros((B, self.hidden_size), self.dtype))

    def from_hidden(self, h: Array) -> Table:
        """Raise: there is no hidden state that a sequence could start from."""
        raise ValueError(
            "layer must have a hidden state to start from, got SelfAttention, which "
            "starts from an empty table; use a Recurrent layer"
        )

    def to_hidden(self, state: Table) -> Array:
        """Return what came out last, (B, H)."""
        return state.h

    def final(self, state: Table) -> Array:
        """Return what came out last, (B, H)."""
        return state.h

    def from_final(self, d_final: Array) -> Table:
        """Return the gradient of the final state, given that of `final(state)`."""
        nothing = np.zeros((0, *d_final.shape), self.dtype)
        return Table(d_final, nothing, nothing, np.zeros((0, len(d_final)), bool))

    @tiny_is_zero
    def forward(
        self,
        x: ArrayLike | None,
        state: Any = None,
        mask: ArrayLike | None = None,
    ) -> tuple[Array, Any, Any]:
        """Compute what comes out at all steps.

        Parameters
        ----------
        x : float array (T, B, D) or integer tokens (T, B)
        state : Table, optional
            What was read before; by default nothing.
        mask : bool array (T, B), optional
            True where a step exists.

        Returns
        -------
        h : array (T, B, H)
            Read-only.
        state : Table
            What was read before, and after it the keys and values of `x`.
        cache : SelfAttentionCache

        Raises
        ------
        ValueError
            If a shape or dtype does not fit, a token is outside 0..D - 1, the mask
            leaves no step, or an input or a parameter is not finite.
        """
        check_params(self.params)
        x, mask = self._check_input(x, mask)
        T, B = mask.shape
        past = empty = self.initial_state(B)
        if state is not None:
            past = check_table("state", state, empty)
        q, k, v = (
            np.where(mask[:, :, None], product(x, self.params[name]), 0)
            for name in PROJECTIONS
        )
        keys, values = _after(past.keys, k), _after(past.values, v)
        exists = _after(past.exists, mask)
        context, weights, look = self._attention.forward(
            self._by_head(q),
            self._by_head(keys),
            self._by_head(values),
            np.repeat(self._sees(mask, exists), int(self.heads), axis=1),
        )
        context = frozen(context.reshape(q.shape))
        h = _after(past.h[None], product(context, self.params["W_vh"]))
        latest = np.maximum.accumulate(np.arange(1, T + 1)[:, None] * mask, axis=0)
        h = frozen(h[latest, np.arange(B)])
        weights = weights.reshape(T, B, self.heads, -1)
        cache = SelfAttentionCache(x, exists.copy(), latest, context, weights, look)
        freeze(cache)
        return h, Table(h[-1].copy(), keys, values, exists), cache

    @tiny_is_zero
    def backward(
        self, dh: ArrayLike, cache: Any, d_state: Any = None
    ) -> tuple[Array | None, Any, Grads]:
        """Compute all gradients.

        Parameters
        ----------
        dh : array (T, B, H)
            Gradient of the loss with respect to what came out at each step.
        cache : SelfAttentionCache
            As `forward` returned it.
        d_state : Table, optional
            Gradient with respect to the final state: `h`, in addition to `dh[-1]`, and
            keys and values of all S steps, or of none.

        Returns
        -------
        dx : array (T, B, D), or None for tokens
        d_state : Table
            Gradient with respect to the initial state.
        grads : dict with the keys of `params`
        """
        hint = "pass what forward returned last"
        cache = check_kind("cache", cache, SelfAttentionCache, hint)
        (T, B, H), S = cache.context.shape, len(cache.exists)
        dh = check_finite("dh", check_array("dh", dh, (T, B, H), dtype=self.dtype))
        empty = self.initial_state(B)
        if d_state is None:
            d_state = empty
        d_state = check_table("d_state", d_state, empty, (0, S))
        # h[t] = own[latest[t] - 1], or the initial h where that is 0
        d_own = np.zeros((T + 1, B, H), np.result_type(dh, cache.context))
        np.add.at(d_own, (cache.latest, np.arange(B)), dh)
        np.add.at(d_own, (cache.latest[-1], np.arange(B)), d_state.h)
        dh_0, d_own = d_own[0], d_own[1:]
        # own = context @ W_vh
        dW_vh = weight_gradient(cache.context, d_own, H)
        dcontext = product(d_own, self.params["W_vh"].T)
        # context = attention(queries=q, keys=keys, values=values), for each head
        by_head = self._attention.backward(self._by_head(dcontext), cache.look)[:3]
        dq, dkeys, dvalues = (part.reshape(-1, B, H) for part in by_head)
        if len(d_state.keys):
            dkeys, dvalues = dkeys + d_state.keys, dvalues + d_state.values
        # keys, values = those of the initial state, then those of x
        past, own = slice(S - T), slice(S - T, S)
        initial = Table(dh_0, dkeys[past], dvalues[past], cache.exists[past].copy())
        dx, grads = self._projections_backward(
            (dq, dkeys[own], dvalues[own]), cache.x, cache.exists[own]
        )
        return dx, initial, {**grads, "W_vh": dW_vh}

    def _projections_backward(
        self, outputs: tuple[Array, ...], x: Array, mask: Array
    ) -> tuple[Array | None, Grads]:
        """Return the gradients of x and of W_xq, W_xk, W_xv."""
        grads, parts = {}, []
        for name, output in zip(PROJECTIONS, outputs, strict=True):
            # q = x @ W_xq, and likewise k and v
            d = np.where(mask[:, :, None], output, 0)
            grads[name] = weight_gradient(x, d, self.input_size)
            parts.append(product(d, self.params[name].T))
        dq_x, dk_x, dv_x = parts
        return None if x.ndim == 2 else dq_x + dk_x + dv_x, grads

    def _by_head(self, array: Array) -> Array:
        """Return (T, B * heads, H / heads): each head is a sequence of its own."""
        T, B, H = array.shape
        return array.reshape(T, B * self.heads, H // self.heads)

    def _sees(self, mask: Array, exists: Array) -> Array:
        """Return which of T steps looks at which of S, (T, B, S)."""
        T, S = len(mask), len(exists)
        sees = np.ones((T, S), bool)
        if self.causal:
            sees = np.tri(T, S, S - T, dtype=bool)
        both: Array = sees[:, None] & exists.T & mask[:, :, None]
        return both

    def _check_input(
        self, x: ArrayLike | None, mask: ArrayLike | None
    ) -> tuple[Array, Array]:
        """Return x, 0 where no step exists, and the mask."""
        if x is None:
            raise ValueError(
                "x must be an array (T, B, D), got None; a step without input has "
                "nothing to look with"
            )
        x = as_array("x", x)
        is_tokens = x.dtype.kind in "iu"
        axes: tuple[int | str, ...] = ("T", "B") if is_tokens else ("T", "B", "D")
        hint = "for a batch of one, pass x[:, None]"
        if x.ndim != len(axes) or mask is None:
            exists = np.ones(x.shape[:2], bool)
        else:
            exists = kept(check_mask(mask, x.shape[:2]))
            there = exists.reshape(*exists.shape, *[1] * (x.ndim - 2))
            x = np.where(there, x, np.zeros((), x.dtype))
        if is_tokens:
            return kept(check_tokens("x", x, axes, self.input_size, hint=hint)), exists
        shape = (*axes[:2], self.input_size)
        x = check_array("x", x, shape, dtype=self.dtype, hint=hint)
        return kept(check_finite("x", x)), exists


def _after(past: Array, new: Array) -> Array:
    """Return the rows of `past` and then those of `new`."""
    return np.concatenate([past, new])
