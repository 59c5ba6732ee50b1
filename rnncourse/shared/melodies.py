"""Tunes as texts, one letter a note, in which a copy is quick to find."""

from collections.abc import Iterable

from rnnlib.tasks import Tunes
from rnnlib.tasks.tunes import HELD_OUT, TUNES
from rnnlib.vocab import Vocabulary

__all__ = ["LEARNED", "VOCABULARY", "letters_of", "longest_copy"]

VOCABULARY = Vocabulary(Tunes.symbols)


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
