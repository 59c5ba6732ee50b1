"""Models that read sequences: many to one, and many to equally many."""

from typing import Any

import numpy as np

from rnnlib._checks import (
    check_batch,
    check_choice,
)
from rnnlib._nesting import joined
from rnnlib._typing import Array, ArrayLike, Grads, Rng
from rnnlib.batches import Batch
from rnnlib.layers import Dropout, Linear
from rnnlib.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnnlib.models.base import Loss, Model
from rnnlib.recurrent import Layer, check_causal
from rnnlib.recurrent.stacked import check_layer

__all__ = ["LanguageModel", "SequenceClassifier", "Tagger"]

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
        output_size: int,
        *,
        rng: Rng,
        loss: str = "cross_entropy",
        dropout: float = 0.0,
    ) -> None:
        layer = check_layer(layer)
        output = Linear(layer.output_size, output_size, rng=rng, dtype=layer.dtype)
        self.parts = {"recurrent": layer, "output": output}
        self.loss_name = check_choice("loss", loss, tuple(LOSSES))
        self.dropout = Dropout(dropout)

    def scores(self, h: Array, rng: Rng | None) -> tuple[Array, Any]:
        """Return scores (..., V) of hidden states, and the cache."""
        kept, kept_cache = self.dropout.forward(h, rng=rng)
        y, y_cache = self.parts["output"].forward(kept)
        return y, (kept_cache, y_cache)

    def scores_backward(self, dy: Array, cache: Any) -> tuple[Array, Grads]:
        """Return the gradients of the hidden states and of the output's weights."""
        kept_cache, y_cache = cache
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
    output_size : int
        V, the number of classes; or of the numbers to predict.
    rng : numpy.random.Generator
        Draws the output's weights.
    pool : {"last", "mean"}
    loss : {"cross_entropy", "binary_cross_entropy", "mean_squared_error"}
    dropout : float
        Share of the hidden state that is dropped in training, before the output.

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
    """

    def __init__(
        self,
        layer: Layer,
        output_size: int,
        *,
        rng: Rng,
        pool: str = "last",
        loss: str = "cross_entropy",
        dropout: float = 0.0,
    ) -> None:
        super().__init__(layer, output_size, rng=rng, loss=loss, dropout=dropout)
        self.pool = check_choice("pool", pool, ("last", "mean"))

    def loss(self, batch: Batch, state: Any = None, *, rng: Rng | None = None) -> Loss:
        """Return the loss of a batch: inputs (T, B) or (T, B, D), targets (B,)."""
        check_batch(batch, Batch)
        layer = self.parts["recurrent"]
        h, end, cache = layer.forward(batch.inputs, state, batch.input_mask)
        y, y_cache = self.scores(self._pooled(h, end, batch.input_mask), rng)
        value, dy = self.criterion(y, batch.targets, batch.mask)
        dpooled, output = self.scores_backward(dy, y_cache)
        if self.pool == "last":
            dh, d_end = np.zeros_like(h), layer.from_final(dpooled)
        else:
            dh, d_end = dpooled * _share(h, batch.input_mask), None
        _, _, recurrent = layer.backward(dh, cache, d_end)
        return Loss(value, joined({"recurrent": recurrent, "output": output}), end)

    def predict(self, x: ArrayLike, mask: ArrayLike | None = None) -> Array:
        """Return one answer for each sequence: classes (B,), else numbers (B, V)."""
        h, end, _ = self.parts["recurrent"].forward(x, None, mask)
        return self.answers(self.scores(self._pooled(h, end, mask), None)[0])

    def _pooled(self, h: Array, end: Any, mask: Any) -> Array:
        if self.pool == "last":
            return np.asarray(self.parts["recurrent"].final(end))
        return np.asarray((h * _share(h, mask)).sum(axis=0))


class Tagger(_Scored):
    """Many in, equally many out: an answer at each step.

               y_1    y_2        y_T
                ^      ^          ^
        h_0 -> h_1 -> h_2 -> ... h_T
                ^      ^          ^
               x_1    x_2        x_T

    With one direction an answer knows its past alone; with `Bidirectional` also what
    comes after. A batch in which nothing is asked, the start of a long sequence it may
    be, has loss 0; its state goes on.

    Parameters
    ----------
    layer, output_size, rng, loss, dropout
        As for `SequenceClassifier`.

    Attributes
    ----------
    params : dict
        Those of the layer as `recurrent.W_hh`, and output.W_hy, output.b_y.

    Examples
    --------
    >>> from rnnlib import Recurrent, RNNCell
    >>> from rnnlib.tasks import Echo
    >>> rng = np.random.default_rng(0)
    >>> model = Tagger(Recurrent(RNNCell(2, 8, rng=rng)), 2, rng=rng)
    >>> model.predict(Echo(delay=2, steps=6).sample(3, rng=rng).inputs).shape
    (6, 3)
    """

    def loss(self, batch: Batch, state: Any = None, *, rng: Rng | None = None) -> Loss:
        """Return the loss of a batch: inputs (T, B) or (T, B, D), targets (T, B)."""
        check_batch(batch, Batch)
        layer = self.parts["recurrent"]
        h, end, cache = layer.forward(batch.inputs, state, batch.input_mask)
        value, dh, output = self._loss_of_states(h, batch, rng)
        _, _, recurrent = layer.backward(dh, cache)
        return Loss(value, joined({"recurrent": recurrent, "output": output}), end)

    def _loss_of_states(
        self, h: Array, batch: Batch, rng: Rng | None
    ) -> tuple[Any, Array, Grads]:
        """Return the loss, its gradient by h (T, B, H), and those of the output."""
        y, y_cache = self.scores(h, rng)
        asked = _both(batch)
        if asked is None or np.any(asked):
            value, dy = self.criterion(y, batch.targets, asked)
        else:
            value, dy = y.dtype.type(0), np.zeros_like(y)
        del y  # as large as its gradient, and not needed any more
        return value, *self.scores_backward(dy, y_cache)

    def predict(self, x: ArrayLike, mask: ArrayLike | None = None) -> Array:
        """Return one answer for each step: classes (T, B), else numbers (T, B, V)."""
        h, _, _ = self.parts["recurrent"].forward(x, None, mask)
        return self.answers(self.scores(h, None)[0])


class LanguageModel(Tagger):
    """Say at each step which token comes next; the state is carried over.

               x_2    x_3       x_T+1        the targets are the inputs,
                ^      ^          ^          one step later
        h_0 -> h_1 -> h_2 -> ... h_T -> the next chunk
                ^      ^          ^
               x_1    x_2        x_T

    To generate, each token that is chosen is fed back as the next input:
    `rnnlib.decoding.generate`.

    Parameters
    ----------
    layer : Recurrent or Stacked
        With input size V. It must not look ahead, so it cannot be `Bidirectional`.
    rng : numpy.random.Generator
        Draws the output's weights.
    dropout : float

    Attributes
    ----------
    params : dict
        Those of the layer as `recurrent.W_hh`, and output.W_hy, output.b_y.

    Raises
    ------
    ValueError
        If the layer reads from right to left, too.

    References
    ----------
    Mikolov et al., "Recurrent neural network based language model", 2010.

    Examples
    --------
    >>> from rnnlib import LSTMCell, Recurrent
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(LSTMCell(5, 8, rng=rng)), rng=rng)
    >>> logits, state = model.step(np.array([1, 4]), model.start(2))
    >>> logits.shape
    (2, 5)
    """

    def __init__(self, layer: Layer, *, rng: Rng, dropout: float = 0.0) -> None:
        check_causal(layer)
        super().__init__(layer, layer.input_size, rng=rng, dropout=dropout)

    def start(self, batch_size: int) -> Any:
        """Return the state before the first token."""
        return self.parts["recurrent"].initial_state(batch_size)

    def step(self, tokens: Array, state: Any) -> tuple[Array, Any]:
        """Return scores (B, V) of what follows tokens (B,), and the new state."""
        h, state, _ = self.parts["recurrent"].forward(np.asarray(tokens)[None], state)
        return self.scores(h[0], None)[0], state


def _both(batch: Batch) -> Array | None:
    """Return where an answer is asked for at a step that exists."""
    if batch.mask is None or batch.input_mask is None:
        return batch.input_mask if batch.mask is None else batch.mask
    return np.logical_and(batch.mask, batch.input_mask)


def _share(h: Array, mask: Any) -> Array:
    """Return what each step counts in the mean over those that exist, (T, B, 1)."""
    if mask is None:
        return np.full((len(h), h.shape[1], 1), 1 / len(h), dtype=h.dtype)
    exists = np.asarray(mask).astype(h.dtype)
    share: Array = exists / np.maximum(exists.sum(axis=0), 1)
    return share[:, :, None]
