"""Grade what a class has handed in, each answer in a process of its own."""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from classroom.grading.answer import ONE_THREAD, ROOT, library
from classroom.grading.engine import store_points
from classroom.grading.feedback import page
from classroom.grading.places import (
    ABOUT_FOLDER,
    ClassError,
    ClassFolder,
    class_folder,
    write_text,
)
from classroom.grading.submission import Asked, NotGradedError, asked_in
from classroom.grading.tables import write_tables
from classroom.naming import lesson_name

__all__ = ["grade", "main"]

VERSION = 1  # of the results: others are graded again
MOST_SECONDS = 3600
OPEN = "This system cannot limit: {what}; classroom/README.md says what that means."


def main(words: Sequence[str]) -> int:
    """Do what was typed."""
    parser = argparse.ArgumentParser(prog="course.py class grade", description=__doc__)
    parser.add_argument("names", nargs="+", metavar="NAME", help="as 04")
    parser.add_argument("--class", dest="folder", type=Path, help=ABOUT_FOLDER)
    about = "also what has not changed since it was graded"
    parser.add_argument("--again", action="store_true", help=about)
    about = "a class of class hub, as my_class: what its learners have is copied first"
    parser.add_argument("--from-hub", type=Path, metavar="FOLDER", help=about)
    options = parser.parse_args(words)
    folder = class_folder(options.folder)
    try:
        jobs = [(name, asked(folder, name)) for name in map(lesson_name, options.names)]
        for name, _ in jobs:
            if options.from_hub:
                folder.take_from_hub(name, options.from_hub)
            grade(folder, name, again=options.again)
        write_tables(folder, dict(graded(folder)))
    except (ClassError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder.root / 'grades.csv'}, and flags.csv beside it")
    return 0


def asked(folder: ClassFolder, name: str) -> list[Asked]:
    """Return the exercises of an assignment, if it can be graded."""
    try:
        found = asked_in(folder.teachers_notebook(name))
    except NotGradedError as error:
        raise ClassError(f"{name}: {error}") from error
    if not found or any(ask.name == "work" for ask in found):
        raise ClassError(
            f"{name} must be a lesson with exercises, got one without or a capstone, "
            "which is read: open what came in, and run its last cell"
        )
    return found


def graded(folder: ClassFolder) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each assignment of which something is graded, and its points."""
    for name in folder.assignments:
        if any(folder.root.glob(f"graded/{name}/*.json")):
            exercises = asked_in(folder.teachers_notebook(name))
            yield name, {ask.id: ask.points for ask in exercises}


def grade(folder: ClassFolder, name: str, *, again: bool = False) -> None:
    """Grade an assignment: what is new, or all of it again."""
    waiting = dict(folder.submissions(name))
    for student, why in folder.missing(name):
        print(f"{name}  {student:16}  not graded: {why}", flush=True)
    if not waiting:
        raise ClassError(
            f"{folder.root} must hold submitted/STUDENT/{name}/*.ipynb, got nothing; "
            "put there what came in"
        )
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    seed = folder.seed
    with library() as made, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        desk = _Desk(folder, name, made.folder, seed, again)
        results = []
        for result in pool.map(desk.result, waiting.items()):
            print(said(name, result), flush=True)
            results.append(result)
    keep(folder, name, results)
    for what in sorted({end for r in results for end in r.get("open_ends", [])}):
        print(OPEN.format(what=what))


class _Desk:
    """Hands submissions to processes that grade them."""

    def __init__(
        self, folder: ClassFolder, name: str, library: Path, seed: int, again: bool
    ) -> None:
        self._folder, self._name, self._again = folder, name, again
        self._library, self._seed = library, seed
        self._teachers = folder.teachers_notebook(name)

    def result(self, submitted: tuple[str, Path]) -> dict[str, Any]:
        """Return the result of a submission: a stored one if nothing has changed."""
        student, place = submitted
        digest = self._digest(place)
        head = {"student": student, "assignment": self._name, "digest": digest}
        stored = self._folder.result(self._name, student)
        if stored.exists() and not self._again:
            known: dict[str, Any] = json.loads(stored.read_text("utf-8"))
            if known["digest"] == digest:
                return known | {"as_before": True}
        return head | self._graded(place)

    def _digest(self, place: Path) -> str:
        """Return a number for all that decides on the points."""
        files = [self._teachers, *sorted(place.glob("*.ipynb"))]
        sums = [f"{VERSION} {self._seed}"]
        for path in files:
            held = b"" if path.is_symlink() or path.is_dir() else path.read_bytes()
            sums.append(f"{path.name} {hashlib.sha256(held).hexdigest()}")
        return hashlib.sha256("\n".join(sums).encode()).hexdigest()

    def _graded(self, place: Path) -> dict[str, Any]:
        job = {
            "folder": str(place),
            "teachers": str(self._teachers),
            "library": str(self._library),
            "seed": self._seed,
        }
        try:
            with tempfile.TemporaryDirectory(prefix="rnnlib-grade-") as scratch:
                done = subprocess.run(
                    [sys.executable, "-W", "ignore", "-m", "classroom.grading.judging"],
                    input=json.dumps(job),
                    capture_output=True,
                    encoding="utf-8",
                    timeout=MOST_SECONDS,
                    cwd=scratch,
                    env=_variables(Path(scratch)),
                )
            if done.returncode == 0:
                result: dict[str, Any] = json.loads(done.stdout)
                return result
            lines = done.stderr.strip().splitlines() or [f"code {done.returncode}"]
            why = f"grading itself stopped: {lines[-1][:200]}"
        except subprocess.TimeoutExpired:
            why = f"grading did not end within {MOST_SECONDS} s"
        return {"not_graded": why, "exercises": {}}


def _variables(scratch: Path) -> dict[str, str]:
    """Return the variables of a process that grades, whatever the teacher's are."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RNNLIB", "PY"))}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "RNNLIB_PROGRESS": str(scratch / "progress.json"),
        **dict.fromkeys(ONE_THREAD, "1"),
    }


def said(name: str, result: dict[str, Any]) -> str:
    """Return a line about a submission."""
    items = result["exercises"].values()
    points = sum(item["points"] or 0 for item in items)
    most = sum(item["max"] for item in items)
    words = [f"{points:g} of {most:g} points"]
    if result["not_graded"]:
        words = [f"not graded: {result['not_graded']}"]
    elif missing := [
        id for id, i in result["exercises"].items() if i["points"] is None
    ]:
        words.append(f"not graded: {', '.join(missing)}")
    if note := result.get("note"):
        words.append(note.rstrip("."))
    if flags := sum(len(item.get("flags", [])) for item in items):
        words.append(f"flags: {flags}")
    if result.get("as_before"):
        words.append("as before")
    return f"{name}  {result['student']:16}  {'; '.join(words)}"


def keep(folder: ClassFolder, name: str, results: list[dict[str, Any]]) -> None:
    """Store what is new: in files, in nbgrader's database, and as feedback."""
    new = [result for result in results if not result.get("as_before")]
    for result in new:
        student = result["student"]
        stored = json.dumps(result, indent=1)
        write_text(folder.result(name, student), stored)
        stem = folder.teachers_notebook(name).stem
        place = folder.root / "feedback" / student / name / f"{stem}.html"
        write_text(place, page(name, result))
    store_points(folder, name, new)
