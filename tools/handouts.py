"""The pages beside the lessons: the glossary, and the sheet of notation.

Both are notebooks without code, handed out with the lessons. Their text stands in
``docs/words.toml`` and ``docs/notation.md``; ``python3 course.py build glossary
notation`` makes the notebooks of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from tools.notebooks import FOLDER, SOURCES

DOCS = FOLDER.parent / "docs"
IN_ADVANCE = {"title", "setup", "open-question", "summary", "unsatisfying", "sources"}
HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
ABOUT = """# The words of the course

Each word in one sentence. The link leads to the section where the lessons explain it.
The letters of the formulas are in [the sheet of notation](notation.ipynb)."""


class Word(NamedTuple):
    """A word of the course."""

    name: str
    lesson: str
    cell: str
    says: str
    forms: tuple[str, ...] = ()

    def occurs(self, text: str) -> re.Match[str] | None:
        """Return where a text uses the word, in one of its forms."""
        forms = (self.name, *self.forms)
        either = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
        return re.search(rf"(?<![\w-])(?:{either})(?:s|es)?(?![\w-])", text, re.I)


class Place(NamedTuple):
    """Where a word is explained."""

    notebook: str
    title: str
    heading: str
    cell: str
    order: int

    @property
    def link(self) -> str:
        """Return the address of the cell: JupyterLab finds no heading far below."""
        return f"{self.notebook}#cell-id={self.cell}"


@cache
def words() -> tuple[Word, ...]:
    """Return the words of the lessons that are there, in the order of the alphabet."""
    there = {path.stem[:2] for path in SOURCES}
    table = tomllib.loads((DOCS / "words.toml").read_text(encoding="utf-8"))
    found = []
    for name, (met, says, *forms) in table.items():
        lesson, _, cell = met.partition(" ")
        if lesson in there:
            found.append(Word(name, lesson, cell, says, tuple(forms)))
    return tuple(sorted(found, key=lambda word: word.name.lower()))


@cache
def lesson(number: str) -> tuple[Path, Any]:
    """Return the file and the cells of a lesson."""
    (path,) = (path for path in SOURCES if path.stem.startswith(number))
    return path, nbformat.read(path, as_version=4).cells


def place(word: Word) -> Place:
    """Return the section in which a word is explained.

    Raises
    ------
    ValueError
        If the cell that is named for it is not there, or does not use the word.
    """
    path, cells = lesson(word.lesson)
    headings: list[str] = []
    for order, cell in enumerate(cells):
        if cell.cell_type != "markdown":
            continue
        named = cell.id == word.cell if word.cell else cell.id not in IN_ADVANCE
        use = word.occurs(cell.source) if named else None
        end = cell.source.find("\n", use.end()) if use else -1
        headings += HEADING.findall(cell.source[: end if end >= 0 else None])
        if use:
            section = [text for text in headings if leads(text, cell)][-1]
            title, heading = plain(headings[0]), plain(section)
            return Place(path.name, title, heading, cell.id, order)
    raise ValueError(f"{word.name} is not used in {path.stem}, cell {word.cell}")


def leads(heading: str, cell: Any) -> bool:
    """Return whether a cell belongs to a heading: to an exercise only its own do."""
    return not heading.startswith("Exercise") or heading in cell.source


def plain(heading: str) -> str:
    """Return what is seen of a heading, without its marks."""
    return re.sub(r"[*`$]", "", heading).strip()


def to(first: str) -> str:
    """Return a link to the words that start with a letter."""
    return f"[{first}](#cell-id={first})"


def letter(word: Word) -> str:
    """Return the letter under which a word stands."""
    return word.name[0].upper()


def glossary() -> Iterator[str]:
    """Yield the text of each cell of the glossary."""
    places = {word: place(word) for word in words()}
    letters = groupby(words(), letter)
    sections = {first: list(group) for first, group in letters}
    yield f"{ABOUT}\n\n" + " · ".join(map(to, sections))
    for first, group in sections.items():
        lines = [f"## {first}\n"]
        for word in group:
            there = places[word]
            where = f"[{word.lesson}: {there.heading}]({there.link})"
            lines.append(f"* **{word.name}**: {word.says} ({where})")
        yield "\n".join(lines)
    yield "\n".join(by_lesson(places))


def by_lesson(places: dict[Word, Place]) -> Iterator[str]:
    """Yield the words of each lesson, in the order in which it explains them."""
    yield "## By lesson\n"
    met = sorted(places, key=lambda word: (word.lesson, places[word].order))
    for _, group in groupby(met, lambda word: word.lesson):
        names = list(group)
        there = places[names[0]]
        listed = ", ".join(f"[{word.name}](#cell-id={letter(word)})" for word in names)
        yield f"* [{there.title}]({there.notebook}): {listed}"


def notation() -> Iterator[str]:
    """Yield the text of each cell of the sheet of notation."""
    text = (DOCS / "notation.md").read_text(encoding="utf-8").strip()
    yield from re.split(r"\n+(?=## )", text)


HANDOUTS = {"glossary": glossary, "notation": notation}


def made(name: str) -> Any:
    """Return a handout as a notebook, each cell named by its heading."""
    cells = [
        nbformat.v4.new_markdown_cell(
            text, id=HEADING.findall(text)[0].replace(" ", "-")
        )
        for text in HANDOUTS[name]()
    ]
    return nbformat.v4.new_notebook(cells=cells)
