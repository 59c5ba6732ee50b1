"""Decoding: from a model that scores the next token to whole sequences.

A model that can be decoded has `step(tokens, state)`, which returns scores (B, V) and
the new state; its `start` makes the first state, and `start_token` is fed in first. A
score of -inf says that a token cannot come.

A state is made of arrays (B, ...), in tuples, lists or dicts as deep as one likes. What
is not an array in it, such as a count of steps, belongs to all sequences. A model that
remembers nothing has the state None.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from rnnlib._checks import (
    as_array,
    check_function,
    check_integers,
    check_number,
    check_rng,
    check_size,
    check_tokens,
)
from rnnlib._states import batch_size, select
from rnnlib._typing import Array, ArrayLike, Rng
from rnnlib._words import kind_of, shown
from rnnlib.activations import log_softmax
from rnnlib.cells import Cell
from rnnlib.sampling import sample

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
    steps: int,
    *,
    prompt: str | ArrayLike | None = None,
    state: Any = None,
    temperature: float = 1.0,
    rng: Rng | None = None,
    end: int | None = None,
    choose: Callable[[Array], Array] | None = None,
) -> Any:
    """Return what a model writes: each token is chosen from its scores and fed back.

    Parameters
    ----------
    model : Decodable
    steps : int
        T at most. There are fewer if all sequences have reached `end`.
    prompt : str, or integer tokens (P,) or (P, B)
        What is fed in first: a text, if the model has a vocabulary, or tokens of one or
        of B sequences. A model with a `start_token` is fed that before, and needs no
        prompt.
    state : state, optional
        As the model's `start` returned it, for B sequences. A language model starts
        anew without it.
    temperature : float
        As for `rnnlib.sample`: below 1 for what is probable, above 1 for more variety.
    rng : numpy.random.Generator
        Draws the tokens. It is needed unless `choose` is given.
    end : int, optional
        The token that closes a sequence. After it the sequence holds `end` only.
    choose : function of scores (B, V), optional
        Takes the place of `temperature` and `rng`: `rnnlib.greedy`, or for example
        `partial(sample, rng=rng, top_k=3)`.

    Returns
    -------
    str, or array (T,) or (T, B)
        What follows the prompt, in the form of the prompt; without one, (T, B). A text
        stops before `end`.

    Raises
    ------
    ValueError
        If `steps` is not a positive whole number, or there is no `rng`, no prompt that
        can be read, or no state to start from.

    Examples
    --------
    >>> from rnnlib import LanguageModel, Recurrent, RNNCell, Vocabulary, greedy
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(RNNCell(5, 8, rng=rng)), rng=rng)
    >>> generate(model, 4, prompt=[[0, 3]], choose=greedy).shape
    (4, 2)
    >>> model.vocabulary = Vocabulary("helo ")
    >>> len(generate(model, 7, prompt="hell", rng=rng))
    7
    """
    check_size("steps", steps)
    if choose is None:
        check_number("temperature", temperature, above=0)
        choose = partial(sample, rng=check_rng(rng), temperature=temperature)
    check_function("choose", choose)
    fed, state = _begin(model, prompt, state)
    for tokens in fed[:-1]:
        _, state = model.step(tokens, state)
    tokens = fed[-1]
    done = np.zeros(len(tokens), dtype=bool)
    said = []
    for _ in range(steps):
        scores, state = model.step(tokens, state)
        tokens = check_integers("what choose returns", choose(scores), done.shape)
        if end is not None:
            _check_end(end, scores)
            tokens = np.where(done, end, tokens)
            done |= tokens == end
        said.append(tokens)
        if done.all():
            break
    return _like(prompt, np.stack(said), model, end)


def _begin(model: Any, prompt: Any, state: Any) -> tuple[Array, Any]:
    """Return all that is fed in before the first choice, (P, B), and the state."""
    if isinstance(model, type | Cell) or not hasattr(model, "step"):
        raise ValueError(
            "model must be one that writes token by token, such as a LanguageModel, "
            f"got {kind_of(model)}"
        )
    start = getattr(model, "start_token", None)
    tokens = _encoded(model, prompt)
    if start is None and tokens is None:
        raise ValueError(
            "prompt must be a text or tokens (P, B), since a "
            f"{type(model).__name__} has no start_token, got {shown(prompt)}"
        )
    if state is None and hasattr(model, "start"):
        if tokens is None or start is not None:
            raise ValueError(
                "state must be what the model's start returns, got None; pass "
                "state=model.start(...) of what is to be written about"
            )
        state = model.start(tokens.shape[1])
    B = batch_size(state) or (1 if tokens is None else tokens.shape[1])
    if isinstance(prompt, str) and B != 1:
        raise ValueError(
            f"prompt must be tokens (P, {B}) for a state of {B} sequences, got a text; "
            "a text is written for one sequence"
        )
    fed = [] if start is None else [np.full((1, B), start)]
    if tokens is not None:
        fed.append(check_integers("prompt", tokens, ("P", B)))
    return np.concatenate(fed), state


def _check_end(end: Any, scores: Array) -> None:
    fix = "END is one of the tokens that the model knows"
    check_tokens("end", end, (), scores.shape[-1], fix=fix)


def _encoded(model: Any, prompt: Any) -> Array | None:
    """Return a prompt as tokens (P, B), or None if it is empty."""
    if prompt is None:
        return None
    if not isinstance(prompt, str):
        if as_array("prompt", prompt).dtype.kind in "US":
            raise ValueError(
                "prompt must be one text or tokens (P, B), got a list of texts; for "
                "several at once, pass the tokens of vocabulary.encode"
            )
        axes = ("P",) if np.ndim(prompt) == 1 else ("P", "B")
        tokens = check_integers("prompt", prompt, axes)
        return tokens.reshape(len(tokens), -1)
    vocabulary = getattr(model, "vocabulary", None)
    if vocabulary is None:
        raise ValueError(
            "prompt must be tokens, since the model has no vocabulary, got a text; "
            "set model.vocabulary = Vocabulary(symbols)"
        )
    symbols = prompt.split() if vocabulary.separator else prompt
    return vocabulary.encode(symbols)[:, None] if symbols else None


def _like(prompt: Any, tokens: Array, model: Any, end: int | None) -> Any:
    """Return tokens (T, B) in the form of the prompt; a text stops before `end`."""
    if not isinstance(prompt, str):
        return tokens[:, 0] if np.ndim(prompt) == 1 else tokens
    vocabulary = model.vocabulary
    said = [vocabulary.symbols[token] for token in tokens[:, 0] if token != end]
    return vocabulary.separator.join(said)


def beam_search(
    model: Decodable,
    state: Any = None,
    *,
    prompt: str | ArrayLike | None = None,
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
    state : state, optional
        As the model's `start` returned it, for a batch of one. A language model starts
        anew without it.
    prompt : str, or integer tokens (P,) or (P, 1), optional
        What is fed in first, as for `generate`; it is no part of what is found.
    width, max_length : int
        How many sequences are kept open, and how many tokens each has at most.
    end : int
        The token that closes a sequence.
    alpha : float
        At least 0.

    Returns
    -------
    list of Hypothesis
        At most `width`; those that reached END, or `max_length`. None of them holds a
        token that cannot come.

    Raises
    ------
    ValueError
        If a number is out of range, the state is not that of a batch of one, or there
        is neither a start token nor a prompt.

    References
    ----------
    Graves, "Sequence transduction with recurrent neural networks", 2012.
    Wu et al., "Google's neural machine translation system", 2016: the
    length normalisation.
    """
    check_size("width", width)
    check_size("max_length", max_length)
    check_number("alpha", alpha, at_least=0)
    fed, state = _begin(model, prompt, state)
    if fed.shape[1] != 1:
        raise ValueError(
            "state and prompt must be of a batch of one, got one of "
            f"{fed.shape[1]}; search for one sequence at a time"
        )
    for tokens in fed[:-1]:
        _, state = model.step(tokens, state)
    last_fed = int(fed[-1, 0])
    open_ones: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    closed: list[tuple[tuple[int, ...], float]] = []
    for _ in range(max_length):
        last = [tokens[-1] if tokens else last_fed for tokens, _ in open_ones]
        scores, state = model.step(np.array(last), state)
        _check_end(end, scores)
        total = np.array([log_p for _, log_p in open_ones])[:, None]
        total = total + log_softmax(scores)
        best = np.argsort(-total, axis=None, kind="stable")[:width]
        best = best[total.flat[best] > -np.inf]
        rows, tokens = np.divmod(best, total.shape[1])
        grown = [
            ((*open_ones[row][0], int(token)), float(total[row, token]))
            for row, token in zip(rows, tokens, strict=True)
        ]
        closed += [(said, log_p) for said, log_p in grown if said[-1] == end]
        kept = [k for k, (said, _) in enumerate(grown) if said[-1] != end]
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
