"""Grade one submission: `python -m classroom.grading.judging`, a job on its input.

It runs no code of the student's itself: each answer has a process of its own.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from classroom.grading.answer import Answer, Library
from classroom.grading.flags import ENOUGH, flags_of, shape_of, solution_shapes
from classroom.grading.program import Cell, Program
from classroom.grading.submission import (
    Asked,
    NotGradedError,
    Submission,
    asked_in,
    chosen,
    read_cells,
)
from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.judging import judge
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG, Report

__all__ = ["grade", "reported"]

SAME_AS_SOLUTION = "is the solution, up to names"
ENDED = (
    "Your answer ended its process: {why}. It costs the points of this exercise alone. "
    "Does it exit, use too much memory, or break a compiled library?"
)
ASKING = 4  # times as long as the answer may take, with all that is asked
STOPPED = "Your function stopped with"


def grade(folder: Path, teachers: Path, library: Library, seed: int) -> dict[str, Any]:
    """Return all that is to be known of a submission, as plain data.

    Parameters
    ----------
    folder : path
        With what the student has handed in.
    teachers : path
        The teacher's copy of the notebook.
    library : Library
    seed : int
        Draws the numbers of a second round, which nobody knows before.
    """
    asked = asked_in(teachers)
    try:
        path, note = chosen(folder, teachers, asked)
        cells = read_cells(path)
    except NotGradedError as error:
        return {"not_graded": str(error), "exercises": {}}
    solved = read_cells(teachers)
    answers = {ask.answer_mark for ask in asked} | {ask.check.mark for ask in asked}
    others = [cell for cell in solved if cell.mark not in answers]
    desk = _Desk(Submission(cells, others), solved, library, seed)
    exercises: dict[str, Any] = {}
    for ask in asked:
        try:
            exercises[ask.id] = desk.graded(ask, exercises)
        except NotGradedError as error:
            exercises[ask.id] = _not_graded(ask, str(error))
        except Exception as error:  # of grading itself: never a silent 0
            why = f"grading it stopped with {type(error).__name__}: {error}"
            exercises[ask.id] = _not_graded(ask, why[:300])
    open_ends = sorted(desk.open_ends)
    return {
        "not_graded": "",
        "notebook": path.name,
        "note": note,
        "open_ends": open_ends,
        "exercises": exercises,
    }


def _not_graded(asked: Asked, why: str) -> dict[str, Any]:
    known = {"name": asked.name, "max": asked.points, "points": None}
    return known | {"not_graded": why}


class _Desk:
    """Grades the exercises of a submission, one by one."""

    def __init__(
        self,
        submission: Submission,
        solved: Sequence[Cell],
        library: Library,
        seed: int,
    ) -> None:
        self._submission, self._solved = submission, solved
        self._library, self._seed = library, seed
        self.open_ends: set[str] = set()

    def graded(self, asked: Asked, before: dict[str, Any]) -> dict[str, Any]:
        """Return what is known of the answer to one exercise."""
        known: dict[str, Any] = {"name": asked.name, "max": asked.points}
        own = self._submission.answer(asked)
        item = exercise(asked.id)
        assert isinstance(item, Exercise)
        program = self._submission.program(asked, own)
        report = self._report(item, asked, own, program)
        report = _blamed(report, program, before)
        flags = list(flags_of(item, asked, program, self._submission.cells))
        shape = shape_of(program.tree, asked.name)
        if shape and shape[1] >= ENOUGH and report.state != NOT_TRIED:
            known["shape"] = shape[0]
            marked = [c for c in self._solved if c.mark == asked.answer_mark]
            if shape[0] in solution_shapes(asked, item, marked[0] if marked else None):
                flags.append(SAME_AS_SOLUTION)
        return known | {
            "title": item.title,
            "points": asked.points if report.passed else 0,
            "state": report.state,
            "text": repr(report),
            "html": report._repr_html_(),
            "hint": report.hint,
            "nudge": "" if report.passed or report.hint else item.hints[0],
            "mistake": report.mistake,
            "source": own.source,
            "flags": flags if report.state != NOT_TRIED else [],
        }

    def _report(
        self, item: Exercise, asked: Asked, own: Cell, program: Program
    ) -> Report:
        if own.fault:
            return Report(item.id, item.title, WRONG, own.fault)
        with Answer(program.cells, asked.name, item.seconds, self._library) as answer:
            self.open_ends |= {*answer.open_ends}
            return reported(item, asked.name, answer, self._seed)


def reported(
    item: Exercise, name: str, answer: Answer, seed: int | None = None
) -> Report:
    """Return what the judge says of an answer that is in a process of its own.

    Parameters
    ----------
    item : Exercise
    name : str
        Of the function.
    answer : Answer
    seed : int, optional
        Draws the numbers of a second round.
    """
    report = Report(item.id, item.title, WRONG)
    if answer.ended:
        return replace(report, words=ENDED.format(why=answer.ended))
    if not answer.about.get("defined"):
        fault = answer.about.get("fault")
        return replace(report, words=fault or f"The cell does not define {name}.")
    if not answer.about.get("callable"):
        words = f"{name} is no function: {answer.about.get('kind')}."
        return replace(report, words=words)
    return _in_words(_judged(item, answer, seed), answer)


def _judged(item: Exercise, answer: Answer, seed: int | None) -> Report:
    """Judge on the numbers of the lesson's check, then on others.

    The answer's own time is limited where it runs; that of the judge is what it takes
    to ask.
    """
    if item.kind != "T":
        item = replace(item, seconds=ASKING * item.seconds)
    report = judge(item, answer)
    if report.passed and item.kind in "VGP" and seed is not None:
        again = judge(item, answer, seed=seed)
        return report if again.passed else again
    return report


def _in_words(report: Report, answer: Answer) -> Report:
    """Return the report with what the judge cannot know of another process."""
    if answer.ended and "in time" not in answer.ended and not report.passed:
        words = ENDED.format(why=answer.ended)
        return Report(report.id, report.title, WRONG, words, tested=report.tested)
    if answer.line and report.words.startswith(STOPPED):
        place = f"Your function stopped in the line `{answer.line}` with"
        return replace(report, words=report.words.replace(STOPPED, place, 1))
    if report.words.startswith(STOPPED) and answer.about.get("fault"):
        return replace(report, notes=(*report.notes, str(answer.about["fault"])))
    return report


def _blamed(report: Report, program: Program, before: dict[str, Any]) -> Report:
    """Return the report, or that another answer is at fault, which this one calls."""
    for id, other in before.items():
        wrong = other.get("state", PASSED) != PASSED
        if wrong and report.state == WRONG and program.calls(other["name"]):
            words = (
                f"It calls `{other['name']}`, your answer to {id}, which is "
                f"{other['state']}: begin with that one."
            )
            return Report(report.id, report.title, WRONG, words)
    return report


def main() -> int:
    """Read a job, and write what came of it."""
    job = json.load(sys.stdin)
    result = grade(
        Path(job["folder"]),
        Path(job["teachers"]),
        Library(Path(job["library"])),
        job["seed"],
    )
    json.dump(result, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
