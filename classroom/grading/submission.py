"""What a student handed in: which notebook, and in it which cell answers what."""

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classroom.grading.program import Cell, Program, parse, program_of

__all__ = ["Asked", "NotGradedError", "Submission", "asked_in", "chosen", "read_cells"]

MOST_BYTES = 50_000_000


class NotGradedError(Exception):
    """Why something cannot be graded, in words."""


@dataclass(frozen=True)
class Asked:
    """An exercise of an assignment: what is checked, and for how many points."""

    id: str
    name: str
    points: float
    check: Cell

    @property
    def answer_mark(self) -> str:
        """The grade_id of the cell with the answer."""
        return f"{self.id.replace('.', '-')}-answer"


def read_cells(path: Path) -> list[Cell]:
    """Return the cells of code of a notebook.

    Raises
    ------
    NotGradedError
        If it is none.
    """
    return [parse(_mark(cell), _source(cell)) for cell in _code(path)]


def _code(path: Path) -> list[dict[str, Any]]:
    """Return the cells of code as they are stored, each a dict."""
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            raise NotGradedError(f"{path.name} is a link, or larger than 50 MB")
        found = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise NotGradedError(
            f"{path.name} is no whole notebook: it breaks off, or is damaged, at line "
            f"{error.lineno}"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise NotGradedError(f"{path.name} cannot be read: {error}") from error
    cells = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(cells, list):
        raise NotGradedError(f"{path.name} is no notebook of format 4")
    known = (cell for cell in cells if isinstance(cell, dict))
    return [cell for cell in known if cell.get("cell_type") == "code"]


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _marks(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def _mark(cell: dict[str, Any]) -> str:
    mark = _marks(cell).get("grade_id")
    return mark if isinstance(mark, str) else ""


def asked_in(path: Path) -> list[Asked]:
    """Return the exercises that the teacher's copy of a lesson asks for.

    Raises
    ------
    NotGradedError
        If the teacher's copy is no notebook, or a check in it is not as it should be.
    """
    marks = [_marks(cell) for cell in _code(path)]
    points = {m["grade_id"]: float(m["points"]) for m in marks if m.get("grade")}
    checks = [cell for cell in read_cells(path) if cell.mark in points]
    return [_asked(cell, points[cell.mark]) for cell in checks]


def _asked(cell: Cell, points: float) -> Asked:
    match cell.body:
        case [
            ast.Expr(
                ast.Call(ast.Name("check"), [ast.Constant(str(id)), ast.Name(name)])
            )
        ]:
            return Asked(id, name, points, cell)
    raise NotGradedError(
        f"the teacher's cell {cell.mark} must be check(id, function) and no more"
    )


def chosen(folder: Path, teachers: Path, asked: Sequence[Asked]) -> tuple[Path, str]:
    """Return the notebook to be graded, and what is to be said of its name.

    It is the one with the right name; failing that, the only one with answers in it.

    Raises
    ------
    NotGradedError
        If there is none, or it is not clear which.
    """
    right = folder / teachers.name
    there = sorted(folder.glob("*.ipynb"))
    if right.exists():
        also = [path.name for path in there if path != right and _holds(path, asked)]
        words = f"Answers are in {', '.join(also)}, too; {right.name} was graded."
        return right, words if also else ""
    answering = []
    reasons = []
    for path in there:
        try:
            cells = read_cells(path)
        except NotGradedError as error:
            reasons.append(str(error))
            continue
        if any(ask.name in cell.binds for ask in asked for cell in cells):
            answering.append(path)
    named = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
    if len(answering) == 1:
        note = f"The file is named {answering[0].name}, not {teachers.name}."
        return answering[0], note
    if answering:
        raise NotGradedError(f"no {teachers.name}, but several with answers: {named}")
    why = "".join(f"; {reason}" for reason in reasons)
    raise NotGradedError(f"no {teachers.name} and no other with answers: {named}{why}")


def _holds(path: Path, asked: Sequence[Asked]) -> bool:
    """Return whether a notebook can be read and holds an answer, right or wrong."""
    try:
        cells = read_cells(path)
    except NotGradedError:
        return False
    bound = ((cell, a.name) for a in asked for cell in cells if a.name in cell.binds)
    return any(not _is_stub(cell, name) for cell, name in bound)


@dataclass(frozen=True)
class Submission:
    """The cells of a student, and those of the teacher that give no answer."""

    cells: Sequence[Cell]
    teachers: Sequence[Cell]

    def answer(self, asked: Asked) -> Cell:
        """Return the cell with the answer to an exercise.

        It is the one with the right mark; where that is gone, empty or still the stub,
        the last other one that defines the function.

        Raises
        ------
        NotGradedError
            If there is none.
        """
        marked = [cell for cell in self.cells if cell.mark == asked.answer_mark]
        mine = [c for c in marked if c.fault or asked.name in c.binds]
        others = [c for c in self.cells if asked.name in c.binds and c not in marked]
        written = [cell for cell in others if not _is_stub(cell, asked.name)]
        if mine and not _is_stub(mine[-1], asked.name):
            return mine[-1]
        for found in (written, mine, others):
            if found:
                return found[-1]
        if marked:
            return marked[-1]
        raise NotGradedError(
            f"there is no cell {asked.answer_mark}, and no function {asked.name}"
        )

    def program(self, asked: Asked, own: Cell) -> Program:
        """Return what defines the answer, with what it needs."""
        place = self.cells.index(own)
        before, after = self.cells[:place], self.cells[place + 1 :]
        return program_of(asked.name, own, before, [*self.teachers, *after])


def _is_stub(cell: Cell, name: str) -> bool:
    """Return whether a cell has only the stub of a function."""
    found = [node for node in cell.body if getattr(node, "name", "") == name]
    if cell.fault or not found or not isinstance(found[-1], ast.FunctionDef):
        return False
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node))
        for node in found[-1].body
    )
