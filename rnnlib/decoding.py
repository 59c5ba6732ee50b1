"""Decoding: from a model that scores the next token to whole sequences.

A model that can be decoded has `step(tokens, state)`, which returns scores (B, V) and
the new state; its `start` makes the first state, and `start_token` is fed in first.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np

from rnnlib._checks import (
    check_function,
    check_integers,
    check_number,
    check_size,
    check_tokens,
)
from rnnlib._typing import Array, ArrayLike
from rnnlib.activations import log_softmax
from rnnlib.sampling import greedy

__all__ = ["Decodable", "Hypothesis", "beam_search", "generate"]


class Decodable(Protocol):
    """A model that says what may come next.

    If it has a `start_token`, that is what is fed in first.
    """

    def step(self, tokens: Array, state: Any) -> tuple[Array, Any]:
        """Return scores (B, V) of what follows tokens (B,), and the new state."""


class Hypothesis(NamedTuple):
    """A sequence that a beam search found.

    Attributes
    ----------
    tokens : tuple of int
        Without START; END is the last one, if it was reached.
    log_probability : float
        In nats, of all tokens together.
    score : float
        `log_probability / len(tokens)**alpha`, by which hypotheses are ranked.
    """

    tokens: tuple[int, ...]
    log_probability: float
    score: float


def generate(
    model: Decodable,
    state: Any,
    *,
    max_length: int,
    first: ArrayLike | None = None,
    end: int | None = None,
    choose: Callable[[Array], Array] = greedy,
) -> Array:
    """Return tokens (T, B), each chosen from the scores and fed back.

    Parameters
    ----------
    model : Decodable
    state : state
        As the model's `start` returned it, for B sequences.
    max_length : int
        T at most. It is less if all sequences have reached END.
    first : integer tokens (B,), optional
        What is fed in first; by default the model's `start_token`.
    end : int, optional
        The token that closes a sequence. After it the sequence holds `end` only.
    choose : function of scores (B, V)
        `rnnlib.sampling.greedy`, or for example
        `partial(sample, rng=rng, temperature=0.7)`.

    Raises
    ------
    ValueError
        If `max_length` is not a positive whole number, or `first` not B tokens.

    Examples
    --------
    >>> from rnnlib import Recurrent, RNNCell
    >>> from rnnlib.models import LanguageModel
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(RNNCell(5, 8, rng=rng)), rng=rng)
    >>> generate(model, model.start(2), first=[0, 3], max_length=4).shape
    (4, 2)
    """
    check_size("max_length", max_length)
    check_function("choose", choose)
    B = batch_size(state)
    tokens = _first(model, first, B)
    done = np.zeros(B, dtype=bool)
    said = []
    for _ in range(max_length):
        scores, state = model.step(tokens, state)
        if end is not None:
            check_tokens("end", end, (), scores.shape[-1])
        tokens = choose(scores)
        if end is not None:
            tokens = np.where(done, end, tokens)
            done |= tokens == end
        said.append(tokens)
        if done.all():
            break
    return np.stack(said)


def _first(model: Decodable, first: ArrayLike | None, B: int) -> Array:
    """Return the tokens that are fed in first, (B,)."""
    if first is not None:
        return check_integers("first", first, (B,))
    start = getattr(model, "start_token", None)
    if start is None:
        raise ValueError(
            f"first must be tokens ({B},), since a {type(model).__name__} has no "
            "start_token, got None"
        )
    return np.full(B, start)


def beam_search(
    model: Decodable,
    state: Any,
    *,
    width: int,
    max_length: int,
    end: int,
    alpha: float = 0.0,
) -> list[Hypothesis]:
    """Return the best sequences for one input, the best one first.

    At each step every open hypothesis is continued by every token, and the `width` most
    probable results are kept. With width 1 that is the greedy choice; with a width of
    at least V to the power of the length nothing is lost: the search is exhaustive.

    A longer sequence has more factors below 1, so its probability is smaller. Dividing
    its logarithm by `length**alpha` makes up for that: alpha = 0 does nothing, with
    alpha = 1 the mean over tokens ranks.

    Parameters
    ----------
    model : Decodable
    state : state
        As the model's `start` returned it, for a batch of one.
    width, max_length : int
    end : int
        The token that closes a sequence.
    alpha : float
        At least 0.

    Returns
    -------
    list of Hypothesis
        At most `width`; those that reached END, or `max_length`.

    Raises
    ------
    ValueError
        If a number is out of range, or the state is not that of a batch of one.

    References
    ----------
    Graves, "Sequence transduction with recurrent neural networks", 2012.
    Wu et al., "Google's neural machine translation system", 2016: the length.
    """
    check_size("width", width)
    check_size("max_length", max_length)
    check_number("alpha", alpha, at_least=0)
    if batch_size(state) != 1:
        raise ValueError(f"state must be of a batch of one, got {batch_size(state)}")
    start = int(_first(model, None, 1)[0])
    open_ones: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    closed: list[tuple[tuple[int, ...], float]] = []
    for _ in range(max_length):
        last = [tokens[-1] if tokens else start for tokens, _ in open_ones]
        scores, state = model.step(np.array(last), state)
        check_tokens("end", end, (), scores.shape[-1])
        total = np.array([log_p for _, log_p in open_ones])[:, None]
        total = total + log_softmax(scores)
        best = np.argsort(-total, axis=None, kind="stable")[:width]
        rows, tokens = np.divmod(best, total.shape[1])
        grown = [
            ((*open_ones[row][0], int(token)), float(total[row, token]))
            for row, token in zip(rows, tokens, strict=True)
        ]
        closed += [found for found in grown if found[0][-1] == end]
        kept = [k for k, found in enumerate(grown) if found[0][-1] != end]
        open_ones = [grown[k] for k in kept]
        if not open_ones:
            break
        state = select(state, rows[kept])
    return _ranked(closed + open_ones, alpha)[:width]


def _ranked(
    found: list[tuple[tuple[int, ...], float]], alpha: float
) -> list[Hypothesis]:
    hypotheses = [
        Hypothesis(tokens, log_p, log_p / len(tokens) ** alpha)
        for tokens, log_p in found
    ]
    return sorted(hypotheses, key=lambda hypothesis: -hypothesis.score)


def batch_size(state: Any) -> int:
    """Return B of a state, however it is nested."""
    arrays = _arrays(state)
    if not arrays:
        raise ValueError(f"state must be as the model's start returned it, got {state}")
    return len(arrays[0])


def select(state: Any, rows: Array) -> Any:
    """Return the state of some sequences of the batch, in the given order."""
    if state is None:
        return None
    if isinstance(state, tuple):
        # keys and masks of an attention have time first
        parts = [
            part[:, rows]
            if name in ("keys", "mask") and part is not None
            else select(part, rows)
            for name, part in zip(getattr(state, "_fields", state), state, strict=True)
        ]
        return type(state)(*parts) if hasattr(state, "_fields") else tuple(parts)
    return state[rows]


def _arrays(state: Any) -> list[Array]:
    if isinstance(state, tuple):
        return [array for part in state for array in _arrays(part)]
    return [] if state is None else [state]
