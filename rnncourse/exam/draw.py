"""Which cards a seed draws."""

import hashlib
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from rnncourse.catalogue import LESSONS, exercises_of
from rnncourse.checking.questions import Card

__all__ = ["CARDS", "FEWEST_FACTS", "MOST_FACTS", "Exam", "draw", "lesson_of", "pool"]

CARDS, FEWEST_FACTS, MOST_FACTS = 20, 8, 12
HIGHEST_SEED = 999_999_999


@dataclass(frozen=True)
class Exam:
    """The cards that a seed has drawn, in their order."""

    seed: int
    cards: tuple[Card, ...]


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


def draw(seed: int) -> Exam:
    """Return the exam of a seed, the same on every computer.

    Raises
    ------
    ValueError
        If the seed is no whole number from 0 to 999,999,999.
    """
    seed = check_seed(seed)
    facts = FEWEST_FACTS + lot(f"{seed} facts") % (MOST_FACTS - FEWEST_FACTS + 1)
    cards = [card for _, card in pool().values()]
    drawn = [
        *_first(facts, (card for card in cards if card.truth), f"{seed} drawn"),
        *_first(CARDS - facts, (c for c in cards if not c.truth), f"{seed} drawn"),
    ]
    return Exam(seed, tuple(_first(CARDS, drawn, f"{seed} placed")))


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
    """Return a large number that looks random and that any computer finds again.

    (How numpy draws may change from version to version; a sheet that was printed last
    year should still have its answers.)
    """
    return int.from_bytes(hashlib.sha256(words.encode()).digest())


def _first(count: int, cards: Iterable[Card], what: str) -> list[Card]:
    return sorted(cards, key=lambda card: lot(f"{what} {card.id}"))[:count]
