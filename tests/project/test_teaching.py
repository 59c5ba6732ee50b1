"""nbgrader finds its marks in every notebook, and so does who grades."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from rnncourse.catalogue import PARTS, exercises, exercises_of
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from tools.build import build, learners_path
from tools.notebooks import (
    CAPSTONES,
    LEARNERS,
    LEARNERS_CAPSTONES,
    SOURCES,
    title,
)

FUNCTIONS = {id for id, item in exercises().items() if isinstance(item, Exercise)}
ASKS = re.compile(r'\b(check|hint|solution|source|quiz|myth_card)\(\s*"([^"]+)"')
each_source = pytest.mark.parametrize("source", SOURCES, ids=title)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def marks(kind: str, id: str, **points: int) -> dict[str, Any]:
    """Return the marks by which nbgrader knows an answer or a check."""
    return {
        "schema_version": 3,
        "solution": kind == "answer",
        "grade": kind == "check",
        "locked": kind == "check",
        "task": False,
        "grade_id": f"{id.replace('.', '-')}-{kind}",
        **points,
    }


def checked(notebook: Any) -> Iterator[tuple[str, int]]:
    """Yield the functions that a notebook checks, and the place of the cell."""
    for place, cell in enumerate(notebook.cells):
        for call, id in ASKS.findall(cell.source if cell.cell_type == "code" else ""):
            if call == "check" and id in FUNCTIONS:
                yield id, place


@pytest.mark.parametrize(
    "path", SOURCES + LEARNERS + CAPSTONES + LEARNERS_CAPSTONES, ids=title
)
def test_nbgrader_accepts_its_marks(path: Path) -> None:
    MetadataValidatorV3().validate_nb(read(path))


@each_source
def test_all_that_is_asked_for_exists(source: Path) -> None:
    asked = {id for cell in read(source).cells for _, id in ASKS.findall(cell.source)}
    assert asked <= set(exercises())


@each_source
def test_each_function_is_answered_checked_and_graded_under_its_number(
    source: Path,
) -> None:
    notebook = read(source)
    graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    found = list(checked(notebook))
    answered: set[str] = set()
    for id, place in found:
        points = 1 if "stretch" in heading(notebook.cells[:place]) else 2
        check = notebook.cells[place]
        assert check.metadata.nbgrader == marks("check", id, points=points)
        _, name = check.source.rsplit(" ", 1)
        if name in answered:  # two exercises ask for one function
            continue
        answered.add(name)
        answer = graded[graded.index(check) - 1]
        assert answer.metadata.nbgrader == marks("answer", id)
        assert "### BEGIN SOLUTION" in answer.source
    assert len(graded) == len(found) + len(answered)


def heading(cells: list[Any]) -> str:
    """Return the last heading of some cells."""
    words = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"^#+ .*", words, re.MULTILINE)[-1].lower()


@each_source
def test_the_learner_begins_with_nothing_tried(source: Path) -> None:
    notebook = read(learners_path(source))
    for id, place in checked(notebook):
        (output,) = notebook.cells[place].outputs
        assert (
            f"{id} · {exercises()[id].title}: not tried yet"
            in output.data["text/plain"]
        )


@each_source
def test_nothing_takes_the_name_of_a_learners_function(source: Path) -> None:
    answered: set[str] = set()
    for cell in read(source).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        if "### BEGIN SOLUTION" in cell.source:
            answered |= {part.name for part in tree.body if hasattr(part, "name")}
        else:
            assert not answered & set(given(tree)), cell.id


def given(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a cell gives to something."""
    for part in ast.walk(tree):
        if isinstance(part, ast.Import | ast.ImportFrom):
            yield from (name.asname or name.name for name in part.names)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.FunctionDef | ast.ClassDef):
            yield part.name


@each_source
def test_a_lesson_holds_its_own_exercises_once_and_asks_its_questions(
    source: Path,
) -> None:
    lesson = f"lesson_{source.stem[:2]}"
    items = exercises_of(lesson if lesson in PARTS else "start_here").values()
    functions = [item.id for item in items if isinstance(item, Exercise)]
    notebook = read(source)
    asked = {id for cell in notebook.cells for _, id in ASKS.findall(cell.source)}
    assert sorted(id for id, _ in checked(notebook)) == sorted(functions)
    here = [item.id for item in items if not isinstance(item, Capstone)]
    assert {*here} <= asked


def test_each_capstone_has_a_notebook_of_its_own_and_is_graded_at_its_end() -> None:
    known = [item.id for item in exercises().values() if isinstance(item, Capstone)]
    found: list[str] = []
    for source in CAPSTONES:
        notebook = read(source)
        graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
        *answers, last = graded
        id = last.source.split('"')[1]
        assert last.source == f'check("{id}", work)'
        assert last.metadata.nbgrader == marks("check", id, points=8)
        places = [cell.metadata.nbgrader.grade_id for cell in answers]
        assert len({*places}) == len(places)
        for cell in answers:
            name = cell.metadata.nbgrader.grade_id.removesuffix("-answer")
            assert cell.metadata.nbgrader == marks("answer", name)
            assert "### BEGIN SOLUTION" in cell.source
        found.append(id)
    assert sorted(found) == sorted(known)


@pytest.mark.parametrize("path", LEARNERS_CAPSTONES, ids=title)
def test_a_capstone_begins_with_nothing_tried(path: Path) -> None:
    last = [cell for cell in read(path).cells if cell.source.startswith("check(")][-1]
    (output,) = last.outputs
    assert "not tried yet" in output.data["text/plain"]


SLOPES = """\
def slopes(loss, x, eps):
    \"""Return the gradient of the loss at x, by central differences.\"""
    ### BEGIN SOLUTION
    found = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = eps
        found[place] = (loss(x + nudge) - loss(x - nudge)) / (2 * eps)
    return found
    ### END SOLUTION"""
STEP = """\
def step(dh, h, h_prev, W_hh):
    \"""Return da, dh_prev and dW_hh.\"""
    ### BEGIN SOLUTION
    da = dh * (1 - h**2)
    return da, da @ W_hh.T, h_prev.T @ da
    ### END SOLUTION"""


def small_lesson(path: Path) -> None:
    """Write the teacher's copy of a lesson with two exercises of lesson 04."""
    code = nbformat.v4.new_code_cell
    cells = [code("import numpy as np\n\nfrom rnncourse.commands import check")]
    for id, answer in {"04.1": SLOPES, "04.2": STEP}.items():
        name = answer[4 : answer.index("(")]
        check = f'check("{id}", {name})'
        cells += [
            code(answer, metadata={"nbgrader": marks("answer", id)}),
            code(check, metadata={"nbgrader": marks("check", id, points=2)}),
        ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


@pytest.fixture
def small_source(tmp_path: Path) -> Path:
    """Return a source with two exercises of lesson 04 and nothing else."""
    path = tmp_path / "notebooks" / "solutions" / "small.ipynb"
    small_lesson(path)
    return path


def test_a_solution_passes_and_a_stub_is_not_tried_yet(small_source: Path) -> None:
    assert build(small_source) == ""
    for path, state in (
        (small_source, "right"),
        (learners_path(small_source), "not tried yet"),
    ):
        book = read(path)
        heads = [f"{id} · {exercises()[id].title}: {state}" for id in ("04.1", "04.2")]
        said = [book.cells[place].outputs[0].data for _, place in checked(book)]
        assert [text["text/plain"].splitlines()[0][2:] for text in said] == heads
