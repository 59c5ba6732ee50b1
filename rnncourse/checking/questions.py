"""Questions: one of several answers, a number to guess, a claim to be judged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG, Report

__all__ = ["Card", "Guess", "Question"]

THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
FRACTION = re.compile(r"^\s*[-+]?0+,")


def _in_digits(text: str) -> str:
    """Return a number as Python writes it: 1,200 is over a thousand, 0,2 a fraction.

    >>> [_in_digits(text) for text in ("1,200", "0,002", "12,5")]
    ['1200', '0.002', '12.5']
    """
    plain = text if FRACTION.match(text) else THOUSANDS.sub("", text)
    return plain if "." in plain else plain.replace(",", ".")


def _shown(answer: Any, longest: int = 60) -> str:
    try:
        text = repr(answer)
    except Exception:
        text = f"something of type {type(answer).__name__}"
    return text if len(text) <= longest else text[: longest - 1] + "…"


@dataclass(frozen=True)
class Question:
    """A question with a few answers, each with its own feedback.

    Parameters
    ----------
    id, title, prompt : str
    options : mapping
        By letter: the answer, and the feedback for it.
    right : str
        The letter of the right one.
    """

    id: str
    title: str
    prompt: str
    options: Mapping[str, tuple[str, str]]
    right: str

    def judge(self, answer: Any) -> Report:
        """Return the feedback for an answer, given by its letter."""
        letter = answer.strip().lower() if isinstance(answer, str) else answer
        if letter is None or letter is ...:
            return Report(self.id, self.title, NOT_TRIED)
        if not isinstance(letter, str) or letter not in self.options:
            listed = ", ".join(f'"{key}"' for key in self.options)
            words = f"Answer with one of {listed}; this was {_shown(answer)}."
            return Report(self.id, self.title, WRONG, words)
        state = PASSED if letter == self.right else WRONG
        return Report(self.id, self.title, state, self.options[letter][1])

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers as they are shown, with their letters."""
        return [(f"{key}: {text}", key) for key, (text, _) in self.options.items()]


@dataclass(frozen=True)
class Guess:
    """A number to be guessed before it is computed.

    Parameters
    ----------
    id, title, prompt : str
    right : float
    tolerance : float
        How far a guess may be off; with `ratio`, by what factor, such as 2.
    low, high : float
        The smallest and the largest guess.
    right_says, low_says, high_says : str
        The feedback for a good guess, and for one that is too low or too high.
    ratio : bool
        Whether the guess is judged, and the slider scaled, by factors.
    known : pairs of a float and a str
        Guesses that tell what somebody has thought, each with its own feedback.
    """

    id: str
    title: str
    prompt: str
    right: float
    tolerance: float
    low: float
    high: float
    right_says: str
    low_says: str
    high_says: str
    ratio: bool = False
    known: tuple[tuple[float, str], ...] = ()

    def judge(self, answer: Any) -> Report:
        """Return the feedback for a number."""
        if answer is None or answer is ...:
            return Report(self.id, self.title, NOT_TRIED)
        try:
            number = float(_in_digits(answer) if type(answer) is str else answer)
        except (TypeError, ValueError, OverflowError):
            words = f"Answer with a number; this was {_shown(answer)}."
            return Report(self.id, self.title, WRONG, words)
        if not self.low <= number <= self.high:
            words = (
                f"Guess between {self.low:g} and {self.high:g}; this was {number:g}."
            )
            return Report(self.id, self.title, WRONG, words)
        lower, upper = self.near
        if lower <= number <= upper:
            return Report(self.id, self.title, PASSED, self.right_says)
        words = self.low_says if number < lower else self.high_says
        words = dict(self.known).get(number, words)
        return Report(self.id, self.title, WRONG, words)

    @property
    def near(self) -> tuple[float, float]:
        """The bounds within which a guess counts as right."""
        if self.ratio:
            return self.right / self.tolerance, self.right * self.tolerance
        return self.right - self.tolerance, self.right + self.tolerance


@dataclass(frozen=True)
class Card:
    """A common claim, to be called a myth or a fact.

    Parameters
    ----------
    id : str
        "A10": where the claim stands in the list of myths.
    claim : str
        In its usual words.
    truth : bool
        Whether it is a fact.
    statement : str
        What is true, in a sentence or two; shown after every answer.
    """

    id: str
    claim: str
    truth: bool
    statement: str
    title: str = "myth or fact?"

    @property
    def prompt(self) -> str:
        """The claim, in quotation marks."""
        return f"“{self.claim}”"

    @property
    def right(self) -> str:
        """The right answer."""
        return "fact" if self.truth else "myth"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The two answers, as they are shown and as they are given."""
        return [("myth", "myth"), ("fact", "fact")]

    def judge(self, answer: Any) -> Report:
        """Return the feedback for "myth" or "fact"."""
        if answer is None or answer is ...:
            return Report(self.id, self.title, NOT_TRIED)
        word = answer.strip().lower() if isinstance(answer, str) else answer
        if not isinstance(word, str) or word not in ("myth", "fact"):
            words = f'Answer with "myth" or "fact"; this was {_shown(answer)}.'
            return Report(self.id, self.title, WRONG, words)
        verdict = "It is a fact." if self.truth else "It is a myth."
        state = PASSED if word == self.right else WRONG
        return Report(self.id, self.title, state, f"{verdict} {self.statement}")
