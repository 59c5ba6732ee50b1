"""A trained reader of dates whose attention is moved by hand, at one step."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_11.forced import (
    TASK,
    WAYS,
    Looks,
    looks,
    pair_of,
    probabilities,
)
from rnncourse.lesson_11.nets import stored
from rnncourse.shared.translators import TASKS
from rnncourse.shared.wording import count, percent
from rnnlib._typing import Array

__all__ = ["FORCE", "HOW", "LONGEST", "OWN", "SOURCES", "ForcedWeight", "compute"]

SOURCES = {  # held out: the network has seen none of them
    "wednesday, 2 december 2009": "2009-12-02",
    "the 3rd of november 1981": "1981-11-03",
    "february 3, 2090": "2090-02-03",
    "16 july 2065": "2065-07-16",
}
LONGEST = max(map(len, SOURCES))
SPECIAL = 3  # PAD, START and END are no characters
OWN, FORCE = "its own weights", "force one letter"
HOW = (OWN, FORCE, *WAYS)


@cache
def looks_at(look: str, source: str) -> tuple[Looks, tuple[str, ...]]:
    """Return where the stored network looks in a source, and the symbols it says."""
    symbols = TASKS[TASK].target_vocabulary.symbols[SPECIAL:]
    found = looks(stored(TASK, look), pair_of(source, SOURCES[source]))
    return found, tuple(symbols)


@dataclass(frozen=True)
class ForcedWeight:
    """One step of a decoder, as it looks by itself and as it is made to look.

    Attributes
    ----------
    source, how : str
    step, place : int
        Which character is written, and which letter is forced, from 0.
    own, forced : ndarray, shape (S,)
        The weights of this step, before and after.
    before, after : ndarray, shape (11,)
        Probabilities of the ten digits and the dash.
    alone : ndarray of bool, shape (S,)
        For each letter, whether the answer changes if all of the weight is on it.
    names : tuple of str, length 11
        The characters that can be written.
    beyond : bool
        Whether a letter was asked for that lies beyond the end of the source.
    """

    source: str
    how: str
    step: int
    place: int
    own: Array
    forced: Array
    before: Array
    after: Array
    alone: Array
    names: tuple[str, ...]
    beyond: bool

    @property
    def answer(self) -> str:
        """What is written if the network looks by itself."""
        return self.names[int(self.before.argmax())]

    @property
    def new_answer(self) -> str:
        """What is written if it is made to look."""
        return self.names[int(self.after.argmax())]

    @property
    def letter(self) -> str:
        """The letter that is forced, as a sentence names it."""
        return f"“{self.source[self.place]}” at place {self.place + 1}"

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        own = f"By itself it writes “{self.answer}” ({percent(self.before.max())})"
        if self.how == OWN:
            top = int(self.own.argmax())
            looked = f"“{self.source[top]}” at place {top + 1}"
            return f"{own} and looks most, {percent(self.own[top])}, at {looked}."
        changed = (
            f"now “{self.new_answer}” ({percent(self.after.max())}): it changes"
            if self.new_answer != self.answer
            else f"now the same ({percent(self.after[self.before.argmax()])})"
        )
        return (
            f"{own}, {changed}.{self._what_was_done()} All of the weight on a single "
            f"letter would change it in {self.alone.sum()} of "
            f"{count(len(self.alone), 'place')}."
        )

    def _what_was_done(self) -> str:
        if self.how != FORCE:
            return ""
        beyond = " (the last there is)" if self.beyond else ""
        return (
            f" {self.letter}{beyond} has {percent(self.forced[self.place])} in place "
            f"of {percent(self.own[self.place])}."
        )


def forced_weights(own: Array, place: int, weight: float) -> Array:
    """Return weights with one of them set, and the others scaled to what is left.

    >>> forced_weights(np.array([0.5, 0.3, 0.2]), 0, 0.8).round(2)
    array([0.8 , 0.12, 0.08])
    """
    rest = np.where(np.arange(len(own)) == place, 0, own)
    moved = rest * ((1 - weight) / rest.sum())
    moved[place] = weight
    return moved


def compute(
    *, look: str, source: str, how: str, step: int, place: int, weight: float
) -> ForcedWeight:
    """Let the decoder look by itself and as it is told to.

    Parameters
    ----------
    look : str
        How the network scores: "scaled", "dot" or "additive".
    source : str
        One of SOURCES.
    how : str
        One of HOW.
    step, place : int
        Which character of the answer is written, and which letter is forced, from 1.
    weight : float
        Of that letter.
    """
    (whole, names), model = looks_at(look, source), stored(TASK, look)
    found = whole._replace(
        s=whole.s[step - 1 : step], weights=whole.weights[step - 1 : step]
    )
    S = len(source)
    own = found.weights[0, 0]
    moved = own
    if how == FORCE:
        moved = forced_weights(own, min(place, S) - 1, weight)
    elif how != OWN:
        moved = WAYS[how](found)[0, 0]
    every = np.stack([own, moved, *np.eye(S, dtype=own.dtype)])[:, None]
    many = found._replace(s=np.broadcast_to(found.s, (len(every), *found.s.shape[1:])))
    p = probabilities(model, many, every)[:, 0, SPECIAL:]
    answers = p.argmax(axis=-1)
    return ForcedWeight(
        source,
        how,
        step - 1,
        min(place, S) - 1,
        own,
        moved,
        p[0],
        p[1],
        answers[2:] != answers[0],
        names,
        place > S,
    )
