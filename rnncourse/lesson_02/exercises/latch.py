"""Be the network: a latch, with weights set by hand."""

import numpy as np

from rnncourse.checking.exercise import Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_02.exercises.digits import Net, claims, run_with, strings

__all__ = ["LATCH"]


def latch() -> Net:
    """Return a unit that its own 1 keeps switched on."""
    W_xh, W_hh, b_h = np.array([[1.0]]), np.array([[1.0]]), np.array([-0.5])
    W_hy, b_y = np.array([[1.0]]), np.array([-0.5])
    return "step", W_xh, W_hh, b_h, W_hy, b_y


LATCH = Exercise(
    id="02.6",
    kind="H",
    title="Be the network: a latch",
    reference=latch,
    cases=strings,
    observe=run_with(classes=1),
    mistakes=(
        Mistake(
            "forgets",
            {"W_hh, b_h, W_hy": "0 * W_hh, b_h, W_hy"},
            "Your unit is on while the digit is 1, and off a digit later. Which weight "
            "leads from the unit to itself? At a digit of 0 it alone must win against "
            "the bias.",
        ),
        Mistake(
            "always_on",
            {"b_h, W_hy": "b_h + 1, W_hy"},
            "Your unit is on before any 1 has come. With state 0 and digit 0 only the "
            "bias is left in the sum: on which side of 0 must it be?",
        ),
        Mistake(
            "never_on",
            {"b_h, W_hy": "b_h - 1, W_hy"},
            "Your unit never comes on. When the first 1 comes, the state is still 0: "
            "then the digit alone must lift the sum above 0, against the bias.",
        ),
        Mistake(
            "always_said",
            {
                "W_hy, b_y = np.array([[1.0]]), np.array([-0.5])": "W_hy, b_y = "
                "np.array([[1.0]]), np.array([0.5])"
            },
            "Your unit does what it should, and the answer is 1 even while it is off. "
            "Look at the score: with the state at 0, what is left of it?",
        ),
        Mistake(
            "never_said",
            {
                "W_hy, b_y = np.array([[1.0]]), np.array([-0.5])": "W_hy, b_y = "
                "np.array([[1.0]]), np.array([-1.5])"
            },
            "Your unit does what it should, and the answer is 0 even while it is on. "
            "Look at the score: with the state at 1, is it above 0?",
        ),
    ),
    claims=claims(
        lambda strings: np.maximum.accumulate(strings, axis=0), may_count=True
    ),
    hints=(
        "There are only four cases: old state 0 or 1, digit 0 or 1. Write down, for "
        "each, whether the sum has to be above 0.",
        "The sum is digit times weight, plus state times weight, plus bias. The bias "
        "alone must be below 0; the digit alone must win against it, and so must the "
        "state alone.",
        "Make a table of the four cases, with the sum of each written in three "
        "letters: one for the weight of the digit, one for that of the state, one for "
        "the bias. It gives you three conditions; then choose numbers. The score is "
        "the same once more, with the state alone.",
    ),
)
