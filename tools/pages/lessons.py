"""What a lesson consists of: sections, exercises, questions, explorers, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat

from rnncourse import explorers
from rnncourse.catalogue import Item, exercise
from tools.notebooks import (
    FOLDER,
    LEARNERS,
    LEARNERS_CAPSTONES,
    PAGES,
    SOLUTIONS,
)

__all__ = ["LATER", "Lesson", "Section", "asked", "find", "parts", "split"]

ASKS = re.compile(r'^(?:check|quiz|myth_card)\(\s*"([^"]+)"', re.MULTILINE)
CALL = re.compile(r"^(\w+)\(", re.MULTILINE)
HEADING = re.compile(r"^(#+) +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
STATED = re.compile(r"\*\*(?:of )?(\d+|[Tt]en) minutes")
SPELT = {"ten": 10}
LATER = "summary", "unsatisfying", "sources"  # cells that are no section to teach


@dataclass(frozen=True)
class Section:
    """A part of a lesson below one of its headings, with all its cells."""

    title: str
    cells: tuple[Any, ...]

    @property
    def items(self) -> list[Item]:
        """The exercises, questions and cards that it asks for, in their order."""
        found = [item for cell in self.cells if (item := asked(cell)) is not None]
        return list({item.id: item for item in found}.values())

    @property
    def explorers(self) -> list[Any]:
        """The explorers that it shows, in their order."""
        return list(filter(None, map(shown, self.cells)))

    @property
    def formulas(self) -> list[str]:
        """Its displayed formulas, as LaTeX."""
        texts = (each.source for each in self.cells if each.cell_type == "markdown")
        return [found for text in texts for found in DISPLAYED.findall(text)]


@dataclass(frozen=True)
class Lesson:
    """A notebook of the course.

    Parameters
    ----------
    name : str
        What one calls it: "04", "start_here", "dates".
    path : Path
        As learners get it.
    """

    name: str
    path: Path

    @property
    def source(self) -> Path:
        """Where its source is, with the solutions; a page beside the lessons is one."""
        inside = self.path.is_relative_to(FOLDER)
        source = SOLUTIONS / self.path.relative_to(FOLDER) if inside else self.path
        return source if source.exists() else self.path

    @cached_property
    def notebook(self) -> Any:
        """The notebook as learners get it."""
        return nbformat.read(self.path, as_version=4)

    @cached_property
    def solved(self) -> Any:
        """The notebook with its solutions."""
        return nbformat.read(self.source, as_version=4)

    @property
    def is_taught(self) -> bool:
        """Whether it is taught, and no page to look things up in."""
        return self.name not in PAGES

    @property
    def title(self) -> str:
        """Its first heading."""
        found = HEADING.search(self.notebook.cells[0].source)
        return found[2] if found else self.name

    @property
    def minutes(self) -> int:
        """How many minutes it says that it takes, or 0."""
        found = STATED.search(self.notebook.cells[0].source)
        return int(SPELT.get(found[1].lower(), found[1])) if found else 0

    @cached_property
    def sections(self) -> list[Section]:
        """What is taught, heading by heading: from the source, solutions included."""
        return [part for part in self._parts if part.cells[0].id not in LATER]

    @property
    def afterwards(self) -> list[Section]:
        """What closes the lesson: the summary and the sources."""
        return [part for part in self._parts if part.cells[0].id in LATER]

    @cached_property
    def _parts(self) -> list[Section]:
        return parts(split(self.solved.cells))


def split(cells: Sequence[Any]) -> list[Any]:
    """Return cells of which each has at most one heading, at its beginning."""
    return [piece for cell in cells for piece in _pieces(cell)]


def _pieces(cell: Any) -> Iterator[Any]:
    if cell.cell_type != "markdown":
        yield cell
        return
    plain = FENCE.sub(lambda found: " " * len(found[0]), cell.source)
    cuts = [found.start() for found in HEADING.finditer(plain) if found.start()]
    for begin, end in zip([0, *cuts], [*cuts, None], strict=True):
        piece = nbformat.from_dict({**cell, "source": cell.source[begin:end]})
        piece.id = cell.id if not begin else f"{cell.id}-{begin}"
        yield piece


def parts(cells: Sequence[Any]) -> list[Section]:
    """Return what stands below each heading of the second level."""
    starts = [n for n, cell in enumerate(cells) if level(cell) == 2]
    return [
        Section(HEADING.match(cells[begin].source)[2], tuple(cells[begin:end]))  # type: ignore[index]
        for begin, end in zip(starts, [*starts[1:], None], strict=True)
    ]


def level(cell: Any) -> int:
    """Return the level of the heading that a cell begins with, or 0."""
    found = HEADING.match(cell.source) if cell.cell_type == "markdown" else None
    return len(found[1]) if found else 0


def asked(cell: Any) -> Item | None:
    """Return what a code cell asks the learner, if it does."""
    found = ASKS.search(cell.source) if cell.cell_type == "code" else None
    return exercise(found[1]) if found else None


def shown(cell: Any) -> Any:
    """Return the explorer that a code cell opens, or None."""
    if cell.cell_type != "code":
        return None
    names = [name for name in CALL.findall(cell.source) if name in explorers.LESSON_OF]
    return getattr(explorers, names[-1]) if names else None


def find(names: Sequence[str]) -> list[Lesson]:
    """Return lessons, capstones and pages by their names; without names, all.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    paths = [*LEARNERS, *LEARNERS_CAPSTONES, *(FOLDER / f"{p}.ipynb" for p in PAGES)]
    known = {_name(path): Lesson(_name(path), path) for path in paths}
    wanted = [name.strip().removesuffix(".ipynb") for name in names] or list(known)
    unknown = [name for name in wanted if _short(name) not in known]
    if unknown:
        raise ValueError(
            f"There is no lesson {unknown[0]!r}; there are {', '.join(known)}."
        )
    return [known[name] for name in dict.fromkeys(map(_short, wanted))]


def _name(path: Path) -> str:
    return path.stem[:2] if path.stem[:2].isdigit() else path.stem


def _short(name: str) -> str:
    if re.match(r"\d\d_", name):
        return name[:2]
    return name.zfill(2) if name.isdecimal() else name
