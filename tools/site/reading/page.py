"""A lesson as a page to read, with stored pictures in place of its explorers."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup
from traitlets import default

from rnncourse.catalogue import Item
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Guess
from rnncourse.checking.reports import MARKS
from tools.pages.converting import OfLesson, is_check, named, number
from tools.pages.filling import words
from tools.pages.lessons import Lesson, asked, level, shown, split
from tools.site.reading.frames import Frame, Gallery, gallery
from tools.site.reading.pictures import Pictures

__all__ = ["TEMPLATES", "Neighbour", "Shown", "written"]

TEMPLATES = Path(__file__).parent / "templates"
ABOUT = (
    "This page is for reading: what stands under a cell is stored, and explorers "
    "answer with stored pictures. To run cells, move everything and solve the "
    "exercises, open the lesson itself: JupyterLab and Python start in this tab."
)
RUN = "Run this lesson in this tab"
LOOKED_UP = "This page is to look things up in. Beside a lesson it opens in JupyterLab."
OPEN = "Open it in JupyterLab, in this tab"


@dataclass(frozen=True)
class Shown:
    """An explorer on a page: what is stored of it, and where.

    Parameters
    ----------
    gallery : Gallery
    folder : str
        Where the pictures are, from the page.
    names : mapping of bytes to str
        The names of the pictures.
    width, height : int
    lab : str
        Where the lesson can be run.
    """

    gallery: Gallery
    folder: str
    names: Mapping[bytes, str]
    width: int
    height: int
    lab: str

    @property
    def name(self) -> str:
        """What the explorer is called in code."""
        return self.gallery.explorer.name

    @property
    def src(self) -> str:
        """The picture that it opens with."""
        return self.folder + self.names[self.gallery.first.picture]

    @property
    def longest(self) -> dict[str, str]:
        """The longest words that it says; they keep its height the same."""
        every = self._frames
        return {
            "verdict": max((frame.verdict for frame in every), key=len),
            "values": max((frame.values for frame in every), key=len),
        }

    @property
    def stored(self) -> dict[str, Any]:
        """What its script reads: frames in words, stops, presets."""
        count = len(self.gallery.frames)
        return {
            "folder": self.folder,
            "opens": [each.at for each in self.gallery.moved],
            "stops": [each.stops for each in self.gallery.moved],
            "frames": [
                (self.names[frame.picture], frame.alt, frame.verdict, frame.values)
                for frame in self._frames
            ],
            "presets": [
                {"frame": count + n, "at": each.at}
                for n, each in enumerate(self.gallery.presets)
            ],
        }

    @property
    def _frames(self) -> list[Frame]:
        of_presets = [each.frame for each in self.gallery.presets]
        return [*self.gallery.frames, *of_presets]


@dataclass(frozen=True)
class Neighbour:
    """A page that another one leads to."""

    href: str
    title: str


@dataclass
class Page:
    """What the template of a page asks for, beside the cells.

    Parameters
    ----------
    lab, about, run : str
        Where the lesson can be run, what kind of page this is, and words for the link.
    around : sequence of pairs
        The pages before and after it.
    galleries : dict of str to Shown
        Explorers by the ids of their cells.
    contents : list of pairs of str
        Ids and titles of the sections.
    """

    lab: str
    about: str
    run: str
    around: Sequence[tuple[str, Neighbour]]
    galleries: dict[str, Shown] = field(default_factory=dict)
    contents: list[tuple[str, str]] = field(default_factory=list)

    @staticmethod
    def replies(item: Item) -> Iterator[tuple[str, str]]:
        """Yield what can be answered to a question, and what follows."""
        if isinstance(item, Guess):
            yield (
                f"Guess from {number(item.low)} to {number(item.high)}, then open",
                f"{number(item.right)}. {item.right_says}",
            )
        elif not isinstance(item, Exercise | Capstone):
            for text, key in item.choices:
                report = item.judge(key)
                yield text, f"{MARKS[report.state]} {report.words}"


class Reading(OfLesson):
    """A page to read on any screen."""

    templates = TEMPLATES

    @default("template_name")
    def _template_name_default(self) -> str:
        return "reading"

    def cells_of(self, notebook: Any) -> Iterator[Any]:
        """Yield cells of one heading each; a check is named, and nothing is counted."""
        for n, cell in enumerate(split(notebook.cells)):
            item = asked(cell)
            cell.metadata.is_first = n == 0
            if isinstance(item, Exercise | Capstone) and is_check(cell):
                cell.metadata.checks = f"{item.id} · {item.title}."
            if item or not is_check(cell):
                yield named(cell)


def written(
    lesson: Lesson,
    pictures: Pictures,
    links: Mapping[str, str],
    lab: str,
    around: Sequence[tuple[str, Neighbour]],
) -> tuple[str, list[Shown]]:
    """Return the page of a lesson as HTML, and its explorers; pictures are stored.

    Parameters
    ----------
    lesson : Lesson
    pictures : Pictures
        In a folder beside the page.
    links : mapping of str to str
        The pages by the file names of notebooks.
    lab : str
        Where the lesson can be run.
    around : sequence of pairs
        The pages before and after it, each with its direction in words.
    """
    exporter = Reading(pages=dict(links))
    page = Page(lab, *((ABOUT, RUN) if lesson.is_taught else (LOOKED_UP, OPEN)), around)
    folder = f"{pictures.folder.name}/"
    for cell in lesson.notebook.cells:
        if shown(cell):
            page.galleries[cell.id] = _shown(gallery(cell), pictures, lab)
            continue
        for output in cell.get("outputs", []):
            _store(output, pictures, folder)
    page.contents.extend(_contents(lesson, exporter))
    exporter.environment.globals["page"] = page
    exporter.environment.filters["words"] = words
    made: str = exporter.from_notebook_node(lesson.notebook)[0]
    return made, list(page.galleries.values())


def _contents(lesson: Lesson, exporter: Reading) -> Iterator[tuple[str, str]]:
    """Yield the id of each section and its title, as text."""
    for cell in split(lesson.notebook.cells):
        if level(cell) == 2:
            title = cell.source.splitlines()[0].lstrip("# ")
            yield cell.id, Markup(exporter.markdown2html({}, title)).striptags()


def _shown(made: Gallery, pictures: Pictures, lab: str) -> Shown:
    names, folder = {}, f"{pictures.folder.name}/"
    for frame in (*made.frames, *(each.frame for each in made.presets)):
        names[frame.picture], width, height = pictures.add(frame.picture)
    return Shown(made, folder, names, width, height, lab)


def _store(output: Any, pictures: Pictures, folder: str) -> None:
    """Put the picture of an output, if it has one, into a file."""
    if "image/png" not in output.get("data", {}):
        return
    stored = base64.b64decode(output.data["image/png"])
    name, width, height = pictures.add(stored)
    told = output.metadata.get("image/png", {}).get("alt", output.data["text/plain"])
    output.metadata["image/png"] = {
        "alt": told,
        "src": folder + name,
        "width": width,
        "height": height,
    }
