"""One to one: the reference case without recurrence."""

from typing import Any

import numpy as np

from rnnlib._checks import (
    check_array,
    check_batch,
    check_finite,
    check_size,
)
from rnnlib._memory import frozen
from rnnlib._nesting import joined
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike, DTypeLike, Grads, Rng
from rnnlib.activations import tanh_slope
from rnnlib.batches import Batch
from rnnlib.layers import Linear
from rnnlib.losses import cross_entropy
from rnnlib.models.base import Loss, Model
from rnnlib.vocab import Vocabulary

__all__ = ["Classifier"]


class Classifier(Model):
    """One vector in, one class out: the reference case, without any recurrence.

             y              y = h @ W_hy + b_y
             ^
             h              h = tanh(x @ W_xh + b_h)
             ^
             x

    Parameters
    ----------
    input_size, hidden_size, classes : int
        D, H and V.
    rng : numpy.random.Generator
        Draws the weights.
    dtype : numpy dtype
    vocabulary : Vocabulary, optional
        Of D symbols, if the vectors count tokens.

    Attributes
    ----------
    params : dict
        hidden.W_xh (D, H), hidden.b_h (H,), output.W_hy (H, V), output.b_y (V,).

    Raises
    ------
    ValueError
        If a size is not a positive whole number.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> model = Classifier(4, 8, 3, rng=rng)
    >>> batch = Batch(rng.standard_normal((5, 4)), np.array([0, 2, 1, 0, 2]))
    >>> value, grads, _ = model.loss(batch)
    >>> model.predict(batch.inputs).shape
    (5,)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        classes: int,
        *,
        rng: Rng,
        dtype: DTypeLike = np.float64,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        check_size("hidden_size", hidden_size)
        check_size("classes", classes)
        self.parts = {
            "hidden": Linear(
                input_size, hidden_size, rng=rng, names=("W_xh", "b_h"), dtype=dtype
            ),
            "output": Linear(hidden_size, classes, rng=rng, dtype=dtype),
        }
        self.vocabulary = vocabulary

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a model like this one."""
        hidden, output = self.parts.values()
        return {
            "input_size": hidden.input_size,
            "hidden_size": hidden.output_size,
            "classes": output.output_size,
            "dtype": output.dtype.name,
            "vocabulary": self.vocabulary,
        }

    @property
    def vocab_size(self) -> int:
        """D, the size of the input."""
        return int(self.parts["hidden"].input_size)

    def forward(self, x: ArrayLike) -> tuple[Array, None, Any]:
        """Return scores (B, V) of vectors (B, D), no state, and the cache."""
        hidden, output = self.parts.values()
        shape, hint = ("B", hidden.input_size), "for one vector, pass x[None]"
        x = check_array("x", x, shape, dtype=hidden.dtype, hint=hint)
        a, x_cache = hidden.forward(check_finite("x", x))
        h = frozen(np.tanh(a))
        y, h_cache = output.forward(h)
        return y, None, (x_cache, h, h_cache)

    @tiny_is_zero
    def backward(self, dy: Array, cache: Any) -> Grads:
        """Return the gradients of the parameters, given that of the scores."""
        hidden, output = self.parts.values()
        x_cache, h, h_cache = cache
        dh, output_grads = output.backward(dy, h_cache)
        # h = tanh(a)
        _, hidden_grads = hidden.backward(dh * tanh_slope(h), x_cache)
        return joined({"hidden": hidden_grads, "output": output_grads})

    def logits(self, x: ArrayLike) -> tuple[Array, None]:
        """Return scores (B, V) of vectors (B, D), and None: there is no state."""
        y, _, _ = self.forward(x)
        return y, None

    def loss(
        self,
        batch: Batch,
        state: Any = None,
        *,
        rng: Rng | None = None,
        gradients: bool = True,
    ) -> Loss:
        """Return the cross-entropy of a batch: inputs (B, D), targets (B,)."""
        wanted = self.check_training(rng, gradients)
        check_batch(batch, Batch)
        y, _, cache = self.forward(batch.inputs)
        value, dy = cross_entropy(y, batch.targets, batch.mask)
        return Loss(value, self.backward(dy, cache) if wanted else {})

    def predict(self, x: ArrayLike) -> Array:
        """Return the most probable class of each vector, (B,)."""
        return np.asarray(self.logits(x)[0].argmax(axis=-1))
