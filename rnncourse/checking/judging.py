"""From an answer to a report: what is wrong in it, and which mistake that is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from rnncourse.checking import watch
from rnncourse.checking.comparing import Difference
from rnncourse.checking.exercise import CUT_OFF, Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.parts import alike, ordered, parts
from rnncourse.checking.patterns import Pair, pattern
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG, Report
from rnncourse.checking.running import (
    USUAL_ERRORS,
    WARNED,
    Outcome,
    check_signature,
    is_begun,
    is_untouched,
)
from rnncourse.checking.trying import (
    Cases,
    cases_of,
    cuts_off_alone,
    fault_of,
    right,
    run_again,
    run_all,
    run_on,
)
from rnnlib._typing import Array
from rnnlib.training.threads import blas_threads

__all__ = ["judge"]

Faults = Mapping[int, Difference]
STILL_A_STUB = (
    "The line `raise NotImplementedError` still stands in your function, and ends it: "
    "delete that line."
)


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
    misfit = check_signature(answer, exercise.reference)
    misfit = misfit or watch.refusal(exercise.id, answer)
    if misfit:
        return replace(report, state=WRONG, words=misfit)
    cases = cases_of(exercise, seed)
    with blas_threads(1), np.errstate(**USUAL_ERRORS):
        with watch.watched(exercise.id, answer) as arm:
            outcomes = run_all(exercise, answer, seed, arm)
            cut_off = cuts_off_alone(exercise, answer, seed, outcomes, arm)
            go_on = run_again if any(map(fault_of, outcomes)) else run_on
            outcomes = go_on(exercise, answer, seed, outcomes, arm)
        watch.forget(exercise.id)
        if all(outcome.tried for outcome in outcomes):
            report = _reported(report, exercise, seed, cases, outcomes)
            unknown = cut_off and not report.mistake
            return replace(report, words=CUT_OFF) if unknown else report
    words = STILL_A_STUB if is_begun(answer) else ""
    return replace(report, state=NOT_TRIED, words=words)


def _reported(
    report: Report, exercise: Exercise, seed: int, cases: Cases,
    outcomes: Sequence[Outcome],
) -> Report:  # fmt: skip
    """Return the report with all that is to be said of the outcomes."""
    faults = {
        number: fault
        for number, outcome in enumerate(outcomes)
        if (fault := fault_of(outcome))
    }
    if not faults:
        which = "the only case"
        if len(cases) > 1:
            which = f"the last of {len(cases)} cases, seed {seed}"
        tested = _tested(cases[-1], which, layout=False)
        return replace(report, tested=tested, notes=outcomes[-1].notes)
    mistake = _recognised(exercise, outcomes, seed)
    found = None if mistake else _pattern(exercise, cases, faults)
    number, words = found or (_telling(exercise, outcomes, faults, seed), "")
    return replace(
        report,
        state=WRONG,
        words=faults[number].sentence(words),
        tested=_tested(
            cases[number],
            f"case {number + 1} of {len(cases)}, seed {seed}",
        ),
        got=faults[number].got,
        expected=faults[number].expected,
        hint=mistake.hint if mistake else "",
        notes=outcomes[number].notes,
        mistake=mistake.name if mistake else "",
    )


def _telling(
    exercise: Exercise, outcomes: Sequence[Outcome], faults: Faults, seed: int
) -> int:
    """Return which case to show: the largest for its shape, else the smallest.

    Another order of the parts is told only where it explains all cases.
    """
    if other := {n: fault for n, fault in faults.items() if fault.order}:
        first, pairs = min(other), zip(outcomes, right(exercise, seed), strict=True)
        order = other[first].order
        if all(ordered(mine.value, good.value, order) for mine, good in pairs):
            return first
        faults = {n: f for n, f in faults.items() if n not in other} or faults
    last = faults[max(faults)]
    if last.got is None or last.expected is None:
        return min(faults)
    return min(faults) if last.got.shape == last.expected.shape else max(faults)


def _pattern(
    exercise: Exercise, cases: Cases, faults: Faults
) -> tuple[int, str] | None:
    """Return the last case that shows what all faults have in common, and it in words.

    Cases in which NaN or infinity is expected are left out.
    """
    faults = {n: fault for n, fault in faults.items() if _is_finite(fault.expected)}
    if len({fault.name for fault in faults.values()}) > 1:
        return None
    pairs = {
        n: Pair(f.got, f.expected, exercise.tolerance, frozenset(_sizes(cases[n])))
        for n, f in faults.items()
        if f.got is not None and f.expected is not None
    }
    found = pattern([*pairs.values()]) if 0 < len(pairs) == len(faults) else None
    return ([*pairs][found[1]], found[0]) if found else None


def _is_finite(expected: Array | None) -> bool:
    return expected is None or bool(np.isfinite(expected).all())


def _sizes(case: Case) -> Iterator[int]:
    """Yield the sizes of the arrays of a case, and the products of several."""
    for value in case.values():
        shape = value.shape if isinstance(value, np.ndarray) else ()
        for n in range(len(shape)):
            yield from map(prod, combinations(shape, n + 1))


def _not_callable(exercise: Exercise, answer: Any) -> str:
    name = exercise.reference.__name__
    return (
        f'The check needs the function itself: check("{exercise.id}", {name}), without '
        f"brackets behind its name; it got {type(answer).__name__}."
    )


def _recognised(
    exercise: Exercise, outcomes: Sequence[Outcome], seed: int
) -> Mistake | None:
    """Return the known mistake that this answer makes, if any.

    It is the first that does the same on every case; failing that, where parts are
    compared, the only one with the same first wrong part. Of several, those come first
    of which numpy warns in the same words: an infinity may come of exp or of log.
    """
    if exercise.kind == "T":
        return None
    known = _known(exercise, seed)
    same = [
        (mistake, theirs)
        for mistake, theirs in known
        if len(theirs) == len(outcomes) and all(map(_same, outcomes, theirs))
    ]
    if same or not exercise.compares:
        return next(iter(_nearest(outcomes, same)), None)
    good = right(exercise, seed)
    like = [(m, theirs) for m, theirs in known if _same_part(outcomes, theirs, good)]
    nearest = _nearest(outcomes, like)
    return nearest[0] if len({*nearest}) == 1 else None


def _nearest(
    outcomes: Sequence[Outcome], like: Sequence[tuple[Mistake, Sequence[Outcome]]]
) -> list[Mistake]:
    """Return those mistakes of which numpy warns most nearly as of these outcomes."""
    far = [len(_warned(outcomes) ^ _warned(theirs)) for _, theirs in like]
    pairs = zip(like, far, strict=True)
    return [mistake for (mistake, _), away in pairs if away == min(far)]


def _warned(outcomes: Sequence[Outcome]) -> set[str]:
    notes = (note for outcome in outcomes for note in outcome.notes)
    return {note for note in notes if note.startswith(WARNED)}


@lru_cache(maxsize=8)
def _known(exercise: Exercise, seed: int) -> list[tuple[Mistake, tuple[Outcome, ...]]]:
    """Return each known mistake, and what it does on the cases of a seed."""
    return [
        (mistake, run_all(exercise, answer, seed))
        for mistake in exercise.mistakes
        for answer in mistake.answers(exercise.reference)
    ]


def _same(one: Outcome, other: Outcome) -> bool:
    if one.error or other.error:
        return one.error == other.error
    changed = bool(one.complaint) == bool(other.complaint)
    return changed and alike(one.value, other.value)


def _same_part(
    mine: Sequence[Outcome], theirs: Sequence[Outcome], known: Sequence[Outcome]
) -> bool:
    """Return whether the first wrong part is wrong in the same way in all cases."""
    if any(outcome.error for outcome in (*mine, *theirs, *known)):
        return False
    columns = [
        [
            dict(parts(outcome.value, like=good.value))
            for outcome, good in zip(outcomes, known, strict=False)
        ]
        for outcomes in (mine, theirs, known)
    ]
    if len({tuple(values) for column in columns for values in column}) != 1:
        return False
    for name in columns[0][0]:
        my, their, good = ([values[name] for values in column] for column in columns)
        if not all(map(alike, my, good)):
            return all(map(alike, my, their))
    return False


def _tested(case: Case, which: str, *, layout: bool = True) -> str:
    named = ", ".join(_described(name, value, layout) for name, value in case.items())
    return f"Tested with {named} ({which})." if named else f"Tested ({which})."


def _described(name: str, value: Any, layout: bool) -> str:
    """Return an argument in few words: the shape of an array, a small value itself.

    How an array lies in memory is said where that may be the reason of a fault.
    """
    if isinstance(value, np.ndarray):
        small: Array = value
        if value.dtype.kind in "iub" and value.size <= 8:
            return f"{name} = {small.tolist()}"
        columns = layout and value.ndim > 1 and not value.flags.c_contiguous
        return f"{name} {value.shape}{' (laid out by columns, as W.T is)' * columns}"
    if isinstance(value, np.random.Generator):
        return name
    text = repr(value)
    return f"{name} = {text}" if len(text) <= 40 else name
