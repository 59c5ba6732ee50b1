"""One to many: a model that writes a sequence about a vector."""

from typing import Any

import numpy as np

from rnnlib._checks import check_array, check_batch, check_size, check_tokens
from rnnlib._nesting import joined
from rnnlib._typing import Array, ArrayLike, Rng
from rnnlib.activations import tanh_slope
from rnnlib.batches import END, START, Batch
from rnnlib.decoding import generate
from rnnlib.layers import Dropout, Linear
from rnnlib.losses import cross_entropy
from rnnlib.models.base import Loss, Model, shifted
from rnnlib.recurrent import Layer, check_causal

__all__ = ["Generator"]


class Generator(Model):
    """One in, many out: say a sequence about a vector, each token fed back.

                 y_1    y_2        y_T
                  ^      ^          ^
        v -> h_0 -> h_1 -> h_2 -> ... h_T        h_0 = tanh(v @ W_vh + b_h)
                  ^      ^          ^
                START   y_1       y_T-1

    The vector is heard once: it makes the state at the start, of all layers. In
    training the true token is fed back (teacher forcing), in `predict` the model's own.

    Parameters
    ----------
    condition_size : int
        C, the size of the vector.
    layer : Recurrent or Stacked
        With input size V, the number of tokens, START and END among them.
    rng : numpy.random.Generator
        Draws the weights of the condition and of the output.
    start, end : int
        The tokens that are fed in first, and that close a sequence.
    dropout : float
        Share of the hidden state that is dropped in training, before the output.

    Attributes
    ----------
    params : dict
        condition.W_vh (C, H), condition.b_h (H,), those of the layer as
        `recurrent.W_hh`, output.W_hy (H, V), output.b_y (V,).

    Raises
    ------
    ValueError
        If a size is not a positive whole number, `start` is no token, or the layer
        reads from right to left, too.

    References
    ----------
    Vinyals et al., "Show and tell: a neural image caption generator", 2015.

    Examples
    --------
    >>> from rnnlib import GRUCell, Recurrent
    >>> rng = np.random.default_rng(0)
    >>> model = Generator(4, Recurrent(GRUCell(6, 8, rng=rng)), rng=rng)
    >>> batch = Batch(rng.standard_normal((2, 4)), np.array([[3, 4], [5, 2], [2, 0]]))
    >>> round(float(model.loss(batch).value), 1)
    1.8
    >>> model.predict(batch.inputs, max_length=7).shape[1]
    2
    """

    def __init__(
        self,
        condition_size: int,
        layer: Layer,
        *,
        rng: Rng,
        start: int = START,
        end: int = END,
        dropout: float = 0.0,
    ) -> None:
        check_causal(layer)
        dtype = layer.dtype
        self.parts = {
            "condition": Linear(
                check_size("condition_size", condition_size),
                layer.hidden_size,
                rng=rng,
                names=("W_vh", "b_h"),
                dtype=dtype,
            ),
            "recurrent": layer,
            "output": Linear(layer.output_size, layer.input_size, rng=rng, dtype=dtype),
        }
        self.start_token = int(check_tokens("start", start, (), layer.input_size))
        self.end_token = int(check_tokens("end", end, (), layer.input_size))
        self.dropout = Dropout(dropout)

    def loss(self, batch: Batch, state: Any = None, *, rng: Rng | None = None) -> Loss:
        """Return the cross-entropy of a batch: inputs (B, C), targets (T, B)."""
        check_batch(batch, Batch)
        condition, layer, output = self.parts.values()
        a, v_cache = condition.forward(self._vectors(batch.inputs))
        h_0 = np.tanh(a)
        fed = shifted(batch.targets, self.start_token)
        h, end, cache = layer.forward(fed, layer.from_hidden(h_0), batch.mask)
        kept, kept_cache = self.dropout.forward(h, rng=rng)
        y, y_cache = output.forward(kept)
        value, dy = cross_entropy(y, batch.targets, batch.mask)

        dkept, output_grads = output.backward(dy, y_cache)
        dh = self.dropout.backward(dkept, kept_cache)
        _, d_start, layer_grads = layer.backward(dh, cache)
        # h_0 = tanh(a)
        da = layer.to_hidden(d_start) * tanh_slope(h_0)
        _, condition_grads = condition.backward(da, v_cache)
        grads = (condition_grads, layer_grads, output_grads)
        return Loss(value, joined(dict(zip(self.parts, grads, strict=True))), end)

    def _vectors(self, v: ArrayLike) -> Array:
        shape = ("B", self.parts["condition"].input_size)
        return check_array("v", v, shape, hint="for one vector, pass v[None]")

    def start(self, v: ArrayLike) -> Any:
        """Return the state that vectors (B, C) make."""
        a, _ = self.parts["condition"].forward(self._vectors(v))
        return self.parts["recurrent"].from_hidden(np.tanh(a))

    def step(self, tokens: Array, state: Any) -> tuple[Array, Any]:
        """Return scores (B, V) of what follows tokens (B,), and the new state."""
        h, state, _ = self.parts["recurrent"].forward(np.asarray(tokens)[None], state)
        return self.parts["output"].forward(h[0])[0], state

    def predict(self, v: ArrayLike, *, max_length: int) -> Array:
        """Return the most probable tokens (T, B), each fed back; END closes them.

        After its END a sequence holds END.
        """
        return generate(self, self.start(v), max_length=max_length, end=self.end_token)
