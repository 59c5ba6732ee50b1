"""All exercises, questions and cards; those of a lesson are loaded on first use."""

import importlib
from functools import cache
from pathlib import Path
from typing import Any

from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["Item", "exercise", "exercises", "exercises_of"]

Item = Exercise | Question | Guess | Card
LESSONS = [path.name for path in sorted(Path(__file__).parent.glob("lesson_??"))]
MODULES = ["start_here", *(f"{name}.exercises" for name in LESSONS)]


@cache
def exercises_of(module: str) -> dict[str, Item]:
    """Return everything to be checked in one of MODULES, by id."""
    items = importlib.import_module(f"rnncourse.{module}").EXERCISES
    return {item.id: item for item in items}


def exercises() -> dict[str, Item]:
    """Return everything to be checked, by id, lesson by lesson."""
    return {id: item for name in MODULES for id, item in exercises_of(name).items()}


def exercise(id: Any) -> Item:
    """Return an exercise by its id.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    wanted = id.strip() if isinstance(id, str) else ""
    own_first = sorted(MODULES, key=lambda name: f"lesson_{wanted[:2]}." not in name)
    for module in own_first:
        if wanted in exercises_of(module):
            return exercises_of(module)[wanted]
    raise ValueError(f"id must be one of {', '.join(exercises())}, got {id!r}")
