"""The edition for students: checks and hints work, and no solution lies about."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from classroom.grading.edition import PARTS, edition
from rnncourse.catalogue import exercises
from rnncourse.checking.exercise import Exercise
from tools.notebooks import FOLDER

TALK = """\
from rnncourse import check, hint, solution, source
from rnncourse.catalogue import exercise, exercises
from rnncourse.lesson_14.exercises.forecast import sunspots

item = exercise("04.2")
print(len(exercises()), len(sunspots()), solution("04.2"), hint("04.2"), sep="\\n")
print(check("04.2", item.mistakes[0].answers(item.reference)[0]).hint)
print(check("04.2", item.reference).passed)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("edition") / "course"
    assert edition(made) == 15
    return made


def test_checks_and_hints_work_and_the_teacher_has_the_solution(folder: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if k != "RNNLIB_STRICT"}
    here = {"PYTHONPATH": str(folder), "RNNLIB_PROGRESS": str(folder.parent / "p")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TALK],
        cwd=folder,
        env=clean | here,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stderr == ""
    count, years, _, solution, _, hint, told, passed = done.stdout.splitlines()
    item = exercises()["04.2"]
    assert isinstance(item, Exercise)
    assert (int(count), years, passed) == (len(exercises()), "309", "True")
    assert solution == "The solution is with your teacher, and not in this edition."
    assert hint == item.hints[0]
    assert told == item.mistakes[0].hint


def telling(item: Exercise) -> set[str]:
    """Return the lines of a reference that tell how it is done."""
    lines = inspect.getsource(item.reference).splitlines()[2:]
    return {line.strip() for line in lines if "=" in line and len(line) >= 24}


def test_no_file_shows_how_an_exercise_is_done(folder: Path) -> None:
    """A line alone may be in a lesson, where it is derived; two would tell too much."""
    files = [
        path.read_text("utf-8", errors="replace")
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] != "rnnlib"
    ]
    items = [item for item in exercises().values() if isinstance(item, Exercise)]
    lines = {item.id: telling(item) for item in items}
    assert sum(map(len, lines.values())) > 200
    for id, each in lines.items():
        assert max(sum(line in text for line in each) for text in files) <= 1, id


def test_its_help_lists_what_is_there_and_the_rest_is_refused_in_a_sentence(
    folder: Path,
) -> None:
    def say(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "course.py", *words]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True)

    listed = re.findall(r"^    (\w+)  ", say("--help").stdout, re.MULTILINE)
    assert listed == ["lab", "setup", "reset", "pack", "exam"]
    for name in ("test", "build", "bench", "site", "class"):
        done = say(name)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(
            f"This is the edition for learners, which has no {name}"
        )
    assert not (folder / ".venv").exists()


def test_nothing_of_the_teachers_is_in_it(folder: Path) -> None:
    names = {path.relative_to(folder).parts[0] for path in folder.rglob("*")}
    assert names == {part.partition("/")[0] for part in PARTS}
    assert not [*folder.rglob("solutions"), *folder.rglob("test_*.py")]
    notebooks = sorted(path.name for path in (folder / "notebooks").rglob("*.ipynb"))
    handed_out = {*FOLDER.rglob("*.ipynb")} - {*(FOLDER / "solutions").rglob("*")}
    assert notebooks == sorted(path.name for path in handed_out)
    readme = (folder / "README.md").read_text("utf-8")
    assert "## Start" in readme
    assert "## If you teach" not in readme
