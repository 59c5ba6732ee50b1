"""Many to equally many: a model that answers at each step."""

from typing import Any

import numpy as np

from rnnlib._checks import check_batch
from rnnlib._nesting import joined
from rnnlib._typing import Array, ArrayLike, Grads, Rng
from rnnlib.batches import Batch
from rnnlib.models.base import Loss
from rnnlib.models.scored import _Scored
from rnnlib.recurrent import run

__all__ = ["Tagger"]


class Tagger(_Scored):
    """Many in, equally many out: an answer at each step.

               y_1    y_2        y_T
                ^      ^          ^
        h_0 -> h_1 -> h_2 -> ... h_T
                ^      ^          ^
               x_1    x_2        x_T

    With one direction an answer knows its past alone; with `Bidirectional` also what
    comes after. A batch in which nothing is asked, such as the beginning of a long
    sequence, has loss 0, and its state is carried on. So is that of a `Chunk` that is
    padding from end to end.

    Parameters
    ----------
    layer, output_size, rng, loss, dropout, vocabulary
        As for `SequenceClassifier`; without an `output_size` there is one number a
        step.

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

    def forward(
        self,
        x: ArrayLike,
        state: Any = None,
        mask: ArrayLike | None = None,
        *,
        rng: Rng | None = None,
    ) -> tuple[Array, Any, Any]:
        """Return scores (T, B, V), the state after the last step, and the cache."""
        h, final, h_cache = run(self.parts["recurrent"], x, state, mask, rng)
        y, y_cache = self.scores(h, rng)
        return y, final, (h_cache, y_cache)

    def backward(self, dy: Array, cache: Any) -> Grads:
        """Return the gradients of the parameters, given that of the scores."""
        h_cache, y_cache = cache
        dh, output = self.scores_backward(dy, y_cache)
        _, _, recurrent = self.parts["recurrent"].backward(dh, h_cache)
        return joined({"recurrent": recurrent, "output": output})

    def logits(
        self, x: ArrayLike, state: Any = None, mask: ArrayLike | None = None
    ) -> tuple[Array, Any]:
        """Return the scores of each step, and the state after the last one.

        Parameters
        ----------
        x : integer tokens (T, B) or floats (T, B, D)
        state : state of the layer, optional
            Where to start: the one that came out for the text before.
        mask : bool array (T, B), optional
            True where a step exists.

        Returns
        -------
        y : array (T, B, V), or (T, B) for one number a step
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
        """Return the loss of a batch: inputs (T, B) or (T, B, D), targets (T, B).

        Numbers to predict are floats (T, B, V), or (T, B) for one number a step.
        """
        wanted = self.check_training(rng, gradients)
        check_batch(batch, Batch)
        if _holds_no_step(batch):
            return self._skipped(batch, state, wanted)
        y, final, cache = self.forward(batch.inputs, state, batch.input_mask, rng=rng)
        value, dy = self.criterion(y, batch.targets, _both(batch))
        del y  # as large as its gradient, and not needed any more
        return Loss(value, self.backward(dy, cache) if wanted else {}, final)

    def _skipped(self, chunk: Any, state: Any, wanted: bool) -> Loss:
        """Return a loss of 0, and the state as it was, for a chunk of padding alone."""
        layer = self.parts["recurrent"]
        B = np.shape(chunk.input_mask)[1]
        state = layer.initial_state(B) if state is None else state
        grads = {name: np.zeros_like(p) for name, p in self.params.items()}
        return Loss(layer.dtype.type(0), grads if wanted else {}, state)

    def criterion(self, y: Array, targets: Array, mask: Any) -> tuple[Any, Array]:
        """Return the loss of scores and its gradient; 0 if nothing is asked."""
        if mask is None or np.any(mask):
            return super().criterion(y, targets, mask)
        return y.dtype.type(0), np.zeros_like(y)

    def predict(self, x: ArrayLike, mask: ArrayLike | None = None) -> Array:
        """Return one answer for each step: classes (T, B), else (T, B, V) or (T, B)."""
        return self.answers(self.logits(x, mask=mask)[0])


def _holds_no_step(batch: Any) -> bool:
    """Return whether it is a piece of longer sequences, and padding from end to end."""
    mask: Any = getattr(batch, "input_mask", None)
    piece = hasattr(batch, "is_first") and np.ndim(mask) == 2
    return piece and np.asarray(mask).dtype == bool and not np.any(mask)


def _both(batch: Batch) -> Array | None:
    """Return where an answer is asked for at a step that exists."""
    if batch.mask is None or batch.input_mask is None:
        return batch.input_mask if batch.mask is None else batch.mask
    return np.logical_and(batch.mask, batch.input_mask)
