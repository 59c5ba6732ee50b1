"""Which input mattered: three ways to ask a model, and they need not agree.

Each explains one answer: ln p of a token or class, or the score itself where a model
predicts numbers. A model that answers at each step is asked at `step`; one that writes
a sequence is told what was written, and asked for the token at `step`.

Tokens are read as one-hot vectors, or as the vectors that an `Embedding` looks up. In
their place zeros stand for no input at all.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np

from rnnlib._checks import (
    as_array,
    check_array,
    check_finite,
    check_kind,
    check_size,
    check_tokens,
)
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike
from rnnlib.activations import log_softmax, softmax
from rnnlib.layers import Embedding, Linear
from rnnlib.models import Classifier, Model, SequenceClassifier, shifted
from rnnlib.recurrent import Stacked
from rnnlib.vocab import one_hot

__all__ = ["integrated_gradients", "occlusion", "saliency"]

READERS = ("encoder", "condition", "hidden", "recurrent")  # the first that it has


@tiny_is_zero
def saliency(
    model: Model, x: ArrayLike, target: int | Sequence[int] = 0, *, step: int = -1
) -> Array:
    """Return how steeply the answer changes with each input.

    It is the length of the gradient with respect to the vector of each step. It sees
    small changes only: an input whose unit is saturated may matter and have none.

    Parameters
    ----------
    model : Model
    x : integer tokens (T,), floats (T, D), or one vector (D,)
        As the model reads it.
    target : int or sequence of int
        The token or class that is explained, or the place of the number; for a model
        that writes, all tokens that were written, END included.
    step : int
        At which step a model answers that answers more than once; the last by default.

    Returns
    -------
    array (T,)
        One number for each step; (D,), one for each entry, if x is one vector.

    Raises
    ------
    ValueError
        If an argument is not as described.

    References
    ----------
    Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks: visualising
    image classification models and saliency maps", 2013.

    Examples
    --------
    >>> from rnnlib import LanguageModel, Recurrent, RNNCell
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(RNNCell(5, 8, rng=rng)), rng=rng)
    >>> saliency(model, [0, 3, 1], target=2).shape
    (3,)
    """
    asked = _Asked(model, x, target, step)
    dx = np.squeeze(asked.gradient(asked.x), axis=-2)
    return abs(dx) if asked.is_vector else np.linalg.norm(dx, axis=-1)


@tiny_is_zero
def occlusion(
    model: Model, x: ArrayLike, target: int | Sequence[int] = 0, *, step: int = -1
) -> Array:
    """Return how much the answer falls if an input had not been there.

    In place of one vector after another the model reads zeros. Above 0, the input spoke
    for the answer; below 0, against it.

    Parameters
    ----------
    model, x, target, step
        As for `saliency`.

    Returns
    -------
    array (T,), or (D,) if x is one vector

    Raises
    ------
    ValueError
        If an argument is not as described.

    References
    ----------
    Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014.
    Li, Monroe and Jurafsky, "Understanding neural networks through representation
    erasure", 2016: words.

    Examples
    --------
    >>> from rnnlib import LanguageModel, Recurrent, RNNCell
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(RNNCell(5, 8, rng=rng)), rng=rng)
    >>> occlusion(model, [0, 3, 1], target=2).shape
    (3,)
    """
    asked = _Asked(model, x, target, step)
    N = asked.x.shape[-1] if asked.is_vector else len(asked.x)
    variants = np.repeat(asked.x, int(N + 1), axis=-2)  # the last one is left whole
    variants[np.arange(N), np.arange(N)] = 0
    values = asked.value(variants)
    fall: Array = values[-1] - values[:-1]
    return fall


@tiny_is_zero
def integrated_gradients(
    model: Model,
    x: ArrayLike,
    target: int | Sequence[int] = 0,
    *,
    step: int = -1,
    points: int = 32,
) -> Array:
    """Return what each input adds to the answer on the way from no input to this one.

        sum over d of x[d] * (mean over alpha in 0..1 of the gradient at alpha * x)[d]

    The inputs grow from zeros to x together, and the slope is averaged on the way: so
    saturation cannot hide an input. What they add sums to the answer at x minus that at
    zeros, but for the error of the mean, which falls fast with `points`.

    Parameters
    ----------
    model, x, target, step
        As for `saliency`.
    points : int
        How many there are on the way (Gauss-Legendre).

    Returns
    -------
    array (T,), or (D,) if x is one vector

    Raises
    ------
    ValueError
        If an argument is not as described.

    References
    ----------
    Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", 2017.

    Examples
    --------
    >>> from rnnlib import LanguageModel, Recurrent, RNNCell
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(RNNCell(5, 8, rng=rng)), rng=rng)
    >>> parts = integrated_gradients(model, [0, 3, 1], target=2)
    >>> zeros = np.zeros((3, 5))
    >>> ln_p = [log_softmax(model.logits(v[:, None])[0])[-1, 0, 2]
    ...         for v in (one_hot([0, 3, 1], 5), zeros)]
    >>> bool(np.isclose(parts.sum(), ln_p[0] - ln_p[1]))
    True
    """
    asked = _Asked(model, x, target, step)
    nodes, weights = np.polynomial.legendre.leggauss(check_size("points", points))
    alphas = ((nodes + 1) / 2)[:, None].astype(asked.x.dtype)
    slopes = asked.gradient(alphas * asked.x)
    mean = np.einsum("n,...nd->...d", weights / 2, slopes)
    parts = np.squeeze(asked.x, axis=-2) * mean
    summed: Array = parts if asked.is_vector else parts.sum(axis=-1)
    return summed.astype(asked.x.dtype)


class _Asked:
    """One answer of a model, as a function of what it reads.

    Inputs are (T, N, D), or (N, D) for a model that reads one vector: N variants of it.
    """

    def __init__(self, model: Model, x: ArrayLike, target: Any, step: int) -> None:
        parts = check_kind("model", model, Model).parts
        self.part = next(name for name in READERS if name in parts)
        layer, self.x = _read(parts[self.part], x)
        self.is_vector = isinstance(layer, Linear)
        self.model: Any = copy(model)
        self.model.parts = {**parts, self.part: _Watched(layer)}
        self.answers_once = isinstance(model, Classifier | SequenceClassifier)
        self.is_number = getattr(model, "output_size", 0) is None
        self.is_token = getattr(model, "loss_name", "cross_entropy") == "cross_entropy"
        V = parts["output"].output_size
        if hasattr(model, "start_token"):
            written = check_tokens("target", target, ("T",), V)
            self.fed = shifted(written[:, None], model.start_token)
            target = written[_check_step(step, len(written))]
        elif not self.answers_once:
            _check_step(step, len(self.x))
        self.step = step
        self.target = int(check_tokens("target", target, (), V, hint="one of them"))

    def value(self, x: Array) -> Array:
        """Return the answer to each of N inputs, (N,)."""
        y = self._asked(self._scores(x)[0])
        value: Array = (log_softmax(y) if self.is_token else y)[:, self.target]
        return value

    def gradient(self, x: Array) -> Array:
        """Return its gradient with respect to each of N inputs, of the shape of x."""
        y, cache = self._scores(x)
        dy = np.zeros_like(y)
        self._asked(dy)[:, self.target] = 1
        if self.is_token:
            self._asked(dy)[...] -= softmax(self._asked(y))
        dx: Array = self.model.backward(dy, cache)[f"{self.part}.x"]
        return dx

    def _scores(self, x: Array) -> tuple[Array, Any]:
        """Return all scores of N inputs, and the cache."""
        N = x.shape[-2]
        fed = (np.repeat(self.fed, int(N), axis=1),) if hasattr(self, "fed") else ()
        y, _, cache = self.model.forward(x, *fed)
        return y, cache

    def _asked(self, y: Array) -> Array:
        """Return a view of the scores that are asked for, (N, V)."""
        asked = y if self.answers_once else y[self.step]
        return asked[:, None] if self.is_number else asked


class _Watched:
    """A layer that counts its input among its parameters, as far as gradients go."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.layer, name)

    def backward(self, *args: Any) -> tuple[Any, ...]:
        dx, *d_state, grads = self.layer.backward(*args)
        return (dx, *d_state, {**grads, "x": dx})


def _read(layer: Any, x: ArrayLike) -> tuple[Any, Array]:
    """Return a layer that reads vectors, and the vectors: (T, 1, D) or (1, D)."""
    if isinstance(layer, Stacked) and isinstance(layer.layers[0], Embedding):
        embedding, *above = layer.layers
        tokens = check_tokens("x", x, ("T",), embedding.input_size)
        return Stacked(above), embedding.forward(tokens[:, None])[0]
    D, dtype = layer.input_size, layer.dtype
    if isinstance(layer, Linear):
        vector = check_array("x", x, (D,), dtype=dtype)
        return layer, check_finite("x", vector)[None]
    x = as_array("x", x)
    if x.dtype.kind in "iu":
        tokens = check_tokens("x", x, ("T",), D)
        return layer, one_hot(tokens[:, None], D, dtype=dtype)
    vectors = check_array("x", x, ("T", D), dtype=dtype)
    return layer, check_finite("x", vectors)[:, None]


def _check_step(step: Any, steps: int) -> int:
    """Return `step` if it is one of `steps` steps; -1 is the last."""
    if isinstance(step, bool) or not hasattr(step, "__index__"):
        raise ValueError(f"step must be a whole number, got {step!r}")
    if not -steps <= step < steps:
        raise ValueError(f"step must lie between {-steps} and {steps - 1}, got {step}")
    return int(step)
