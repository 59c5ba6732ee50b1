"""Recurrent layers put together: both directions, and one above the other.

Both are called as `Recurrent` is, and refuse with a ValueError what it would refuse.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from copy import copy
from typing import Any, Self, TypeAlias

import numpy as np

from rnnlib._checks import check_array, check_finite, check_same_keys
from rnnlib._nesting import joined, part
from rnnlib._typing import Array, ArrayLike, Grads, Params
from rnnlib.cells import Cell
from rnnlib.recurrent import Recurrent

__all__ = ["Bidirectional", "Layer", "Stacked"]


class _Composed(ABC):
    """Layers under names: their parameters, sizes and states together."""

    layers: tuple[Any, ...]
    names: tuple[str, ...]

    @property
    @abstractmethod
    def output_size(self) -> int:
        """The size of what comes out at each step."""

    @property
    def input_size(self) -> int:
        """D, the size of the input."""
        return int(self.layers[0].input_size)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of parameters, inputs and outputs."""
        dtype: np.dtype[Any] = self.layers[0].dtype
        return dtype

    @property
    def params(self) -> Params:
        """The parameters of all layers, each key with its path."""
        return self._joined([layer.params for layer in self.layers])

    def with_params(self, params: Params) -> Self:
        """Return a layer of the same kind that computes with other parameters."""
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.layers = tuple(
            layer.with_params(part(params, name))
            for layer, name in zip(self.layers, self.names, strict=True)
        )
        return twin

    def initial_state(self, batch_size: int) -> tuple[Any, ...]:
        """Return the state at the start of each layer."""
        return tuple(layer.initial_state(batch_size) for layer in self.layers)

    def _joined(self, parts: Sequence[Params]) -> Params:
        return joined(dict(zip(self.names, parts, strict=True)))

    def _check_states(self, name: str, state: Any) -> Sequence[Any]:
        """Return one state for each layer; None stands for None in each."""
        if state is None:
            return (None,) * len(self.layers)
        hint = "start from initial_state(batch_size)"
        return self._check_tuple(name, "states", state, hint)

    def _check_caches(self, cache: Any) -> Sequence[Any]:
        return self._check_tuple(
            "cache", "caches", cache, "pass what forward returned last"
        )

    def _check_tuple(
        self, name: str, kind: str, value: Any, hint: str
    ) -> Sequence[Any]:
        """Return `value` if it has one entry for each layer."""
        count = len(self.layers)
        if type(value) is not tuple or len(value) != count:
            found = type(value).__name__
            if type(value) is tuple:
                found += f" of {len(value)}"
            raise ValueError(
                f"{name} must be a tuple of {count} {kind}, got {found}; {hint}"
            )
        return value


class Bidirectional(_Composed):
    """Read a sequence from both ends: a cell for each direction.

    At each step the two hidden states stand side by side, so the output knows all that
    comes before *and* after. The backward cell reads each sequence from its own last
    step: padding at the end is passed over, since masked steps leave the state alone.

    Parameters
    ----------
    left_to_right, right_to_left : Cell
        Two cells with the same input size, each with weights of its own.
    learn_initial_state : bool
        As for `Recurrent`, for both directions.

    Attributes
    ----------
    params : dict
        Those of both cells, as `left_to_right.W_hh` and `right_to_left.W_hh`.

    Raises
    ------
    ValueError
        If the cells are one and the same or their input sizes or dtypes differ.

    References
    ----------
    Schuster and Paliwal, "Bidirectional recurrent neural networks", 1997.

    Examples
    --------
    >>> from rnnlib import LSTMCell
    >>> rng = np.random.default_rng(0)
    >>> layer = Bidirectional(LSTMCell(3, 4, rng=rng), LSTMCell(3, 4, rng=rng))
    >>> h, (left_to_right, right_to_left), cache = layer.forward(np.ones((5, 2, 3)))
    >>> h.shape, right_to_left.c.shape
    ((5, 2, 8), (2, 4))
    >>> bool((h[0, :, 4:] == right_to_left.h).all())
    True
    """

    names = ("left_to_right", "right_to_left")

    def __init__(
        self,
        left_to_right: Cell,
        right_to_left: Cell,
        *,
        learn_initial_state: bool = False,
    ) -> None:
        self.layers = tuple(
            Recurrent(cell, learn_initial_state=learn_initial_state)
            for cell in (left_to_right, right_to_left)
        )
        if left_to_right is right_to_left:
            raise ValueError(
                "left_to_right and right_to_left must be two cells, got the same one "
                "twice; make a second cell, with weights of its own"
            )
        for name in ("input_size", "dtype"):
            first, second = getattr(left_to_right, name), getattr(right_to_left, name)
            if first != second:
                raise ValueError(
                    f"both cells must have the same {name}, got {first} and {second}"
                )

    @property
    def output_size(self) -> int:
        """The sum of both hidden sizes."""
        return sum(layer.output_size for layer in self.layers)

    def forward(
        self, x: ArrayLike | None, state: Any = None, mask: ArrayLike | None = None
    ) -> tuple[Array, tuple[Any, Any], tuple[Any, Any]]:
        """Compute all states in both directions.

        Parameters
        ----------
        x, mask
            As for `Recurrent.forward`.
        state : pair of states, optional
            Where each direction starts: before the first step, after the last one.

        Returns
        -------
        h : array (T, B, 2H)
            Left to right in the first half, right to left in the second.
        state : pair of states
            Where each direction ends.
        cache : pair of caches
            That of the second direction runs backwards in time.
        """
        states = self._check_states("state", state)
        ltr, rtl = self.layers
        h, end, cache = ltr.forward(x, states[0], mask)
        h_r, end_r, cache_r = rtl.forward(_reversed(x), states[1], _reversed(mask))
        return np.concatenate([h, h_r[::-1]], axis=-1), (end, end_r), (cache, cache_r)

    def backward(
        self, dh: ArrayLike, cache: tuple[Any, Any], d_state: Any = None
    ) -> tuple[Array | None, tuple[Any, Any], Grads]:
        """Compute all gradients; arguments and results as those of `Recurrent`.

        In the right-to-left direction time runs backwards, so its gradient travels
        from left to right.
        """
        ltr, rtl = self.layers
        d_states = self._check_states("d_state", d_state)
        cache_l, cache_r = self._check_caches(cache)
        T, B, H = ltr.cell.check_cache(cache_l, ("T", "B"))
        dh = check_finite("dh", check_array("dh", dh, (T, B, self.output_size)))
        dx, d_start, grads = ltr.backward(dh[..., :H], cache_l, d_states[0])
        dx_r, d_start_r, grads_r = rtl.backward(dh[::-1, :, H:], cache_r, d_states[1])
        if dx is not None and dx_r is not None:
            dx = dx + dx_r[::-1]
        return dx, (d_start, d_start_r), self._joined([grads, grads_r])


class Stacked(_Composed):
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

    References
    ----------
    Graves, Mohamed and Hinton, "Speech recognition with deep recurrent neural
    networks", 2013.

    Examples
    --------
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


def _reversed(array: ArrayLike | None) -> Array | None:
    return None if array is None else np.asarray(array)[::-1]
