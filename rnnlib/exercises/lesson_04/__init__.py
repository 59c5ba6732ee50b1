"""Exercises, questions and cards of lesson 04: back-propagation through time."""

from typing import Any

import numpy as np

from rnnlib._typing import Array, Rng
from rnnlib.exercises.exercise import Case, Exercise
from rnnlib.exercises.lesson_04.sequence import BACKWARD
from rnnlib.exercises.lesson_04.shared import START_GRADIENT, TOKEN_GRADIENT
from rnnlib.exercises.lesson_04.step import NUMERICAL_GRADIENT, STEP_BACKWARD
from rnnlib.exercises.questions import Card, Guess, Question

__all__ = ["EXERCISES"]


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

PATHS = Guess(
    id="04.7",
    title="How many terms?",
    prompt="A net runs 20 steps, with a loss at each. Count one term for each pair of "
    "a use of W_hh and a loss that feels it. How many terms has dL/dW_hh?",
    right=210,
    tolerance=0.5,
    low=0,
    high=400,
    right_says="20 · 21 / 2 = 210. Walking back, 20 steps are enough to add them all "
    "up, because at each state the gradients of all later losses travel together.",
    low_says="With 20 you would count the uses, for one loss at the end. Here the loss "
    "of step t feels the uses at steps 1 to t: add up 1 + 2 + ... + 20.",
    high_says="With 400 you would count every use with every loss. But a loss does not "
    "feel what happens after it: the loss of step t feels the uses at steps 1 to t.",
)

DIAGNOSIS = Question(
    id="04.8",
    title="Find the mistake from afar",
    prompt="Somebody checks the gradients of all weights. With T = 1 they are right. "
    "With T = 3 and one hidden unit they are right, too. With T = 3 and four units "
    "dW_hy is right, and dW_hh and dW_xh are wrong. What is the mistake?",
    options={
        "a": (
            "the gradient from the next step is left out",
            "Then three steps with one unit would be wrong as well: there, too, the "
            "next step has something to say.",
        ),
        "b": (
            "W_hh is not transposed on the way from step to step",
            "Yes: with one step no weight hears what goes on to the step before, and a "
            "matrix of one number is its own transpose. Only many steps with many "
            "units show it. That is why checks use several sizes.",
        ),
        "c": (
            "the slope of tanh is left out",
            "Then a single step would be wrong as well: its gradient passes a tanh.",
        ),
        "d": (
            "p and y have changed places",
            "Then dW_hy would be wrong, and with any number of steps: it is the first "
            "thing that is computed from p - y.",
        ),
    },
    right="b",
)

MEMORY = Question(
    id="04.9",
    title="Twice as long",
    prompt="You train on sequences of 2000 steps in place of 1000, with the same net "
    "and the same batch size. What doubles?",
    options={
        "a": (
            "the number of parameters",
            "The weights are the same at every step. An RNN has as many parameters for "
            "one step as for a million.",
        ),
        "b": (
            "the time of a pass, and the memory for the states that are kept",
            "Yes: each step back needs its own h and the one before, so all T states "
            "are kept until the way back has used them. Lesson 06 cuts this short.",
        ),
        "c": (
            "the time alone: states can be forgotten once the next one is known",
            "For the forward pass alone that is true. But the way back needs the slope "
            "1 - h² at every step, and h_{t-1} for dW_hh: the states must be kept.",
        ),
        "d": (
            "the time fourfold, because there are four times as many paths",
            "There are four times as many paths, but nobody walks them one by one: one "
            "sweep back adds them all up, and takes time in proportion to T.",
        ),
    },
    right="b",
)

DIRECTION = Question(
    id="04.10",
    title="The other way round",
    prompt="A net reads a sentence from its last word to its first, as one half of a "
    "bidirectional net does. In which direction does its gradient run over the words?",
    options={
        "a": (
            "from right to left, as always in back-propagation",
            "Right to left is no law. The gradient runs against the direction in which "
            "the net has read, and this one has read from right to left.",
        ),
        "b": (
            "from left to right",
            "Yes: against the direction of reading. What was read last, here the first "
            "word, is where the way back begins.",
        ),
        "c": (
            "in both directions",
            "The whole bidirectional net has two halves, one for each direction. This "
            "half has read in one direction, and its gradient runs in the other.",
        ),
    },
    right="b",
)

A16 = Card(
    id="A16",
    claim="The loss of a recurrent network is the loss of one step: minus the "
    "logarithm of the probability of the right token.",
    truth=False,
    statement="That is the loss of a step. The loss of a sequence is the sum, or the "
    "mean, over all steps that have a target, and each of them sends a gradient back. "
    "With the last one alone the hello net gets quite another gradient.",
)

A17 = Card(
    id="A17",
    claim="Back-propagation through time goes from right to left: the gradient of a "
    "state is what comes back from the state after it.",
    truth=False,
    statement="Two gradients meet at each state h_t: one comes down from the loss of "
    "this step, one back from the state of the next. Their sum is what goes on. And it "
    "runs from right to left only because the net has read from left to right.",
)

EXERCISES = (
    NUMERICAL_GRADIENT,
    STEP_BACKWARD,
    BACKWARD,
    START_GRADIENT,
    TOKEN_GRADIENT,
    THREE_TERMS,
    PATHS,
    DIAGNOSIS,
    MEMORY,
    DIRECTION,
    A16,
    A17,
)
