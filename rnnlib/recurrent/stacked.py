"""Recurrent layers one above the other."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from rnnlib._typing import Array, ArrayLike, Grads
from rnnlib.recurrent.bidirectional import Bidirectional
from rnnlib.recurrent.composite import Composed
from rnnlib.recurrent.layer import Recurrent

__all__ = ["Layer", "Stacked", "check_causal"]


class Stacked(Composed):
    """Layers one above the other: each reads the hidden states of the one below.

    Parameters
    ----------
    layers : sequence of Recurrent, Bidirectional or Stacked
        From the bottom up. The input size of each is the output size of the one below.

    Attributes
    ----------
    params : dict
        Those of all layers, as `0.W_hh`, `1.W_hh`, ...

    Raises
    ------
    ValueError
        If there is no layer, two share weights, or sizes or dtypes do not fit.

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
    """

    def __init__(self, layers: "Sequence[Layer]") -> None:
        if not isinstance(layers, Sequence):
            raise ValueError(
                f"layers must be a list, got {type(layers).__name__}; "
                "write Stacked([layer, ...])"
            )
        self.layers = tuple(layers)
        self.names = tuple(str(k) for k in range(len(self.layers)))
        if not self.layers:
            raise ValueError("layers must hold at least one layer, got none")
        for layer in self.layers:
            if not isinstance(layer, Recurrent | Bidirectional | Stacked):
                raise ValueError(
                    f"layers must be recurrent layers, got {type(layer).__name__}; "
                    "wrap a cell as Recurrent(cell)"
                )
        weights = [
            id(array) for layer in self.layers for array in layer.params.values()
        ]
        if len(set(weights)) < len(weights):
            raise ValueError(
                "layers must not share weights, got the same ones twice; "
                "make a cell, with weights of its own, for each layer"
            )
        for k, (below, above) in enumerate(
            zip(self.layers[:-1], self.layers[1:], strict=True), start=1
        ):
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

    @property
    def output_size(self) -> int:
        """The output size of the highest layer."""
        return int(self.layers[-1].output_size)

    def final(self, state: tuple[Any, ...]) -> Array:
        """Return what the highest layer's last state says, (B, H)."""
        final: Array = self.layers[-1].final(state[-1])
        return final

    def from_final(self, d_final: Array) -> tuple[Any, ...]:
        """Return the gradient of the last state, given that of `final`."""
        return (None,) * (len(self.layers) - 1) + (self.layers[-1].from_final(d_final),)

    def forward(
        self, x: ArrayLike | None, state: Any = None, mask: ArrayLike | None = None
    ) -> tuple[Array, tuple[Any, ...], tuple[Any, ...]]:
        """Compute the states of all layers.

        Parameters
        ----------
        x, mask
            As for `Recurrent.forward`; every layer has the same mask.
        state : tuple of states, optional
            One for each layer.

        Returns
        -------
        h : array (T, B, H)
            The hidden states of the highest layer.
        state, cache : tuples
            One entry for each layer.
        """
        states = self._check_states("state", state)
        below: Any = x
        ends, caches = [], []
        for layer, start in zip(self.layers, states, strict=True):
            below, end, cache = layer.forward(below, start, mask)
            ends.append(end)
            caches.append(cache)
        return below, tuple(ends), tuple(caches)

    def backward(
        self, dh: ArrayLike, cache: tuple[Any, ...], d_state: Any = None
    ) -> tuple[Array | None, tuple[Any, ...], Grads]:
        """Compute all gradients, from the highest layer down."""
        d_ends = self._check_states("d_state", d_state)
        caches = self._check_caches(cache)
        above: Any = dh
        d_starts, grads = [], []
        for layer, inner, d_end in zip(
            reversed(self.layers), reversed(caches), reversed(d_ends), strict=True
        ):
            above, d_start, inner_grads = layer.backward(above, inner, d_end)
            d_starts.append(d_start)
            grads.append(inner_grads)
        return above, tuple(d_starts[::-1]), self._joined(grads[::-1])


Layer: TypeAlias = Recurrent | Bidirectional | Stacked


def check_layer(layer: Any) -> Layer:
    """Return `layer` if it is one."""
    if not isinstance(layer, Recurrent | Bidirectional | Stacked):
        raise ValueError(
            "layer must be a Recurrent, Bidirectional or Stacked, got "
            f"{type(layer).__name__}; wrap a cell as Recurrent(cell)"
        )
    return layer


def check_causal(layer: Layer) -> Layer:
    """Return `layer` if it reads from left to right only, as a writer must."""
    if isinstance(layer, Stacked):
        for inner in layer.layers:
            check_causal(inner)
    elif not isinstance(layer, Recurrent):
        raise ValueError(
            "layer must read from left to right only, as Recurrent or Stacked does, "
            f"got {type(layer).__name__}; what comes later is not yet written"
        )
    return layer
