"""Notebooks as handouts and as slides, by nbconvert with templates of our own.

Both ask nothing of a network: style and script are in the page, pictures too, and
formulas are MathML. Each exporter can be named to nbconvert by itself::

    python -m nbconvert --to classroom.pages.converting.Slides NOTEBOOK
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.exporters import SlidesExporter
from traitlets import default

from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise
from tools.build import OPEN, STUB
from tools.pages.converting import OfLesson, is_check, prepared
from tools.pages.lessons import level, shown, split

__all__ = ["TEMPLATES", "Handout", "Slides"]

TEMPLATES = Path(__file__).parent / "templates"
SET_UP = "setup"  # the cell that imports
LEAST_ROOM, MOST_ROOM, USUAL_ROOM = 4, 16, 6  # lines


class Handout(OfLesson):
    """A page to print, with room to write where an answer is asked for."""

    templates = TEMPLATES

    @default("template_name")
    def _template_name_default(self) -> str:
        return "handout"

    def cells_of(self, notebook: Any) -> Iterator[Any]:
        """Yield the cells with room for answers, and no check of what is open."""
        for cell in notebook.cells:
            if not is_check(cell):
                yield opened(prepared(cell))


class Slides(OfLesson, SlidesExporter):
    """Slides: one for each heading, question and explorer, and more where needed."""

    templates = TEMPLATES

    @default("template_name")
    def _template_name_default(self) -> str:
        return "slides"

    def cells_of(self, notebook: Any) -> Iterator[Any]:
        """Yield the cells with what nbconvert wants to know of each slide."""
        kept = (each for each in notebook.cells if each.get("id") != SET_UP)
        cells = split([each for each in kept if not is_check(each)])
        titles = [each.source.splitlines()[0][3:] for each in cells if level(each) == 2]
        contents = nbformat.v4.new_markdown_cell(metadata={"contents": titles})
        first = next(
            (n for n, cell in enumerate(cells) if level(cell) == 2), len(cells)
        )
        yield from _as_slides(cells[:first])
        yield _beginning(contents, True, new_part=True)
        yield from _as_slides(cells[first:])


def _as_slides(cells: list[Any]) -> Iterator[Any]:
    """Yield cells with the kind of slide that begins at each."""
    after = asked_before = False  # after an explorer; after a question to predict
    for cell in map(prepared, cells):
        alone = "asks" in cell.metadata or "explorer" in cell.metadata
        fresh = alone or after or asked_before or level(cell) == 3
        cell.metadata.alone = alone or asked_before
        yield _beginning(cell, fresh, new_part=level(cell) in (1, 2))
        if "asks" in cell.metadata:
            answer = nbformat.v4.new_markdown_cell(metadata={"alone": True})
            answer.metadata.answers = cell.metadata.asks
            yield _beginning(answer, True)
        if "explorer" in cell.metadata:
            cell.metadata.transient = {"remove_source": True}
            cell.metadata.verdict = verdict(cell)
        cell.source = cell.source.replace("\n\n\n", "\n\n")
        after = alone
        asked_before = cell.cell_type == "markdown" and "**Predict" in cell.source


def verdict(cell: Any) -> str:
    """Return what an explorer says of the picture that it opens with, if it can."""
    match ast.parse(cell.source).body[-1]:
        case ast.Expr(ast.Call(ast.Name(), [], keywords)):
            with suppress(ValueError):  # what a lesson has computed is not known here
                given = {str(k.arg): ast.literal_eval(k.value) for k in keywords}
                return Markup(shown(cell)(**given).verdict.value).striptags()
    return ""


def _beginning(cell: Any, fresh: bool, *, new_part: bool = False) -> Any:
    """Return a cell that says whether a slide, or a whole part, begins with it."""
    kind = "slide" if new_part else "subslide" if fresh else "-"
    cell.metadata.slideshow = nbformat.from_dict({"slide_type": kind})
    return cell


def opened(cell: Any) -> Any:
    """Return an answer with room to write in place of the line that asks for it."""
    lines = cell.source.splitlines()
    open_ = [n for n, line in enumerate(lines) if line.strip() in (STUB, OPEN)]
    if cell.cell_type == "code" and open_:
        cell.metadata.room = _room(cell)
        cell.metadata.before = "\n".join(lines[: open_[0]])
        cell.metadata.after = "\n".join(lines[open_[0] + 1 :])
    return cell


def _room(cell: Any) -> int:
    """Return how many lines an answer is given, by the length of a right one."""
    marked = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    number = re.fullmatch(r"(\d\d)-(\d+\w?)-answer", marked)
    try:
        item = exercise(".".join(number.groups())) if number else None
    except ValueError:
        item = None
    if not isinstance(item, Exercise):
        return USUAL_ROOM
    written = inspect.getsource(item.reference).splitlines()
    return min(max(len(written), LEAST_ROOM), MOST_ROOM)
