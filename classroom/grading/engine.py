"""nbgrader at work: it makes what is handed out, and keeps the points."""

import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

from classroom.grading.places import ClassError, ClassFolder

__all__ = ["generate", "quiet_path", "store_points"]


def quiet_path() -> str:
    """Return where programs are looked for: beside this Python first."""
    beside = str(Path(sys.executable).parent)
    return os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])


def generate(folder: ClassFolder, name: str) -> None:
    """Let nbgrader make the students' copy of an assignment.

    Raises
    ------
    ClassError
        If it cannot; the words are those of its first error.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "nbgrader"),
            *("generate_assignment", "--force", f"--assignment={name}"),
        ],
        cwd=folder.root,
        env=os.environ | {"PATH": quiet_path()},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in said if "Error" in line] or said or ["nothing"]
        raise ClassError(f"nbgrader cannot hand out {name}; it says: {errors[0]}")


def store_points(folder: ClassFolder, name: str, results: list[dict[str, Any]]) -> None:
    """Write the points of some submissions into nbgrader's database.

    What was not graded needs a look by hand there; what a teacher has put in by hand
    stays.
    """
    from nbgrader.api import Gradebook

    teachers = folder.teachers_notebook(name).stem
    os.environ["PATH"] = quiet_path()  # it calls a program of its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Gradebook(f"sqlite:///{folder.gradebook}", "rnnlib") as book:
            for result in results:
                student = result["student"]
                book.update_or_create_student(student)
                submission = book.update_or_create_submission(name, student)
                notebooks = {n.name: n for n in submission.notebooks}
                for grade in notebooks[teachers].grades:
                    id = grade.name.removesuffix("-check").replace("-", ".")
                    points = result["exercises"].get(id, {}).get("points")
                    grade.auto_score = points
                    grade.needs_manual_grade = points is None
            book.db.commit()
