"""A class that hands in answers with planted mistakes."""

from __future__ import annotations

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from classroom.report.assigned import LESSONS, assigned
from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise

on_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux has these fences"
)
NAMES = [
    f"{first} {second}"
    for first in ("Ana", "Ben", "Cem", "Dora", "Elif", "Femi")
    for second in ("Ash", "Birch", "Cedar", "Elm", "Oak")
]


def handed_out(lesson: str) -> Any:
    """Return a notebook as learners get it."""
    (path,) = LESSONS.glob(f"{lesson}_*.ipynb")
    return json.loads(path.read_text(encoding="utf-8"))


def answer(id: str, mistake: str = "") -> str:
    """Return the cell that answers an exercise, with a known mistake or without."""
    item = exercise(id)
    assert isinstance(item, Exercise)
    code = textwrap.dedent(inspect.getsource(item.reference))
    for known in item.mistakes:
        if known.name == mistake:
            for piece, wrong in known.edits.items():
                assert code.count(piece) == 1
                code = code.replace(piece, wrong)
    (function,) = ast.parse(code).body
    assert isinstance(function, ast.FunctionDef)
    function.name, function.returns = assigned()[id].name, None
    for argument in function.args.args:
        argument.annotation = None
    return ast.unparse(function)


def fill(notebook: Any, answers: Mapping[str, str]) -> Any:
    """Put the cells that answer some exercises into a notebook."""
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        id = mark.removesuffix("-answer").replace("-", ".")
        if mark.endswith("-answer") and id in answers:
            cell["source"] = answers[id]
    return notebook


def write(path: Path, notebook: Any) -> None:
    """Store a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
