"""Print lessons: a sheet for the teacher, slides, and a handout for the class.

FOLDER gets `index.html` and three folders: `sheets` with answers, for the teacher
alone, `slides` and `handouts`. The pages need no network.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from classroom.pages.converting import Handout, Slides
from classroom.pages.pdf import print_page
from classroom.pages.sheets import index, sheet
from tools.pages.lessons import Lesson, find

__all__ = ["main"]

KINDS = "sheets", "slides", "handouts"


def main(words: Sequence[str]) -> int:
    """Write the pages that were asked for, or say in one sentence why not."""
    options = parser().parse_args(words)
    try:
        lessons = find(options.names)
        written = 0
        for path in write(lessons, options.folder, pdf=options.pdf):
            written += 1
            print(path, flush=True)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    start = (options.folder / "index.html").resolve()
    print(f"{written} pages; begin with {start}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return what reads the words after `course.py class print`."""
    made = argparse.ArgumentParser(prog="course.py class print", description=__doc__)
    made.add_argument("folder", type=Path, metavar="FOLDER", help="where the pages go")
    made.add_argument(
        "names", nargs="*", metavar="NN", help="as 04, dates or glossary; else all"
    )
    made.add_argument(
        "--pdf", action="store_true", help="each handout as PDF too; needs a browser"
    )
    return made


def write(lessons: Sequence[Lesson], folder: Path, *, pdf: bool) -> Iterator[Path]:
    """Write the pages of some lessons; yield the path of each that was written."""
    for kind in KINDS:
        (folder / kind).mkdir(parents=True, exist_ok=True)
    wanted = {lesson.name for lesson in lessons}
    there = [each for each in find([]) if each.name in wanted | _printed(folder)]
    handout = Handout(pages={each.path.name: f"{each.name}.html" for each in there})
    slides = Slides()
    makers: dict[str, Callable[[Lesson], str]] = {
        "sheets": sheet,
        "slides": lambda lesson: slides.from_notebook_node(lesson.notebook)[0],
        "handouts": lambda lesson: handout.from_notebook_node(lesson.notebook)[0],
    }
    for lesson in lessons:
        for kind in KINDS if lesson.is_taught else ("handouts",):
            page = folder / kind / f"{lesson.name}.html"
            replace(page, makers[kind](lesson))
            yield page
            if pdf and kind == "handouts":
                print_page(page, page.with_suffix(".pdf"))
                yield page.with_suffix(".pdf")
    replace(folder / "index.html", index(there, folder))


def _printed(folder: Path) -> set[str]:
    """Return the names of the lessons that were printed before."""
    return {path.stem for path in folder.glob("handouts/*.html")}


def replace(path: Path, text: str) -> None:
    """Write a file beside its place, and put it there when it is whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
