"""What models that score hidden states share: an output, and the choice of a loss."""

from typing import Any

import numpy as np

from rnnlib._checks import check_choice
from rnnlib._typing import Array, Grads, Rng
from rnnlib.layers import Dropout, Linear
from rnnlib.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnnlib.models.base import Model
from rnnlib.recurrent import Layer, check_layer
from rnnlib.vocab import Vocabulary

__all__ = ["LOSSES"]

LOSSES = {
    "cross_entropy": cross_entropy,
    "binary_cross_entropy": binary_cross_entropy,
    "mean_squared_error": mean_squared_error,
}


class _Scored(Model):
    """A recurrent layer, dropout, an output, and one of the losses on its scores."""

    def __init__(
        self,
        layer: Layer,
        output_size: int | None = None,
        *,
        rng: Rng,
        loss: str = "cross_entropy",
        dropout: float = 0.0,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        layer = check_layer(layer)
        self.loss_name = check_choice("loss", loss, tuple(LOSSES))
        if output_size is None and loss == "cross_entropy":
            raise ValueError(
                "output_size must be the number of classes, got None; for one number, "
                "choose loss='mean_squared_error' or 'binary_cross_entropy'"
            )
        V = 1 if output_size is None else output_size
        output = Linear(layer.output_size, V, rng=rng, dtype=layer.dtype)
        self.output_size = None if output_size is None else output.output_size
        self.parts = {"recurrent": layer, "output": output}
        self.dropout = Dropout(dropout)
        self.vocabulary = vocabulary

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a model like this one."""
        return {
            "layer": self.parts["recurrent"],
            "output_size": self.output_size,
            "loss": self.loss_name,
            "dropout": self.dropout.rate,
            "vocabulary": self.vocabulary,
        }

    def scores(self, h: Array, rng: Rng | None) -> tuple[Array, Any]:
        """Return scores (..., V) of hidden states, or (...), and the cache."""
        kept, kept_cache = self.dropout.forward(h, rng=rng)
        y, y_cache = self.parts["output"].forward(kept)
        return y if self.output_size else y[..., 0], (kept_cache, y_cache)

    def scores_backward(self, dy: Array, cache: Any) -> tuple[Array, Grads]:
        """Return the gradients of the hidden states and of the output's weights."""
        kept_cache, y_cache = cache
        dy = dy if self.output_size else dy[..., None]
        dkept, grads = self.parts["output"].backward(dy, y_cache)
        return self.dropout.backward(dkept, kept_cache), grads

    def criterion(self, y: Array, targets: Array, mask: Any) -> tuple[Any, Array]:
        """Return the loss of scores and its gradient."""
        return LOSSES[self.loss_name](y, targets, mask)

    def answers(self, y: Array) -> Array:
        """Return what the scores say: classes, yes or no, or the numbers themselves."""
        if self.loss_name == "cross_entropy":
            return np.asarray(y.argmax(axis=-1))
        return y > 0 if self.loss_name == "binary_cross_entropy" else y
