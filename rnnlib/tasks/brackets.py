"""A language of brackets and quotes in which every probability is known."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

import numpy as np

from rnnlib._checks import check_size, check_tokens
from rnnlib._typing import Array, ArrayLike, Rng
from rnnlib.tasks.base import Batch, Task

__all__ = ["BracketLanguage"]

LETTERS, QUOTE = "ab", '"'
CLOSING = {"(": ")", "[": "]"}


class _State(NamedTuple):
    open_brackets: str = ""
    quoted: bool = False


class _Machine(NamedTuple):
    states: list[_State]
    probabilities: Array  # (N, V)
    next_state: Array  # (N, V)


@dataclass(frozen=True, repr=False)
class BracketLanguage(Task[Batch]):
    """Predict each next symbol of a text of letters, nested brackets and quotes.

    A bracket is closed by its own kind, ( by ) and [ by ]; within quotes there are
    letters only. What may come next, and how probable it is, follows from the brackets
    that are open and from whether a quote is. Letters, quote marks and both opening
    brackets have equal weights, the bracket that closes the last open one has three
    times that weight, and within quotes each letter has twice that weight. As all this
    is known, `entropy` is a bound that no model can beat.

    What is random: each symbol, given those before. A text begins outside all brackets
    and may end inside some. The first symbol is given; each of the others costs a
    unigram model, which ignores what came before, `chance` bits. The data is CC0.

    Parameters
    ----------
    steps : int
        T: symbols to be predicted, at least 1. Below about ten symbols the two sets
        differ by more than chance, since there are only a few different texts.
    max_depth : int
        Brackets that may be open at once, 0 to 6.

    Examples
    --------
    >>> task = BracketLanguage(steps=30)
    >>> batch = task.sample(1, rng=np.random.default_rng(0))
    >>> "".join(task.symbols[token] for token in batch.inputs[:, 0])
    '[(aa)"bbb"]a"aba"(([aa]))b""[]'
    >>> round(task.entropy, 2), round(task.chance, 2)
    (2.01, 2.6)
    """

    steps: int
    max_depth: int = 4
    symbols: ClassVar[tuple[str, ...]] = (*LETTERS, *CLOSING, *CLOSING.values(), QUOTE)
    measure: ClassVar[str] = "bits per character"

    def __post_init__(self) -> None:
        check_size("steps", self.steps)
        if check_size("max_depth", self.max_depth, minimum=0) > 6:
            raise ValueError(f"max_depth must be at most 6, got {self.max_depth}")

    @property
    def chance(self) -> float:
        """Cross-entropy of the unigram model, in bits per symbol."""
        return float(_entropy(self._shares.mean(axis=0) @ self._machine.probabilities))

    @property
    def entropy(self) -> float:
        """Entropy given all that came before, in bits per symbol: the lowest loss."""
        return float((self._shares @ _entropy(self._machine.probabilities)).mean())

    def probabilities(self, tokens: ArrayLike) -> Array:
        """Return the probabilities (T, B, V) of the symbol after each of tokens (T, B).

        Raises
        ------
        ValueError
            If `tokens` is not a text of the language.

        >>> from rnnlib import Vocabulary
        >>> task = BracketLanguage(steps=4)
        >>> tokens = Vocabulary(task.symbols).encode('([a"')
        >>> task.probabilities(tokens[:, None])[2:, 0].round(2)
        array([[0.12, 0.12, 0.12, 0.12, 0.  , 0.38, 0.12],
               [0.4 , 0.4 , 0.  , 0.  , 0.  , 0.  , 0.2 ]])
        """
        tokens = check_tokens("tokens", tokens, ("T", "B"), len(self.symbols))
        _, p, next_state = self._machine
        state, result = np.zeros(tokens.shape[1], dtype=int), []
        for t, token in enumerate(tokens):
            self._check_step(t, token, p[state, token])
            state = next_state[state, token]
            result.append(p[state])
        return np.array(result)

    def _check_step(self, t: int, tokens: Array, p: Array) -> None:
        if not p.all():
            symbol = self.symbols[tokens[p == 0][0]]
            raise ValueError(
                f"tokens must be a text of the language, got {symbol!r} at step {t}, "
                "where it cannot stand; close what is open, and begin outside"
            )

    @cached_property
    def _machine(self) -> _Machine:
        states = [_State()]
        for state in states:  # the list grows until each has its successors in it
            options = self._options(state).values()
            states += [after for _, after in options if after not in states]
        p = np.zeros((len(states), len(self.symbols)))
        next_state = np.zeros(p.shape, dtype=int)
        for n, state in enumerate(states):
            for symbol, (weight, after) in self._options(state).items():
                place = n, self.symbols.index(symbol)
                p[place], next_state[place] = weight, states.index(after)
        return _Machine(states, p / p.sum(axis=1, keepdims=True), next_state)

    def _options(self, state: _State) -> dict[str, tuple[int, _State]]:
        """Return what may come next: its weight, and the state after it."""
        stack, quoted = state
        options = {letter: (2 if quoted else 1, state) for letter in LETTERS}
        options[QUOTE] = (1, _State(stack, not quoted))
        if not quoted and len(stack) < self.max_depth:
            options |= {mark: (1, _State(stack + mark)) for mark in CLOSING}
        if not quoted and stack:
            options[CLOSING[stack[-1]]] = (3, _State(stack[:-1]))
        return options

    @cached_property
    def _shares(self) -> Array:
        """Return how probable each state is after 1, 2, ... T symbols, (T, N)."""
        states, p, next_state = self._machine
        move = np.zeros((len(states), len(states)))
        np.add.at(move, (np.arange(len(states))[:, None], next_state), p)
        shares = [move[0]]
        for _ in range(self.steps - 1):
            shares.append(shares[-1] @ move)
        return np.array(shares)

    def _draw(self, count: int, rng: Rng) -> Array:
        _, p, next_state = self._machine
        bounds = p.cumsum(axis=1)
        bounds /= bounds[:, -1:]
        state, tokens = np.zeros(count, dtype=int), []
        for u in rng.random((self.steps + 1, count, 1)):
            tokens.append((bounds[state] <= u).sum(axis=1))
            state = next_state[state, tokens[-1]]
        return np.stack(tokens, axis=1)

    def _assemble(self, items: list[Array]) -> Batch:
        tokens = np.stack(items, axis=1)
        return Batch(tokens[:-1], tokens[1:])


def _entropy(p: Array) -> Array:
    """Return the entropy in bits of probabilities (..., V)."""
    entropy: Array = -(p * np.log2(np.where(p > 0, p, 1))).sum(axis=-1)
    return entropy
