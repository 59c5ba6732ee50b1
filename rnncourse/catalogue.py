"""All exercises, questions and cards; those of a lesson are loaded when asked for.

They are found by their place: each one that a file of `lesson_NN/exercises` holds.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["PARTS", "Item", "exercise", "exercises", "exercises_of"]

Item = Exercise | Question | Guess | Card | Capstone
LESSONS = [path.name for path in sorted(Path(__file__).parent.glob("lesson_??"))]
SEALED = "sealed"  # the exercises, in the edition for students
PARTS = ["start_here", *LESSONS]


@cache
def exercises_of(part: str) -> dict[str, Item]:
    """Return what can be checked of one of PARTS, by id: exercises, then cards."""
    modules = [importlib.import_module(f"rnncourse.{name}") for name in files_of(part)]
    items = {item.id: item for module in modules for item in items_in(module)}
    return dict(sorted(items.items(), key=lambda pair: order(pair[0])))


def files_of(part: str) -> list[str]:
    """Return the names of the modules that hold the exercises of a part."""
    folder = Path(__file__).parent / part
    places = [str(folder / name) for name in ("exercises", SEALED)]
    names = [module.name for module in pkgutil.iter_modules(places)]
    return [f"{part}.exercises.{name}" for name in names] or [part]


def items_in(module: ModuleType) -> Iterator[Item]:
    """Yield the exercises, questions and cards of a module."""
    for value in vars(module).values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Item):
                yield item


def order(id: str) -> tuple[bool, list[int]]:
    """Return the sort key of an id: numbers as numbers, and cards after exercises.

    >>> sorted(["A17", "04.10", "04.9"], key=order)
    ['04.9', '04.10', 'A17']
    """
    return id[0].isalpha(), [ord(id[0]), *map(int, re.findall(r"\d+", id))]


def exercises() -> dict[str, Item]:
    """Return everything that can be checked, by its id, lesson by lesson."""
    return {id: item for part in PARTS for id, item in exercises_of(part).items()}


def exercise(id: Any) -> Item:
    """Return an exercise by its id.

    Raises
    ------
    ValueError
        If there is none with that id.
    """
    wanted = id.strip() if isinstance(id, str) else ""
    for part in sorted(PARTS, key=lambda name: name != f"lesson_{wanted[:2]}"):
        if wanted in exercises_of(part):
            return exercises_of(part)[wanted]
    known = 'a lesson and a number, as "04.2", or a letter and a number, as "A16"'
    if f"lesson_{wanted[:2]}" in PARTS:
        known = f"one of {', '.join(exercises_of(f'lesson_{wanted[:2]}'))}"
    raise ValueError(f"id must be {known}, got {id!r}")
