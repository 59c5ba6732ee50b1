"""Questions on paper: a sheet to fill in, and one with the answers."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from classroom.quizzes.entries import START, Entry, Kind
from classroom.quizzes.texts import as_html
from classroom.report.assigned import lesson_titles
from tools.pages.filling import filled

__all__ = ["sheet"]


def sheet(entries: Sequence[Entry], *, answers: bool = False) -> str:
    """Return questions as a page to print, with nothing to be loaded from elsewhere."""
    titles = {number: f"Lesson {number} · {t}" for number, t in lesson_titles().items()}
    return filled(
        Path(__file__).with_name("sheet.html"),
        {"words": lambda text: Markup(as_html(text))},
        entries=entries,
        titles=titles | {START: "Start here"},
        answers=answers,
        Kind=Kind,
    )
