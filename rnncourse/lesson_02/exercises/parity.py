"""Be the network: the parity of the ones so far, with weights set by hand."""

import numpy as np

from rnncourse.checking.exercise import Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_02.exercises.digits import Net, claims, run_with, strings

__all__ = ["PARITY"]


def parity() -> Net:
    """Return a net that adds the digit to the parity, 0 to 2, and takes 2 for even."""
    W_xh = np.array([[1.0, 1.0]])
    W_hh = np.array([[1.0, 1.0], [-1.0, -1.0]])
    b_h = np.array([-0.5, -1.5])
    W_hy, b_y = np.array([[1.0], [-1.0]]), np.array([-0.5])
    return "step", W_xh, W_hh, b_h, W_hy, b_y


PARITY = Exercise(
    id="02.7",
    kind="H",
    title="Be the network: parity",
    reference=parity,
    cases=strings,
    observe=run_with(classes=1, units=3),
    mistakes=(
        Mistake(
            "remembers_only_that",
            {"[-1.0, -1.0]": "[0.0, 0.0]", "[-1.0]]": "[0.0]]"},
            "Your net says 1 from the first 1 on: a latch, not yet parity. A second 1 "
            "has to take the answer back. Which unit could be 1 only if the digit is "
            "1 and the parity so far is 1, too?",
        ),
        Mistake(
            "forgets_at_a_zero",
            {"W_hh, b_h": "-W_hh, b_h"},
            "Your net flips at each 1, but at a 0 it falls back to even. At a 0 the "
            "units see the old parity alone, and should say it again. Which sign must "
            "its way into the sums have?",
        ),
        Mistake(
            "says_the_digit",
            {"W_hh, b_h": "0 * W_hh, b_h"},
            "Your net repeats the last digit: nothing of the past comes in. Let the "
            "units see the old parity as well. It is the same sum of old states that "
            "your scores are made of.",
        ),
        Mistake(
            "right_only_at_the_end",
            {"[-1.0, -1.0]": "[0.0, 0.0]"},
            "Your score says the parity, but what your units pass on to the next step "
            "is not yet that. What the net must know at the next digit is what it has "
            "just said: from which units is that made up?",
        ),
    ),
    claims=claims(lambda strings: strings.cumsum(axis=0) % 2),
    hints=(
        "Add the digit to the parity so far: the sum is 0, 1 or 2. Which of the three "
        "is odd? The sign of a pre-activation can say whether a sum is above some "
        "number.",
        'One unit for "the sum is at least 1", one for "the sum is 2". The new '
        "parity is the first minus the second, and the score can say just that. The "
        "old parity is the same difference of the old units.",
        "Make a table for the sums 0, 1 and 2: is the first unit on, is the second, "
        "and what is their difference? Each bias moves a unit's change from off to on "
        "between two sums. Then find the two places where the difference is needed: in "
        "the score, and as the old parity.",
    ),
)
