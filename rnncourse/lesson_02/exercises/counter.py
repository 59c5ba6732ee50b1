"""Be the network: count to three and begin again, with weights set by hand."""

import numpy as np

from rnncourse.checking.exercise import Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_02.exercises.digits import Net, claims, run_with, strings

__all__ = ["COUNTER"]


def counter() -> Net:
    """Return a net that adds the digit to the count, 0 to 3, and takes 3 for 0."""
    W_xh = np.ones((1, 3))
    W_hh = np.array([[1.0], [1.0], [-2.0]]) * np.ones(3)
    b_h = np.array([-0.5, -1.5, -2.5])
    W_hy = np.array([[-1.0, 1.0, 0.0], [0.0, -1.0, 1.0], [1.0, 0.0, -1.0]])
    b_y = np.array([1.0, 0.0, 0.0])
    return "step", W_xh, W_hh, b_h, W_hy, b_y


COUNTER = Exercise(
    id="02.8",
    kind="H",
    title="Be the network: count to three",
    reference=counter,
    cases=strings,
    observe=run_with(classes=3, units=6),
    mistakes=(
        Mistake(
            "never_wraps",
            {"[-2.0]": "[0.0]"},
            "Your net counts up to 2 and stays there. Something must notice the third "
            '1, and take away as much as has been counted. A unit for "digit and '
            'count together are 3" could do it.',
        ),
        Mistake(
            "counts_every_digit",
            {"W_xh, W_hh, b_h": "0 * W_xh, W_hh, b_h + 1"},
            "Your net counts digits, not ones: it moves on at a 0 as well. What does "
            "your net add at each step, whether there is a 1 or not? The step forward "
            "has to come from W_xh, since only it sees the digit.",
        ),
        Mistake(
            "counts_modulo_two",
            {"[1.0], [-2.0]": "[-1.0], [-2.0]", "[0.0, -1.0, 1.0]": "[1.0, -1.0, 0.0]"},
            "Your net goes back to 0 after two ones: that is parity. Three states are "
            "needed, and only the third 1 leads back to the first of them.",
        ),
    ),
    claims=claims(lambda strings: strings.cumsum(axis=0) % 3),
    hints=(
        "It is parity with one number more. Digit plus count is 0, 1, 2 or 3, and 3 "
        "must become 0.",
        'Three units: "the sum is at least 1", "at least 2", "is 3". How do you get '
        "the new count from them? Then the old count comes from the old units in just "
        "the same way.",
        "Make a table for the sums 0 to 3: which units are on, and what should the new "
        "count be? It shows with which weights the three units add up to the count, "
        "and with those they are read at the next step. For the scores ask which units "
        "are on at a count of 1 and not at 2.",
    ),
)
