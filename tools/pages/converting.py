"""Notebooks as pages, by nbconvert with templates of our own.

A page asks nothing of a network: style and script are in the page, and formulas are
MathML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path, PurePosixPath
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets import Dict, Unicode, default

from rnncourse.catalogue import Item, exercise
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess, Question
from rnncourse.checking.reports import MARKS, NOT_TRIED
from tools.pages.formulas import display, mathml
from tools.pages.lessons import asked, shown

__all__ = [
    "SHARED",
    "OfLesson",
    "is_check",
    "named",
    "number",
    "prepared",
    "right",
    "why",
]

SHARED = Path(__file__).parent / "templates"
LOCKED = "Solve the exercise first"  # what `source` says until then
LONG = 40  # letters of a formula in a line, which then scrolls on a phone


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
    """What all pages of a lesson share; each kind has a folder of templates.

    Attributes
    ----------
    pages : dict of str to str
        By the file name of a notebook: the page that links to it lead to.
    title : str
        Of the page; the first heading, unless it is given.
    """

    pages = Dict(help="Pages by the file names of notebooks.").tag(config=True)
    title = Unicode("", help="The title of the page.").tag(config=True)
    templates: Path

    @default("extra_template_basedirs")
    def _basedirs(self) -> list[str]:
        return [str(self.templates)]

    @default("extra_template_paths")
    def _paths(self) -> list[str]:
        return [str(self.templates), str(SHARED)]

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


def is_check(cell: Any) -> bool:
    """Return whether a cell tells what a learner has done: on paper it cannot."""
    return cell.cell_type == "code" and cell.source.startswith(("check(", "progress("))


def named(cell: Any) -> Any:
    """Return a cell with the name of its question or explorer."""
    item, explorer = asked(cell), shown(cell)
    if item is not None and not isinstance(item, Exercise | Capstone):
        cell.metadata.asks = item.id
    if explorer is not None:
        cell.metadata.explorer = f"{explorer.title}. {explorer.question}"
    return cell


def prepared(cell: Any) -> Any:
    """Return a cell with the name of what it shows, and no report of open work."""
    if cell.cell_type == "code":
        cell.outputs = [each for each in cell.outputs if not _is_open(each)]
    return named(cell)


def _is_open(output: Any) -> bool:
    """Return whether an output says no more than that something is not done yet."""
    words = str(output.get("data", {}).get("text/plain", ""))
    return words.startswith(MARKS[NOT_TRIED]) or LOCKED in words


def number(value: float) -> str:
    """Return a number as it is read out.

    >>> number(1e6)
    '1,000,000'
    """
    return f"{value:,.10g}"


def right(item: Item) -> str:
    """Return the right answer to a question, in words."""
    if isinstance(item, Card):
        return f"It is a {item.right}."
    if isinstance(item, Guess):
        return number(item.right)
    assert isinstance(item, Question)
    return {key: text for text, key in item.choices}[item.right]


def why(item: Item) -> str:
    """Return the reason for the right answer."""
    if isinstance(item, Card):
        return item.statement
    if isinstance(item, Guess):
        return item.right_says
    return item.options[item.right][1]  # type: ignore[union-attr]
