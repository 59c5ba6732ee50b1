"""Every solution runs where it is pasted, and harms nothing that is there."""

from __future__ import annotations

import ast
from typing import Any

import nbformat
import pytest

from rnncourse.catalogue import PARTS, exercises_of
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.judging import judge
from rnncourse.checking.reports import PASSED
from rnncourse.checking.source import solution_of
from rnncourse.checking.surroundings import kept
from tools.build import choose, learners_path

CALLS = {"08.5": "08.4"}  # the second is called by the first
FUNCTIONS = [
    (lesson, item)
    for lesson in PARTS[1:]
    for item in exercises_of(lesson).values()
    if isinstance(item, Exercise)
]


def namespace(lesson: str) -> dict[str, Any]:
    """Return what a lesson imports, and its functions as they are handed out."""
    (source,) = choose([lesson.removeprefix("lesson_")])
    found: dict[str, Any] = {}
    for cell in nbformat.read(learners_path(source), as_version=4).cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef):
                    exec(compile(ast.Module([node], []), lesson, "exec"), found)
    return found


@pytest.mark.parametrize(
    ("lesson", "exercise"), FUNCTIONS, ids=lambda part: getattr(part, "id", "")
)
def test_a_solution_runs_in_its_notebook_and_harms_nothing(
    lesson: str, exercise: Exercise
) -> None:
    names, mine = namespace(lesson), exercise.reference.__name__
    assert mine in names
    if exercise.id in CALLS:
        called = exercises_of(lesson)[CALLS[exercise.id]]
        assert isinstance(called, Exercise)
        exec(solution_of(called.reference), names)
    before = dict(names)
    with kept() as changed:
        exec(solution_of(exercise.reference), names)
    assert changed == []
    assert {name for name in before if names[name] is not before[name]} == {mine}
    assert judge(exercise, names[mine]).state == PASSED
