"""Questions on paper: a sheet to fill in, and one with the answers."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from classroom.quizzes.entries import START, Entry, Kind
from classroom.quizzes.texts import as_html
from classroom.report.assigned import lesson_titles

__all__ = ["sheet"]


def sheet(entries: Sequence[Entry], *, answers: bool = False) -> str:
    """Return questions as a page to print, with nothing to be loaded from elsewhere."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = lambda text: Markup(as_html(text))
    titles = {number: f"Lesson {number} · {t}" for number, t in lesson_titles().items()}
    return environment.get_template("sheet.html").render(
        entries=entries,
        titles=titles | {START: "Start here"},
        answers=answers,
        Kind=Kind,
    )
