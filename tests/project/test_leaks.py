"""No line of a solution is to be read before the exercise is solved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from rnncourse.catalogue import exercises
from rnncourse.checking.exercise import Exercise
from tools.leaks import given_away, leaks, telling_lines
from tools.notebooks import (
    CAPSTONES,
    LEARNERS,
    LEARNERS_CAPSTONES,
    SOURCES,
    title,
)

SOLVED, SOLVED_CAPSTONES = (
    [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    for paths in (SOURCES, CAPSTONES)
)


@pytest.mark.parametrize("path", LEARNERS, ids=title)
def test_a_learners_build_gives_no_solution_away(path: Path) -> None:
    assert leaks(json.loads(path.read_text("utf-8")), path.name, SOLVED) == []


@pytest.mark.parametrize("path", LEARNERS_CAPSTONES, ids=title)
def test_a_capstone_gives_no_capstone_away(path: Path) -> None:
    book = json.loads(path.read_text("utf-8"))
    assert leaks(book, path.name, SOLVED_CAPSTONES) == []


def test_no_hint_gives_a_solution_away() -> None:
    lines = [line for solved in SOLVED for line in telling_lines(solved)]
    found = {where: given_away(lines, text) for where, text in hints()}
    assert {where: told for where, told in found.items() if told} == {}


def hints() -> Iterator[tuple[str, str]]:
    """Yield what the exercises say to who has not solved them, and where."""
    for exercise in exercises().values():
        if isinstance(exercise, Exercise):
            for hint in exercise.hints:
                yield f"a hint of {exercise.id}", hint
            for mistake in exercise.mistakes:
                yield f"{mistake.name} of {exercise.id}", mistake.hint


def code(source: str, *outputs: Any, **metadata: Any) -> Any:
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def book(*cells: Any) -> Any:
    return nbformat.v4.new_notebook(cells=list(cells))


def shows(**data: str) -> Any:
    kinds = {kind.replace("_", "/"): text for kind, text in data.items()}
    return nbformat.v4.new_output("display_data", kinds)


REGION = """\
def step_backward(dh, h, W_hh):
    ### BEGIN SOLUTION
    import numpy as np
    da = np.zeros_like(h)
    room = np.empty((len(h), 3), dtype=h.dtype)
    for t in reversed(range(len(h))):
        da[t] = dh[t] * (1 - h[t] ** 2)  # (B, H)
        dh_prev = da[t] @ W_hh.T
    total = dh_prev
    first, second = da.shape
    x = 1 + 1
    return np.clip(da, -5, 5)
    return da, dh_prev
    ### END SOLUTION
"""
SOLUTION = book(code(REGION))
FORMULA = "dh_prev = da[t] @ W_hh.T"


def test_lines_that_compute_tell_something_and_the_others_do_not() -> None:
    assert list(telling_lines(SOLUTION)) == [
        "da[t] = dh[t] * (1 - h[t] ** 2)",
        FORMULA,
        "np.clip(da, -5, 5)",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        code(FORMULA),
        code("dh_prev=da[ t ]@W_hh . T"),
        nbformat.v4.new_markdown_cell(f"One step back is `{FORMULA}`."),
        code("1", nbformat.v4.new_output("stream", name="stdout", text=FORMULA)),
        code("1", shows(text_plain=FORMULA)),
        code("1", shows(text_html="<b>dh_prev</b> &#61; da[t] @ <i>W_hh</i>.T")),
    ],
    ids=["code", "other blanks", "markdown", "stream", "text", "HTML"],
)
def test_a_line_of_a_solution_is_found_wherever_it_is_shown(cell: Any) -> None:
    assert leaks(book(cell), "04", [SOLUTION]) == [
        f"04 cell 1 gives away a solution: {FORMULA}"
    ]


def test_a_derivation_may_show_it() -> None:
    assert leaks(book(code(FORMULA, tags=["derivation"])), "04", [SOLUTION]) == []
