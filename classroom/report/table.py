"""The report as a table for a spreadsheet: a row for each learner and exercise."""

import csv
import io
from collections.abc import Iterator

from classroom.grading.tables import harmless
from classroom.report.counting import Results

__all__ = ["table"]

HEAD = ["learner", "lesson", "minutes", "exercise", "title", "state", "mistake"]


def table(results: Results) -> str:
    """Return the report as CSV; minutes are those of the lesson, where known."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(map(harmless, row) for row in _rows(results))
    return page.getvalue()


def _rows(results: Results) -> Iterator[tuple[str, ...]]:
    mistakes = {
        (name, point.id): point.mistake
        for point in results.points
        for name in point.learners
    }
    for lesson in results.lessons:
        for name in lesson.learners:
            spent = lesson.minutes.get(name)
            minutes = "" if spent is None else f"{spent:.0f}"
            for id, item in lesson.items.items():
                state, mistake = lesson.state(name, id), mistakes.get((name, id), "")
                yield (
                    name, lesson.number, minutes, id, item.title, state, mistake,
                )  # fmt: skip
