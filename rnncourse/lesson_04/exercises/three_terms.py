"""The exercise three terms of lesson 04."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng

__all__ = [
    "THREE_TERMS",
    "added_up_on_the_way",
    "by_the_other_weight",
    "from_the_last_to_the_first",
    "one_w_too_many",
    "slope_of_the_state",
    "slope_of_the_step_before",
    "slope_of_the_use_forgotten",
    "state_after_the_use",
    "three_terms",
    "without_slopes",
    "without_the_weight",
]


def three_terms(w: float, u: float, x: Array, h_0: float) -> Any:
    """Return the three terms of dL/dw for L = h_3, h_t = tanh(u x_t + w h_{t-1})."""
    h_1 = np.tanh(u * x[0] + w * h_0)
    h_2 = np.tanh(u * x[1] + w * h_1)
    h_3 = np.tanh(u * x[2] + w * h_2)
    slope_1, slope_2, slope_3 = 1 - h_1**2, 1 - h_2**2, 1 - h_3**2
    first = h_0 * slope_1 * w * slope_2 * w * slope_3
    second = h_1 * slope_2 * w * slope_3
    third = h_2 * slope_3
    return first, second, third


def _three(
    w: float, u: float, x: Array, h_0: float, *, slope: Any = lambda h: 1 - h**2
) -> Any:
    """Return the states before each step, the slopes, and the three terms."""
    h = [h_0]
    for x_t in x:
        h.append(np.tanh(u * x_t + w * h[-1]))
    s_1, s_2, s_3 = map(slope, h[1:])
    return (
        h,
        (s_1, s_2, s_3),
        (
            h[0] * s_1 * w * s_2 * w * s_3,
            h[1] * s_2 * w * s_3,
            h[2] * s_3,
        ),
    )


def without_slopes(*case: Any) -> Any:
    """Each step has a product and a tanh, and a path passes both.

    You multiply by w only. What does the tanh of a step do to a small change of its a?
    """
    return _three(*case, slope=lambda h: 1)[2]


def without_the_weight(*case: Any) -> Any:
    """Each step has a product and a tanh, and a path passes both.

    You multiply by the slopes only. If a state moves, how much does the sum of the next
    step move?
    """
    h, (s_1, s_2, s_3), _ = _three(*case)
    return h[0] * s_1 * s_2 * s_3, h[1] * s_2 * s_3, h[2] * s_3


def slope_of_the_state(*case: Any) -> Any:
    """You take the slope of tanh at h, but h has been through tanh already.

    Written with the state itself the slope is simpler: one minus its square.
    """
    return _three(*case, slope=lambda h: 1 - np.tanh(h) ** 2)[2]


def one_w_too_many(*case: Any) -> Any:
    """Count the factors w of each term.

    The use of w that a term belongs to is the thing that moves: its derivative leaves
    the old state, not w. Only the steps after it multiply by w.
    """
    return tuple(case[0] * term for term in _three(*case)[2])


def state_after_the_use(*case: Any) -> Any:
    """What was w multiplied by, at the use that a term belongs to?

    At step k that is the state before the step; you take the one after it.
    """
    h, slopes, _ = _three(*case)
    s_1, s_2, s_3 = slopes
    w = case[0]
    return h[1] * s_1 * w * s_2 * w * s_3, h[2] * s_2 * w * s_3, h[3] * s_3


def slope_of_the_use_forgotten(*case: Any) -> Any:
    """Look at the step where the path begins.

    There w moves a, and a has to go through tanh before it is a state. One slope is
    missing in each of your terms.
    """
    h, slopes, _ = _three(*case)
    _, s_2, s_3 = slopes
    w = case[0]
    return h[0] * w * s_2 * w * s_3, h[1] * w * s_3, h[2]


def from_the_last_to_the_first(*case: Any) -> Any:
    """The three terms are right, in the other order.

    The first is asked for the use at step 1, which has the longest way to the loss.
    """
    return _three(*case)[2][::-1]


def slope_of_the_step_before(*case: Any) -> Any:
    """Each slope belongs to the tanh of its own step, and is written with its result.

    At step k that is one minus the square of the state after step k, not of the one
    before.
    """
    h, slopes, _ = _three(*case)
    w, before, (s_1, s_2, _) = case[0], 1 - h[0] ** 2, slopes
    return h[0] * before * w * s_1 * w * s_2, h[1] * s_1 * w * s_2, h[2] * s_2


def by_the_other_weight(*case: Any) -> Any:
    """You have the terms of dL/du: there the input is what comes in.

    The question is about w. What was w multiplied by at step k?
    """
    w, _, x, _ = case
    _, (s_1, s_2, s_3), _ = _three(*case)
    return x[0] * s_1 * w * s_2 * w * s_3, x[1] * s_2 * w * s_3, x[2] * s_3


def added_up_on_the_way(*case: Any) -> Any:
    """Your numbers are the derivatives of h_1, h_2 and h_3, each with all earlier uses.

    What is asked are the three terms of the last one, each for a single use. Their sum
    is your third number.
    """
    h, (s_1, s_2, s_3), _ = _three(*case)
    first = h[0] * s_1
    second = (h[1] + case[0] * first) * s_2
    return first, second, (h[2] + case[0] * second) * s_3


def _three_cases(rng: Rng) -> list[Case]:
    return [
        {
            "w": round(rng.uniform(0.5, 1.5), 3),
            "u": round(rng.uniform(0.5, 1.5), 3),
            "x": rng.standard_normal(3),
            "h_0": round(rng.uniform(0.2, 0.9), 3),
        }
        for _ in range(3)
    ]


THREE_TERMS = Exercise(
    id="04.6",
    kind="V",
    title="Three steps on paper",
    reference=three_terms,
    returns=("term_1", "term_2", "term_3"),
    cases=_three_cases,
    bugs=(
        without_slopes,
        without_the_weight,
        slope_of_the_state,
        one_w_too_many,
        state_after_the_use,
        slope_of_the_use_forgotten,
        from_the_last_to_the_first,
        slope_of_the_step_before,
        by_the_other_weight,
        added_up_on_the_way,
    ),
    hints=(
        "First go forward: compute the three states. Then take one use of w at a time, "
        "and ask along which way it reaches the last state.",
        "The use at step k moves a at step k by the state before it; the slope of tanh "
        "turns that into a move of the state; each later step multiplies by w and by "
        "its own slope. The third term is the shortest: try it first.",
        "term 3 = state 2 times slope 3; term 2 = state 1 times slope 2, times w and "
        "slope 3; term 1 = the start times slope 1, times w and slope 2, times w and "
        "slope 3. Each slope is one minus the square of the state of its step.",
    ),
)
