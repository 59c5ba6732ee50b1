"""Recurrent layers one above the other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from rnnlib._checks import check_integers
from rnnlib._memory import frozen
from rnnlib._nesting import check_own_weights
from rnnlib._typing import Array, ArrayLike, Grads, Rng
from rnnlib._words import kind_of
from rnnlib.cells import Cell
from rnnlib.fast_weights import FastWeights
from rnnlib.layers import Dropout, Embedding
from rnnlib.recurrent.bidirectional import Bidirectional
from rnnlib.recurrent.composite import Composed
from rnnlib.recurrent.layer import Recurrent
from rnnlib.self_attention import SelfAttention

__all__ = ["Layer", "Stacked", "check_causal", "check_layer", "run"]


class Stacked(Composed):
    """Layers one above the other: each reads what the one below gives.

    An `Embedding` may stand at the bottom, and a `Dropout` below any recurrent layer:
    it drops what goes up, never what goes on in time. `same_over_time=True` drops the
    same units at every step of a sequence.

    Parameters
    ----------
    layers : sequence of Recurrent, Bidirectional, FastWeights, SelfAttention, Stacked,
        Embedding or Dropout
        From the bottom up. The input size of each is the output size of the one below;
        the highest one is recurrent.

    Attributes
    ----------
    params : dict
        Those of all layers, as `0.W_hh`, `1.W_hh`, ...
    recurrent : tuple of layers
        Those that have a state.

    Raises
    ------
    ValueError
        If there is no layer, one stands where it cannot, two share weights, or sizes or
        dtypes do not fit.

    References
    ----------
    Zaremba, Sutskever and Vinyals, "Recurrent neural network regularization", 2014:
    dropout between layers.
    Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent
    neural networks", 2016: one mask over time.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib import GRUCell
    >>> rng = np.random.default_rng(0)
    >>> below, above = GRUCell(3, 4, rng=rng), GRUCell(4, 2, rng=rng)
    >>> layer = Stacked([Recurrent(below), Recurrent(above)])
    >>> h, state, cache = layer.forward(np.ones((5, 1, 3)))
    >>> h.shape, [part.h.shape for part in state]
    ((5, 1, 2), [(1, 4), (1, 2)])
    >>> layer = Stacked([Embedding(9, 3, rng=rng), Recurrent(below), Dropout(0.5),
    ...                  Recurrent(above)])
    >>> layer.forward(np.array([[8], [0]]), rng=rng)[0].shape
    (2, 1, 2)
    """

    def __init__(self, layers: "Sequence[Layer | Embedding | Dropout]") -> None:
        if not isinstance(layers, Sequence):
            raise ValueError(
                f"layers must be a list, got {kind_of(layers)}; "
                "write Stacked([layer, ...])"
            )
        self.layers = tuple(layers)
        self.names = tuple(str(k) for k in range(len(self.layers)))
        _check_places(self.layers)
        check_own_weights("layers", "layer", self.layers)
        for below, above in pairwise(_sized(self.layers)):
            k = self.layers.index(above)
            if above.input_size != below.output_size:
                raise ValueError(
                    f"layer {k} must have input_size {below.output_size}, the output "
                    f"size of the layer below, got {above.input_size}"
                )
            if above.dtype != below.dtype:
                raise ValueError(
                    f"layer {k} must have dtype {below.dtype}, that of the layer "
                    f"below, got {above.dtype}"
                )

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer like this one."""
        return {"layers": list(self.layers)}

    @property
    def recurrent(self) -> tuple[Any, ...]:
        """The layers that have a state."""
        passing = (Embedding, Dropout)
        return tuple(layer for layer in self.layers if not isinstance(layer, passing))

    @property
    def drops(self) -> bool:
        """Whether units are dropped in training, which takes a generator."""
        return any(
            layer.rate > 0 if isinstance(layer, Dropout) else getattr(layer, "drops", 0)
            for layer in self.layers
        )

    @property
    def input_size(self) -> int:
        """D, the size of the input; or V, the number of tokens, of an embedding."""
        return int(_sized(self.layers)[0].input_size)

    @property
    def output_size(self) -> int:
        """The output size of the highest layer."""
        return int(self.layers[-1].output_size)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of parameters, inputs and outputs."""
        dtype: np.dtype[Any] = self.layers[-1].dtype
        return dtype

    def final(self, state: tuple[Any, ...]) -> Array:
        """Return what the highest layer's final state says, (B, H)."""
        final: Array = self.layers[-1].final(state[-1])
        return final

    def from_final(self, d_final: Array) -> tuple[Any, ...]:
        """Return the gradient of the final state, given that of `final(state)`."""
        below = (None,) * (len(self.recurrent) - 1)
        return (*below, self.layers[-1].from_final(d_final))

    def forward(
        self,
        x: ArrayLike | None,
        state: Any = None,
        mask: ArrayLike | None = None,
        *,
        rng: Rng | None = None,
    ) -> tuple[Array, tuple[Any, ...], tuple[Any, ...]]:
        """Compute the states of all layers.

        Parameters
        ----------
        x, mask
            As for `Recurrent.forward`; every layer has the same mask.
        state : tuple of states, optional
            One for each recurrent layer.
        rng : numpy.random.Generator, optional
            Draws what is dropped, in training. Without it nothing is dropped.

        Returns
        -------
        h : array (T, B, H)
            The hidden states of the highest layer, read-only.
        state : tuple of states
            One for each recurrent layer.
        cache : tuple
            One entry for each layer.
        """
        initial = iter(self._check_states("state", state))
        below: Any = x
        cache: Any
        finals, caches = [], []
        for layer in self.layers:
            if isinstance(layer, Embedding):
                below, cache = layer.forward(_tokens(below), mask)
                frozen(below)
            elif below is None and isinstance(layer, Dropout):
                cache = None  # a step without input has nothing to drop
            elif isinstance(layer, Dropout):
                below, cache = layer.forward(below, rng=rng)
            else:
                below, final, cache = run(layer, below, next(initial), mask, rng)
                finals.append(final)
            caches.append(cache)
        return below, tuple(finals), tuple(caches)

    def backward(
        self, dh: ArrayLike, cache: tuple[Any, ...], d_state: Any = None
    ) -> tuple[Array | None, tuple[Any, ...], Grads]:
        """Compute all gradients, from the highest layer down."""
        d_finals = iter(self._check_states("d_state", d_state)[::-1])
        caches = self._check_caches(cache)
        above: Any = dh
        d_initials, grads = [], []
        for layer, inner in zip(reversed(self.layers), reversed(caches), strict=True):
            inner_grads: Grads = {}
            if isinstance(layer, Embedding):
                above, inner_grads = None, layer.backward(above, inner)
            elif isinstance(layer, Dropout):
                above = None if above is None else layer.backward(above, inner)
            else:
                above, d_initial, inner_grads = layer.backward(
                    above, inner, next(d_finals)
                )
                d_initials.append(d_initial)
            grads.append(inner_grads)
        return above, tuple(d_initials[::-1]), self._joined(grads[::-1])


Layer: TypeAlias = Recurrent | Bidirectional | Stacked | FastWeights | SelfAttention


def run(
    layer: Layer, x: ArrayLike | None, state: Any, mask: Any, rng: Rng | None
) -> tuple[Array, Any, Any]:
    """Return what `layer.forward` returns; with an `rng`, a stack drops units.

    Only `Stacked` can have a `Dropout` in it, so it alone takes the generator.
    """
    if isinstance(layer, Stacked):
        return layer.forward(x, state, mask, rng=rng)
    return layer.forward(x, state, mask)


def check_layer(layer: Any, name: str = "layer") -> Layer:
    """Return `layer` if it is one."""
    layers = Recurrent | Bidirectional | Stacked | FastWeights | SelfAttention
    if isinstance(layer, layers):
        return layer
    if isinstance(layer, type):
        fix = f"make one: {layer.__name__}(...)"
    elif isinstance(layer, Cell):
        fix = "wrap a cell as Recurrent(cell)"
    elif isinstance(layer, Embedding | Dropout):
        below = type(layer).__name__.lower()
        fix = f"put it below a layer, as in Stacked([{below}, layer])"
    elif isinstance(layer, list | tuple):
        fix = "put layers one above the other with Stacked([layer, layer])"
    else:
        fix = "make one as Recurrent(LSTMCell(input_size, hidden_size, rng=rng))"
    raise ValueError(
        f"{name} must be a Recurrent, Bidirectional or Stacked, got "
        f"{kind_of(layer)}; {fix}"
    )


def check_causal(layer: Any, name: str = "layer") -> Layer:
    """Return `layer` if it reads from left to right only, as a writer must."""
    checked = check_layer(layer, name)
    for inner in checked.recurrent if isinstance(checked, Stacked) else ():
        check_causal(inner, name)
    if isinstance(checked, Bidirectional) or not getattr(checked, "causal", True):
        raise ValueError(
            f"{name} must read from left to right only, as Recurrent or Stacked does, "
            f"got {kind_of(checked)}; what comes later is not yet written"
        )
    return checked


def _tokens(x: Any) -> Array:
    """Return what an embedding at the bottom looks up."""
    if x is None:
        raise ValueError(
            "x must be tokens (T, B), got None; an Embedding has no vector for a step "
            "without input"
        )
    hint = "for a batch of one, pass x[:, None]"
    return check_integers("x", x, ("T", "B"), hint=hint)


def _sized(layers: Sequence[Any]) -> list[Any]:
    """Return the layers that have a size: all but the dropout."""
    return [layer for layer in layers if not isinstance(layer, Dropout)]


def _check_places(layers: Sequence[Any]) -> None:
    """Raise unless each layer can stand where it does."""
    if not layers:
        raise ValueError("layers must hold at least one layer, got none")
    for k, layer in enumerate(layers):
        if isinstance(layer, Embedding) and k > 0:
            raise ValueError(
                f"an Embedding must be the lowest layer, got one as layer {k}; "
                "it takes tokens"
            )
        if not isinstance(layer, Embedding | Dropout):
            check_layer(layer, f"layer {k}")
    if isinstance(layers[-1], Embedding | Dropout):
        fix = "put a layer above it, as in Stacked([embedding, layer])"
        if isinstance(layers[-1], Dropout):
            fix = "a model has a dropout of its own above it"
        raise ValueError(
            "the highest layer must be a Recurrent, Bidirectional or Stacked, got "
            f"{kind_of(layers[-1])}; {fix}"
        )
