"""All exercises, questions and cards: one module a lesson."""

import importlib
import pkgutil
from functools import cache
from typing import Any

import rnnlib.exercises
from rnnlib.exercises.exercise import Exercise
from rnnlib.exercises.questions import Card, Guess, Question

__all__ = ["Item", "exercise", "exercises"]

Item = Exercise | Question | Guess | Card


@cache
def exercises() -> dict[str, Item]:
    """Return everything that can be checked, by its id, lesson by lesson."""
    names = sorted(
        module.name
        for module in pkgutil.iter_modules(rnnlib.exercises.__path__)
        if module.name.startswith("lesson_")
    )
    found: dict[str, Item] = {}
    for name in names:
        lesson = importlib.import_module(f"rnnlib.exercises.{name}")
        for item in lesson.EXERCISES:
            if item.id in found:
                raise ValueError(f"id must be its own, got {item.id!r} twice")
            found[item.id] = item
    return found


def exercise(id: Any) -> Item:
    """Return an exercise by its id.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    known = exercises()
    if not isinstance(id, str) or id.strip() not in known:
        raise ValueError(f"id must be one of {', '.join(known)}, got {id!r}")
    return known[id.strip()]
