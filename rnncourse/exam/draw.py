"""Which cards a seed draws."""

import hashlib
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from rnncourse.catalogue import LESSONS, exercises_of
from rnncourse.checking.questions import Card

__all__ = ["Exam", "draw", "lesson_of", "lessons_in", "pool", "span"]

CARDS, FEWEST_CARDS = 20, 8
FACTS = 4, 6  # in ten cards: the fewest and the most
HIGHEST_SEED = 999_999_999


@dataclass(frozen=True)
class Exam:
    """The cards that a seed has drawn, in order; empty `lessons` stands for all."""

    seed: int
    cards: tuple[Card, ...]
    lessons: tuple[str, ...] = ()


@cache
def pool() -> dict[str, tuple[str, Card]]:
    """Return the cards of all lessons by id, each behind the number of its lesson."""
    return {
        item.id: (lesson.removeprefix("lesson_"), item)
        for lesson in LESSONS
        for item in exercises_of(lesson).values()
        if isinstance(item, Card)
    }


def lesson_of(card: Card) -> str:
    """Return the number of the lesson that has a card."""
    return pool()[card.id][0]


def draw(seed: int, lessons: tuple[str, ...] = ()) -> Exam:
    """Return the exam of a seed, the same on every computer.

    Parameters
    ----------
    seed : int
    lessons : tuple of str
        Those whose cards are drawn; all, if it is empty. If they have fewer cards than
        an exam, all of them are drawn.

    Raises
    ------
    ValueError
        If the seed is no whole number from 0 to 999,999,999, or cards are too few.
    """
    seed = check_seed(seed)
    pooled = [card for of, card in pool().values() if of in lessons or not lessons]
    if len(pooled) < FEWEST_CARDS:
        raise ValueError(
            f"the lessons must have {FEWEST_CARDS} cards or more, got {len(pooled)} of "
            f"{', '.join(lessons)}; name more lessons"
        )
    truths = [card for card in pooled if card.truth]
    myths = [card for card in pooled if not card.truth]
    count = min(CARDS, len(pooled))
    fewest, most = span(count)
    facts = fewest + lot(f"{seed} facts") % (most - fewest + 1)
    facts = min(max(facts, count - len(myths)), len(truths))
    drawn = [
        *_first(facts, truths, f"{seed} drawn"),
        *_first(count - facts, myths, f"{seed} drawn"),
    ]
    return Exam(seed, tuple(_first(count, drawn, f"{seed} placed")), lessons)


def span(cards: int) -> tuple[int, int]:
    """Return the fewest and the most facts among so many cards.

    >>> span(20)
    (8, 12)
    """
    fewest, most = FACTS
    return -(-fewest * cards // 10), most * cards // 10


def lessons_in(typed: str) -> tuple[str, ...]:
    """Return the lessons that are meant by `00-04`, or by `00,02,05`.

    Raises
    ------
    ValueError
        If there is none of such a name.
    """
    known = sorted({lesson for lesson, _ in pool().values()})
    found: set[str] = set()
    for part in typed.split(","):
        first, _, last = part.strip().partition("-")
        ends = first.zfill(2), (last or first).zfill(2)
        meant = {lesson for lesson in known if ends[0] <= lesson <= ends[1]}
        if not {*ends} <= meant:
            raise ValueError(
                f"lessons with cards are {known[0]} to {known[-1]}, got {typed!r}; "
                "type as in --lessons 00-04, or --lessons 00,02,05"
            )
        found |= meant
    return tuple(sorted(found))


def check_seed(seed: Any) -> int:
    """Return a seed as a plain number."""
    try:
        number = -1 if isinstance(seed, bool) else operator.index(seed)
    except TypeError:
        number = -1
    if not 0 <= number <= HIGHEST_SEED:
        raise ValueError(
            f"seed must be a whole number from 0 to {HIGHEST_SEED:,}, got {seed!r}; "
            "take the date of today, as 20261130"
        )
    return number


def lot(words: str) -> int:
    """Return a large number that looks random, the same on every computer.

    What numpy draws may change from version to version; a sheet that was printed last
    year should still have its answers.
    """
    return int.from_bytes(hashlib.sha256(words.encode()).digest())


def _first(count: int, cards: Iterable[Card], what: str) -> list[Card]:
    return sorted(cards, key=lambda card: lot(f"{what} {card.id}"))[:count]
