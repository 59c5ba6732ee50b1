"""Students who hand in what is right, half, untouched, and what tries to cheat."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

__all__ = ["CHEATS", "HARMFUL", "Handed", "Lesson", "body", "students"]

STUB = "raise NotImplementedError"


@dataclass(frozen=True)
class Lesson:
    """A lesson as it was handed out, its solutions, and its exercises with points."""

    name: str
    file: str
    released: Any
    solved: Any
    points: dict[str, float]

    @classmethod
    def read(cls, folder: Path, name: str) -> Lesson:
        """Return a lesson of a class folder."""
        (source,) = (folder / "source" / name).glob("*.ipynb")
        released = nbformat.read(folder / "release" / name / source.name, 4)
        solved = nbformat.read(source, 4)
        points = {
            re.findall(r'"(.*?)"', cell.source)[0]: cell.metadata.nbgrader.points
            for cell in solved.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }
        return cls(name, source.name, released, solved, points)

    @property
    def total(self) -> float:
        """All points that there are."""
        return sum(self.points.values())

    def written(self, write: Callable[[int, Any, Any], None]) -> Any:
        """Return a copy in which `write(number, cell, solved)` fills each answer."""
        notebook = copy.deepcopy(self.released)
        number = 0
        for cell, solved in zip(notebook.cells, self.solved.cells, strict=True):
            if cell.metadata.get("nbgrader", {}).get("solution"):
                write(number, cell, solved)
                number += 1
        return notebook

    def right(self) -> Any:
        """Return the notebook with all solutions."""
        return self.written(solve)

    def all_with(self, lines: str) -> Any:
        """Return the notebook in which each answer does the same."""
        return self.written(lambda n, cell, _: body(cell, lines))

    def one_with(self, lines: str) -> Any:
        """Return the notebook with all solutions but that of the first function."""

        def write(number: int, cell: Any, solved: Any) -> None:
            if number == 0:
                body(cell, lines)
            else:
                solve(number, cell, solved)

        return self.written(write)

    @property
    def first(self) -> float:
        """The points of the exercises that ask for the first function."""
        answers = [c for c in self.solved.cells if "BEGIN SOLUTION" in c.source]
        name = re.findall(r"def (\w+)", answers[0].source)[0]
        checks = [c for c in self.solved.cells if c.source.endswith(f", {name})")]
        return sum(c.metadata.nbgrader.points for c in checks)


def solve(number: int, cell: Any, solved: Any) -> None:
    """Write down the solution."""
    cell.source = solved.source


def body(cell: Any, lines: str) -> None:
    """Put lines in place of the stub of a function; NAME is its name."""
    (line,) = (text for text in cell.source.splitlines() if STUB in text)
    name = re.findall(r"def (\w+)\((.*?)\)", cell.source, re.DOTALL)[-1]
    lines = lines.replace("NAME", name[0]).replace("ARGS", name[1])
    id = cell.metadata.nbgrader.grade_id.removesuffix("-answer").replace("-", ".")
    indented = "\n".join(f"    {text}" for text in lines.replace("ID", id).splitlines())
    cell.source = cell.source.replace(line, indented)


REACH = """\
def everything():
    import gc, sys
    frame = sys._getframe()
    while frame:
        yield from frame.f_locals.values()
        yield from frame.f_globals.values()
        frame = frame.f_back
    yield from gc.get_objects()
for thing in everything():
    reference = getattr(thing, "reference", None)
    if callable(reference) and reference.__name__ == "NAME":
        return reference(ARGS)
for thing in everything():
    if getattr(thing, "__name__", "") == "NAME" and thing is not NAME:
        return thing(ARGS)
return 0
"""
FORGED = """\
import json, os, struct
text = json.dumps([["reply", {"dict": [["error", None], ["result", 0],
    ["args", None], ["earlier", {"dict": []}], ["printed", ""], ["warned", []],
    ["chance", False]]}], []]).encode()
for number in range(3, 30):
    try:
        os.write(number, struct.pack("<II", len(text), 0) + text)
    except OSError:
        pass
return 0
"""
SOLUTION_ON_DISK = """\
import json, pathlib, sys
import numpy, rnnlib
places = {pathlib.Path(p).resolve() for p in (rnnlib.__file__, numpy.__file__)}
places |= {pathlib.Path(p) for p in (sys.prefix, sys.executable, ".")}
roots = {root for place in places for root in (place, *place.parents)}
for root in roots:
    for path in root.glob("notebooks/solutions/*.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            source = "".join(cell["source"])
            if "def NAME(" in source and "SOLUTION" in source:
                names = {"np": numpy}
                exec(source, names)
                return names["NAME"](ARGS)
return 0
"""

# What gives no answer and wants points: in every answer.
CHEATS = {
    "calls the reference": (
        "from rnncourse.catalogue import exercise\n"
        'return exercise("ID").reference(ARGS)'
    ),
    "calls the reference by its module": (
        "import importlib, pkgutil\n"
        "import rnncourse\n"
        "for m in pkgutil.walk_packages(rnncourse.__path__, 'rnncourse.'):\n"
        "    found = vars(importlib.import_module(m.name)).get('NAME')\n"
        "    if found:\n"
        "        return found(ARGS)"
    ),
    "frames and gc": REACH,
    "forged replies": FORGED,
    "the solution on the disk": SOLUTION_ON_DISK,
    "equal to everything": (
        "class Same:\n"
        "    def __eq__(self, other):\n"
        "        return True\n"
        "    def __array__(self, *_, **__):\n"
        "        raise TypeError\n"
        "    __hash__ = None\n"
        "return Same()"
    ),
    "an array equal to everything": (
        "class Same(np.ndarray):\n"
        "    def __eq__(self, other):\n"
        "        return np.ones(self.shape, bool)\n"
        "    def __sub__(self, other):\n"
        "        return np.zeros(self.shape)\n"
        "    __rsub__ = __sub__\n"
        "    def __array_function__(self, *_):\n"
        "        return True\n"
        "return np.zeros(3).view(Same)"
    ),
    "numpy patched": (
        "np.allclose = np.array_equal = lambda *_, **__: True\n"
        "np.testing.assert_allclose = lambda *_, **__: None\n"
        "np.ndarray.__module__\n"
        "return np.zeros(1)"
    ),
    "modules exchanged": (
        "import sys\n"
        "class Yes:\n"
        "    def __getattr__(self, name):\n"
        "        return lambda *_, **__: True\n"
        "for name in list(sys.modules):\n"
        "    if name.startswith(('numpy', 'json', 'classroom', 'rnncourse')):\n"
        "        sys.modules[name] = Yes()\n"
        "return True"
    ),
    "the judge patched from inside": (
        "import rnncourse.checking.judging as judging\n"
        "judging.judge = lambda *_, **__: None\n"
        "return 0"
    ),
}

# What does harm: in the first answer, all others being right.
HARMFUL = {
    "exits": "import os\nos._exit(0)",
    "leaves by SystemExit": "raise SystemExit(0)",
    "kills its parent": (
        "import os, signal\n"
        "for number in (os.getppid(), 0, -1):\n"
        "    try:\n"
        "        os.kill(number, signal.SIGKILL)\n"
        "    except OSError:\n"
        "        pass\n"
        "return 0"
    ),
    "hangs in C": "return 3 ** 10**9",
    "never ends": "while True:\n    pass",
    "sleeps": "import time\ntime.sleep(10_000)",
    "forks": "import os\nwhile True:\n    os.fork()",
    "starts threads": (
        "import threading\n"
        "def again():\n"
        "    while True:\n"
        "        threading.Thread(target=again).start()\n"
        "again()"
    ),
    "eats memory": "kept = []\nwhile True:\n    kept.append(np.ones(10**7))",
    "writes ten megabytes": (
        "import os, sys\n"
        "for _ in range(100):\n"
        "    print('x' * 100_000)\n"
        "    os.write(1, b'x' * 100_000)\n"
        "    os.write(2, b'x' * 100_000)\n"
        "return 0"
    ),
    "returns too much": "return np.ones((3000, 5000))",
    "calls itself": "return NAME(ARGS)",
    "network": (
        "import socket\n"
        "socket.create_connection(('127.0.0.1', 22), timeout=1)\n"
        "return 0"
    ),
    "writes into the gradebook": (
        "import pathlib\n"
        "for root in (pathlib.Path('GRADEBOOK'), pathlib.Path('.')):\n"
        "    try:\n"
        "        root.write_text('all points')\n"
        "    except OSError:\n"
        "        pass\n"
        "open('GRADEBOOK', 'wb').write(b'all points')\n"
        "return 0"
    ),
    "deep lists": "a = []\nfor _ in range(10**5):\n    a = [a]\nreturn a",
    "breaks Python": "import ctypes\nctypes.string_at(0)\nreturn 0",
}

# What is put into a cell at the top, the answers being stubs.
TOPS = {
    "own check": "def check(*_, **__):\n    return 'right'",
    "strict variable removed": (
        "import os\nos.environ.pop('RNNLIB_STRICT', None)\n"
        "os.environ['RNNLIB_STRICT'] = ''"
    ),
    "judge patched": (
        "import rnncourse.commands as c\n"
        "from rnncourse.checking.reports import PASSED, Report\n"
        "c.judge = lambda e, a, **_: Report(e.id, e.title, PASSED)"
    ),
    "differences patched": (
        "import rnncourse.checking.trying as t\nt.differences = lambda *_: []"
    ),
    "reference patched": (
        "from rnncourse.catalogue import exercises\n"
        "for item in exercises().values():\n"
        "    object.__setattr__(item, 'reference', lambda *_: 0)"
    ),
}


@dataclass(frozen=True)
class Handed:
    """What a student hands in, and what must come of it: points, or not graded."""

    notebook: Any
    points: float
    file: str = ""
    text: str = ""
    not_graded: bool = False

    def put(self, folder: Path, lesson: Lesson, student: str) -> None:
        """Put it where nbgrader looks for it."""
        place = folder / "submitted" / student / lesson.name
        place.mkdir(parents=True)
        text = self.text or nbformat.writes(self.notebook)
        text = text.replace("GRADEBOOK", str(folder / "gradebook.db"))
        (place / (self.file or lesson.file)).write_text(text, "utf-8")


def half(lesson: Lesson) -> Any:
    """Return the notebook with every second answer right, and the others wrong."""

    def write(number: int, cell: Any, solved: Any) -> None:
        body(cell, "return 0") if number % 2 else solve(number, cell, solved)

    return lesson.written(write)


def half_points(lesson: Lesson) -> float:
    """Return the points of every second answer."""
    answers = [c for c in lesson.solved.cells if "BEGIN SOLUTION" in c.source]
    names = [re.findall(r"def (\w+)", cell.source)[0] for cell in answers[::2]]
    checks = [c for c in lesson.solved.cells if c.source.startswith("check(")]
    return sum(
        cell.metadata.nbgrader.points
        for cell in checks
        if cell.source.removesuffix(")").rsplit(" ", 1)[1] in names
    )


def with_top(lesson: Lesson, code: str, lines: str) -> Any:
    """Return the notebook with a cell at its top, and each answer doing the same."""
    notebook = lesson.all_with(lines)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(code))
    return notebook


def without_marks(notebook: Any, *, checks: bool = True) -> Any:
    """Return the notebook with other ids, no metadata, and perhaps no checks."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell.id = {}, f"mine-{number}"
    kept = [c for c in notebook.cells if checks or not c.source.startswith("check(")]
    notebook.cells = kept
    return notebook


def students(lesson: Lesson) -> dict[str, Handed]:
    """Return thirty-odd students by name, the same for each lesson."""
    right, total = lesson.right, lesson.total
    rest = total - lesson.first
    untouched = copy.deepcopy(lesson.released)
    found = {
        "perfect": Handed(right(), total),
        "half": Handed(half(lesson), half_points(lesson)),
        "untouched": Handed(untouched, 0),
        "other ids": Handed(without_marks(right()), total),
        "no checks": Handed(without_marks(right(), checks=False), total),
        "no checks, no answers": Handed(
            without_marks(lesson.all_with("return 0"), checks=False), 0
        ),
        "another name": Handed(right(), total, file="homework (1).ipynb"),
        "broken": Handed(None, 0, text=nbformat.writes(right())[:-99], not_graded=True),
        "another lesson": Handed(
            None, 0, file="x.ipynb", text=json.dumps(OTHER), not_graded=True
        ),
    }
    for kind, code in TOPS.items():
        found[kind] = Handed(with_top(lesson, code, "return 0"), 0)
    for kind, lines in CHEATS.items():
        found[kind] = Handed(lesson.all_with(lines), 0)
    for kind, lines in HARMFUL.items():
        found[kind] = Handed(lesson.one_with(lines), rest)
    return {name.replace(" ", "_"): handed for name, handed in found.items()}


OTHER: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])
