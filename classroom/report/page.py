"""The report as one page that needs nothing but itself."""

import html
from datetime import date
from pathlib import Path

from markupsafe import Markup

from classroom.report.counting import NOT_KNOWN, Results
from classroom.report.outcomes import UNKNOWN
from rnncourse.checking.reports import MARKS, NOT_TRIED, PASSED, WRONG
from rnncourse.shared.wording import count
from tools.pages.filling import filled

__all__ = ["page"]

TOP = 10  # to talk about, told in full at the beginning
CLASSES = {PASSED: "right", WRONG: "wrong", UNKNOWN: "wrong"}
OTHER_MARKS = {UNKNOWN: "!", NOT_KNOWN: "–"}


def page(results: Results, today: date | None = None) -> str:
    """Return the report as HTML, with nothing to be loaded from elsewhere."""
    return filled(
        Path(__file__).with_name("page.html"),
        {"words": words, "count": count},
        results=results,
        top=results.talk[:TOP],
        handed_in={id: lesson for lesson in results.lessons for id in lesson.items},
        classes=CLASSES,
        states=[PASSED, WRONG, NOT_TRIED],
        marks=MARKS | OTHER_MARKS,
        today=(today or date.today()).isoformat(),
    )


def words(text: str) -> Markup:
    """Return words as HTML, `code` between backticks.

    >>> print(words("`a < b` holds"))
    <code>a &lt; b</code> holds
    """
    pieces = html.escape(text, quote=False).split("`")
    marked = (f"<code>{p}</code>" if n % 2 else p for n, p in enumerate(pieces))
    return Markup("".join(marked).replace("\n", "<br>"))
