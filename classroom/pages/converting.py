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
from copy import deepcopy
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter, SlidesExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets import Dict, Unicode, default

from classroom.pages.formulas import display, mathml
from classroom.pages.lessons import asked, level, shown, split
from rnncourse.catalogue import Item, exercise
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess
from rnncourse.checking.reports import MARKS, NOT_TRIED
from tools.build import OPEN, STUB

__all__ = ["TEMPLATES", "Handout", "Slides", "number", "right", "why"]

TEMPLATES = Path(__file__).parent / "templates"
SET_UP = "setup"  # the cell that imports
LOCKED = "Solve the exercise first"  # what `source` says until then
LONG = 40  # letters of a formula in a line, which then scrolls on a phone
LEAST_ROOM, MOST_ROOM, USUAL_ROOM = 4, 16, 6  # lines


class Renderer(IPythonRenderer):
    """Markdown as HTML, with formulas as MathML and links to the pages that exist."""

    def __init__(self, pages: dict[str, str], **options: Any) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, **options)
        self.pages = pages

    def inline_math(self, body: str) -> str:
        """Return a formula in a line."""
        made = mathml(body)
        return made if len(body) < LONG else f'<span class="long">{made}</span>'

    def block_math(self, body: str) -> str:
        """Return a formula on a line of its own."""
        return display(body)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link, or its text alone if there is no page of that notebook."""
        place, mark, cell = url.partition("#")
        if place.endswith(".ipynb"):
            place = self.pages.get(PurePosixPath(place).name, "")
            if not place:
                return text
        return str(super().link(text, place + mark + cell, title))


class OfLesson(HTMLExporter):
    """What handouts and slides share.

    Attributes
    ----------
    pages : dict of str to str
        By the file name of a notebook: the page that links to it lead to.
    title : str
        Of the page; the first heading, unless it is given.
    """

    pages = Dict(help="Pages by the file names of notebooks.").tag(config=True)
    title = Unicode("", help="The title of the page.").tag(config=True)

    @default("extra_template_basedirs")
    def _basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("extra_template_paths")
    def _paths(self) -> list[str]:
        return [str(TEMPLATES)]

    def markdown2html(self, context: Any, source: str) -> str:
        """Return Markdown as HTML."""
        made = MarkdownWithMath(renderer=Renderer(self.pages)).render(source)
        return made.replace("<table>", '<div class="wide"><table>').replace(
            "</table>", "</table></div>"
        )

    markdown2html.jinja_pass_arg = HTMLExporter.markdown2html.jinja_pass_arg  # type: ignore[attr-defined]

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **options: Any
    ) -> tuple[str, Any]:
        """Return the page of a notebook, and what nbconvert knows of it."""
        made = deepcopy(nb)
        made.cells = list(self.cells_of(made))
        for n, cell in enumerate(made.cells):
            cell.setdefault("id", f"cell-{n}")
        words = re.match("# +(.*)", made.cells[0].source)
        title = self.title or (words[1] if words else "")
        items = [exercise(id) for cell in made.cells if (id := _id_of(cell))]
        known = {"questions": {item.id: item for item in items}, "title": title}
        resources = {**(resources or {}), **known, "right": right, "why": why}
        resources["number"] = number
        page: tuple[str, Any] = super().from_notebook_node(made, resources, **options)
        return page

    def cells_of(self, notebook: Any) -> Iterator[Any]:
        """Yield the cells as they are shown."""
        raise NotImplementedError


def _id_of(cell: Any) -> str:
    return str(cell.metadata.get("asks") or cell.metadata.get("answers") or "")


class Handout(OfLesson):
    """A page to print, with room to write where an answer is asked for."""

    @default("template_name")
    def _template_name_default(self) -> str:
        return "handout"

    def cells_of(self, notebook: Any) -> Iterator[Any]:
        """Yield the cells with room for answers, and no check of what is open."""
        for cell in notebook.cells:
            if not _is_check(cell):
                yield opened(prepared(cell))


class Slides(OfLesson, SlidesExporter):
    """Slides: one for each heading, question and explorer, and more where needed."""

    @default("template_name")
    def _template_name_default(self) -> str:
        return "slides"

    def cells_of(self, notebook: Any) -> Iterator[Any]:
        """Yield the cells with what nbconvert wants to know of each slide."""
        kept = (each for each in notebook.cells if each.get("id") != SET_UP)
        cells = split([each for each in kept if not _is_check(each)])
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


def _is_check(cell: Any) -> bool:
    """Return whether a cell tells what a learner has done: on paper it cannot."""
    return cell.cell_type == "code" and cell.source.startswith(("check(", "progress("))


def prepared(cell: Any) -> Any:
    """Return a cell with the name of its question or explorer, and no open report."""
    item, explorer = asked(cell), shown(cell)
    if item is not None and not isinstance(item, Exercise | Capstone):
        cell.metadata.asks = item.id
    if explorer is not None:
        cell.metadata.explorer = f"{explorer.title}. {explorer.question}"
    if cell.cell_type == "code":
        cell.outputs = [each for each in cell.outputs if not _is_open(each)]
    return cell


def _is_open(output: Any) -> bool:
    """Return whether an output says no more than that something is not done yet."""
    words = str(output.get("data", {}).get("text/plain", ""))
    return words.startswith(MARKS[NOT_TRIED]) or LOCKED in words


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


def right(item: Item) -> str:
    """Return the right answer to a question, in words."""
    if isinstance(item, Card):
        return f"It is a {item.right}."
    if isinstance(item, Guess):
        return number(item.right)
    return dict((key, text) for text, key in item.choices)[item.right]  # type: ignore[union-attr]


def number(value: float) -> str:
    """Return a number as it is read out.

    >>> number(1e6)
    '1,000,000'
    """
    return f"{value:,.10g}"


def why(item: Item) -> str:
    """Return the reason for the right answer."""
    if isinstance(item, Card):
        return item.statement
    if isinstance(item, Guess):
        return item.right_says
    return item.options[item.right][1]  # type: ignore[union-attr]
