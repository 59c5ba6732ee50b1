"""Points and flags of a class as tables, CSV, for a spreadsheet."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from classroom.grading.places import NOTHING, ClassFolder, write_text

__all__ = ["harmless", "twins", "write_tables"]

SHOWN = 5  # names
FORMULA = tuple("=+-@\t\r")  # a cell that begins so would be computed


def write_tables(folder: ClassFolder, most: dict[str, dict[str, float]]) -> None:
    """Write `grades.csv` and `flags.csv`.

    `most` has for each assignment its exercises, and the points that each can give.
    """
    results = {name: [*folder.results(name), *_missing(folder, name)] for name in most}
    write_text(folder.root / "grades.csv", _csv(_grades(results, most)))
    write_text(folder.root / "flags.csv", _csv(_flags(results)))


def _missing(folder: ClassFolder, name: str) -> Iterator[dict[str, Any]]:
    """Yield a result for each student of whom there is none."""
    known = {result["student"] for result in folder.results(name)}
    for student, why in folder.missing(name):
        if student not in known:
            yield {"student": student, "not_graded": why, "exercises": {}}


def _csv(rows: Iterator[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(harmless, row) for row in rows)
    return text.getvalue()


def harmless(value: Any) -> Any:
    r"""Return a value that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("\t=1+1"), harmless("04.2")
    ("'=1+1", "'\t=1+1", '04.2')
    """
    risky = isinstance(value, str) and value.startswith(FORMULA)
    return f"'{value}" if risky else value


def _grades(
    results: dict[str, list[dict[str, Any]]], most: dict[str, dict[str, float]]
) -> Iterator[list[Any]]:
    """Yield a row a student; what was not graded is empty, never 0."""
    columns = [(name, id) for name, ids in most.items() for id in ids]
    yield ["student_id", *(id for _, id in columns), "points", "of", "not graded"]
    every = sum(most[name][id] for name, id in columns)
    by_student: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, of_class in results.items():
        for result in of_class:
            by_student[result["student"]][name] = result
    for student, known in sorted(by_student.items()):
        points = [_points(known.get(name), id) for name, id in columns]
        there = [n for n in points if n is not None]
        total = f"{sum(there):g}" if there else ""
        shown = ["" if n is None else f"{n:g}" for n in points]
        why = "; ".join(_not_graded(known, list(most)))
        yield [student, *shown, total, f"{every:g}", why]


def _points(result: dict[str, Any] | None, id: str) -> float | None:
    exercises = (result or {}).get("exercises", {})
    points: float | None = exercises.get(id, {}).get("points")
    return points


def _not_graded(known: dict[str, Any], names: list[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{name}: {NOTHING}"
            continue
        if known[name]["not_graded"]:
            yield f"{name}: {known[name]['not_graded']}"
        for id, item in known[name]["exercises"].items():
            if item.get("not_graded"):
                yield f"{id}: {item['not_graded']}"


def _flags(results: dict[str, list[dict[str, Any]]]) -> Iterator[list[str]]:
    yield ["student_id", "exercise", "points", "flag"]
    for name, of_class in results.items():
        same = twins(of_class)
        for result in of_class:
            for words in _said_of_all(result):
                yield [result["student"], name, "", words]
            for id, item in result["exercises"].items():
                alike = same.get((result["student"], id), [])
                more = [f"is written as that of {_some(alike)}"] if alike else []
                for flag in [*item.get("flags", []), *more]:
                    points = item["points"]
                    shown = "" if points is None else f"{points:g}"
                    yield [result["student"], id, shown, flag]


def _said_of_all(result: dict[str, Any]) -> Iterator[str]:
    """Yield what is odd about a submission as a whole."""
    if why := result["not_graded"].replace(NOTHING, ""):
        yield f"not graded: {why}"
    if note := result.get("note"):
        yield note


def _some(names: list[str]) -> str:
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def twins(of_class: list[dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
    """Return for each answer whose answers are written in the same way.

    >>> one = {"student": "a", "exercises": {"04.1": {"shape": "x"}}}
    >>> other = {"student": "b", "exercises": {"04.1": {"shape": "x"}}}
    >>> twins([one, other])
    {('a', '04.1'): ['b'], ('b', '04.1'): ['a']}
    """
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for result in of_class:
        for id, item in result["exercises"].items():
            if item.get("shape"):
                groups[id, item["shape"]].append(result["student"])
    return {
        (student, id): [other for other in students if other != student]
        for (id, _), students in groups.items()
        for student in students
        if len(students) > 1
    }
