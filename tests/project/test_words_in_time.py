"""No word before its time: what a lesson says was explained before, or there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from rnncourse.catalogue import exercises
from rnncourse.explorers import LESSON_OF, explorers
from tools.notebooks import SOURCES

EARLY = [p for p in SOURCES if p.stem == "start_here" or p.stem[:2] <= "07"]
READ = sorted(EARLY, key=lambda path: path.stem != "start_here")
LATER = ("05", "")
EXPLAINED: dict[str, tuple[str, str]] = {  # by the word: the lesson and the cell
    r"GRU": LATER,
    r"LSTM": LATER,
    r"logits?": ("01", "s3"),
    r"softmax": ("01", "s3-softmax"),
    r"targets?": ("01", "b12-text"),
    r"perplexity": ("01", "s4-perplexity"),
    r"gradients?": ("01", "s5"),
    r"sigmoid": ("01", "s6"),
    r"hidden state": ("02", "s1"),
    r"pre-activations?": ("02", "s1"),
    r"fixed points?": ("02", "s6-read"),
    r"cobweb": ("02", "s6-read"),
    r"unroll\w*": ("02", "s3"),
    r"padding": ("03", "s3-pad"),
    r"teacher forcing": ("03", "s6-fed"),
    r"norm": ("04", "s1-lens-predict"),
    r"diag": ("04", "s5"),
    r"truncation": ("04", "s1-lens-claim"),
    r"central difference": ("04", "s1-read"),
    r"singular values?": ("05", "s2-singular"),
    r"gain": ("05", "s4-how"),
    r"saturat\w+": ("05", "s6-myth"),
    r"learning rate": ("06", "s1"),
    r"Adam": ("06", "s3-bowl-read"),
    r"bias correction": ("06", "s3-first-read"),
    r"schedule": ("06", "s3-schedule"),
    r"epochs?": ("06", "s3-schedule-read"),
    r"chunks?": ("06", "s4"),
    r"(?:bi|uni)gram": ("07", "s1-chain"),
    r"backs? off": ("07", "s1-orders"),
    r"novelty": ("07", "s3-film-ask"),
}
# where a lesson says in advance what it will bring, and the tables for looking up
ADVANCE = {
    "title",
    "setup",
    "letters",
    "lessons",
    "summary",
    "sources",
    "unsatisfying",
    "open-question",
}
LINES = re.compile(r"^(>|#|\*|.*\b[Ll]esson (0[1-9]|1\d)).*$", re.MULTILINE)


def words_of(cell: Any) -> str:
    """Return what a learner reads in a cell, with the explorers and questions in it."""
    if cell.cell_type == "markdown":
        return LINES.sub("", cell.source)
    said = []
    for name in re.findall(r"^(\w+)\(", cell.source, re.MULTILINE):
        if name in LESSON_OF:
            make = explorers()[name]
            labels = [
                getattr(control, "label", "") for control in make.controls.values()
            ]
            said += [make.title, make.question, *labels, *make.presets]
    for id in re.findall(r'(?:quiz|myth_card)\("([^"]+)"', cell.source):
        item: Any = exercises()[id]
        said += [item.title, item.prompt]
    return "\n".join(said)


def too_early(word: str) -> list[str]:
    """Return the cells that use a word before the one that explains it."""
    lesson, explaining = EXPLAINED[word]
    found: list[str] = []
    for path in READ:
        for cell in nbformat.read(path, as_version=4).cells:
            here = path.stem[:2]
            if here == lesson and cell.id == (explaining or cell.id):
                return found
            if cell.id not in ADVANCE and re.search(rf"\b{word}\b", words_of(cell)):
                found.append(f"{here} {cell.id}")
    raise AssertionError(f"{word} is explained in no cell {explaining} of {lesson}")


@pytest.mark.parametrize("word", EXPLAINED)
def test_a_word_is_explained_before_it_is_used(word: str) -> None:
    assert too_early(word) == []


def test_every_explaining_cell_uses_its_word() -> None:
    cells = {
        (path.stem[:2], cell.id): " ".join(cell.source.split())
        for path in READ
        for cell in nbformat.read(path, as_version=4).cells
    }
    for word, place in EXPLAINED.items():
        if place != LATER:
            assert re.search(rf"\b{word}", cells[place], re.IGNORECASE), (word, place)


def test_the_minutes_of_a_lesson_are_the_same_wherever_they_are_said() -> None:
    root = Path(__file__).resolve().parents[2]
    tables = (root / "README.md").read_text(encoding="utf-8")
    (start,) = (p for p in SOURCES if p.stem == "start_here")
    page = "\n".join(cell.source for cell in nbformat.read(start, as_version=4).cells)
    for path in SOURCES:
        if path.stem == "start_here":
            continue
        first = nbformat.read(path, as_version=4).cells[0].source
        (minutes,) = re.findall(r"^\*\*(\d+) minutes", first, re.MULTILINE)
        for table in (tables, page):
            assert re.findall(rf"{path.name}\) \| (\d+) \|", table) == [minutes], path
