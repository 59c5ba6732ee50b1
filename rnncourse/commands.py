"""Exercises that teach: checks that say what is wrong, hints, solutions, progress.

`check("04.2", step_backward)` runs your function on random arrays and says in words
what it finds. `hint("04.2")` gives one hint after the other, `solution("04.2")` the
solution, `source("04.2")` the library's own function once yours is right, and
`progress()` a table of what is done.

In `rnncourse.checking`, `exercise` says what an exercise is, `judging` runs an answer
and compares it, using `running`, `comparing` and `patterns`, and `reports` shows the
result. `rnncourse.lesson_NN.exercises` holds those of a lesson.
"""

import dis
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from types import CodeType
from typing import Any

from rnncourse.catalogue import exercise, exercises, exercises_of
from rnncourse.checking import progress_file
from rnncourse.checking.capstone import Capstone, Record
from rnncourse.checking.exercise import Claim, Exercise
from rnncourse.checking.judging import judge
from rnncourse.checking.progress_table import Progress
from rnncourse.checking.questions import Card, Guess, Question
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG, Report, Words
from rnncourse.checking.source import lines_with, solution_of, source_of

__all__ = [
    "Card",
    "Claim",
    "Exercise",
    "ExerciseError",
    "Guess",
    "Question",
    "Record",
    "Report",
    "capstone",
    "check",
    "hint",
    "progress",
    "report_on",
    "solution",
    "source",
]

_hints_given: dict[str, int] = {}
_asked_for_solution: set[str] = set()


class ExerciseError(AssertionError):
    """An exercise is not solved, although RNNLIB_STRICT is set."""


def check(id: str, answer: Any = None, *, seed: int = 0) -> Report:
    """Check an answer, and say in words what is right or wrong with it.

    Parameters
    ----------
    id : str
        The number of the exercise: "04.2".
    answer : function, or what a question asks for
        The function itself, without brackets; the letter of an answer; a number.
    seed : int
        Draws the arrays that it is tested with.

    Returns
    -------
    Report
        A notebook shows it; `passed` says whether the answer is right.

    Raises
    ------
    ValueError
        If there is no such exercise.
    ExerciseError
        If the answer is not right and RNNLIB_STRICT is set, as for grading.

    Examples
    --------
    >>> check("A16", "myth")  # doctest: +ELLIPSIS
    ✔ A16 · myth or fact?: right
    It is a myth...
    """
    report = report_on(id, answer, seed=seed)
    if os.environ.get("RNNLIB_STRICT") and not report.passed:
        raise ExerciseError(repr(report))
    return report


def report_on(id: str, answer: Any, *, seed: int = 0, remember: bool = True) -> Report:
    """Check an answer and store the result; once right, it stays right.

    With `remember` off nothing is stored: the answer is only an example.
    """
    item = exercise(id)
    if isinstance(item, Exercise):
        report = judge(item, answer, seed=seed)
        if not report.passed:
            report = _blamed(report, item, answer, seed)
    else:
        report = item.judge(answer)
    if not remember or report.state == NOT_TRIED:
        return report
    trouble = progress_file.write(report.id, report.state)
    return replace(report, notes=(*report.notes, trouble)) if trouble else report


def _blamed(report: Report, item: Exercise, answer: Any, seed: int) -> Report:
    """Return the report, or one that blames an earlier answer which this one calls."""
    code = getattr(answer, "__code__", None)
    names = set(_globals_of(code)) if code else set()
    for other in exercises_of(f"lesson_{item.id[:2]}").values():
        if not isinstance(other, Exercise) or _place(other) >= _place(item):
            continue
        name = other.reference.__name__
        called = answer.__globals__.get(name) if name in names else None
        if (
            callable(called)
            and (state := judge(other, called, seed=seed).state) != PASSED
        ):
            words = f"It calls `{name}`, your answer to {other.id}, which is {state}"
            words = f"{words}: begin with that one."
            return Report(item.id, item.title, WRONG, words)
    return report


def _place(item: Exercise) -> list[int]:
    return [int(number) for number in item.id.split(".")]


def _globals_of(code: CodeType) -> Iterator[str]:
    """Yield the global names that a function uses, those of inner functions too."""
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            yield step.argval
        elif isinstance(step.argval, CodeType):
            yield from _globals_of(step.argval)


def _calmly(command: Callable[[str], Words]) -> Callable[[str], Words]:
    """Let a command say in one line that it has nothing to show."""

    @wraps(command)
    def calm(id: str) -> Words:
        try:
            return command(id)
        except ValueError as error:
            return Words(str(id), f"{error}.")

    return calm


@_calmly
def hint(id: str) -> Words:
    """Return the next of three hints; after the third, the third again.

    If there is none, because `id` is that of a question or unknown, it says so.
    """
    item = _function(id, "hints")
    number = min(_hints_given.get(item.id, 0) + 1, len(item.hints))
    _hints_given[item.id] = number
    head = f"{item.id} · {item.title}: hint {number} of {len(item.hints)}"
    return Words(head, item.hints[number - 1])


@_calmly
def solution(id: str) -> Words:
    """Return the solution; the first call only asks whether you are sure.

    If there is none, because `id` is that of a question or unknown, it says so.
    """
    item = _function(id, "solution")
    head = f"{item.id} · {item.title}: solution"
    found = solution_of(item.reference)
    if item.id not in _asked_for_solution:
        _asked_for_solution.add(item.id)
        return Words(
            head,
            f'Have you had all three hints, from hint("{item.id}")? One more try is '
            "worth more than reading. If you are sure, call this again.",
        )
    return Words(head, found, code=True)


@_calmly
def source(id: str) -> Words:
    """Return the library's own function, once your answer has passed the check.

    If the library has none, or there is no such exercise, it says so.
    """
    item = _function(id, "source")
    if item.source is None:
        raise ValueError(f"The library has no code for {item.id}: it is yours alone")
    head = f"{item.id} · {item.title}: how the library does it"
    if progress_file.read().get(item.id) != PASSED:
        return Words(head, "Solve the exercise first; then its source is shown here.")
    parts = item.source if isinstance(item.source, tuple) else (item.source,)
    whole = "\n\n".join(map(source_of, parts))
    if not item.point:
        return Words(head, whole, code=True)
    return Words(head, lines_with(item.point, whole), code=True, rest=whole)


def capstone(id: str) -> Record:
    """Return an empty record of a capstone, to be filled place by place.

    Raises
    ------
    ValueError
        If there is no capstone with that id.

    >>> capstone("14.1")  # doctest: +ELLIPSIS
    ○ 14.1 · Forecast a real series: not tried yet...
    """
    item = exercise(id)
    if not isinstance(item, Capstone):
        raise ValueError(f"id must be that of a capstone, got {id!r}: {item.title}")
    return item.record()


def progress() -> Progress:
    """Return a table of what is tried and what is right, lesson by lesson."""
    return Progress(exercises(), progress_file.read())


def _function(id: str, what: str) -> Exercise:
    item = exercise(id)
    if isinstance(item, Capstone):
        words = f"its record says what is missing: capstone({item.id!r})"
        raise ValueError(f"{item.id} is a capstone and has no {what}; {words}")
    if not isinstance(item, Exercise):
        raise ValueError(f"{item.id} is a question and has no {what}: answer it")
    return item
