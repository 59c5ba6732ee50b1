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


def _with_garbage(answer: Answer, case: Case) -> tuple[Array, Array]:
    """Return the states with two kinds of garbage in the padding."""
    x, mask, *weights = case.values()
    rubbish = np.where(mask[..., None], x, 1e6), np.where(mask[..., None], x, np.nan)
    one, other = (np.asarray(answer(each, mask, *weights)) for each in rubbish)
    return one, other


def _is_untouched(observed: Any, case: Case) -> str:
    """Return what garbage has changed, in words."""
    one, other = observed
    if not np.isfinite(other).all():
        return "With NaN in the padding, NaN comes out."
    if not np.array_equal(one, other):
        return "A million in the padding gives another state than NaN in the padding."
    expected = LAST_VALID_STATE.reference(*case.values())
    if one.shape != expected.shape or not np.allclose(one, expected):
        return "Garbage changes nothing, but these are not the last valid states: 03.1."
    return ""


GARBAGE = Exercise(
    id="03.2",
    kind="P",
    title="Garbage changes nothing",
    reference=LAST_VALID_STATE.reference,
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
    ),
    hints=(
        "The check calls the same function twice, once with a million in the padding "
        "and once with NaN. Which line of yours lets them in?",
        "Zero times NaN is NaN: whoever weighs the new state with 0 and the old one "
        "with 1 lets it in. Choose between them, and what is not chosen has no say.",
        "After the tanh: np.where takes the new state where the step exists, and the "
        "old one elsewhere. A state that was made of garbage is then never used.",
    ),
    observe=_with_garbage,
    claims=(Claim("What the padding holds changes no state.", _is_untouched),),
)
