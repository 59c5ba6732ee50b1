"""All 50 statements that real notes get wrong are met: by a card, or in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import nbformat
import pytest

from tools.notebooks import SOURCES

CARDS = {
    "00": "A22",
    "01": "A15 B12 B13",
    "02": "B1 B2",
    "03": "A5 A6 A18 A19 B3",
    "04": "A16 A17",
    "05": "A10 B15 B16 B18 B20",
    "06": "B14 B21",
    "08": "B22 B23 B24 B25 B26",
    "10": "B10 B11",
}
SENTENCES = {  # by statement: lesson, cell, and words of the sentence in it
    "A1": ("00", "s1-properties", "There are **three properties we want**"),
    "A2": ("00", "s1-step", "A time step says at which place it comes"),
    "A3": ("02", "s1-without-read", "Any vector will do"),
    "A4": ("03", "s5-right", "A net that reads one way alone is *unidirectional*"),
    "A7": ("02", "s1-without-read", "Something is missing: $x_t$ behind $W_{ax}$"),
    "A8": ("02", "s5-claim", "The mistake is only to mix two ways in one formula"),
    "A9": ("02", "b1-read", "Zeros are the usual $h_0$"),
    "A11": ("01", "s6-table", r"papers call the prediction $\hat y_t$"),
    "A12": ("02", "s8-table", "the vocabulary only if it predicts a token"),
    "A13": ("02", "s6-tasks", "For the state of a plain RNN **tanh** is the standard"),
    "A14": ("01", "s6-table", r"both parts of the binary loss: $\log(1 - \hat y_t)$"),
    "A20": ("03", "s1", "one to one, and many to many with one answer for each"),
    "A21": ("02", "s3-count-read", "is not the size of an embedding"),
    "B4": ("03", "s6-fed", "This one is *image captioning*. The second is two jobs"),
    "B5": ("02", "s1-loop-read", "It is updated at each **step** of a sequence"),
    "B6": ("02", "s1", "its parameters $W$ are the same at every step"),
    "B7": ("02", "s1-shapes", "They are whole **matrices**"),
    "B8": ("02", "s1-shapes", "And the biases are easily forgotten"),
    "B9": ("02", "s1-scores-read", "Probabilities come only after the softmax"),
    "B17": ("02", "s4-read", "One order of the letters, and keep it"),
    "B19": ("05", "s3-read", "It is multiplied at each step, and how much is left"),
    "B27": ("09", "s2", r"h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1}"),
}
WRONG = {  # the slips of A23 and others, as patterns that no lesson may hold
    r"variable-legth": "variable-length",
    r"\ban any\b": "at any",
    r"sequence are\b": "sequences are",
    r"\bWhh\b": "W_hh",
    r"unidictional": "unidirectional",
    r"time-?stamp(?!”| says)": "time step",
    r"seq2sec": "sequence to sequence",
    r"\btree types\b": "three",
}
ALL = [f"A{n}" for n in range(1, 24)] + [f"B{n}" for n in range(1, 28)]


@cache
def cells_of(lesson: str) -> dict[str, tuple[str, str]]:
    """Return the cells of a lesson by id, their kind and text on one line."""
    (path,) = (path for path in SOURCES if path.stem.startswith(lesson))
    cells = nbformat.read(path, as_version=4).cells
    return {cell.id: (cell.cell_type, " ".join(cell.source.split())) for cell in cells}


def quoted(text: str) -> str:
    """Return a text without the marks of a block quote, in small letters."""
    return " ".join(text.replace(" > ", " ").split()).lower()


def met() -> dict[str, str]:
    """Return for each statement that is met where, in words."""
    found = {
        id: f"lesson {lesson}, card"
        for lesson, ids in CARDS.items()
        for id in ids.split()
        if ("code", f'myth_card("{id}")') in cells_of(lesson).values()
    }
    for id, (lesson, cell, words) in SENTENCES.items():
        kind, text = cells_of(lesson).get(cell, ("", ""))
        if kind == "markdown" and words.lower() in quoted(text):
            found[id] = f"lesson {lesson}, cell {cell}: {words}"
    if not misspelt():
        found["A23"] = "every lesson: written right"
    return found


def misspelt() -> list[str]:
    """Return the slips of the notes that a lesson repeats."""
    return [
        f"{path.stem}: {pattern}, which is {right}"
        for path in SOURCES
        for kind, text in cells_of(path.stem).values()
        for pattern, right in WRONG.items()
        if kind == "markdown" and re.search(pattern, text, re.IGNORECASE)
    ]


def test_every_statement_is_met(record_property: Callable[[str, object], None]) -> None:
    found = met()
    for id in ALL:
        print(f"{id:4} {found.get(id, 'NOT MET')}")
    record_property("notice", f"statements of MYTHS that are met: {len(found)} of 50")
    assert [id for id in ALL if id not in found] == []
    assert len(found) == len(ALL) == 50


def test_no_lesson_repeats_a_slip() -> None:
    assert misspelt() == []


@pytest.mark.parametrize("text", ["Whh", "a variable-legth text", "one time-stamp"])
def test_a_slip_would_be_seen(text: str) -> None:
    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in WRONG)
