"""What all models share: named parts, and what a loss returns."""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, NamedTuple, Self

import numpy as np

from rnnlib._checks import (
    check_integers,
    check_same_keys,
    check_size,
)
from rnnlib._nesting import joined, part
from rnnlib._typing import Array, ArrayLike, Grads, Params, Rng

__all__ = ["Loss", "Model", "shifted"]


class Loss(NamedTuple):
    """What a model says about a batch.

    Attributes
    ----------
    value : float
        Mean over all answers that are asked for.
    grads : dict of arrays
        Its gradient, under the keys of the model's `params`.
    state : state of the recurrent layer, or None
        After the last step: where the next chunk of the same sequences starts.
    """

    value: float
    grads: Grads
    state: Any = None


class Model(ABC):
    """Layers under names, and a loss.

    Attributes
    ----------
    parts : dict
        The layers by their names.
    params : dict of arrays
        Those of all parts, each key with its path: `output.W_hy`.
    """

    parts: dict[str, Any]

    @property
    def params(self) -> Params:
        """The parameters of all parts, each key with its path."""
        return joined({name: layer.params for name, layer in self.parts.items()})

    def with_params(self, params: Params) -> Self:
        """Return a model of the same kind that computes with other parameters."""
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.parts = {
            name: layer.with_params(part(params, name))
            for name, layer in self.parts.items()
        }
        return twin

    @abstractmethod
    def loss(self, batch: Any, state: Any = None, *, rng: Rng | None = None) -> Loss:
        """Return the loss of a batch and its gradient.

        Parameters
        ----------
        batch : Batch or Pairs
        state : state of the recurrent layer, optional
            Where to start, if the batch goes on where another one ended.
        rng : numpy.random.Generator, optional
            Serves dropout and sampling in training. Without it nothing is dropped.
        """


def shifted(targets: ArrayLike, start: int) -> Array:
    """Return what a decoder is fed: START first, then each target one step later.

    Parameters
    ----------
    targets : integer tokens (T, B)
    start : int

    >>> shifted([[3], [4], [2]], start=1).ravel()
    array([1, 3, 4])
    """
    found = check_integers("targets", targets, ("T", "B"))
    first = check_size("start", start, minimum=0)
    return np.concatenate([np.full_like(found[:1], first), found[:-1]])
