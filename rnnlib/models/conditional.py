"""One to many: a language model with a condition, the vector that it writes about."""

from typing import Any

import numpy as np

from rnnlib._checks import (
    check_array,
    check_batch,
    check_size,
    check_tokens,
)
from rnnlib._nesting import joined
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike, Grads, Rng
from rnnlib.activations import tanh_slope
from rnnlib.batches import END, START, Batch
from rnnlib.decoding import generate
from rnnlib.layers import Dropout, Linear
from rnnlib.losses import cross_entropy
from rnnlib.models.base import Loss, Model, shifted
from rnnlib.recurrent import Layer, check_causal, run
from rnnlib.sampling import greedy
from rnnlib.vocab import Vocabulary

__all__ = ["ConditionalLanguageModel"]


class ConditionalLanguageModel(Model):
    """One in, many out: say a sequence about a vector, each token fed back.

                 y_1    y_2        y_T
                  ^      ^          ^
        v -> h_0 -> h_1 -> h_2 -> ... h_T        h_0 = tanh(v @ W_vh + b_h)
                  ^      ^          ^
                START   y_1       y_T-1

    The vector is heard once: it makes the initial state of all layers. In training
    the true token is fed back (teacher forcing), in `predict` the model's own.

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
    vocabulary : Vocabulary, optional
        The V symbols.

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
    >>> layer = Recurrent(GRUCell(6, 8, rng=rng))
    >>> model = ConditionalLanguageModel(4, layer, rng=rng)
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
        vocabulary: Vocabulary | None = None,
    ) -> None:
        check_causal(layer)
        dtype = layer.dtype
        layer.from_hidden(np.zeros((1, layer.hidden_size), dtype))  # or an error
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
        V, fix = layer.input_size, "START and END are tokens that the layer reads"
        self.start_token = int(check_tokens("start", start, (), V, fix=fix))
        self.end_token = int(check_tokens("end", end, (), V, fix=fix))
        self.dropout = Dropout(dropout)
        self.vocabulary = vocabulary

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a model like this one."""
        return {
            "condition_size": self.parts["condition"].input_size,
            "layer": self.parts["recurrent"],
            "start": self.start_token,
            "end": self.end_token,
            "dropout": self.dropout.rate,
            "vocabulary": self.vocabulary,
        }

    def forward(
        self,
        v: ArrayLike,
        tokens: ArrayLike,
        mask: ArrayLike | None = None,
        *,
        rng: Rng | None = None,
    ) -> tuple[Array, Any, Any]:
        """Return scores (T, B, V), the state after the last step, and the cache."""
        condition, layer, output = self.parts.values()
        a, v_cache = condition.forward(self._vectors(v))
        h_0 = np.tanh(a)
        h, final, h_cache = run(layer, tokens, layer.from_hidden(h_0), mask, rng)
        kept, kept_cache = self.dropout.forward(h, rng=rng)
        y, y_cache = output.forward(kept)
        return y, final, (h_0, v_cache, h_cache, kept_cache, y_cache)

    @tiny_is_zero
    def backward(self, dy: Array, cache: Any) -> Grads:
        """Return the gradients of the parameters, given that of the scores."""
        condition, layer, output = self.parts.values()
        h_0, v_cache, h_cache, kept_cache, y_cache = cache
        dkept, output_grads = output.backward(dy, y_cache)
        dh = self.dropout.backward(dkept, kept_cache)
        _, d_initial, layer_grads = layer.backward(dh, h_cache)
        # h_0 = tanh(a)
        da = layer.to_hidden(d_initial) * tanh_slope(h_0)
        _, condition_grads = condition.backward(da, v_cache)
        grads = (condition_grads, layer_grads, output_grads)
        return joined(dict(zip(self.parts, grads, strict=True)))

    def logits(
        self, v: ArrayLike, tokens: ArrayLike, mask: ArrayLike | None = None
    ) -> tuple[Array, Any]:
        """Return the scores of what follows each token, and the last state.

        Parameters
        ----------
        v : float array (B, C)
            What is written about.
        tokens : integers (T, B)
            What is fed in: START, then each true token one step later, as
            `shifted(targets, model.start_token)` gives it.
        mask : bool array (T, B), optional

        Returns
        -------
        y : array (T, B, V)
        state : state of the layer
        """
        y, final, _ = self.forward(v, tokens, mask)
        return y, final

    def loss(
        self,
        batch: Batch,
        state: Any = None,
        *,
        rng: Rng | None = None,
        gradients: bool = True,
    ) -> Loss:
        """Return the cross-entropy of a batch: inputs (B, C), targets (T, B)."""
        wanted = self.check_training(rng, gradients)
        check_batch(batch, Batch)
        fed = shifted(batch.targets, self.start_token)
        y, final, cache = self.forward(batch.inputs, fed, batch.mask, rng=rng)
        value, dy = cross_entropy(y, batch.targets, batch.mask)
        return Loss(value, self.backward(dy, cache) if wanted else {}, final)

    def _vectors(self, v: ArrayLike) -> Array:
        shape = ("B", self.parts["condition"].input_size)
        return check_array("v", v, shape, hint="for one vector, pass v[None]")

    def start(self, v: ArrayLike) -> Any:
        """Return the state that vectors (B, C) make."""
        a, _ = self.parts["condition"].forward(self._vectors(v))
        return self.parts["recurrent"].from_hidden(np.tanh(a))

    def step(self, tokens: Array, state: Any) -> tuple[Array, Any]:
        """Return scores (B, V) of what follows tokens (B,), and the new state."""
        if isinstance(state, np.ndarray):
            raise ValueError(
                f"state must be what model.start(v) gives, got an array {state.shape}; "
                "pass state=model.start(v)"
            )
        h, state, _ = self.parts["recurrent"].forward(np.asarray(tokens)[None], state)
        return self.parts["output"].forward(h[0])[0], state

    def predict(self, v: ArrayLike, *, max_length: int) -> Array:
        """Return the most probable tokens (T, B), each fed back; END closes them.

        After its END a sequence holds END.
        """
        check_size("max_length", max_length)
        said: Array = generate(
            self, max_length, state=self.start(v), end=self.end_token, choose=greedy
        )
        return said
