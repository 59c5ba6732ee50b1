"""Which letter mattered: two ways to ask a language model, and they need not agree."""

import numpy as np

from rnnlib._checks import check_kind, check_tokens
from rnnlib._typing import Array, ArrayLike
from rnnlib.activations import log_softmax, softmax
from rnnlib.layers import Embedding
from rnnlib.models import LanguageModel
from rnnlib.recurrent import Stacked
from rnnlib.vocab import one_hot

__all__ = ["occlusion", "saliency"]


def saliency(model: LanguageModel, tokens: ArrayLike, target: int) -> Array:
    """Return how steeply ln p(target) changes with each letter that was read.

    It is the length of the gradient of ln p, after the last token, with respect to the
    one-hot vector of each step. It sees small changes only: a letter whose unit is
    saturated may matter and have none. (Simonyan, Vedaldi and Zisserman, 2013.)

    Parameters
    ----------
    model : LanguageModel
        One that reads one-hot vectors, without an `Embedding`.
    tokens : integer array (T,)
        What was read.
    target : int
        The token whose probability is explained.

    Returns
    -------
    array (T,)

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> from rnnlib import Recurrent, RNNCell
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(RNNCell(5, 8, rng=rng)), rng=rng)
    >>> saliency(model, [0, 3, 1], target=2).shape
    (3,)
    """
    x, target = _read(model, tokens, target)
    y, _, (h_cache, y_cache) = model.forward(x[:, None])
    dy = np.zeros_like(y)
    dy[-1] = one_hot([target], y.shape[-1], dtype=y.dtype) - softmax(y[-1])
    dh, _ = model.scores_backward(dy, y_cache)
    dx, _, _ = model.parts["recurrent"].backward(dh, h_cache)
    length: Array = np.linalg.norm(dx[:, 0], axis=-1)
    return length


def occlusion(model: LanguageModel, tokens: ArrayLike, target: int) -> Array:
    """Return how much ln p(target) falls if a letter had not been seen.

    In place of one step after another the model reads a vector of zeros, which stands
    for no letter. Above 0, the letter spoke for the target; below 0, against it.
    (Zeiler and Fergus, 2014; Li, Monroe and Jurafsky, 2016, erase words so.)

    Parameters
    ----------
    model, tokens, target
        As those of `saliency`.

    Returns
    -------
    array (T,)

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> from rnnlib import Recurrent, RNNCell
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(RNNCell(5, 8, rng=rng)), rng=rng)
    >>> occlusion(model, [0, 3, 1], target=2).shape
    (3,)
    """
    x, target = _read(model, tokens, target)
    steps = np.arange(len(x))
    texts = np.tile(x[:, None], (1, len(x) + 1, 1))  # the last one is left whole
    texts[steps, steps] = 0
    y, _ = model.logits(texts)
    log_p = log_softmax(y[-1])[:, target]
    fall: Array = log_p[-1] - log_p[:-1]
    return fall


def _read(model: LanguageModel, tokens: ArrayLike, target: int) -> tuple[Array, int]:
    """Return the tokens as one-hot vectors (T, V), and the target, both checked."""
    check_kind("model", model, LanguageModel)
    layer = model.parts["recurrent"]
    if isinstance(layer, Stacked) and isinstance(layer.layers[0], Embedding):
        raise ValueError(
            f"model must read one-hot vectors, got {layer!r}; an embedding has no "
            "vector of its own for no letter"
        )
    V = layer.input_size
    found = check_tokens("tokens", tokens, ("T",), V)
    wanted = check_tokens("target", target, (), V, hint="one token")
    return one_hot(found, V, dtype=layer.dtype), int(wanted)
