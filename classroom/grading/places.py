"""Where things lie in a class folder, which is a course folder of nbgrader's."""

import json
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classroom.naming import owner

__all__ = ["NOTHING", "ClassError", "ClassFolder", "class_folder", "write_text"]

CONFIG = "nbgrader_config.py"
CONFIG_LINES = '''\
"""nbgrader's settings for this class; written by course.py class release."""

from pathlib import Path

c = get_config()  # noqa: F821
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "rnnlib"
c.ClearSolutions.code_stub = {
    "python": "raise NotImplementedError  # delete this line and write your answer"
}
'''
NOTHING = "nothing handed in"
SHOWN = 3  # files
ABOUT_FOLDER = "the class folder: the one you stand in if it is one, else ~/class"


class ClassError(Exception):
    """What a teacher typed cannot be done, in one sentence."""


@dataclass(frozen=True)
class ClassFolder:
    """A class: what was handed out, what came in, and what came of it."""

    root: Path

    @property
    def gradebook(self) -> Path:
        """The database of nbgrader."""
        return self.root / "gradebook.db"

    def source(self, name: str) -> Path:
        """Return the folder with the teacher's copy of an assignment."""
        return self.root / "source" / name

    def teachers_notebook(self, name: str) -> Path:
        """Return the teacher's copy.

        Raises
        ------
        ClassError
            If it was not handed out, or there are several.
        """
        found = sorted(self.source(name).glob("*.ipynb"))
        if len(found) != 1:
            given = ", ".join(self.assignments) or "none"
            raise ClassError(
                f"{self.root} must hold one notebook in source/{name}, got "
                f"{len(found)} (handed out: {given}); type course.py class release "
                f"{name}"
            )
        return found[0]

    @property
    def assignments(self) -> list[str]:
        """The names of what was handed out."""
        return sorted(path.parent.name for path in self.root.glob("source/*/*.ipynb"))

    def submissions(self, name: str) -> Iterator[tuple[str, Path]]:
        """Yield each student who has handed something in, and the folder of it.

        It is `submitted/STUDENT/04`, or the student's folder if notebooks lie in that.
        """
        for student, path in self._students():
            for place in (path / name, path):
                if any(place.glob("*.ipynb")):
                    yield student, place
                    break

    def missing(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield what in `submitted` is no submission of an assignment, and why not."""
        there = dict(self.submissions(name))
        for student, path in self._students():
            if student not in there:
                yield student, _why_missing(path, name, self.assignments)
        for path in sorted(self.root.glob("submitted/*.ipynb")):
            yield path.name, f"it is in no student's folder: submitted/STUDENT/{name}"

    def take_from_hub(self, name: str, hub: Path) -> None:
        """Copy what the learners of a hub have of a lesson to where it is graded."""
        file = self.teachers_notebook(name).name
        for path in sorted(hub.glob(f"learners/*/my_lessons/{file}")):
            place = self.root / "submitted" / path.parents[1].name / name
            place.mkdir(parents=True, exist_ok=True)
            if not path.is_symlink():
                shutil.copy2(path, place / file)

    def _students(self) -> Iterator[tuple[str, Path]]:
        """Yield students and folders; two of one name go by their folders' names."""
        found = [
            path for path in sorted(self.root.glob("submitted/*")) if path.is_dir()
        ]
        shown = [path for path in found if not path.name.startswith(".")]
        often = Counter(owner(path.name) for path in shown)
        for path in shown:
            name = owner(path.name)
            yield name if often[name] == 1 else path.name, path

    def result(self, name: str, student: str) -> Path:
        """Return the file with all that is known of a graded submission."""
        return self.root / "graded" / name / f"{student}.json"

    def results(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield what is known of each graded submission."""
        for path in sorted((self.root / "graded" / name).glob("*.json")):
            yield json.loads(path.read_text("utf-8"))

    @property
    def seed(self) -> int:
        """The seed of this class, drawn once: nobody can know its numbers before."""
        path = self.root / "graded" / "seed"
        if not path.exists():
            write_text(path, f"{secrets.randbelow(10**9) + 2}\n")
            path.chmod(0o600)
        return int(path.read_text("utf-8"))

    def make(self) -> None:
        """Make the folder, with nbgrader's settings; what is there stays."""
        if not (self.root / CONFIG).exists():
            write_text(self.root / CONFIG, CONFIG_LINES)


def _why_missing(path: Path, name: str, assignments: list[str]) -> str:
    """Return why a student's folder holds no submission of an assignment."""
    others = {*assignments} - {name}
    files = (found for found in sorted(path.rglob("*")) if found.is_file())
    within = [found.relative_to(path) for found in files]
    odd = [
        found.as_posix()
        for found in within
        if found.parts[0] not in others
        if not any(part.startswith(".") for part in found.parts)
    ]
    if not odd:
        return NOTHING
    return f"no notebook in the folder or in its {name}, but {', '.join(odd[:SHOWN])}"


def class_folder(typed: Path | None) -> ClassFolder:
    """Return the folder that was typed, or else the usual one."""
    here = Path.cwd()
    usual = here if (here / CONFIG).exists() else Path.home() / "class"
    return ClassFolder((typed or usual).expanduser().resolve())


def write_text(path: Path, text: str) -> None:
    """Write a file beside its place, then put it there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(text, "utf-8", errors="replace")
        beside.replace(path)
    except OSError as error:
        raise ClassError(
            f"{path} must be a place where you may write, got {error.strerror}"
        ) from error
