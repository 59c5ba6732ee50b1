"""Many to one: a model that answers once, after a whole sequence."""

from typing import Any

import numpy as np

from rnnlib._checks import check_batch, check_choice
from rnnlib._nesting import joined
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike, Grads, Rng
from rnnlib.batches import Batch
from rnnlib.models.base import Loss
from rnnlib.models.scored import _Scored
from rnnlib.recurrent import Layer, run
from rnnlib.vocab import Vocabulary

__all__ = ["SequenceClassifier"]


class SequenceClassifier(_Scored):
    """Many in, one out: read a whole sequence, then answer once.

                                  y
                                  ^
        h_0 -> h_1 -> h_2 -> ... h_T
                ^      ^          ^
               x_1    x_2        x_T

    The answer is given from the last step that exists, or from the mean of all hidden
    states that exist. With both directions the last step of each direction counts.

    Parameters
    ----------
    layer : Recurrent, Bidirectional or Stacked
    output_size : int, optional
        V, the number of classes, or of the numbers to predict. Without it there is one
        number a sequence, and targets and answers are (B,); that takes one of the two
        other losses.
    rng : numpy.random.Generator
        Draws the output's weights.
    pool : {"last", "mean"}
    loss : {"cross_entropy", "binary_cross_entropy", "mean_squared_error"}
        To name a class, to answer yes or no, to predict a number.
    dropout : float
        Share of the hidden state that is dropped in training, before the output.
    vocabulary : Vocabulary, optional
        What the tokens that it reads stand for.

    Attributes
    ----------
    params : dict
        Those of the layer as `recurrent.W_hh`, and output.W_hy, output.b_y.

    Raises
    ------
    ValueError
        If an argument is not one of those named.

    Examples
    --------
    >>> from rnnlib import GRUCell, Recurrent
    >>> from rnnlib.tasks import TemporalOrder
    >>> rng = np.random.default_rng(0)
    >>> model = SequenceClassifier(Recurrent(GRUCell(6, 8, rng=rng)), 4, rng=rng)
    >>> batch = TemporalOrder(steps=10).sample(3, rng=rng)
    >>> model.predict(batch.inputs).shape
    (3,)
    >>> model = SequenceClassifier(
    ...     Recurrent(GRUCell(2, 8, rng=rng)), rng=rng, loss="mean_squared_error"
    ... )
    >>> batch = Batch(rng.standard_normal((7, 3, 2)), np.array([0.5, -1.0, 2.0]))
    >>> bool(model.loss(batch).value > 0), model.predict(batch.inputs).shape
    (True, (3,))
    """

    def __init__(
        self,
        layer: Layer,
        output_size: int | None = None,
        *,
        rng: Rng,
        pool: str = "last",
        loss: str = "cross_entropy",
        dropout: float = 0.0,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        super().__init__(
            layer,
            output_size,
            rng=rng,
            loss=loss,
            dropout=dropout,
            vocabulary=vocabulary,
        )
        self.pool = check_choice("pool", pool, ("last", "mean"))

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a model like this one."""
        return {**super().config(), "pool": self.pool}

    def forward(
        self,
        x: ArrayLike,
        state: Any = None,
        mask: ArrayLike | None = None,
        *,
        rng: Rng | None = None,
    ) -> tuple[Array, Any, Any]:
        """Return scores (B, V), the state after the last step, and the cache."""
        h, final, h_cache = run(self.parts["recurrent"], x, state, mask, rng)
        share = None if self.pool == "last" else _share(h, mask)
        if share is None:
            pooled = self.parts["recurrent"].final(final)
        else:
            pooled = (h * share).sum(axis=0)
        y, y_cache = self.scores(pooled, rng)
        return y, final, (h, share, h_cache, y_cache)

    @tiny_is_zero
    def backward(self, dy: Array, cache: Any) -> Grads:
        """Return the gradients of the parameters, given that of the scores."""
        h, share, h_cache, y_cache = cache
        layer = self.parts["recurrent"]
        dpooled, output = self.scores_backward(dy, y_cache)
        if self.pool == "last":
            dh, d_final = np.zeros_like(h), layer.from_final(dpooled)
        else:
            dh, d_final = dpooled * share, None
        _, _, recurrent = layer.backward(dh, h_cache, d_final)
        return joined({"recurrent": recurrent, "output": output})

    def logits(
        self, x: ArrayLike, state: Any = None, mask: ArrayLike | None = None
    ) -> tuple[Array, Any]:
        """Return the scores of sequences, and the state after the last step.

        Parameters
        ----------
        x : integer tokens (T, B) or floats (T, B, D)
        state : state of the layer, optional
            Where to start.
        mask : bool array (T, B), optional
            True where a step exists.

        Returns
        -------
        y : array (B, V), or (B,) for one number a sequence
        state : state of the layer
        """
        y, final, _ = self.forward(x, state, mask)
        return y, final

    def loss(
        self,
        batch: Batch,
        state: Any = None,
        *,
        rng: Rng | None = None,
        gradients: bool = True,
    ) -> Loss:
        """Return the loss of a batch: inputs (T, B) or (T, B, D), targets (B,).

        Numbers to predict are floats (B, V), or (B,) for one number a sequence.
        """
        wanted = self.check_training(rng, gradients)
        check_batch(batch, Batch)
        y, final, cache = self.forward(batch.inputs, state, batch.input_mask, rng=rng)
        value, dy = self.criterion(y, batch.targets, batch.mask)
        return Loss(value, self.backward(dy, cache) if wanted else {}, final)

    def predict(self, x: ArrayLike, mask: ArrayLike | None = None) -> Array:
        """Return one answer for each sequence: classes (B,), else (B, V) or (B,)."""
        return self.answers(self.logits(x, mask=mask)[0])


def _share(h: Array, mask: Any) -> Array:
    """Return what each step counts in the mean over those that exist, (T, B, 1)."""
    if mask is None:
        return np.full((len(h), h.shape[1], 1), 1 / len(h), dtype=h.dtype)
    exists = np.asarray(mask).astype(h.dtype)
    share: Array = exists / np.maximum(exists.sum(axis=0), 1)
    return share[:, :, None]
