"""Questions, guesses and cards in one form: what is asked, and each answer's reply."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from rnncourse.catalogue import PARTS, exercises_of
from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["START", "Answer", "Bounds", "Entry", "Kind", "entries", "lessons"]

START = "start"
LESS, MORE = "less", "more"
OUTSIDE = "Guess between {low:g} and {high:g}."


class Kind(Enum):
    """How a question is answered."""

    CHOICE = "choice"
    CARD = "myth or fact"
    NUMBER = "number"


@dataclass(frozen=True)
class Answer:
    """An answer, its key, the reply to it, and whether it is right."""

    key: str
    text: str
    reply: str
    right: bool = False
    value: float | None = None  # of a number that tells what somebody has thought


@dataclass(frozen=True)
class Bounds:
    """A number that is asked for: the right one, what counts as right, and what fits.

    >>> Bounds(20.0, 10.0, 40.0, 1.0, 100.0).text
    '10 to 40'
    """

    right: float
    lower: float
    upper: float
    low: float
    high: float

    @property
    def text(self) -> str:
        """What counts as right, in words."""
        if self.lower == self.upper:
            return f"{self.right:g}"
        return f"{self.lower:.4g} to {self.upper:.4g}"

    @property
    def outside(self) -> str:
        """The reply to a number that does not fit."""
        return OUTSIDE.format(low=self.low, high=self.high)


@dataclass(frozen=True)
class Entry:
    """A question with all its answers.

    Attributes
    ----------
    id, lesson, title, prompt : str
    kind : Kind
    answers : tuple of Answer
        For a number: within the bounds, known wrong ones, less, more.
    bounds : Bounds or None
        For a number.
    """

    id: str
    lesson: str
    title: str
    prompt: str
    kind: Kind
    answers: tuple[Answer, ...]
    bounds: Bounds | None = None

    @property
    def right(self) -> Answer:
        """The right answer."""
        return next(answer for answer in self.answers if answer.right)


def lessons() -> list[str]:
    """Return the names of the parts of the course: "start", "00" and so on."""
    return [_name(part) for part in PARTS]


def entries(lesson: str = "") -> list[Entry]:
    """Return the questions of a lesson, or of the course.

    Raises
    ------
    ValueError
        If there is no such lesson.

    >>> [entry.id for entry in entries("start")]
    ['0.1', 'S1']
    """
    if lesson and lesson not in lessons():
        raise ValueError(
            f"lesson must be one of {', '.join(lessons())}, got {lesson!r}"
        )
    wanted = [part for part in PARTS if lesson in ("", _name(part))]
    return [entry for part in wanted for entry in _entries(part)]


def _name(part: str) -> str:
    return START if part == PARTS[0] else part.removeprefix("lesson_")


def _entries(part: str) -> Iterator[Entry]:
    for item in exercises_of(part).values():
        head = item.id, _name(part), item.title
        if isinstance(item, Question):
            answers = tuple(
                Answer(key, text, reply, key == item.right)
                for key, (text, reply) in item.options.items()
            )
            yield Entry(*head, item.prompt, Kind.CHOICE, answers)
        elif isinstance(item, Card):
            answers = tuple(
                Answer(key, key, item.judge(key).words, key == item.right)
                for _, key in item.choices
            )
            yield Entry(*head, item.prompt, Kind.CARD, answers)
        elif isinstance(item, Guess):
            bounds = Bounds(item.right, *item.near, item.low, item.high)
            answers = tuple(_replies(item, bounds))
            yield Entry(*head, item.prompt, Kind.NUMBER, answers, bounds)


def _replies(item: Guess, bounds: Bounds) -> Iterator[Answer]:
    """Yield what a guess can be, and the reply to it."""
    yield Answer("right", bounds.text, item.right_says, True)
    for n, (value, reply) in enumerate(item.known, 1):
        yield Answer(f"known{n}", f"{value:g}", reply, value=value)
    yield Answer(LESS, LESS, item.low_says)
    yield Answer(MORE, MORE, item.high_says)
