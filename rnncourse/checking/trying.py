"""An answer on all cases of an exercise, and what is wrong in each of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from rnncourse.checking.arguments import is_same
from rnncourse.checking.by_hand import as_floats, rounded, typed
from rnncourse.checking.comparing import Difference, differences, dtype_fault
from rnncourse.checking.exercise import (
    AT_WHOLE,
    CUT_OFF,
    HANDED_OUT_TWICE,
    KEPT,
    LEFT_OVER,
    NOT_DRAWN,
    Answer,
    Case,
    Exercise,
)
from rnncourse.checking.parts import parts
from rnncourse.checking.plain import plain
from rnncourse.checking.running import Outcome, run

__all__ = [
    "Cases",
    "cases_of",
    "cuts_off_alone",
    "fault_of",
    "right",
    "run_again",
    "run_all",
    "run_on",
]

Cases = Sequence[Case]


def run_all(
    exercise: Exercise, answer: Answer, seed: int,
    arm: Callable[[float], None] | None = None,
) -> tuple[Outcome, ...]:  # fmt: skip
    """Run the cases in turn, and stop after one that did not finish.

    What a learner wrote is watched, so it comes with `arm`; only that is judged.
    """
    outcomes: list[Outcome] = []
    left = exercise.seconds
    known = right(exercise, seed) if arm and exercise.kind != "T" else ()
    for number, case in enumerate(cases_of(exercise, seed)):
        seconds = max(left, 0.1)
        if arm:
            good = known[number] if known else Outcome()
            look = partial(_fault, exercise, case, good.value)
            outcomes.append(run(exercise, answer, case, seconds, look, arm))
        else:
            outcomes.append(run(exercise, answer, case, seconds))
        left -= outcomes[-1].seconds
        if not outcomes[-1].tried or outcomes[-1].error == "TimeLimitError":
            return tuple(outcomes)
    idle = _drawn(known) - _drawn(outcomes)
    if idle and not fault_of(outcomes[-1]):
        outcomes[-1] = replace(outcomes[-1], complaint=NOT_DRAWN.format(*idle))
    return tuple(outcomes)


def run_on(
    exercise: Exercise, answer: Answer, seed: int, outcomes: tuple[Outcome, ...],
    arm: Callable[[float], None],
) -> tuple[Outcome, ...]:  # fmt: skip
    """Go on with other numbers of the same shapes, and with some typed by hand.

    What was returned before must stay, and what is computed must not depend on whether
    a number has a decimal point.
    """
    if exercise.kind not in "VGP":
        return outcomes

    def changed(_: Any) -> list[int]:
        now = [plain(outcome.returned) for outcome in outcomes]
        return [n for n, o in enumerate(outcomes) if not is_same(now[n], o.value)]

    others = cases_of(exercise, seed + 1)  # the last first: the shapes just seen
    look = partial(_fault, exercise, others[-1], _right_at_last(exercise, seed + 1))
    once_more = run(exercise, answer, others[-1], exercise.seconds, look, arm)
    other = run(exercise, answer, others[0], exercise.seconds, changed, arm)
    complaints = dict.fromkeys(other.fault or (), HANDED_OUT_TWICE)
    if fault_of(once_more) and not complaints:
        complaints = {len(outcomes) - 1: LEFT_OVER}
    compared = exercise.compares and not complaints
    if compared and (words := _at_whole_numbers(exercise, answer, seed, arm)):
        complaints = {len(outcomes) - 1: words}
    return tuple(
        replace(o, complaint=complaints.get(n, "")) for n, o in enumerate(outcomes)
    )


def run_again(
    exercise: Exercise, answer: Answer, seed: int, outcomes: tuple[Outcome, ...],
    arm: Callable[[float], None],
) -> tuple[Outcome, ...]:  # fmt: skip
    """Try the first case, if it was right, once more after others that are wrong."""
    first, last = outcomes[0], outcomes[-1]
    late = last.error == "TimeLimitError"
    if exercise.kind not in "VGP" or fault_of(first) or late or not last.tried:
        return outcomes
    case, good = cases_of(exercise, seed)[0], right(exercise, seed)[0]
    look = partial(_fault, exercise, case, good.value)
    if not fault_of(run(exercise, answer, case, exercise.seconds, look, arm)):
        return outcomes
    return tuple(replace(o, complaint=KEPT) if fault_of(o) else o for o in outcomes)


def _at_whole_numbers(
    exercise: Exercise, answer: Answer, seed: int, arm: Callable[[float], None]
) -> str:
    """Say in words where whole numbers typed by hand do not do what floats do.

    Those arguments are tried of which the task says that they may be whole.
    """
    for case, name, expected in _by_hand(exercise, seed):

        def look(
            value: Any, case: Case = case, expected: Any = expected
        ) -> Difference | None:
            return _fault(exercise, case, expected, as_floats(value))

        seconds = exercise.seconds
        found = run(exercise, answer, typed(case, name), seconds, look, arm)
        if found.fault is None and not found.error:
            continue
        floats = run(exercise, answer, case, seconds, look, arm)
        if floats.fault is None and not floats.error:
            return AT_WHOLE.format(found.complaint) if found.error else CUT_OFF
    return ""


def cuts_off_alone(
    exercise: Exercise, answer: Answer, seed: int, outcomes: tuple[Outcome, ...],
    arm: Callable[[float], None],
) -> bool:  # fmt: skip
    """Return whether all that is wrong comes from whole numbers in place of floats."""
    if not exercise.compares or any(o.error or o.complaint for o in outcomes):
        return False
    cases, known = cases_of(exercise, seed), right(exercise, seed)
    usual = {name for case in cases for name in case if _floats(case[name]) is not None}
    faulty = [n for n, outcome in enumerate(outcomes) if outcome.fault]
    for n in faulty:
        given = {name: cases[n][name] for name in usual}
        whole = {name: as_floats(v) for name, v in given.items() if _floats(v) is None}
        case = {**cases[n], **whole}
        look = partial(_fault, exercise, case, known[n].value)
        found = run(exercise, answer, case, exercise.seconds, look, arm)
        if not whole or fault_of(found):
            return False
    return bool(faulty)


@lru_cache(maxsize=8)
def _by_hand(exercise: Exercise, seed: int) -> list[tuple[Case, str, Any]]:
    """Return cases with one argument rounded, and what the reference makes of each."""
    cases = cases_of(exercise, seed)
    middle = len(cases) // 2
    found = []
    for name in exercise.whole:
        whole = (rounded(case, name) for case in (*cases[middle:], *cases[:middle]))
        for case in filter(None, whole):
            good = run(exercise, exercise.reference, case, exercise.seconds)
            right = not good.complaint and _is_finite(good.value)
            if right and not _fault(exercise, case, good.value, good.value):
                found.append((case, name, good.value))
                break
    return found


def _is_finite(value: Any) -> bool:
    """Return whether all arrays of what was observed are finite."""
    arrays = (part for _, part in parts(value) if isinstance(part, np.ndarray))
    return all(np.isfinite(array).all() for array in arrays)


def _drawn(outcomes: Sequence[Outcome]) -> frozenset[str]:
    """Return from which generators something was drawn in any of the cases."""
    return frozenset().union(*(outcome.draws_from for outcome in outcomes))


@lru_cache(maxsize=8)
def right(exercise: Exercise, seed: int) -> tuple[Outcome, ...]:
    """Return what the reference does on the cases of a seed."""
    return run_all(exercise, exercise.reference, seed)


@lru_cache(maxsize=8)
def _right_at_last(exercise: Exercise, seed: int) -> Any:
    """Return what the reference gives on the last case of a seed."""
    case = cases_of(exercise, seed)[-1]
    return run(exercise, exercise.reference, case, exercise.seconds).value


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
        shown, said = repr(value)[:80], str(error)[:200]
        words = f"It returns {shown}, which the check cannot use: {said}"
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


def fault_of(outcome: Outcome) -> Difference | None:
    """Return what is wrong in a case: the run as such, or else its value."""
    complaint = outcome.complaint
    return Difference("", complaint) if complaint else outcome.fault


@lru_cache(maxsize=8)
def cases_of(exercise: Exercise, seed: int) -> Cases:
    """Return the cases of a seed, of which each run gets a copy."""
    return exercise.cases(np.random.default_rng(seed))
