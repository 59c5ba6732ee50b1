"""Exercise 12.1: two steps of a linear recurrence in one."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.scan import compose

__all__ = ["COMPOSE"]


def both_steps(a_1: Array, b_1: Array, a_2: Array, b_2: Array) -> tuple[Array, Array]:
    """Return a and b of one step that does step 1 and then step 2."""
    return a_2 * a_1, a_2 * b_1 + b_2


def _cases(rng: Rng) -> list[Case]:
    names = ("a_1", "b_1", "a_2", "b_2")
    shapes = (1,), (3,), (1, 4), (4, 4), (5,), (6, 2), (2, 3), (11, 3), (3, 3), (12, 5)
    cases: list[dict[str, Array]] = [
        {name: rng.standard_normal(shape) for name in names} for shape in shapes
    ]
    cases[2] |= {"a_1": np.ones((1, 4)), "b_1": np.zeros((1, 4))}  # nothing happens
    cases[4]["a_2"] *= 0  # all is forgotten
    cases[3]["a_1"][0] = 0  # all that was before is forgotten
    for name in ("a_1", "b_1", "b_2"):
        cases[5][name] = 1.0 * rng.integers(-3, 4, (6, 2))  # some of them 0
    for name in names:
        cases[7][name] *= 1e3
        cases[8][name] = np.asfortranarray(cases[8][name])[:, ::-1]
    cases[6] |= {"a_2": np.ones((2, 3)), "b_2": np.zeros((2, 3))}
    return [*cases]


COMPOSE = Exercise(
    id="12.1",
    kind="V",
    title="Two steps in one",
    reference=both_steps,
    returns=("a", "b"),
    cases=_cases,
    mistakes=(
        Mistake(
            "the_other_order",
            {"a_2 * b_1 + b_2": "a_1 * b_2 + b_1"},
            "Your pair does step 2 and then step 1. The factors do not mind the order; "
            "what is added does. Which of the two goes through the other's factor?",
        ),
        Mistake(
            "what_was_added_is_kept_whole",
            {"a_2 * b_1 + b_2": "b_1 + b_2"},
            "What step 1 adds stays as it is in your pair. It is part of the state "
            "when step 2 comes: what does step 2 do to the state?",
        ),
        Mistake(
            "factors_added",
            {"a_2 * a_1": "a_2 + a_1"},
            "You add the factors. If each step halves the state, what is left of it "
            "after two?",
        ),
        Mistake(
            "second_addition_forgotten",
            {" + b_2": ""},
            "Step 2 adds something, too, and your pair does not hold it.",
        ),
        Mistake(
            "first_addition_forgotten",
            {"a_2 * b_1 + b_2": "b_2"},
            "Your b knows nothing of what step 1 has added. Is it gone after step 2?",
        ),
        Mistake(
            "first_factor_forgotten",
            {"a_2 * a_1": "a_2"},
            "Your a is the second step's alone. The state from before has been through "
            "both.",
        ),
        Mistake(
            "first_addition_through_both_factors",
            {"a_2 * b_1": "a_2 * a_1 * b_1"},
            "What step 1 adds goes through both factors in your pair. It is added "
            "behind the first of them.",
        ),
        Mistake(
            "both_additions_through_the_factor",
            {"a_2 * b_1 + b_2": "a_2 * (b_1 + b_2)"},
            "What step 2 adds goes through its own factor in your pair. In h = a h + b "
            "the factor acts on the old state alone.",
        ),
        Mistake(
            "as_matrices",
            {"a_2 * a_1, a_2 * b_1": "a_2 @ a_1, a_2 @ b_1"},
            "You take products of matrices. Each unit has a factor of its own and sees "
            "no other unit: entry by entry.",
        ),
    ),
    hints=(
        "Write the two steps below each other, with the state before both in the first "
        "line. Then put the first line into the second.",
        "You get a sum of three parts. One holds the old state, and whatever stands "
        "before it is the new factor. The rest is what is added.",
        "Try it with numbers: the first step halves and adds 1, the second takes a "
        "third and adds 5. Send a state of 0 through both, and then a state of 1. The "
        "first result is what your pair adds; how far the second lies above it is its "
        "factor. Which letters made these two numbers?",
    ),
    source=compose,
    point=("return",),
)
