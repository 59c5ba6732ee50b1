"""From scores to tokens: the most probable one, or one drawn at random.

Logits may have any leading axes: (B, V) for one step of a batch. A score of -inf says
that a token cannot come; one of each step must be finite.
"""

import numpy as np

from rnnlib._checks import (
    check_array,
    check_finite,
    check_number,
    check_rng,
    check_size,
)
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike, Rng
from rnnlib.activations import softmax

__all__ = ["greedy", "probabilities", "sample"]

ROUNDING = 1e-12  # a share that is missing by no more needs no further symbol


def greedy(logits: ArrayLike) -> Array:
    """Return the tokens (...) with the highest scores, the first among equals.

    Raises
    ------
    ValueError
        If `logits` are not floats (..., V), finite or -inf.

    >>> greedy([[1.0, 2.2, -3.0, 4.1], [0.5, 0.5, 0.0, 0.0]])
    array([3, 0])
    """
    tokens: Array = _check(logits).argmax(axis=-1)
    return tokens


@tiny_is_zero
def probabilities(
    logits: ArrayLike,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Return `softmax(logits / temperature)` over the symbols that may be drawn.

    A temperature below 1 sharpens the distribution, and towards 0 only the highest
    score is left; above 1 flattens it. `top_k` keeps the k highest scores. `top_p`
    keeps as many of the most probable as together have at least that probability, few
    where the model is sure and many where it is not (the nucleus of Holtzman et al.,
    2020). All others get a probability of exactly 0; among equal ones the first stay.

    Parameters
    ----------
    logits : float array (..., V)
    temperature : float
        Above 0; `greedy` is the limit.
    top_k : int, optional
        From 1 to V. None: all V.
    top_p : float, optional
        Above 0 and at most 1, of what temperature and `top_k` have left. None: all.

    Returns
    -------
    array (..., V)

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> logits = [1.0, 2.2, -3.0, 4.1]
    >>> probabilities(logits).round(3)
    array([0.038, 0.125, 0.001, 0.837])
    >>> probabilities(logits, temperature=0.5, top_k=2).round(3)
    array([0.   , 0.022, 0.   , 0.978])
    >>> probabilities(logits, top_p=0.9).round(3)
    array([0.  , 0.13, 0.  , 0.87])
    """
    scores = _check(logits)
    temperature = check_number("temperature", temperature, above=0)
    with np.errstate(over="ignore"):
        gaps = scores.astype(np.float64) - scores.max(axis=-1, keepdims=True)
        p = softmax(gaps / temperature)
    if top_k is not None:
        p = np.where(_among_highest(scores, top_k), p, 0)
    if top_p is not None:
        p = np.where(_nucleus(p, top_p), p, 0)
    kept: Array = (p / p.sum(axis=-1, keepdims=True)).astype(scores.dtype)
    return kept


@tiny_is_zero
def sample(
    logits: ArrayLike,
    *,
    rng: Rng,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Return tokens (...), each drawn with its probability.

    A number between 0 and 1 is drawn for each step. The probabilities, laid end to
    end, fill that range, and the token is the one in whose stretch the number falls.

    Parameters
    ----------
    logits : float array (..., V)
    rng : numpy.random.Generator
    temperature : float
        Above 0.
    top_k : int, optional
        From 1 to V. None: all V.
    top_p : float, optional
        Above 0 and at most 1, of what temperature and `top_k` have left. None: all.

    Raises
    ------
    ValueError
        If an argument is not as described.

    See Also
    --------
    probabilities : what temperature, top_k and top_p do.

    Examples
    --------
    >>> logits = np.tile([1.0, 2.2, -3.0, 4.1], (1000, 1))
    >>> tokens = sample(logits, rng=np.random.default_rng(0))
    >>> np.bincount(tokens, minlength=4) / 1000
    array([0.037, 0.103, 0.001, 0.859])
    """
    rng = check_rng(rng)
    p = probabilities(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    bounds = p.cumsum(axis=-1, dtype=np.float64)
    bounds /= bounds[..., -1:]
    tokens: Array = (bounds <= rng.random((*p.shape[:-1], 1))).sum(axis=-1)
    return tokens


def _check(logits: ArrayLike) -> Array:
    scores = check_array("logits", logits, ("...", "V"))
    impossible = scores == -np.inf
    check_finite("logits", np.where(impossible, scores.dtype.type(0), scores))
    if impossible.all(axis=-1).any():
        raise ValueError(
            "logits must leave each step a token, got -inf for all; "
            "one of them must be finite"
        )
    return scores


def _among_highest(logits: Array, top_k: int) -> Array:
    V = logits.shape[-1]
    if check_size("top_k", top_k) > V:
        raise ValueError(
            f"top_k must be at most {V}, the number of symbols, got {top_k}; "
            "None takes all of them"
        )
    order = np.argsort(-logits, axis=-1, kind="stable")
    among = np.zeros(logits.shape, dtype=bool)
    np.put_along_axis(among, order[..., :top_k], True, axis=-1)
    return among


def _nucleus(p: Array, top_p: float) -> Array:
    """Return which symbols are needed to have at least a share of all probability."""
    if check_number("top_p", top_p, above=0) > 1:
        raise ValueError(
            f"top_p must be at most 1, got {top_p}; it is a probability, and 1 or None "
            "takes all symbols"
        )
    share = top_p * (1 - ROUNDING) * p.sum(axis=-1, keepdims=True)
    order = np.argsort(-p, axis=-1, kind="stable")
    ordered = np.take_along_axis(p, order, axis=-1)
    before = ordered.cumsum(axis=-1) - ordered
    needed = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(needed, order, before < share, axis=-1)
    return needed
