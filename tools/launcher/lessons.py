"""The learner's own copies of the lessons, and how they follow the course.

A lesson that the learner has not touched is exchanged when the course has a newer one;
one that they have changed stays, and the newer one is laid beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.launcher.sentences import NO_LESSON, CourseError

RECORD = ".handed_out.json"
PROGRESS = ".progress.json"
MANIFEST = "handed_out.json"


class Lessons:
    """A folder of copies that belong to the learner.

    Parameters
    ----------
    source : path
        The lessons as the course hands them out: `notebooks`.
    folder : path
        Where the copies are: `my_lessons`.
    """

    def __init__(self, source: Path, folder: Path) -> None:
        self.source, self.folder = source, folder

    def hand_out(self) -> Iterator[str]:
        """Bring the copies up to date; yield what the learner should know, in words."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.carry_progress_over()
        record, manifest = read(self.folder / RECORD), read(self.source / MANIFEST)
        for lesson in self.lessons():
            name = name_of(lesson, self.source)
            original = manifest.get(name, of_file(lesson))
            if of_file(lesson) != original:
                yield from self.carry_over(lesson)
            elif record.get(name) != original or not self.copy_of(lesson).exists():
                yield from self.renew(lesson, record.get(name))
            record[name] = original
        write(self.folder / RECORD, json.dumps(record, indent=1) + "\n")

    def renew(self, lesson: Path, before: str | None) -> Iterator[str]:
        """Hand out a lesson; beside the learner's own, if they have changed it."""
        copy = self.copy_of(lesson)
        if not copy.exists() or of_file(copy) in (before, of_file(lesson)):
            write(copy, without_outputs(lesson))
            return
        new = free_name(copy, "new version of " + time.strftime("%Y-%m-%d"))
        write(new, without_outputs(lesson))
        yield (
            f"{copy.name} has a new version. Yours is as you left it; the new one is "
            f"{new.name}."
        )

    def carry_over(self, lesson: Path) -> Iterator[str]:
        """Take over a lesson that was changed in the course's own folder."""
        copy, name = self.copy_of(lesson), name_of(lesson, self.source)
        if not copy.exists():
            shutil.copy(lesson, copy)
            yield (
                f"Your changed {name} is now in {self.folder.name}. Before the "
                f"next update, type: git checkout -- notebooks/{name}"
            )

    def carry_progress_over(self) -> None:
        """Take over the progress that was stored in the course's own folder."""
        progress = self.source / PROGRESS
        if progress.is_file() and not (self.folder / PROGRESS).exists():
            shutil.copy(progress, self.folder / PROGRESS)

    def reset(self, name: str) -> str:
        """Put a lesson back as handed out; say where the learner's own is kept."""
        stem = Path(name).stem
        chosen = [lesson for lesson in self.lessons() if lesson.stem.startswith(stem)]
        if not stem or len(chosen) != 1:
            known = ", ".join(lesson.stem for lesson in self.lessons())
            raise CourseError(NO_LESSON, name=name, known=known)
        (lesson,) = chosen
        copy, kept = self.copy_of(lesson), ""
        if copy.exists():
            old = free_name(copy, time.strftime("%Y-%m-%d %H.%M"))
            os.replace(copy, old)
            kept = f" What was there is kept as {old.name}."
        text = without_outputs(lesson)
        write(copy, text)
        record = read(self.folder / RECORD) | {
            name_of(lesson, self.source): of_text(text)
        }
        write(self.folder / RECORD, json.dumps(record, indent=1) + "\n")
        return f"{copy.name} is as it was handed out.{kept}"

    def lessons(self) -> list[Path]:
        """Return the notebooks that the course hands out."""
        return handed_out(self.source)

    def copy_of(self, lesson: Path) -> Path:
        """Return where the copy of a lesson belongs, once its folder is there."""
        copy = self.folder / name_of(lesson, self.source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        return copy


def handed_out(folder: Path) -> list[Path]:
    """Return the notebooks of a folder that are handed out: lessons, then capstones."""
    return [*sorted(folder.glob("*.ipynb")), *sorted(folder.glob("capstones/*.ipynb"))]


def name_of(lesson: Path, folder: Path) -> str:
    """Return the name of a notebook in a folder: `capstones/forecast.ipynb`."""
    return lesson.relative_to(folder).as_posix()


def read(path: Path) -> dict[str, str]:
    """Return what a JSON file says of each lesson; nothing if it cannot be read."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}


def without_outputs(lesson: Path) -> str:
    """Return the text of a notebook that was never run."""
    notebook = json.loads(lesson.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def of_file(path: Path) -> str:
    """Return the fingerprint of a notebook file; "unreadable" if it is broken."""
    try:
        return of_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return "unreadable"


def of_text(text: str) -> str:
    """Return the fingerprint of what stands in a notebook's cells, outputs apart."""
    notebook: dict[str, Any] = json.loads(text)
    cells = [[c["cell_type"], "".join(c["source"])] for c in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]


def free_name(path: Path, words: str) -> Path:
    """Return a name beside a file that no file has yet: `05_... (words).ipynb`."""
    names = [words, *(f"{words}, {number}" for number in range(2, 1000))]
    free = (path.with_name(f"{path.stem} ({name}){path.suffix}") for name in names)
    return next(name for name in free if not name.exists())


def write(path: Path, text: str) -> None:
    """Write a text beside its file, then put it in its place; links and modes stay."""
    place = path.resolve()
    beside = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        if place.exists():
            shutil.copymode(place, beside)
        os.replace(beside, place)
    finally:
        beside.unlink(missing_ok=True)
