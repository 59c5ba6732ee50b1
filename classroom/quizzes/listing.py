"""Questions as a table for a spreadsheet: a row for each, with all its replies."""

import csv
import io
from collections.abc import Sequence

from classroom.quizzes.entries import Entry

__all__ = ["listing"]

HEAD = ["id", "lesson", "kind", "title", "question", "right", "lowest", "highest"]


def listing(entries: Sequence[Entry]) -> str:
    """Return questions as CSV; behind the head an answer and its reply in turn."""
    most = max((len(entry.answers) for entry in entries), default=0)
    numbers = range(1, most + 1)
    columns = [f"{what} {n}" for n in numbers for what in ("answer", "reply")]
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow([*HEAD, *columns])
    for entry in entries:
        replies = [text for one in entry.answers for text in (one.text, one.reply)]
        padding = [""] * (len(columns) - len(replies))
        writer.writerow([*_head(entry), *replies, *padding])
    return page.getvalue()


def _head(entry: Entry) -> list[str]:
    fits = [entry.bounds.low, entry.bounds.high] if entry.bounds else []
    lowest, highest = map(str, fits) if fits else ("", "")
    head = [entry.id, entry.lesson, entry.kind.value, entry.title, entry.prompt]
    return [*head, entry.right.text, lowest, highest]
