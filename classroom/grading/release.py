"""Make what a class gets of a lesson or capstone: 04, or forecast."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from classroom.grading.engine import generate
from classroom.grading.places import (
    ABOUT_FOLDER,
    ClassError,
    ClassFolder,
    class_folder,
)
from classroom.naming import lesson_name

__all__ = ["main"]

SOLUTIONS = Path(__file__).resolve().parents[2] / "notebooks" / "solutions"


def main(words: Sequence[str]) -> int:
    """Do what was typed."""
    parser = argparse.ArgumentParser(
        prog="course.py class release", description=__doc__
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help="as 04 or forecast")
    parser.add_argument("--class", dest="folder", type=Path, help=ABOUT_FOLDER)
    options = parser.parse_args(words)
    folder = class_folder(options.folder)
    try:
        found = [source_of(typed) for typed in options.names]
        folder.make()
        for name, source in found:
            print(f"{name}: nbgrader makes the students' copy", flush=True)
            print(f"{name}: {release(folder, name, source)}")
    except (ClassError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def source_of(typed: str) -> tuple[str, Path]:
    """Return the name of an assignment, and the notebook with its solutions.

    Raises
    ------
    ClassError
        If there is none, or more than one.
    """
    stem = lesson_name(typed)
    lessons = sorted(SOLUTIONS.glob("[0-9]*.ipynb"))
    capstones = sorted(SOLUTIONS.glob("capstones/*.ipynb"))
    known = {path.stem[:2]: path for path in lessons}
    known |= {path.stem: path for path in capstones}
    name = stem if stem in known else stem[:2]
    whole = name in known and (stem == name or known[name].stem.startswith(stem))
    if not stem or not whole:
        raise ClassError(
            f"the name must be one of {', '.join(known)}, got {typed!r}; type as in "
            "course.py class release 04"
        )
    return name, known[name]


def release(folder: ClassFolder, name: str, source: Path) -> Path:
    """Put the teacher's copy into the class; return where the students' copy is."""
    place = folder.source(name)
    place.mkdir(parents=True, exist_ok=True)
    others = [path for path in place.glob("*.ipynb") if path.name != source.name]
    if others:
        raise ClassError(
            f"{place} must hold {source.name} alone, got {others[0].name}, too; move "
            "it elsewhere"
        )
    shutil.copyfile(source, place / source.name)
    generate(folder, name)
    return folder.root / "release" / name / source.name
