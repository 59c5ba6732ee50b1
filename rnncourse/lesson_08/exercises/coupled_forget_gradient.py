"""Exercise 08.7: one gate for two, the gradient of coupled gates."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_08.exercises.one_step import logit
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.gradcheck import numerical_gradients

__all__ = ["COUPLED"]


def coupled_forget_gradient(dc: Array, f: Array, g: Array, c_prev: Array) -> Array:
    """Return da_f of c = f * c_prev + (1 - f) * g, with f = sigmoid(a_f)."""
    return dc * (c_prev - g) * f * (1 - f)


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for shape, loud in (
        ((1, 1), 1),
        ((3, 2), 1),
        ((2, 4), 1),
        ((3, 3), 0),
        ((6, 7), 5),
    ):
        dc, a_f, a_g, c_prev = rng.standard_normal((4, *shape))
        dc, a_f, c_prev = 2 * dc, (loud or 1) * a_f, loud * c_prev
        f, g = sigmoid(a_f), np.tanh(a_g)
        cases.append({"dc": dc, "f": f, "g": g, "c_prev": c_prev})
    cases[2]["f"][0] = 1e-9  # shut
    cases[4]["f"][0, :2] = 0, 1  # and shut or open altogether
    return cases


def _numerically(case: Case) -> Array:
    def loss(a_f: Array) -> Any:
        f = sigmoid(a_f)
        return (case["dc"] * (f * case["c_prev"] + (1 - f) * case["g"])).sum()

    places = {"a_f": logit(case["f"])}
    return numerical_gradients(loss, places, method="complex")["a_f"]


COUPLED = Exercise(
    id="08.7",
    kind="G",
    title="One gate for two",
    reference=coupled_forget_gradient,
    cases=_cases,
    mistakes=(
        Mistake(
            "only_what_is_kept",
            {"(c_prev - g)": "c_prev"},
            "If f grows, more is kept, and something else happens at the same time. "
            "Which other share depends on f when the gates are coupled?",
        ),
        Mistake(
            "both_grow",
            {"c_prev - g": "c_prev + g"},
            "In your formula a larger f keeps more and writes more. With 1 - f in "
            "front of g, how does the written part move when f grows?",
        ),
        Mistake(
            "the_gate_and_not_its_sum",
            {" * f * (1 - f)": ""},
            "That is the gradient of f itself. What is asked for belongs to its "
            "pre-activation. What does the backward pass through a sigmoid multiply "
            "by?",
        ),
        Mistake(
            "slope_taken_twice",
            {"f * (1 - f)": "(f * (1 - f)) ** 2"},
            "Your slope of the sigmoid appears twice. One f makes both shares, so "
            "there is one sigmoid on the way: its slope counts once.",
        ),
    ),
    hints=(
        "Write the new cell state with f alone, without i. Then ask how it moves when "
        "f grows a little.",
        "f stands at two places, with opposite signs. After that one more factor is "
        "missing: the way from f back to its pre-activation.",
        "Three factors: what came back; how much c moves when f grows by a little, "
        "with both of its places counted; how much f moves when its pre-activation "
        "does.",
    ),
    numerical=_numerically,
)
