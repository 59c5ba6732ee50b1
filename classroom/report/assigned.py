"""What the course hands out: the exercises of each notebook, and their stubs."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Assigned", "assigned", "definitions", "lesson_titles"]

LESSONS = Path(__file__).resolve().parents[2] / "notebooks"
CHECK = re.compile(r'^check\("(\d\d\.\d+)", (\w+)\)$')


@dataclass(frozen=True)
class Assigned:
    """An exercise as it is handed out.

    Attributes
    ----------
    id : str
    name : str
        The function that answers it.
    stub : str
        Its definition before anybody has written anything.
    setup : tuple of str
        The imports of the lesson.
    """

    id: str
    name: str
    stub: str
    setup: tuple[str, ...]

    @property
    def untouched(self) -> str:
        """The program of an answer that nobody has begun."""
        return f"{self.stub}\n{self.name}"


@cache
def assigned() -> Mapping[str, Assigned]:
    """Return what each exercise asks for, by its id.

    >>> assigned()["04.2"].name
    'step_backward'
    """
    return {item.id: item for path in _paths() for item in _asked(path)}


@cache
def lesson_titles() -> Mapping[str, str]:
    """Return the title of each lesson by its two digits.

    >>> lesson_titles()["04"]
    'Back-propagation through time'
    """
    return {path.stem[:2]: _title(path) for path in _paths()}


def definitions(source: str) -> Iterator[tuple[tuple[str, ...], ast.stmt]]:
    """Yield the statements that give names to something, with these names.

    Lines for the notebook itself (`%magic`, `!shell`, `?`) are left out; what is no
    Python has no definitions.
    """
    lines = source.splitlines()
    kept = ["" if re.match(r"\s*[%!?]", line) else line for line in lines]
    try:
        tree = ast.parse("\n".join(kept))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for part in tree.body:
        names = tuple(_given(part))
        if names:
            yield names, part


def _given(part: ast.stmt) -> Iterator[str]:
    if isinstance(part, ast.FunctionDef | ast.ClassDef):
        yield part.name
    elif isinstance(part, ast.Import | ast.ImportFrom):
        for alias in part.names:
            yield (alias.asname or alias.name).partition(".")[0]
    elif isinstance(part, ast.Assign | ast.AnnAssign):
        targets = part.targets if isinstance(part, ast.Assign) else [part.target]
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def _paths() -> list[Path]:
    return sorted(LESSONS.glob("[0-9][0-9]_*.ipynb"))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _title(path: Path) -> str:
    """Return the first heading of a lesson, without its number."""
    for cell in _read(path)["cells"]:
        found = re.search(r"^# (?:\d+ · |Lesson \d+: )?(.*)", "".join(cell["source"]))
        if found:
            return found[1].strip()
    return path.stem[3:].replace("_", " ")


def _code_cells(notebook: Any) -> list[str]:
    """Return the source of each cell of code."""
    cells = notebook["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


def _asked(path: Path) -> Iterator[Assigned]:
    cells = _code_cells(_read(path))
    setup, stubs = [], {}
    for cell in cells:
        for names, part in definitions(cell):
            if isinstance(part, ast.Import | ast.ImportFrom):
                setup.append(ast.unparse(part))
            stubs.update(dict.fromkeys(names, ast.unparse(part)))
    for cell in cells:
        found = CHECK.match(cell.strip())
        if found:
            id, name = found.groups()
            yield Assigned(id, name, stubs.get(name, ""), tuple(setup))
