"""Exercise 04.6: the three terms of a gradient over three steps, as on paper."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng

__all__ = ["THREE_TERMS"]


def three_terms(w: float, u: float, x: Array, h_0: float) -> Any:
    """Return the three terms of dL/dw for L = h_3, h_t = tanh(u x_t + w h_{t-1})."""
    h_1 = np.tanh(u * x[0] + w * h_0)
    h_2 = np.tanh(u * x[1] + w * h_1)
    h_3 = np.tanh(u * x[2] + w * h_2)
    slope_1, slope_2, slope_3 = (1 - h**2 for h in (h_1, h_2, h_3))
    first = h_0 * slope_1 * w * slope_2 * w * slope_3
    second = h_1 * slope_2 * w * slope_3
    third = h_2 * slope_3
    return first, second, third


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = [
        {
            "w": round(rng.uniform(0.5, 1.5), 3),
            "u": round(rng.uniform(0.5, 1.5), 3),
            "x": rng.standard_normal(3),
            "h_0": round(rng.uniform(0.2, 0.9), 3),
        }
        for _ in range(5)
    ]
    no_weight, no_start, negative = ({**case} for case in cases[:3])
    no_weight["w"] = no_start["h_0"] = 0.0
    for name in ("w", "u", "h_0"):
        negative[name] = -negative[name]
    negative["h_0"] -= 1
    loud = {"w": 2.5, "u": 3.0, "x": 1 + rng.random(3), "h_0": 0.5}
    silent = {**no_start, "x": np.array([0.0, 0.0, rng.uniform(0.5, 1.5)])}
    whole = {**negative, "x": rng.permutation([-1, 1, 2])}
    typed = {**cases[4], "h_0": 0}  # an integer, as one would type it
    return [*cases, no_weight, no_start, silent, negative, loud, typed, whole]


THREE_TERMS = Exercise(
    id="04.6",
    kind="V",
    title="Three steps on paper",
    reference=three_terms,
    returns=("term_1", "term_2", "term_3"),
    whole=("x",),
    cases=_cases,
    mistakes=(
        Mistake(
            "without_slopes",
            {"1 - h**2": "1"},
            "Each step has a product and a tanh, and a path passes both. You multiply "
            "by w only. What does the tanh of a step do to a small change of its a?",
        ),
        Mistake(
            "without_the_weight",
            {
                "slope_1 * w * slope_2 * w": "slope_1 * slope_2",
                "h_1 * slope_2 * w": "h_1 * slope_2",
            },
            "Each step has a product and a tanh, and a path passes both. You multiply "
            "by the slopes only. If a state moves, how much does the sum of the next "
            "step move?",
        ),
        Mistake(
            "some_weights_missing",
            {"slope_1 * w * slope_2 * w": "slope_1 * w * slope_2"},
            "Some of the weights that your paths pass are missing. Count the steps "
            "after the use that a term belongs to: two for the first term, one for the "
            "second. Each of them multiplies by its w, as it does by its slope.",
            others=(
                {"slope_1 * w * slope_2 * w": "slope_1 * slope_2"},
                {"h_1 * slope_2 * w": "h_1 * slope_2"},
                {
                    "slope_1 * w * slope_2 * w": "slope_1 * w * slope_2",
                    "h_1 * slope_2 * w": "h_1 * slope_2",
                },
            ),
        ),
        Mistake(
            "stops_at_its_own_state",
            {
                "slope_1 * w * slope_2 * w * slope_3": "slope_1",
                "slope_2 * w * slope_3": "slope_2",
            },
            "This term stops at the state of its own step. The loss is h_3: how does "
            "a move of that state get there, through which w and which slopes?",
            others=(
                {"slope_1 * w * slope_2 * w * slope_3": "slope_1"},
                {"h_1 * slope_2 * w * slope_3": "h_1 * slope_2"},
            ),
        ),
        Mistake(
            "slope_of_the_state",
            {"h**2": "np.tanh(h) ** 2"},
            "You take the slope of tanh at h, but h has been through tanh already. "
            "Written with the state itself the slope is simpler: one minus its square.",
        ),
        Mistake(
            "one_w_too_many",
            {"return first, second, third": "return w * first, w * second, w * third"},
            "Count the factors w of each term. The use of w that a term belongs to is "
            "the thing that moves: its derivative leaves the old state, not w. Only "
            "the steps after it multiply by w.",
        ),
        Mistake(
            "state_after_the_use",
            {
                "first = h_0": "first = h_1",
                "second = h_1": "second = h_2",
                "third = h_2": "third = h_3",
            },
            "What was w multiplied by, at the use that a term belongs to? At step k "
            "that is the state before the step; you take the one after it.",
        ),
        Mistake(
            "slope_of_the_use_forgotten",
            {"h_0 * slope_1": "h_0", "h_1 * slope_2": "h_1", "h_2 * slope_3": "h_2"},
            "Look at the step where the path of this term begins. There w moves a, and "
            "a has to go through tanh before it is a state. That slope is missing.",
            others=({"h_2 * slope_3": "h_2"},),
        ),
        Mistake(
            "a_slope_missing",
            {"slope_1 * w * slope_2 * w": "slope_1 * w * w"},
            "A slope is missing on the way of this term. Count the tanhs that its path "
            "passes: that of the use itself, and one in each later step, up to h_3. "
            "Each of them has a slope.",
            others=(
                {"slope_1 * w * slope_2 * w * slope_3": "slope_1 * w * slope_2 * w"},
                {"h_1 * slope_2 * w * slope_3": "h_1 * slope_2 * w"},
                {
                    "slope_1 * w * slope_2 * w * slope_3": "slope_1 * w * slope_2 * w",
                    "h_1 * slope_2 * w * slope_3": "h_1 * slope_2 * w",
                },
                {
                    "slope_1 * w * slope_2 * w * slope_3": "slope_1 * w * slope_2 * w",
                    "h_1 * slope_2 * w * slope_3": "h_1 * slope_2 * w",
                    "h_2 * slope_3": "h_2",
                },
            ),
        ),
        Mistake(
            "from_the_last_to_the_first",
            {"return first, second, third": "return third, second, first"},
            "The three terms are right, but in the opposite order. The first should "
            "be that of the use at step 1, which has the longest way to the loss.",
        ),
        Mistake(
            "slope_of_the_step_before",
            {"(h_1, h_2, h_3)": "(h_0, h_1, h_2)"},
            "Each slope belongs to the tanh of its own step, and is written with what "
            "comes out of it. At step k that is one minus the square of the state "
            "after step k, not of the one before.",
        ),
        Mistake(
            "by_the_other_weight",
            {
                "first = h_0": "first = x[0]",
                "second = h_1": "second = x[1]",
                "third = h_2": "third = x[2]",
            },
            "You have the terms of dL/du: there the input is what comes in. The "
            "question is about w. What was w multiplied by at step k?",
        ),
        Mistake(
            "added_up_on_the_way",
            {
                "slope_1 * w * slope_2 * w * slope_3": "slope_1",
                "h_1 * slope_2 * w * slope_3": "(h_1 + w * first) * slope_2",
                "h_2 * slope_3": "(h_2 + w * second) * slope_3",
            },
            "Your numbers are the derivatives of h_1, h_2 and h_3, each with all "
            "earlier uses. What is asked for are the three terms of the last one, "
            "each for a single use. Their sum is your third number.",
        ),
        Mistake(
            "total_for_the_third",
            {"first, second, third": "first, second, first + second + third"},
            "Your first two terms are right. Your third number is the whole "
            "derivative, which holds the other two already. What does the use of w at "
            "step 3 add alone?",
        ),
        Mistake(
            "running_sum",
            {"first, second, third": "first, first + second, first + second + third"},
            "You add up on the way: a number of yours holds another term as well. Each "
            "of the three belongs to a single use of w, and only their sum is the "
            "whole derivative.",
            others=({"return first,": "second += third\n    return first + second,"},),
        ),
    ),
    hints=(
        "First go forward: compute the three states. Then take one use of w at a time, "
        "and ask along which way it reaches the last state.",
        "The use at step k moves a at step k by the state before it; the slope of tanh "
        "turns that into a move of the state; each later step multiplies by w and by "
        "its own slope. The third term is the shortest: try it first.",
        "Draw the chain with all its tanhs, and mark one use of w. Write down what "
        "each piece of the way from there to h_3 contributes: where it begins, each "
        "tanh, each w that it passes. Longer ways have two more factors for each step.",
    ),
)
