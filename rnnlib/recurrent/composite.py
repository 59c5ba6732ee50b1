"""What layers that are put together share: parameters, sizes and states."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from copy import copy
from typing import Any, Self

import numpy as np

from rnnlib._nesting import check_same_keys, joined, part
from rnnlib._repr import described
from rnnlib._typing import Array, Params
from rnnlib._words import kind_of

__all__ = ["Composed"]


class Composed(ABC):
    """Layers under names: their parameters, sizes and states together."""

    layers: tuple[Any, ...]
    names: tuple[str, ...]

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer like this one."""

    __repr__ = described

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
    def recurrent(self) -> tuple[Any, ...]:
        """The layers that have a state; the others only pass things on."""
        return self.layers

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

    @property
    def hidden_size(self) -> int:
        """The size of all hidden states together."""
        return sum(layer.hidden_size for layer in self.recurrent)

    def from_hidden(self, h: Array) -> tuple[Any, ...]:
        """Return the states whose hidden states side by side are `h`; the rest is 0."""
        sizes = [layer.hidden_size for layer in self.recurrent]
        parts = np.split(h, np.cumsum(sizes)[:-1], axis=-1)
        return tuple(
            layer.from_hidden(part)
            for layer, part in zip(self.recurrent, parts, strict=True)
        )

    def to_hidden(self, state: tuple[Any, ...]) -> Array:
        """Return all hidden states of a state side by side."""
        hidden = [
            layer.to_hidden(part)
            for layer, part in zip(self.recurrent, state, strict=True)
        ]
        return np.concatenate(hidden, axis=-1)

    def initial_state(self, batch_size: int) -> tuple[Any, ...]:
        """Return the initial state of each layer."""
        return tuple(layer.initial_state(batch_size) for layer in self.recurrent)

    def _joined(self, parts: Sequence[Params]) -> Params:
        return joined(dict(zip(self.names, parts, strict=True)))

    def _check_states(self, name: str, state: Any) -> Sequence[Any]:
        """Return one state for each layer; None stands for None in each."""
        if state is None:
            return (None,) * len(self.recurrent)
        hint = "start from initial_state(batch_size)"
        return self._check_tuple(name, len(self.recurrent), "states", state, hint)

    def _check_caches(self, cache: Any) -> Sequence[Any]:
        hint = "pass what forward returned last"
        return self._check_tuple("cache", len(self.layers), "caches", cache, hint)

    def _check_tuple(
        self, name: str, count: int, kind: str, value: Any, hint: str
    ) -> Sequence[Any]:
        """Return `value` if it is a tuple of `count` entries."""
        if type(value) is not tuple or len(value) != count:
            got = kind_of(value)
            if type(value) is tuple:
                got += f" of {len(value)}"
            raise ValueError(
                f"{name} must be a tuple of {count} {kind}, got {got}; {hint}"
            )
        return value
