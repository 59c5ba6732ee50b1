"""How the minutes of a lesson are spent, and what to leave out when it is late."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rnncourse.catalogue import Item
from rnncourse.checking.exercise import Exercise
from tools.pages.lessons import Lesson, Section, asked, find

__all__ = ["Part", "own_words", "plan", "skippable", "stretches"]

WORDS_A_MINUTE = 130
MINUTES = {"exercise": 7.0, "question": 2.0, "explorer": 4.0}
STRETCH = re.compile(r"\bstretch\b", re.IGNORECASE)
BREAKS = re.compile(
    r"\bbreak\b[^.]*?\bafter sections? (\d+)(?: and (\d+))?"
    r"|The break is after section (\d+)|Section (\d+) ends with [^.]* break"
)


@dataclass(frozen=True)
class Part:
    """A section in the plan of a lesson.

    Parameters
    ----------
    section : Section
    minutes : int
    begins : int
        Minutes from the beginning of the lesson.
    ends_with_break : bool
    """

    section: Section
    minutes: int
    begins: int
    ends_with_break: bool = False

    @property
    def clock(self) -> str:
        """When it begins, in hours and minutes from the beginning."""
        return f"{self.begins // 60}:{self.begins % 60:02}"

    @property
    def holds(self) -> str:
        """What it asks and shows, in short."""
        items = [item.id for item in self.section.items]
        return ", ".join([*items, *(each.title for each in self.section.explorers)])


def plan(lesson: Lesson) -> list[Part]:
    """Return the lesson's minutes, shared among its sections by their weight."""
    weights = [_weight(section) for section in lesson.sections]
    total, spent, parts = lesson.minutes, 0.0, list[Part]()
    breaks = BREAKS.search(lesson.notebook.cells[0].source.replace("\n", " "))
    after = {*filter(None, breaks.groups())} if breaks else set()
    for section, weight in zip(lesson.sections, weights, strict=True):
        begins, spent = round(spent), spent + total * weight / sum(weights)
        number = section.title.split(" ")[0]
        parts.append(Part(section, round(spent) - begins, begins, number in after))
    return parts


def _weight(section: Section) -> float:
    """Return how many minutes a section would take by what it holds."""
    text = " ".join(cell.source for cell in section.cells)
    done = sum(isinstance(item, Exercise) for item in section.items)
    counts = {
        "exercise": done,
        "question": len(section.items) - done,
        "explorer": len(section.explorers),
    }
    asked_for = sum(MINUTES[kind] * count for kind, count in counts.items())
    return len(text.split()) / WORDS_A_MINUTE + asked_for


def own_words(lesson: Lesson) -> str:
    """Return what the lesson says that a shorter class leaves out, or nothing."""
    words = " ".join(lesson.notebook.cells[0].source.split())
    found = re.search(r"A class of \d+ minutes .*?[.](?= [A-Z*]|$)", words)
    return found[0] if found else ""


def stretches(lesson: Lesson) -> list[Item]:
    """Return the exercises that the lesson itself calls a stretch."""
    return [item for item, heading in _exercises(lesson) if STRETCH.search(heading)]


def skippable(lesson: Lesson) -> list[Item]:
    """Return other exercises that nothing later builds on, the last one first.

    Something builds on an exercise if a later cell uses the function that it asks for,
    or a later lesson names the exercise.
    """
    known = [
        item for item, heading in _exercises(lesson) if not STRETCH.search(heading)
    ]
    return [item for item in reversed(known) if not _is_used(item, lesson)]


def _exercises(lesson: Lesson) -> Iterator[tuple[Exercise, str]]:
    """Yield the exercises, each with the headings above it."""
    above: dict[int, str] = {}
    for section in lesson.sections:
        for cell in section.cells:
            text = cell.source if cell.cell_type == "markdown" else ""
            if heading := re.match("(#+) .*", text):
                above = {n: words for n, words in above.items() if n < len(heading[1])}
                above[len(heading[1])] = heading[0]
            if isinstance(item := asked(cell), Exercise):
                yield item, " ".join(above.values())


def _is_used(item: Item, lesson: Lesson) -> bool:
    cells = lesson.solved.cells
    check = next(n for n, cell in enumerate(cells) if _checks(cell, item))
    name = re.escape(cells[check].source.rstrip(")").rsplit(" ", 1)[1])
    later = [cell for cell in cells[check + 1 :] if not asked(cell)]
    code = (cell.source for cell in later if cell.cell_type == "code")
    return any(
        re.search(rf"\b{name}\b", text) and not _defines(text, name) for text in code
    ) or any(item.id in text for text in _later_texts(lesson))


def _checks(cell: Any, item: Item) -> bool:
    found = asked(cell)
    return found is not None and found.id == item.id


def _defines(code: str, name: str) -> bool:
    """Return whether a cell makes a function of this name anew."""
    return any(getattr(part, "name", "") == name for part in ast.parse(code).body)


def _later_texts(lesson: Lesson) -> Sequence[str]:
    """Return what the lessons after this one say."""
    lessons = [each for each in find([]) if each.name.isdigit()]
    return [
        cell.source
        for each in lessons
        if each.name > lesson.name
        for cell in each.solved.cells
        if cell.cell_type == "markdown"
    ]
