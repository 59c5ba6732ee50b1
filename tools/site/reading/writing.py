"""Write the reading edition: a page a lesson, and the start of the site."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.launcher.lessons import write
from tools.notebooks import FOLDER
from tools.pages.lessons import Lesson, find
from tools.site.reading.page import Neighbour, written
from tools.site.reading.pictures import Pictures
from tools.site.reading.start import check_name, start

__all__ = ["LAB", "Written", "pages", "write_reading"]

LAB = "../lab/index.html?path={}"
WORKFLOW = "GITHUB_REPOSITORY"  # what a workflow at GitHub calls it
FIRST, EXAMPLE = "start_here", "gradient_microscope"


@dataclass(frozen=True)
class Written:
    """A page that was written.

    Parameters
    ----------
    path : Path
    pictures : int
        How many it has.
    size : int
        Bytes of the page and its pictures.
    """

    path: Path
    pictures: int
    size: int

    def __str__(self) -> str:
        return f"{self.path}: {self.size / 1e6:.2f} MB with {self.pictures} pictures"


def write_reading(
    folder: Path,
    names: Sequence[str],
    lab_url: str = LAB,
    repository: str | None = None,
) -> None:
    """Write `index.html` and `read/` into a folder, and print the size of each page.

    Parameters
    ----------
    folder : Path
        Made, if it is not there.
    names : sequence of str
        As 04, dates or glossary; all, if there are none.
    lab_url : str
        Where a lesson can be run, seen from its page; {} stands for its notebook.
    repository : str, optional
        OWNER/NAME of the course at GitHub, for links to Colab and Binder; empty for
        none. A workflow at GitHub knows its own.

    Raises
    ------
    ValueError
        If there is no lesson of that name, or the repository is named in another way.
    OSError
        If something cannot be written.
    """
    for each in pages(folder, names, lab_url, repository):
        print(each, flush=True)


def pages(
    folder: Path,
    names: Sequence[str],
    lab_url: str = LAB,
    repository: str | None = None,
) -> Iterator[Written]:
    """Write the pages as `write_reading` does, and yield each that was written."""
    name = os.environ.get(WORKFLOW, "") if repository is None else repository
    check_name(name)
    lessons = sorted(find(names), key=lambda lesson: lesson.name != FIRST)
    place = folder / "read"
    place.mkdir(parents=True, exist_ok=True)
    links = {lesson.path.name: f"{lesson.path.stem}.html" for lesson in lessons}
    labs = [lab_url.replace("{}", _path(lesson)) for lesson in lessons]
    example = None
    for n, (lesson, lab) in enumerate(zip(lessons, labs, strict=True)):
        pictures = Pictures(place / f"{lesson.path.stem}_pictures")
        around = _around(lessons, n, links)
        page, shown = written(lesson, pictures, links, lab, around)
        path = place / links[lesson.path.name]
        write(path, page)
        pictures.forget_others()
        size = path.stat().st_size + pictures.size
        yield Written(path, len(pictures.used), size)
        example = next((each for each in shown if each.name == EXAMPLE), example)
    write(folder / "index.html", start(lessons, labs, name, example))


def _path(lesson: Lesson) -> str:
    return lesson.path.relative_to(FOLDER).as_posix()


def _around(
    lessons: Sequence[Lesson], n: int, links: dict[str, str]
) -> list[tuple[str, Neighbour]]:
    """Return the pages before and after that of a lesson."""
    found = []
    for words, place in (("Previous", n - 1), ("Next", n + 1)):
        if 0 <= place < len(lessons):
            other = lessons[place]
            found.append((words, Neighbour(links[other.path.name], other.title)))
    return found
