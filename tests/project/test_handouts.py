"""The glossary and the sheet of notation say what the lessons say, and are up to date.

A word's link is made from the cell that explains it, so it follows the lesson; what is
proved here is that the cells use their words and that every link has its heading.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import nbformat
import pytest

from rnncourse.drawing import style
from tests.project.test_letters import LETTERS, QUOTES, math, outside_quotes
from tests.project.test_words_in_time import EXPLAINED, LATER
from tools.build import page
from tools.handouts import DOCS, HANDOUTS, glossary, made, notation, place, words
from tools.notebooks import FOLDER, LEARNERS, SOLUTIONS, SOURCES

NOTATION = (DOCS / "notation.md").read_text(encoding="utf-8")
LESSONS = [path for path in SOURCES if path.stem[:2].isdigit()]
LEANS_ON_ANOTHER = re.compile(
    r"^(It|This|That|These|They|Here|See|Also)\b"
    r"|\b(above|below)\b(?! \d)|\b(this lesson|as before)\b"
)
NAMES = r"\\(?:text|texttt|mathrm|operatorname|tag|color|begin|end)\{[^}]*\}"
GREEK = "alpha|beta|gamma|delta|Delta|lambda|mu|eta|tau|sigma|varphi|varepsilon"
LETTER = re.compile(rf"(?:\\(?:{GREEK})|(?<![A-Za-z\\])[A-Za-z])(?![A-Za-z])")


@pytest.mark.parametrize("name", HANDOUTS)
def test_the_stored_page_is_what_its_text_makes(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not page(name, check=True), f"type: python3 course.py build {name}"
    assert capsys.readouterr().out == f"{name}.ipynb: up to date\n"


def test_every_word_that_a_lesson_explains_is_in_the_glossary() -> None:
    listed = {form: word for word in words() for form in (word.name, *word.forms)}
    for pattern, (lesson, cell) in EXPLAINED.items():
        hits = [word for form, word in listed.items() if re.fullmatch(pattern, form)]
        assert hits, pattern
        if (lesson, cell) != LATER:
            earlier = any(word.lesson < lesson for word in hits)
            there = {word.cell for word in hits if word.lesson == lesson}
            assert earlier or cell in there, pattern


def test_every_word_is_used_where_its_link_leads() -> None:
    for word in words():
        assert place(word).heading, word.name


def test_every_sentence_stands_on_its_own() -> None:
    for word in words():
        assert re.fullmatch(r"\S.{20,}\.", word.says), word.name
        assert not re.search(r"[.?!] [A-Z]", word.says), f"{word.name}: two sentences"
        assert len(word.says.split()) <= 32, word.name
        assert not LEANS_ON_ANOTHER.search(word.says), word.name
    says = [word.says for word in words()]
    assert len(set(says)) == len(says)


def test_no_word_is_explained_by_itself() -> None:
    for word in words():
        plain = re.sub(r"\bFor each\b", "", word.says)
        assert not re.search(rf"(?<!-)\b{re.escape(word.name)}\b", plain), word.name


def test_the_words_stand_in_the_order_of_the_alphabet_and_once() -> None:
    names = [*tomllib.loads((DOCS / "words.toml").read_text(encoding="utf-8"))]
    assert names == sorted(names, key=lambda name: (name.lower(), name))


def test_the_index_lists_every_word_under_its_lesson() -> None:
    *_, index = glossary()
    for path in LESSONS:
        here = [word.name for word in words() if word.lesson == path.stem[:2]]
        (line,) = (text for text in index.splitlines() if f"({path.name})" in text)
        assert sorted(re.findall(r"\[([^]]+)\]\(#cell", line)) == sorted(here)


@cache
def cells_of(file: str) -> dict[str, str]:
    """Return the cells of a page or of a lesson's source, by their ids."""
    folder = FOLDER if Path(file).stem in HANDOUTS else SOLUTIONS
    cells = json.loads((folder / file).read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


@pytest.mark.parametrize("name", HANDOUTS)
def test_every_link_leads_to_a_cell_that_is_there(name: str) -> None:
    text = "\n".join(cell.source for cell in made(name).cells)
    links = re.findall(r"\]\(([^)#]*)(?:#cell-id=([\w-]+))?\)", text)
    assert links
    for file, cell in links:
        there = cells_of(file or f"{name}.ipynb")
        assert not cell or cell in there, (file, cell)


def test_every_link_names_a_heading_at_or_above_its_cell() -> None:
    for word in words():
        found = place(word)
        ids = list(cells_of(found.notebook))
        before = ids[: ids.index(found.cell) + 1]
        text = "\n".join(cells_of(found.notebook)[id] for id in before)
        seen = re.sub(r"[*`$]", "", text).splitlines()
        assert re.fullmatch(r"\S.*", found.heading)
        assert {f"{'#' * level} {found.heading}" for level in (2, 3)} & set(seen)


def rows(title: str) -> list[list[str]]:
    """Return the cells of the rows of one table of the sheet."""
    (section,) = (text for text in notation() if text.startswith(f"## {title}"))
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def letters_in(formula: str) -> set[str]:
    return set(LETTER.findall(re.sub(NAMES, " ", formula)))


def on_the_sheet() -> dict[str, set[str]]:
    """Return the letters of each lesson, under "" those of all."""
    found: dict[str, set[str]] = defaultdict(set)
    general = "Letters of all", "Steps and signs"
    for row in (row for title in general for row in rows(title)):
        found[""] |= {letter for text in math(row[0]) for letter in letters_in(text)}
    found[""] |= {row[0] for row in rows("Sizes")}
    for lesson, written, _ in rows("Letters of one lesson"):
        found[lesson] |= {one for text in math(written) for one in letters_in(text)}
    return found


def test_the_sheet_begins_with_the_letters_of_the_first_page() -> None:
    (page_1,) = (path for path in LEARNERS if path.stem == "start_here")
    cells = {cell.id: cell.source for cell in nbformat.read(page_1, 4).cells}
    table = [line for line in cells["letters"].splitlines() if line.startswith("|")]
    assert "\n".join(table) in NOTATION
    assert set("".join(LETTERS)) - {"d"} <= on_the_sheet()[""]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem[:2])
def test_the_sheet_has_the_letters_of_a_lessons_formulas_and_no_others(
    path: Path,
) -> None:
    sheet = on_the_sheet()
    used: set[str] = set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and cell.id not in QUOTES.get(path.stem, ()):
            for formula in math(outside_quotes(cell.source)):
                used |= letters_in(formula)
    own = sheet[path.stem[:2]]
    assert used - sheet[""] - own == set()
    assert own - used == set()


def test_a_letter_has_the_colour_of_the_pictures() -> None:
    drawn = {
        "x": style.INPUT,
        "h": style.STATE,
        "c": style.CELL,
        "z": style.OUTPUT,
        "p": style.OUTPUT,
        "y": style.TARGET,
        "dh": style.GRADIENT,
        "dW": style.GRADIENT,
    }
    pairs = re.findall(r"\\color\{(#\w+)\}\{(\w+)\}", NOTATION)
    written = {letter: colour for colour, letter in pairs}
    weights = {written.pop("W"), written.pop("b")}
    assert written == drawn
    assert len(weights) == 1  # a grey that is read on white and on black
