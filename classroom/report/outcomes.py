"""Answers are run behind the same fence as in grading, many at a time."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from classroom.grading.answer import Answer, Library, library
from classroom.grading.judging import reported
from classroom.grading.program import parse
from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.reports import WRONG

__all__ = ["UNKNOWN", "Outcome", "outcomes"]

UNKNOWN = "could not be judged"
STOPPED = "Judging stopped: its process was ended, by this answer or another."
AT_ONCE = min(os.cpu_count() or 1, 8)
MOST_LETTERS = 2_000


@dataclass(frozen=True)
class Outcome:
    """What became of an answer.

    Attributes
    ----------
    state : str
        PASSED, WRONG, NOT_TRIED or UNKNOWN.
    mistake : str
        The name of the known mistake that it makes, or nothing.
    words : str
        What the judge says.
    """

    state: str
    mistake: str = ""
    words: str = ""


def outcomes(answers: Sequence[tuple[str, str]]) -> Iterator[Outcome]:
    """Yield what the judge says of each answer.

    An answer that hangs, exits, or takes all memory costs itself alone.

    Parameters
    ----------
    answers : pairs of str
        An exercise and a program; its last line names the function that answers it.
    """
    context = multiprocessing.get_context("spawn")
    with library() as made, ProcessPoolExecutor(AT_ONCE, context) as pool:
        begun = [pool.submit(_outcome, made.folder, *each) for each in answers]
        yield from map(_result, begun)


def _result(begun: "Future[Outcome]") -> Outcome:
    try:
        return begun.result()
    except BrokenProcessPool:
        return Outcome(UNKNOWN, words=STOPPED)


def _outcome(folder: Path, id: str, program: str) -> Outcome:
    """Return what the judge says of one answer."""
    item, cell = exercise(id), parse("", program)
    assert isinstance(item, Exercise)
    if cell.fault:
        return Outcome(WRONG, words=cell.fault)
    name = program.splitlines()[-1]  # and all before it is run
    keep = [[place, None] for place in range(len(cell.body) - 1)]
    cells = [{"source": cell.source, "keep": keep}]
    with Answer(cells, name, item.seconds, Library(folder)) as answer:
        report = reported(item, name, answer)
    return Outcome(report.state, report.mistake, report.words[:MOST_LETTERS])
