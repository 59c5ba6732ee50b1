"""A beam search, with all that it looked at and threw away."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncourse.lesson_10.words import names_of, read_word
from rnncourse.shared.translators import stored, task_of
from rnncourse.shared.wording import percent
from rnnlib.activations import log_softmax
from rnnlib.batches import END, START
from rnnlib.decoding import Hypothesis, beam_search, select

__all__ = ["DEEPEST", "SHOWN", "WIDEST", "BeamTree", "Branch", "compute"]

NAME = "half-trained reversal"
WIDEST, DEEPEST = 5, 6
SHOWN = 3  # continuations of each hypothesis that are drawn, kept or not


@dataclass(frozen=True)
class Branch:
    """One continuation of a hypothesis.

    Attributes
    ----------
    tokens : tuple of str
        From the first to this one.
    log_probability : float
        In nats, of all tokens together.
    kept : bool
        Whether it is among the `width` best of its depth.
    """

    tokens: tuple[str, ...]
    log_probability: float
    kept: bool

    @property
    def closed(self) -> bool:
        """Whether it has come to its END."""
        return self.tokens[-1] == "END"


@dataclass(frozen=True)
class BeamTree:
    """What a beam search sees at each depth.

    Attributes
    ----------
    word : str
        The source.
    levels : tuple of tuple of Branch
        By depth, the most probable first: all that was kept, and of each hypothesis the
        best continuations that were not.
    best : Hypothesis
        Of the closed ones and those still open; its tokens are `answer`.
    answer : tuple of str
    greedy : tuple of str
        What a beam of width 1 says.
    greedy_log_probability : float
    width, alpha : int, float
    note : str
        What of the typed word is not read, in words.
    """

    word: str
    levels: tuple[tuple[Branch, ...], ...]
    best: Hypothesis
    answer: tuple[str, ...]
    greedy: tuple[str, ...]
    greedy_log_probability: float
    width: int
    alpha: float
    note: str

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        share = percent(float(np.exp(self.best.log_probability)))
        return (
            f"Width {self.width} says {_text(self.answer)} with probability {share}, "
            f"{self.judged}. {self._beside_greedy()}{self.note}"
        )

    @property
    def judged(self) -> str:
        """Whether the answer is right, from end to end or as far as it goes."""
        wanted = (*self.word[::-1], "END")
        if self.answer == wanted:
            return "right"
        so_far = self.answer == wanted[: len(self.answer)]
        return "right so far" if so_far else "wrong"

    def _beside_greedy(self) -> str:
        if self.width == 1:
            return "This is the greedy choice."
        if self.answer == self.greedy:
            return "The greedy choice, width 1, says the same."
        share = percent(float(np.exp(self.greedy_log_probability)))
        return f"The greedy choice says {_text(self.greedy)} with {share}."


def _text(tokens: tuple[str, ...]) -> str:
    letters = "".join(token for token in tokens if token != "END")
    return f"“{letters}”" + ("" if tokens[-1] == "END" else " …")


def compute(*, word: str, width: int, depth: int, alpha: float) -> BeamTree:
    """Search with a beam, and keep the record.

    Parameters
    ----------
    word : str
        Letters from a to h.
    width : int
        How many hypotheses are kept, from 1 to WIDEST.
    depth : int
        How many tokens are said at most, from 1 to DEEPEST.
    alpha : float
        0 ranks by probability, 1 by the mean over tokens.
    """
    word, note = read_word(word)
    source = np.array(task_of(NAME).source_vocabulary.encode(word))[:, None]
    state = stored(NAME).start(source)
    best, greedy = (
        beam_search(stored(NAME), state, width=w, max_length=depth, end=END, alpha=a)[0]
        for w, a in ((width, alpha), (1, 0.0))
    )
    return BeamTree(
        word=word,
        levels=_levels(state, width, depth),
        best=best,
        answer=_names(best.tokens),
        greedy=_names(greedy.tokens),
        greedy_log_probability=greedy.log_probability,
        width=width,
        alpha=alpha,
        note=note,
    )


def _levels(state: Any, width: int, depth: int) -> tuple[tuple[Branch, ...], ...]:
    """Grow the beam as `rnnlib.decoding.beam_search` does, and record what it sees."""
    open_ones: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    levels: list[tuple[Branch, ...]] = []
    for _ in range(depth):
        last = [tokens[-1] if tokens else START for tokens, _ in open_ones]
        scores, state = stored(NAME).step(np.array(last), state)
        log_p = np.array([p for _, p in open_ones])[:, None] + log_softmax(scores)
        V = log_p.shape[1]
        order = np.argsort(-log_p, axis=None, kind="stable")
        kept = set(order[:width].tolist())
        near = np.argsort(-log_p, axis=1, kind="stable")[:, :SHOWN]
        drawn = kept | {
            row * V + int(token) for row, tokens in enumerate(near) for token in tokens
        }
        grown = {
            place: (*open_ones[place // V][0], place % V)
            for place in order.tolist()
            if place in drawn
        }
        levels.append(
            tuple(
                Branch(_names(tokens), float(log_p.flat[place]), place in kept)
                for place, tokens in grown.items()
            )
        )
        going = [place for place in order[:width].tolist() if grown[place][-1] != END]
        if not going:
            break
        open_ones = [(grown[place], float(log_p.flat[place])) for place in going]
        state = select(state, np.array([place // V for place in going]))
    return tuple(levels)


def _names(tokens: tuple[int, ...]) -> tuple[str, ...]:
    names = names_of(task_of(NAME).target_vocabulary)
    return tuple(names[token] for token in tokens)
