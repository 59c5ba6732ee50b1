"""The same thing written in different ways: numbers in three, dates in two."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rnnlib._checks import check_choice, check_size
from rnnlib._typing import Rng
from rnnlib._words import shown
from rnnlib.tasks.base import is_held_out
from rnnlib.tasks.dates import STYLES, iso, written
from rnnlib.tasks.numbers import (
    ENGLISH_WORDS,
    FRENCH_WORDS,
    LARGEST,
    english,
    french,
)
from rnnlib.tasks.pairs import PairTask

__all__ = ["DateTranslation", "NumberTranslation"]


class _Language(NamedTuple):
    symbols: Sequence[str]
    spell: Callable[[int], Sequence[str]]


def _words(text: str) -> list[str]:
    return text.replace("-", " ").split()


LANGUAGES = {
    "digits": _Language("0123456789", str),
    "english": _Language(ENGLISH_WORDS, lambda n: _words(english(n))),
    "french": _Language(FRENCH_WORDS, lambda n: _words(french(n))),
}
WRITINGS = ("written", "iso")


@dataclass(frozen=True, repr=False)
class NumberTranslation(PairTask):
    """Translate a number between digits, English words and French words.

    A token is a digit or a word; a hyphen ends a word and is no token, so
    `quatre-vingts` is two tokens. English and French are a true pair of languages: the
    words of the tens differ in order and number, 97 is `ninety seven` and `quatre vingt
    dix sept`.

    What is random: the number, uniform from 0 to `largest`. The number decides whether
    it is held out, in all languages. If `largest` is 999 or more, every word occurs in
    training. Chance level is that of guessing the number. The data is CC0.

    Parameters
    ----------
    source, target : {"digits", "english", "french"}
        Two different ones.
    largest : int
        From 1 to 999 999.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib.tasks import read
    >>> task = NumberTranslation("english", "french")
    >>> pairs = task.sample(2, rng=np.random.default_rng(0))
    >>> read(pairs.source, task.source_vocabulary)
    ['eight hundred and fifty', 'six hundred and thirty six']
    >>> read(pairs.target, task.target_vocabulary)
    ['huit cent cinquante', 'six cent trente six']
    """

    source: str
    target: str
    largest: int = 999

    def __post_init__(self) -> None:
        _check_sides(self.source, self.target, tuple(LANGUAGES))
        if check_size("largest", self.largest) > LARGEST:
            raise ValueError(f"largest must be at most {LARGEST}, got {self.largest}")

    @property
    def chance(self) -> float:
        """Probability of guessing the number."""
        return 1 / (self.largest + 1)

    @property
    def _symbols(self) -> tuple[Sequence[str], Sequence[str]]:
        return LANGUAGES[self.source].symbols, LANGUAGES[self.target].symbols

    def _draw(self, count: int, rng: Rng) -> list[int]:
        return [int(n) for n in rng.integers(0, self.largest + 1, size=count)]

    def _is_held_out(self, item: int) -> bool:
        return is_held_out(f"n{item}")

    def _sides(self, item: int) -> tuple[Sequence[str], Sequence[str]]:
        return LANGUAGES[self.source].spell(item), LANGUAGES[self.target].spell(item)


@dataclass(frozen=True, repr=False)
class DateTranslation(PairTask):
    """Turn a written-out date into ISO form, or back, character by character.

    A source date is written in any of the four styles of `rnnlib.tasks.dates`; a target
    date is written day first, so that only one answer is right.

    What is random: the day, uniform over all years, and the style. The day decides
    whether it is held out, in all styles. Chance level is that of guessing the day.
    The data is CC0.

    Parameters
    ----------
    source, target : {"written", "iso"}
        One each.
    first_year, last_year : int
        From 1000 to 9999.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib.tasks import read
    >>> task = DateTranslation("written", "iso")
    >>> pairs = task.sample(3, rng=np.random.default_rng(0))
    >>> read(pairs.source, task.source_vocabulary)
    ['may 24, 2027', 'the 19th of january 1915', 'thursday, 23 april 1903']
    >>> read(pairs.target, task.target_vocabulary)
    ['2027-05-24', '1915-01-19', '1903-04-23']
    """

    source: str = "written"
    target: str = "iso"
    first_year: int = 1900
    last_year: int = 2099

    def __post_init__(self) -> None:
        _check_sides(self.source, self.target, WRITINGS)
        check_size("first_year", self.first_year, minimum=1000)
        if check_size("last_year", self.last_year, minimum=self.first_year) > 9999:
            raise ValueError(f"last_year must be at most 9999, got {self.last_year}")

    @property
    def chance(self) -> float:
        """Probability of guessing the day."""
        first, last = self._days
        return 1 / (last - first + 1)

    @property
    def _days(self) -> tuple[int, int]:
        first, last = date(self.first_year, 1, 1), date(self.last_year, 12, 31)
        return first.toordinal(), last.toordinal()

    @property
    def _symbols(self) -> tuple[str, str]:
        letters = "abcdefghijlmnoprstuvwy ,"
        symbols = {"written": f"0123456789{letters}", "iso": "0123456789-"}
        return symbols[self.source], symbols[self.target]

    def _draw(self, count: int, rng: Rng) -> list[tuple[date, str]]:
        first, last = self._days
        days = map(date.fromordinal, rng.integers(first, last + 1, size=count).tolist())
        styles = rng.integers(0, len(STYLES), size=count)
        return [(day, STYLES[style]) for day, style in zip(days, styles, strict=True)]

    def _is_held_out(self, item: tuple[date, str]) -> bool:
        return is_held_out(iso(item[0]))

    def _sides(self, item: tuple[date, str]) -> tuple[str, str]:
        day, style = item
        if self.source == "written":
            return written(day, style), iso(day)
        return iso(day), written(day)


def _check_sides(source: str, target: str, choices: Sequence[str]) -> None:
    check_choice("source", source, choices)
    if check_choice("target", target, choices) == source:
        raise ValueError(
            f"target must differ from source, got {shown(target)} for both; "
            f"choose two of {', '.join(choices)}"
        )
