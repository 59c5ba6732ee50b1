"""From an answer to a report: run it, compare it, and recognise its mistake."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from rnncourse.checking import watch
from rnncourse.checking.arguments import is_same
from rnncourse.checking.comparing import (
    Difference,
    alike,
    differences,
    dtype_fault,
    parts,
)
from rnncourse.checking.exercise import HANDED_OUT_TWICE, Answer, Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.patterns import Pair, pattern
from rnncourse.checking.plain import plain
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG, Report
from rnncourse.checking.running import (
    USUAL_ERRORS,
    Outcome,
    check_signature,
    is_untouched,
    run,
)
from rnnlib._typing import Array
from rnnlib.training.threads import blas_threads

__all__ = ["judge"]

Cases = Sequence[Case]
Faults = Mapping[int, Difference]


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
    cases = _cases(exercise, seed)
    with blas_threads(1), np.errstate(**USUAL_ERRORS):
        with watch.watched(exercise.id, answer) as arm:
            outcomes = _run_all(exercise, answer, seed, arm)
            if not any(map(_fault_of, outcomes)):
                outcomes = _run_on(exercise, answer, seed, outcomes, arm)
        watch.forget(exercise.id)
        if all(outcome.tried for outcome in outcomes):
            return _reported(report, exercise, seed, cases, outcomes)
    return replace(report, state=NOT_TRIED)


def _reported(
    report: Report, exercise: Exercise, seed: int, cases: Cases,
    outcomes: Sequence[Outcome],
) -> Report:  # fmt: skip
    """Return the report with all that is to be said of the outcomes."""
    faults = {
        number: fault
        for number, outcome in enumerate(outcomes)
        if (fault := _fault_of(outcome))
    }
    if not faults:
        which = "the only case"
        if len(cases) > 1:
            which = f"the last of {len(cases)} cases, seed {seed}"
        tested = _tested(cases[-1], which)
        return replace(report, tested=tested, notes=outcomes[-1].notes)
    mistake = _recognised(exercise, outcomes, seed)
    found = None if mistake else _pattern(exercise, cases, faults)
    number, words = found or (_telling(faults), "")
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


def _fault_of(outcome: Outcome) -> Difference | None:
    complaint = outcome.complaint
    return Difference("", complaint) if complaint else outcome.fault


def _telling(faults: Faults) -> int:
    """Return which case to show: the largest for its shape, else the smallest."""
    last = faults[max(faults)]
    if last.got is None or last.expected is None:
        return min(faults)
    return min(faults) if last.got.shape == last.expected.shape else max(faults)


def _pattern(
    exercise: Exercise, cases: Cases, faults: Faults
) -> tuple[int, str] | None:
    """Return the largest case that shows what all faults have in common, in words.

    Cases in which NaN or infinity is expected are left out.
    """
    faults = {n: fault for n, fault in faults.items() if _is_finite(fault.expected)}
    if len({fault.name for fault in faults.values()}) > 1:
        return None
    pairs = {
        number: Pair(fault.got, fault.expected, exercise.tolerance, sizes)
        for number, fault in faults.items()
        if fault.got is not None and fault.expected is not None
        for sizes in [frozenset(_sizes(cases[number]))]
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


def _run_all(
    exercise: Exercise, answer: Answer, seed: int,
    arm: Callable[[float], None] | None = None,
) -> tuple[Outcome, ...]:  # fmt: skip
    """Run the cases in turn, and stop after one that did not finish.

    What a learner wrote is watched, so it comes with `arm`; only that is judged.
    """
    outcomes: list[Outcome] = []
    left = exercise.seconds
    expected = _expected(exercise, seed) if arm else ()
    for number, case in enumerate(_cases(exercise, seed)):
        seconds = max(left, 0.1)
        if arm:
            look = partial(_fault, exercise, case, expected[number])
            outcomes.append(run(exercise, answer, case, seconds, look, arm))
        else:
            outcomes.append(run(exercise, answer, case, seconds))
        left -= outcomes[-1].seconds
        if not outcomes[-1].tried or outcomes[-1].error == "TimeLimitError":
            break
    return tuple(outcomes)


def _run_on(
    exercise: Exercise, answer: Answer, seed: int, outcomes: tuple[Outcome, ...],
    arm: Callable[[float], None],
) -> tuple[Outcome, ...]:  # fmt: skip
    """Go on with other numbers of the same shapes: what was returned must stay."""
    if exercise.kind not in "VGP":
        return outcomes

    def changed(_: Any) -> list[int]:
        now = [plain(outcome.returned) for outcome in outcomes]
        return [n for n, o in enumerate(outcomes) if not is_same(now[n], o.value)]

    others = _cases(exercise, seed + 1)
    run(exercise, answer, others[0], exercise.seconds, arm=arm)
    last = run(exercise, answer, others[-1], exercise.seconds, changed, arm)
    return tuple(
        replace(o, complaint=HANDED_OUT_TWICE) if n in (last.fault or ()) else o
        for n, o in enumerate(outcomes)
    )


@lru_cache(maxsize=8)
def _expected(exercise: Exercise, seed: int) -> list[Any]:
    """Return what is right in each of the cases of a seed, if there is one answer."""
    if not exercise.compares:
        return [None] * len(_cases(exercise, seed))
    observe, reference = exercise.observe, exercise.reference
    return [observe(reference, case) for case in _cases(exercise, seed)]


def _fault(
    exercise: Exercise, case: Case, expected: Any, value: Any
) -> Difference | None:
    """Return what is wrong with what was observed in a case."""
    floats = _floats(case)
    if exercise.compares:
        names, tolerance = exercise.returns, exercise.tolerance
        wrong = differences(value, expected, names, tolerance, floats)
        if wrong:
            return _named(wrong, parts(expected, exercise.returns))
    elif exercise.kind == "P" and (words := dtype_fault(value, floats)):
        return Difference("", words)
    try:
        faults = (claim.fault(value, case) for claim in exercise.claims)
        words = next(filter(None, faults), "")
    except Exception as error:
        shown = repr(value)[:80]
        words = f"It returns {shown}, which the check cannot use: {error}"
    return Difference("", words) if words else None


def _floats(value: Any) -> Any:
    """Return the dtype of the floats among some arguments, or None."""
    if isinstance(value, np.ndarray):
        return value.dtype if value.dtype.kind == "f" else None
    if isinstance(value, Mapping):
        return _floats([*value.values()])
    if isinstance(value, list | tuple):
        found = [dtype for part in value if (dtype := _floats(part)) is not None]
        return np.result_type(*found) if found else None
    return None


def _named(wrong: list[Difference], every: list[tuple[str, Any]]) -> Difference:
    """Return the first difference, with the names of all wrong and right parts."""
    first = wrong[0]
    if not first.name:
        return first
    names = [difference.name for difference in wrong]
    right = [name for name, _ in every if name not in names]
    others = ", ".join(map(_with_shape, wrong[1:]))
    rest = f"Not right either: {others}. " if others else ""
    rest += f"Right: {', '.join(right)}." if right else ""
    return replace(first, rest=rest.strip())


def _with_shape(wrong: Difference) -> str:
    """Return the name of a wrong part, and its right shape if it has another."""
    got, expected = wrong.got, wrong.expected
    if got is None or expected is None or got.shape == expected.shape:
        return wrong.name
    return f"{wrong.name}, of shape {got.shape} and not {expected.shape}"


def _recognised(
    exercise: Exercise, outcomes: Sequence[Outcome], seed: int
) -> Mistake | None:
    """Return the known mistake that this answer makes, if any.

    It is one that gives the same on every case; failing that, where parts are compared,
    the only one with the same first wrong part.
    """
    if exercise.kind == "T":
        return None
    known = _known(exercise, seed)
    for mistake, theirs in known:
        if len(theirs) == len(outcomes) and all(map(_same, outcomes, theirs)):
            return mistake
    if not exercise.compares:
        return None
    right = _run_all(exercise, exercise.reference, seed)
    like = [mistake for mistake, theirs in known if _same_part(outcomes, theirs, right)]
    return like[0] if len({*like}) == 1 else None


@lru_cache(maxsize=8)
def _known(exercise: Exercise, seed: int) -> list[tuple[Mistake, tuple[Outcome, ...]]]:
    """Return each known mistake, and what it does on the cases of a seed."""
    return [
        (mistake, _run_all(exercise, answer, seed))
        for mistake in exercise.mistakes
        for answer in mistake.answers(exercise.reference)
    ]


@lru_cache(maxsize=8)
def _cases(exercise: Exercise, seed: int) -> Cases:
    """Return the cases of a seed, of which each run gets a copy."""
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
        [
            dict(parts(outcome.value, like=good.value))
            for outcome, good in zip(outcomes, right, strict=False)
        ]
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
