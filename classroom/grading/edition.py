"""Copy the course for students: no solutions, and the exercises sealed."""

import argparse
import re
import shutil
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from classroom.grading.places import ClassError

__all__ = ["edition", "main"]

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    *("README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md", "course.py"),
    *("environment.yml", "pyproject.toml", "requirements.lock", "settings", "docs"),
    *("rnnlib", "rnncourse", "notebooks", "tools/__init__.py", "tools/launcher"),
)
LEFT_OUT = "__pycache__", "*.pyc", ".*", "solutions", "worked"
USELESS = ("rnncourse/lesson_14/duet/trials.py",)  # it runs what was worked
TEACHERS = "If you teach", "If you read or change the source"
SEALED = "sealed"  # its name tells the course that solutions are with the teacher
SECRETS = ("rnncourse/lesson_14/broken", ("right.py", "bugs.py"))  # to be found
PACKAGE = """\
# The other modules of this folder are sealed: your teacher has them to read.
from pathlib import Path

__path__ = [*__path__, str(Path(__file__).parents[{above}] / "{sealed}")]

"""


def main(words: Sequence[str]) -> int:
    """Do what was typed."""
    parser = argparse.ArgumentParser(
        prog="course.py class edition", description=__doc__
    )
    about = "where it goes: new, or empty"
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=about)
    options = parser.parse_args(words)
    try:
        count = edition(options.folder.expanduser().resolve())
    except (ClassError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.folder}: the course without solutions, {count} lessons sealed")
    return 0


def edition(folder: Path) -> int:
    """Write the students' edition of the course; return how many lessons are sealed.

    Raises
    ------
    ClassError
        If there is something in the folder, or it is in the course itself.
    """
    if folder.is_relative_to(ROOT):
        raise ClassError(f"FOLDER must be outside of {ROOT}, got {folder}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ClassError(f"FOLDER must be new or empty, got {folder}; name another one")
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    for part in PARTS:
        _copy(ROOT / part, beside / part)
    for part in USELESS:
        (beside / part).unlink()
    lessons = sorted(beside.glob("rnncourse/lesson_*/exercises"))
    for exercises in lessons:
        names = (path.name for path in exercises.glob("*.py"))
        _seal(exercises, [name for name in names if name != "__init__.py"], 1)
    _seal(beside / SECRETS[0], SECRETS[1], 0)
    readme = beside / "README.md"
    readme.write_text(without_sections(readme.read_text("utf-8"), TEACHERS), "utf-8")
    if folder.exists():
        folder.rmdir()
    beside.replace(folder)
    return len(lessons)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    else:
        shutil.copy2(source, target)


def _seal(folder: Path, names: Sequence[str], above: int) -> None:
    """Put modules of a package into one file, in a folder so many above its own."""
    package = folder / "__init__.py"
    archive = package.parents[above] / SEALED
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(names):
            file.write(folder / name, name)
            (folder / name).unlink()
    words = PACKAGE.format(above=above, sealed=SEALED) + package.read_text("utf-8")
    package.write_text(words, "utf-8")


def without_sections(text: str, heads: Sequence[str]) -> str:
    r"""Return a page without the sections of these heads.

    >>> without_sections("# A\n\n## B\n\nb\n\n## C\n\nc\n", ["B"])
    '# A\n\n## C\n\nc\n'
    """
    pieces = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    gone = tuple(f"## {head}\n" for head in heads)
    return "".join(piece for piece in pieces if not piece.startswith(gone))
