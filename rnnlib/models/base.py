"""What all models share: named parts, and what a loss returns."""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, NamedTuple, Self

import numpy as np

from rnnlib._checks import (
    check_flag,
    check_integers,
    check_kind,
    check_rng,
    check_size,
)
from rnnlib._nesting import check_same_keys, joined, part
from rnnlib._repr import described
from rnnlib._typing import Array, ArrayLike, Grads, Params, Rng
from rnnlib.vocab import Vocabulary

__all__ = ["Loss", "Model", "check_vocabulary", "shifted"]


class Loss(NamedTuple):
    """What a model says about a batch.

    Attributes
    ----------
    value : float
        Mean over all answers that are asked for.
    grads : dict of arrays
        Its gradient, under the keys of the model's `params`. Empty if the loss was
        asked for without gradients.
    state : state of the recurrent layer, or None
        After the last step: where the next chunk of the same sequences starts.
    """

    value: float
    grads: Grads
    state: Any = None


class Model(ABC):
    """Layers under names, and a loss.

    A model is called as a layer is: `forward` gives scores, a state and a cache,
    `backward` the gradients. `loss` puts one of `rnnlib.losses` between the two.

    Attributes
    ----------
    parts : dict
        The layers by their names.
    params : dict of arrays
        Those of all parts, each key with its path: `output.W_hy`.
    vocabulary : Vocabulary, or None
        What its tokens stand for: as many symbols as `vocab_size`. It is saved with the
        model.
    """

    parts: dict[str, Any]
    _vocabulary: Vocabulary | None = None

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """Return the arguments that make a model like this one, but for its weights."""

    __repr__ = described

    @property
    def params(self) -> Params:
        """The parameters of all parts, each key with its path."""
        return joined({name: layer.params for name, layer in self.parts.items()})

    @property
    def vocab_size(self) -> int:
        """V, the number of tokens that it knows."""
        return int(self.parts["recurrent"].input_size)

    @property
    def vocabulary(self) -> Vocabulary | None:
        """What its tokens stand for, if it was told."""
        return self._vocabulary

    @vocabulary.setter
    def vocabulary(self, vocabulary: Vocabulary | None) -> None:
        self._vocabulary = check_vocabulary("vocabulary", vocabulary, self.vocab_size)

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
    def forward(self, *args: Any, **options: Any) -> tuple[Array, Any, Any]:
        """Return scores, the state after the last step, and the cache."""

    @abstractmethod
    def backward(self, dy: Array, cache: Any) -> Grads:
        """Return the gradients of the parameters, given that of the scores."""

    @abstractmethod
    def logits(self, *args: Any, **options: Any) -> tuple[Array, Any]:
        """Return scores, and the state after the last step."""

    @abstractmethod
    def loss(
        self,
        batch: Any,
        state: Any = None,
        *,
        rng: Rng | None = None,
        gradients: bool = True,
    ) -> Loss:
        """Return the loss of a batch and its gradient.

        Parameters
        ----------
        batch : Batch or Pairs
        state : state of the recurrent layer, optional
            Where to start, if the batch goes on where another one ended.
        rng : numpy.random.Generator, optional
            Draws what is dropped, and what is fed in scheduled sampling. A model that
            `needs_rng` cannot be trained without it. To evaluate, leave it out: then
            nothing is dropped, and the truth is fed in.
        gradients : bool
            With False there is no backward pass, and `grads` is empty: to evaluate.

        Raises
        ------
        ValueError
            If the batch does not fit, or an `rng` is needed for the gradients.
        """

    @property
    def needs_rng(self) -> bool:
        """Whether training draws numbers, for dropout or scheduled sampling."""
        dropout = getattr(self, "dropout", None)
        drops = any(getattr(layer, "drops", False) for layer in self.parts.values())
        return drops or (dropout is not None and dropout.rate > 0)

    def check_training(self, rng: Any, gradients: Any) -> bool:
        """Return whether gradients are wanted; they may need a generator."""
        if rng is not None:
            check_rng(rng)
        wanted = check_flag("gradients", gradients)
        if wanted and rng is None and self.needs_rng:
            raise ValueError(
                "rng must be a numpy.random.Generator, since this model draws numbers "
                "in training, got None; pass rng=rng to train, or gradients=False to "
                "evaluate"
            )
        return wanted


def check_vocabulary(name: str, vocabulary: Any, size: int) -> Vocabulary | None:
    """Return a vocabulary if it has that many symbols; None stands for none."""
    if vocabulary is None:
        return None
    found: Vocabulary = check_kind(
        name, vocabulary, Vocabulary, "write Vocabulary(text)"
    )
    if len(found) != size:
        raise ValueError(
            f"{name} must have {size} symbols, one for each token of the model, got "
            f"{len(found)}"
        )
    return found


def shifted(targets: ArrayLike, start: int) -> Array:
    """Return what a decoder is fed: START first, then each target one step later.

    Parameters
    ----------
    targets : integer tokens (T, B)
    start : int

    >>> shifted([[3], [4], [2]], start=1).ravel()
    array([1, 3, 4])
    """
    tokens = check_integers("targets", targets, ("T", "B"))
    first = check_size("start", start, minimum=0)
    return np.concatenate([np.full_like(tokens[:1], first), tokens[:-1]])
