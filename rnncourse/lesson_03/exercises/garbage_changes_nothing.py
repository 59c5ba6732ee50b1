"""Garbage in the padding changes nothing: the function of 03.1, checked once more."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_03.exercises.last_valid_state import (
    LAST_VALID_STATE,
    PADDING_WAS_READ,
)
from rnnlib._typing import Array

__all__ = ["GARBAGE"]


RUBBISH = {"a million": 1e6, "minus ten": -10.0, "NaN": np.nan, "infinity": np.inf}
ONE_ALONE = "NaN in a single feature"


def _with_garbage(answer: Answer, case: Case) -> dict[str, Any]:
    """Return the states with each kind of garbage, and whether x was left alone."""
    x, mask, *weights = case.values()
    states: dict[str, Any] = {}
    untouched = True
    rubbish: dict[str, Any] = {**RUBBISH, ONE_ALONE: _one_alone(x)}
    for name, garbage in rubbish.items():
        given = np.where(mask[..., None], x, garbage)
        taken = given.copy()
        with np.errstate(invalid="ignore"):  # of padding that is read, and left out
            states[name] = answer(taken, mask, *weights)
        untouched &= np.array_equal(given, taken, equal_nan=True)
    return {"states": states, "untouched": untouched}


def _one_alone(x: Array) -> Array:
    """Return x with NaN for one feature of each step, not always the same."""
    T, B, D = x.shape
    which = (np.arange(T)[:, None] + np.arange(B)) % D
    return np.where(np.arange(D) == which[..., None], np.nan, x)


def _x_stays(observed: Any, case: Case) -> bool | str:
    return observed["untouched"] or (
        "Your function changes its argument x, which others still need: work on a "
        "copy, or choose with np.where, which makes a new array."
    )


def _is_the_same(observed: Any, case: Case) -> str:
    """Return what garbage has changed, in words."""
    expected = LAST_VALID_STATE.reference(*case.values())
    first = observed["states"]["a million"]
    for name, states in observed["states"].items():
        if states is None:
            return "It returns None: is there a return at the end of your function?"
        if np.shape(states) != expected.shape:
            shape = np.shape(states)
            return f"The states should have the shape {expected.shape}, not {shape}."
        if not np.isfinite(states).all():
            return f"With {name} in the padding, NaN comes out."
        if case["mask"].all() and not np.array_equal(first, states):
            return (
                "There is no padding here, and a second call with the same x gives "
                "other states. Does your function keep something from call to call?"
            )
        if not np.array_equal(first, states):
            return (
                f"With {name} in the padding other states come out than with a million."
            )
    if not np.allclose(first, expected):
        return "Garbage changes nothing, but these are not the last valid states: 03.1."
    return ""


GARBAGE = Exercise(
    id="03.2",
    kind="P",
    title="Garbage changes nothing",
    reference=LAST_VALID_STATE.reference,
    whole=("x",),
    cases=LAST_VALID_STATE.cases,
    mistakes=(
        PADDING_WAS_READ,
        Mistake(
            "garbage_times_zero",
            {
                "np.where(exists, new, h)": "exists * new + (1 - exists) * h",
                "np.where(exists, x_t, 0)": "x_t",
            },
            "You multiply by the mask, and where the padding holds NaN, NaN comes "
            "out. Zero times NaN is NaN. To leave something out, choose between two "
            "values, instead of weighing them with 1 and 0: np.where does.",
        ),
        Mistake(
            "rubbish_looked_for",
            {
                "np.where(exists, new, h)": "exists * new + (1 - exists) * h",
                "np.where(exists, x_t, 0)": "np.where(np.isfinite(x_t[:, :1]), x_t, 0)",
            },
            "You look for rubbish in the inputs, and do not find it in every feature. "
            "Which steps exist is not to be guessed from what stands there: the mask "
            "says so.",
            others=(
                {
                    "np.where(exists, new, h)": "exists * new + (1 - exists) * h",
                    "np.where(exists, x_t, 0)": "np.where(np.isfinite(x_t[:, -1:]), "
                    "x_t, 0)",
                },
                {
                    "np.where(exists, new, h)": "exists * new + (1 - exists) * h",
                    "np.where(exists, x_t, 0)": "np.where(np.isfinite(x_t).any(-1)"
                    "[:, None], x_t, 0)",
                },
            ),
        ),
    ),
    hints=(
        "The check calls the same function several times, each time with something "
        "else in the padding: a million, minus ten, NaN, infinity, NaN in a single "
        "feature. Which line of yours lets them in?",
        "Zero times NaN is NaN: whoever weighs the new state with 0 and the old one "
        "with 1 lets it in. Choose between them, and what is not chosen has no say.",
        "Find the line in which old and new state meet. Is it a sum of both, or a "
        "choice between them? Only what a choice leaves out has no say, whatever it "
        "is.",
    ),
    observe=_with_garbage,
    claims=(
        Claim("The inputs stay as they are.", _x_stays),
        Claim("What the padding holds changes no state.", _is_the_same),
    ),
)
