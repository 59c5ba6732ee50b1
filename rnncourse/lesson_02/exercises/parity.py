"""Be the network: weights of a latch, of parity and of a counter, set by hand."""

import numpy as np

from rnncourse.checking.exercise import Exercise
from rnncourse.lesson_02.exercises.digits import Net, claims, run_with, strings

__all__ = ["COUNTER", "LATCH", "PARITY"]


def latch() -> Net:
    """Return a unit that its own 1 keeps switched on."""
    W_xh, W_hh, b_h = np.array([[1.0]]), np.array([[1.0]]), np.array([-0.5])
    W_hy, b_y = np.array([[1.0]]), np.array([-0.5])
    return "step", W_xh, W_hh, b_h, W_hy, b_y


def forgets() -> Net:
    """Your net says 1 while the digit is 1, and has forgotten it a digit later.

    Which weight leads from the unit to itself? Without any input it alone must keep
    the sum above 0.
    """
    activation, W_xh, W_hh, b_h, W_hy, b_y = latch()
    return activation, W_xh, 0 * W_hh, b_h, W_hy, b_y


def always_on() -> Net:
    """Your net says 1 before any 1 has come.

    With state 0 and digit 0 only the bias is left in the sum: on which side of 0 must
    it be?
    """
    activation, W_xh, W_hh, _, W_hy, b_y = latch()
    return activation, W_xh, W_hh, np.array([0.5]), W_hy, b_y


def never_on() -> Net:
    """Your net never says 1.

    When the first 1 comes, the state is still 0: then the digit alone must lift the
    sum above 0, against the bias.
    """
    activation, W_xh, W_hh, _, W_hy, b_y = latch()
    return activation, W_xh, W_hh, np.array([-1.5]), W_hy, b_y


def parity() -> Net:
    """Return a net that counts digit + parity, 0 to 2, and calls 2 even."""
    W_xh = np.array([[1.0, 1.0]])
    W_hh = np.array([[1.0, 1.0], [-1.0, -1.0]])
    b_h = np.array([-0.5, -1.5])
    W_hy, b_y = np.array([[1.0], [-1.0]]), np.array([-0.5])
    return "step", W_xh, W_hh, b_h, W_hy, b_y


def remembers_only_that() -> Net:
    """Your net says 1 from the first 1 on: a latch, not yet parity.

    A second 1 has to take the answer back. Which unit could be 1 only if the digit is
    1 and the parity so far is 1, too?
    """
    return latch()


def forgets_at_a_zero() -> Net:
    """Your net turns at each 1, but at a 0 it falls back to even.

    A single unit whose weight to itself is negative switches itself off, with or
    without a 1. "One of the two, but not both" needs more than one threshold.
    """
    activation, W_xh, W_hh, b_h, W_hy, b_y = latch()
    return activation, W_xh, -W_hh, b_h, W_hy, b_y


def says_the_digit() -> Net:
    """Your net repeats the last digit: nothing of the past comes in.

    Let the units see the old parity as well. It is the same sum of old states that
    your scores are made of.
    """
    return forgets()


def right_only_at_the_end() -> Net:
    """The score takes one unit minus the other, but the recurrence does not.

    What the net says is the parity. What it must know at the next digit is the same
    parity: so the same difference belongs into W_hh.
    """
    activation, W_xh, W_hh, b_h, W_hy, b_y = parity()
    return activation, W_xh, abs(W_hh) * [[1.0], [0.0]], b_h, W_hy, b_y


def counter() -> Net:
    """Return a net that counts digit + count, 0 to 3, and calls 3 nothing."""
    W_xh = np.ones((1, 3))
    W_hh = np.array([[1.0], [1.0], [-2.0]]) * np.ones(3)
    b_h = np.array([-0.5, -1.5, -2.5])
    W_hy = np.array([[-1.0, 1.0, 0.0], [0.0, -1.0, 1.0], [1.0, 0.0, -1.0]])
    b_y = np.array([1.0, 0.0, 0.0])
    return "step", W_xh, W_hh, b_h, W_hy, b_y


def never_wraps() -> Net:
    """Your net counts up to 2 and stays there.

    Something must notice the third 1, and take away as much as has been counted. A
    unit for "digit and count together are 3" could do it.
    """
    activation, W_xh, W_hh, b_h, W_hy, b_y = counter()
    return activation, W_xh, abs(W_hh) * [[1.0], [1.0], [0.0]], b_h, W_hy, b_y


def counts_every_digit() -> Net:
    """Your net counts digits, not ones: it moves on at a 0 as well.

    What does your net add at each step, whether there is a 1 or not? The step forward
    has to come from W_xh, since only it sees the digit.
    """
    activation, W_xh, W_hh, b_h, W_hy, b_y = counter()
    return activation, 0 * W_xh, W_hh, b_h + 1, W_hy, b_y


def counts_modulo_two() -> Net:
    """Your net goes back to 0 after two ones: that is parity.

    Three states are needed, and only the third 1 leads back to the first of them.
    """
    activation, W_xh, W_hh, b_h, W_hy, _ = parity()
    scores = np.hstack([-W_hy, W_hy, 0 * W_hy])
    return activation, W_xh, W_hh, b_h, scores, np.array([0.5, -0.5, -9.0])


LATCH = Exercise(
    id="02.6",
    kind="H",
    title="Be the network: a latch",
    reference=latch,
    cases=strings,
    observe=run_with(classes=1, units=1),
    bugs=(forgets, always_on, never_on),
    claims=claims(lambda strings: np.maximum.accumulate(strings, axis=0)),
    hints=(
        "There are only four cases: old state 0 or 1, digit 0 or 1. Write down, for "
        "each, whether the sum has to be above 0.",
        "The sum is digit times weight, plus state times weight, plus bias. The bias "
        "alone must be below 0; the digit alone must win against it, and so must the "
        "state alone.",
        'activation "step"; both weights the same positive number; the bias negative '
        "and smaller in size than each of them; the score reads the state and is "
        "above 0 only if that is 1.",
    ),
)
PARITY = Exercise(
    id="02.7",
    kind="H",
    title="Be the network: parity",
    reference=parity,
    cases=strings,
    observe=run_with(classes=1, units=3),
    bugs=(
        remembers_only_that,
        forgets_at_a_zero,
        says_the_digit,
        right_only_at_the_end,
    ),
    claims=claims(lambda strings: strings.cumsum(axis=0) % 2),
    hints=(
        "Add the digit to the parity so far: the sum is 0, 1 or 2. Which of the three "
        "is odd? A unit with a threshold can say whether a sum is above some number.",
        'One unit for "the sum is at least 1", one for "the sum is 2". The new '
        "parity is the first minus the second, and the score can say just that. The "
        "old parity is the same difference of the old units.",
        "two units: both see the digit with weight 1; both see the first old unit with "
        "weight 1 and the second with weight minus 1; their biases are minus a half "
        "and minus one and a half; the score is the first minus the second minus a "
        "half.",
    ),
)
COUNTER = Exercise(
    id="02.8",
    kind="H",
    title="Be the network: count to three",
    reference=counter,
    cases=strings,
    observe=run_with(classes=3, units=6),
    bugs=(never_wraps, counts_every_digit, counts_modulo_two),
    claims=claims(lambda strings: strings.cumsum(axis=0) % 3),
    hints=(
        "It is parity with one number more. Digit plus count is 0, 1, 2 or 3, and 3 "
        "must become 0.",
        'Three units: "the sum is at least 1", "at least 2", "is 3". How do you get '
        "the new count from them? Then the old count comes from the old units in just "
        "the same way.",
        "new count = first + second - 2 times third; each unit sees the digit with "
        "weight 1 and the old units with 1, 1 and minus 2; biases minus 0.5, 1.5, 2.5; "
        "the score of 1 is first minus second, that of 2 second minus third, and that "
        "of 0 is what is left.",
    ),
)
