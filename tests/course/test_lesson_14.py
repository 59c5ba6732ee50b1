"""What lesson 14 says of rubrics, of tests, of luck and of the capstones is so."""

from __future__ import annotations

import re
from math import comb
from pathlib import Path

import nbformat
import numpy as np
import pytest

from rnncourse.catalogue import exercises_of
from rnncourse.exam.draw import draw
from rnncourse.lesson_14.broken.looks import LOOKS
from rnncourse.lesson_14.broken.rubric import NAMES
from rnncourse.lesson_14.exercises.forecast import autoregression, sunspots
from rnncourse.lesson_14.exercises.questions import WHICH_BETTER
from rnncourse.lesson_14.rubric import EIGHT
from tools.notebooks import SOLUTIONS, SOURCES

(PATH,) = (path for path in SOURCES if path.stem.startswith("14_"))
CELLS = {cell.id: cell for cell in nbformat.read(PATH, as_version=4).cells}
CAPSTONES = sorted((SOLUTIONS / "capstones").glob("*.ipynb"))


def text(cell: str) -> str:
    return " ".join(CELLS[cell].source.split())


def by_coin(years: int, ahead: int) -> float:
    """Return how probable it is that one of two is ahead so often, or more often."""
    ways = sum(comb(years, k) for k in range(ahead, years + 1))
    return 2 * ways / 2**years


def test_the_line_is_nearer_in_29_of_48_years() -> None:
    data, test = sunspots(), np.arange(261, 309)
    line = autoregression(data, test, np.arange(20, 221))
    nearer = abs(line - data[test]) < abs(data[test - 1] - data[test])
    assert (nearer.sum(), len(nearer)) == (29, 48)
    assert "in 29 of them" in text("s1-luck")


def test_the_question_and_the_cell_say_what_a_coin_does() -> None:
    assert round(100 * by_coin(48, 29)) == 19
    assert "in about 19 of 100 such tests" in WHICH_BETTER.prompt
    (shown,) = CELLS["s1-coin"].outputs
    assert "about 19 of 100" in shown["text"]


def test_the_tests_stand_in_the_order_of_the_broken_lstm() -> None:
    table = re.findall(r"\| [1-5] \| ([^|]+) \|", text("s2-table"))
    begin = ["ten examples", "gradient check", "gaps", "longer", "no test example"]
    assert [NAMES[name] for name in LOOKS][:3] == begin[:3]
    assert [row.startswith(word) for row, word in zip(table, begin, strict=True)] == [
        True
    ] * 5


def test_every_line_of_the_rubric_is_given_its_reason() -> None:
    said = " ".join(text(id) for id in CELLS if id.startswith("s1")).lower()
    for line in EIGHT:
        assert f"**the {line.name}" in said or f"**{line.name}" in said, line.name


def test_an_exam_of_which_all_are_called_myths_is_half_right() -> None:
    (seed,) = re.findall(r"seed=(\d+), answers", CELLS["s5-all-myths"].source)
    assert sum(card.truth for card in draw(int(seed)).cards) == 10


@pytest.mark.parametrize("path", CAPSTONES, ids=lambda path: path.stem)
def test_the_table_lists_each_capstone_with_its_minutes_and_lessons(path: Path) -> None:
    first = nbformat.read(path, as_version=4).cells[0].source
    (id, title) = re.findall(r"^# Capstone (14\.\d) · (.+)$", first, re.MULTILINE)[0]
    (minutes,) = re.findall(r"^\*\*(\d+) minutes", first, re.MULTILINE)
    needs = re.findall(r"\d\d", re.findall(r"You need lessons? ([^.]+)\.", first)[0])
    row = f"| {id} [{title}](capstones/{path.name}) | {minutes} | {', '.join(needs)} |"
    assert row in CELLS["s4"].source


def test_every_capstone_that_can_be_checked_is_in_the_table() -> None:
    listed = re.findall(r"^\| (14\.\d) \[", CELLS["s4"].source, re.MULTILINE)
    known = [id for id in exercises_of("lesson_14") if id not in ("14.8", "14.9")]
    assert sorted(listed) == known == sorted(known)
