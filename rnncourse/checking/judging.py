"""From an answer to a report: run it, compare it, and recognise its mistake."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from rnncourse.checking.comparing import Difference, alike, differences, parts
from rnncourse.checking.exercise import Answer, Case, Exercise, call
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.patterns import NO_PATTERN
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG, Report
from rnncourse.checking.running import Outcome, check_signature, is_untouched, run
from rnnlib._typing import Array
from rnnlib.training.threads import blas_threads

__all__ = ["judge"]


def judge(exercise: Exercise, answer: Any, *, seed: int = 0) -> Report:
    """Check an answer on all cases; report one that fails.

    >>> from rnncourse import catalogue
    >>> exercise = catalogue.exercise("04.2")
    >>> judge(exercise, exercise.reference).state
    'right'
    """
    report = Report(exercise.id, exercise.title, PASSED)
    if not callable(answer):
        return replace(report, state=WRONG, words=_not_callable(exercise, answer))
    if is_untouched(answer):
        return replace(report, state=NOT_TRIED)
    cases = exercise.cases(np.random.default_rng(seed))
    misfit = check_signature(answer, cases[0]) if exercise.observe is call else ""
    if misfit:
        return replace(report, state=WRONG, words=misfit)
    with blas_threads(1):
        outcomes = _run_all(exercise, answer, cases)
    if not all(outcome.tried for outcome in outcomes):
        return replace(report, state=NOT_TRIED)
    faults = {
        number: fault
        for number, outcome in enumerate(outcomes)
        if (fault := _fault(exercise, cases[number], outcome))
    }
    if not faults:
        tested = _tested(cases[-1], f"the last of {len(cases)} cases, seed {seed}")
        return replace(report, tested=tested, notes=outcomes[-1].notes)
    number = _telling(faults)
    mistake = _recognised(exercise, outcomes, seed)
    which = f"case {number + 1} of {len(cases)}, seed {seed}"
    return replace(
        report,
        state=WRONG,
        words=faults[number].words,
        tested=_tested(cases[number], which),
        got=faults[number].got,
        expected=faults[number].expected,
        hint=mistake.hint if mistake else "",
        notes=outcomes[number].notes,
        mistake=mistake.name if mistake else "",
    )


def _telling(faults: Mapping[int, Difference]) -> int:
    """Return which case to show: the largest if it shows a pattern, else the smallest.

    In an array of one row many mistakes look alike; a single number has no pattern, and
    a small case can be done by hand.
    """
    first, last = min(faults), max(faults)
    got, words = faults[last].got, faults[last].words
    shown = got is not None and got.size > 1 and NO_PATTERN not in words
    return last if shown and faults[first].got is not None else first


def _not_callable(exercise: Exercise, answer: Any) -> str:
    name = exercise.reference.__name__
    return (
        f'The check needs the function itself: check("{exercise.id}", {name}), without '
        f"brackets behind its name; it got {type(answer).__name__}."
    )


def _run_all(
    exercise: Exercise, answer: Answer, cases: Sequence[Case]
) -> tuple[Outcome, ...]:
    """Run the cases in turn, and stop after one that did not finish."""
    outcomes: list[Outcome] = []
    left = exercise.seconds
    for case in cases:
        outcomes.append(run(exercise, answer, case, max(left, 0.1)))
        left -= outcomes[-1].seconds
        if not outcomes[-1].tried or outcomes[-1].error == "TimeLimitError":
            break
    return tuple(outcomes)


def _fault(exercise: Exercise, case: Case, outcome: Outcome) -> Difference | None:
    """Return what is wrong with the outcome of a case."""
    if outcome.complaint:
        return Difference("", outcome.complaint)
    if exercise.compares:
        expected = exercise.observe(exercise.reference, case)
        wrong = differences(
            outcome.value, expected, exercise.returns, exercise.tolerance
        )
        if wrong:
            return _named(wrong, parts(expected, exercise.returns))
    try:
        faults = (claim.fault(outcome.value, case) for claim in exercise.claims)
        words = next(filter(None, faults), "")
    except Exception as error:
        shown = repr(outcome.value)[:80]
        return Difference(
            "", f"It returns {shown}, which the check cannot use: {error}"
        )
    return Difference("", words) if words else None


def _named(wrong: list[Difference], every: list[tuple[str, Any]]) -> Difference:
    """Return the first difference, with the names of all wrong and right parts."""
    first = wrong[0]
    if not first.name:
        return first
    names = [difference.name for difference in wrong]
    right = [name for name, _ in every if name not in names]
    others = f" Not right either: {', '.join(names[1:])}." if names[1:] else ""
    fine = f" Right: {', '.join(right)}." if right else ""
    head = f"{first.name} is wrong. {first.words}".rstrip()
    return replace(first, words=f"{head}{others}{fine}")


def _recognised(
    exercise: Exercise, outcomes: Sequence[Outcome], seed: int
) -> Mistake | None:
    """Return the known mistake that this answer makes, if any.

    It is one that gives the same on every case; failing that, the only one with the
    same first wrong part.
    """
    if exercise.kind == "T":
        return None
    known = _known(exercise, seed)
    for mistake, theirs in known.items():
        if len(theirs) == len(outcomes) and all(map(_same, outcomes, theirs)):
            return mistake
    right = _run_all(exercise, exercise.reference, _cases(exercise, seed))
    like = [
        mistake
        for mistake, theirs in known.items()
        if _same_part(outcomes, theirs, right)
    ]
    return like[0] if len(like) == 1 else None


@lru_cache(maxsize=8)
def _known(exercise: Exercise, seed: int) -> dict[Mistake, tuple[Outcome, ...]]:
    """Return what each known mistake does on the cases of a seed."""
    cases = _cases(exercise, seed)
    return {
        mistake: _run_all(exercise, mistake.answer(exercise.reference), cases)
        for mistake in exercise.mistakes
    }


def _cases(exercise: Exercise, seed: int) -> Sequence[Case]:
    return exercise.cases(np.random.default_rng(seed))


def _same(one: Outcome, other: Outcome) -> bool:
    if one.error or other.error:
        return one.error == other.error
    changed = bool(one.complaint) == bool(other.complaint)
    return changed and alike(one.value, other.value)


def _same_part(
    mine: Sequence[Outcome], theirs: Sequence[Outcome], right: Sequence[Outcome]
) -> bool:
    """Return whether the first wrong part is wrong in the same way in all cases."""
    if any(outcome.error for outcome in (*mine, *theirs, *right)):
        return False
    columns = [
        [dict(parts(outcome.value)) for outcome in outcomes]
        for outcomes in (mine, theirs, right)
    ]
    if len({tuple(values) for column in columns for values in column}) != 1:
        return False
    for name in columns[0][0]:
        my, their, good = ([values[name] for values in column] for column in columns)
        if not all(map(alike, my, good)):
            return all(map(alike, my, their))
    return False


def _tested(case: Case, which: str) -> str:
    named = ", ".join(_described(name, value) for name, value in case.items())
    return f"Tested with {named} ({which})." if named else f"Tested ({which})."


def _described(name: str, value: Any) -> str:
    """Return an argument in few words: the shape of an array, a small value itself."""
    if isinstance(value, np.ndarray):
        small: Array = value
        if value.dtype.kind in "iub" and value.size <= 8:
            return f"{name} = {small.tolist()}"
        return f"{name} {value.shape}"
    if isinstance(value, np.random.Generator):
        return name
    text = repr(value)
    return f"{name} = {text}" if len(text) <= 40 else name
