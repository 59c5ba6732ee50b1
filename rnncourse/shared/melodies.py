"""Tunes as texts, one letter a note, in which a copy is quick to find."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rnnlib._typing import Array
from rnnlib.sound import Note
from rnnlib.tasks import Tunes
from rnnlib.tasks.tunes import HELD_OUT, TUNES, note
from rnnlib.vocab import Vocabulary

__all__ = ["LEARNED", "SEEDS", "VOCABULARY", "Notes", "letters_of", "longest_copy"]

VOCABULARY = Vocabulary(Tunes.symbols)
SEEDS = ("C2", "E2", "G2", "A2", "G,2")


@dataclass(frozen=True)
class Notes:
    """A melody, with its notes as they are typed."""

    symbols: tuple[str, ...]

    @property
    def notes(self) -> list[Note]:
        """The notes, as `rnnlib.sound` plays them."""
        return [note(symbol) for symbol in self.symbols]

    @property
    def onsets(self) -> Array:
        """The beat at which each note begins, and that at which the last one ends."""
        return np.cumsum([0.0, *(each.beats for each in self.notes)])


def letters_of(symbols: Iterable[str]) -> str:
    """Return notes as a text, one letter each, since a text is quick to search."""
    return "".join(chr(ord("A") + token) for token in VOCABULARY.encode(symbols))


LEARNED = {
    name: letters_of(tune.replace("|", " ").split())
    for name, tune in TUNES.items()
    if name not in HELD_OUT
}


def longest_copy(symbols: Iterable[str]) -> tuple[int, int, str]:
    """Return the longest stretch that is in a learned tune: from, to, and its name.

    >>> longest_copy(["G2", "C2", "D2", "E2", "C2", "C2", "D2", "E2", "C2", "E2"])
    (1, 10, 'Frère Jacques')
    """
    best, melody = (0, 0, ""), letters_of(symbols)
    for name, tune in LEARNED.items():
        for begin in range(len(melody)):
            end = begin + best[1] - best[0] + 1
            while end <= len(melody) and melody[begin:end] in tune:
                best, end = (begin, end, name), end + 1
    return best
