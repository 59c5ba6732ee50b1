"""From a notebook, what defines a function: no more, and nothing of the teacher's."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from classroom.grading.flags import flags_of, shape_of
from classroom.grading.program import Cell, Program, parse, program_of
from classroom.grading.submission import (
    Asked,
    NotGradedError,
    Submission,
    asked_in,
    chosen,
    read_cells,
)
from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise
from tools.notebooks import SOURCES

ASKED = Asked("04.2", "step_backward", 2.0, parse("04-2-check", 'check("04.2", f)'))
STUB = "def step_backward(dh):\n    raise NotImplementedError"
DONE = "def step_backward(dh):\n    return helper(dh)"


def kept(program: Program) -> list[str]:
    return [ast.unparse(node) for node in program.tree.body]


def test_a_program_is_what_the_function_needs_and_no_more() -> None:
    above = [
        parse("", "import numpy as np, os\nfrom math import pi, tau"),
        parse("", "slow = [n for n in range(10**9)]\nscale = pi\nscale *= 2"),
        parse("", "table = {}\ntable['a'] = 1\nprint(table)\nunused = 3"),
        parse(
            "", "def helper(x):\n    slow = scale\n    return np.tanh(x) * table['a']"
        ),
    ]
    own = parse("04-2-answer", "%time\n" + DONE + "\nstep_backward(1)")
    program = program_of("step_backward", own, above, [])
    imported = [cell["keep"] for cell in program.cells]
    assert imported[0] == [[0, [0]], [1, [0]]]
    assert [line.splitlines()[0] for line in kept(program)[2:]] == [
        *("scale = pi", "scale *= 2", "table = {}", "table['a'] = 1"),
        *("def helper(x):", "def step_backward(dh):"),
    ]
    assert program.calls("helper")


def test_what_is_missing_is_taken_from_others() -> None:
    own = parse("04-2-answer", DONE)
    other = parse("", "def helper(x):\n    return x")
    assert len(kept(program_of("step_backward", own, [], [other]))) == 2
    mine = parse("", "def helper(x):\n    return 2 * x")
    program = program_of("step_backward", own, [mine], [other])
    assert "2 * x" in kept(program)[0]
    assert len(kept(program)) == 2


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ([("04-2-answer", DONE)], 0),
        ([("04-2-answer", STUB), ("", DONE)], 1),
        ([("", DONE), ("04-2-answer", STUB)], 0),
        ([("x", STUB), ("x", DONE)], 1),
        ([("04-2-answer", "def step_backward(:")], 0),
        ([("04-2-answer", "1 + 1"), ("", DONE)], 1),
        ([("04-2-answer", STUB), ("", "x = 1")], 0),
        ([("04-2-answer", DONE), ("", "def step_backward(dh):\n    return 0")], 0),
    ],
)
def test_the_answer_is_found(cells: list[tuple[str, str]], place: int) -> None:
    parsed = [parse(*cell) for cell in cells]
    assert Submission(parsed, []).answer(ASKED) is parsed[place]


def test_no_answer_is_told() -> None:
    with pytest.raises(NotGradedError, match="no cell 04-2-answer, and no function"):
        Submission([parse("", "x = 1")], []).answer(ASKED)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "at line 1"),
        ("[]", "no notebook of format 4"),
        ('{"cells": 3}', "no notebook of format 4"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_what_is_no_notebook_is_told(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(text, "utf-8")
    with pytest.raises(NotGradedError, match=why):
        read_cells(tmp_path / "a.ipynb")


@pytest.mark.parametrize(
    "cell",
    [
        {"source": 3, "metadata": []},
        {"source": ["x = 1\n", None], "metadata": {"nbgrader": "no"}},
        {"source": "\0", "metadata": {"nbgrader": {"grade_id": 7}}},
        {"source": "return 1"},
        {"source": "x = " + "(" * 5000},
        {"source": "x = " + "-" * 20_000 + "1"},
        {"source": "x = '\ud800'"},
    ],
    ids=range(7),
)
def test_an_odd_cell_harms_no_other(cell: Any, tmp_path: Path) -> None:
    good = {"cell_type": "code", "source": STUB}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", **cell}, good, 1]}))
    cells = read_cells(path)
    assert [cell.mark for cell in cells] == ["", ""]
    assert Submission(cells, []).answer(ASKED) is cells[1]


def hand_in(folder: Path, name: str, source: str) -> None:
    cells = [{"cell_type": "code", "source": source}]
    (folder / name).write_text(json.dumps({"cells": cells}), "utf-8")


def test_a_file_of_another_name_is_graded_if_it_is_clear_which(tmp_path: Path) -> None:
    teachers = Path("04_lesson.ipynb")
    with pytest.raises(NotGradedError, match="and no other with answers: nothing"):
        chosen(tmp_path, teachers, [ASKED])
    hand_in(tmp_path, "mine.ipynb", DONE)
    hand_in(tmp_path, "notes.ipynb", "x = 1")
    path, note = chosen(tmp_path, teachers, [ASKED])
    assert (path.name, note) == (
        "mine.ipynb",
        "The file is named mine.ipynb, not 04_lesson.ipynb.",
    )
    hand_in(tmp_path, "mine (1).ipynb", STUB)
    with pytest.raises(NotGradedError, match="but several with answers"):
        chosen(tmp_path, teachers, [ASKED])
    hand_in(tmp_path, teachers.name, STUB)
    path, note = chosen(tmp_path, teachers, [ASKED])
    assert path == tmp_path / teachers.name
    assert note == "Answers are in mine.ipynb, too; 04_lesson.ipynb was graded."


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem[:2])
def test_no_solution_is_taken_for_tampering(source: Path) -> None:
    asked, cells = asked_in(source), read_cells(source)
    submission = Submission(cells, [])
    for ask in asked:
        item = exercise(ask.id)
        assert isinstance(item, Exercise)
        program = submission.program(ask, submission.answer(ask))
        assert list(flags_of(item, ask, program, cells)) == [], ask.id


def flags(source: str, check: str = 'check("04.2", f)') -> list[str]:
    item: Any = exercise("04.2")
    own = parse("04-2-answer", source)
    top = parse("", "import numpy as np\nfrom rnnlib import RNNCell as Cell")
    program = program_of("step_backward", own, [top], [])
    return list(flags_of(item, ASKED, program, [own, parse("04-2-check", check)]))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("return dh", []),
        ("import gc, rnncourse\nreturn dh", ["uses gc, rnncourse"]),
        ("return dh.step_backward", []),
        ("return Cell.step_backward(dh)", ["calls the library's own step_backward"]),
        ("np.allclose = print\nreturn np", ["changes np.allclose"]),
        ("return open('x')", ["uses open"]),
    ],
)
def test_what_is_odd_is_flagged(lines: str, said: list[str]) -> None:
    indented = "\n".join(f"    {line}" for line in lines.splitlines())
    assert flags(f"def step_backward(dh):\n{indented}") == said


def test_a_changed_check_is_flagged() -> None:
    assert flags(DONE, check="True") == ["the check was changed"]


def shape(source: str) -> Any:
    return shape_of(ast.parse(source), "f")


def test_names_comments_and_hints_do_not_hide_a_copy() -> None:
    one = "def f(x, y):\n    '''Doc.'''\n    z = x @ y  # z\n    return np.tanh(z)"
    other = "def f(a: int, b) -> int:\n    c: int = a @ b\n    return np.tanh(c)"
    assert shape(one) == shape(other)
    assert shape(one) != shape(other.replace("tanh", "exp"))
    assert shape(one) != shape(one.replace("x @ y", "y @ x"))
    assert shape("f = 3") is None


def test_a_cell_is_equal_to_itself_alone() -> None:
    assert Cell("a", "x") != Cell("b", "x")
