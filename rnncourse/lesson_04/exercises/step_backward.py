"""Exercise 04.2: from the gradient of a new state back through one step."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.cells import RNNCell
from rnnlib.gradcheck import numerical_gradients

__all__ = ["STEP_BACKWARD"]


def step_backward(
    dh: Array, h: Array, h_prev: Array, W_hh: Array
) -> tuple[Array, Array, Array]:
    """Return da, dh_prev and dW_hh of h = tanh(a), a = ... + h_prev @ W_hh."""
    da = dh * (1 - h**2)
    dh_prev = da @ W_hh.T
    dW_hh = h_prev.T @ da
    return da, dh_prev, dW_hh


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = [
        {
            "dh": 2 * rng.standard_normal((B, H)),
            "h": np.tanh(rng.standard_normal((B, H))),
            "h_prev": np.tanh(rng.standard_normal((B, H))),
            "W_hh": rng.standard_normal((H, H)),
        }
        for B, H in ((1, 2), (1, 3), (3, 2), (2, 4), (5, 3), (4, 4), (3, 1), (8, 7))
    ]
    cases[4]["h"][:, 0] = np.tanh(9)  # saturated
    cases[5]["h_prev"][1] = 0  # begins here
    for name in ("dh", "h", "h_prev"):  # two sequences that are alike
        cases[7][name][4] = cases[7][name][2]
    dh, h_prev = rng.integers(-3, 4, (3, 2)), rng.integers(-1, 2, (3, 2))
    round_ = {"dh": 1.0 * dh, "h_prev": 1.0 * h_prev}
    return [cases[0], {**cases[2], **round_}, *cases[1:]]


def _numerically(case: Case) -> tuple[Array, Array, Array]:
    """Return da, dh_prev and dW_hh of the loss dh . tanh(a + h_prev @ W_hh)."""
    rest = np.arctanh(case["h"]) - case["h_prev"] @ case["W_hh"]

    def loss(a: Array, h_prev: Array, W_hh: Array) -> Any:
        return (case["dh"] * np.tanh(a + h_prev @ W_hh)).sum()

    places = {"a": rest, "h_prev": case["h_prev"], "W_hh": case["W_hh"]}
    grads = numerical_gradients(loss, places)
    return grads["a"], grads["h_prev"], grads["W_hh"]


STEP_BACKWARD = Exercise(
    id="04.2",
    kind="G",
    title="One step back",
    reference=step_backward,
    returns=("da", "dh_prev", "dW_hh"),
    cases=_cases,
    mistakes=(
        Mistake(
            "forgot_the_slope",
            {" * (1 - h**2)": ""},
            "Between h and a there is a tanh. If a moves a little, h moves by less: "
            "by how much, at this h? On its way from h to a the gradient has to be "
            "multiplied by that.",
        ),
        Mistake(
            "slope_alone",
            {"dh * (1 - h**2)": "1 - h**2"},
            "Your da is the slope of tanh alone: it would be the same for every loss. "
            "How the loss responds to the new state is given. Where does it come in?",
        ),
        Mistake(
            "through_the_old_tanh_too",
            {"W_hh.T": "W_hh.T * (1 - h_prev**2)"},
            "Your dh_prev has gone through one tanh too many. What is asked for is "
            "the gradient of the old state itself. The tanh that made it belongs to "
            "the step before, and the gradient passes it there.",
        ),
        Mistake(
            "slope_of_h",
            {"h**2": "np.tanh(h) ** 2"},
            "You take the slope of tanh at h, but h has been through tanh already. "
            "The slope is needed at a. It can be written with h alone: what was the "
            "formula?",
        ),
        Mistake(
            "slope_without_the_square",
            {"h**2": "h"},
            "You have 1 - h. But tanh is equally flat at h = 0.9 and at h = -0.9. So "
            "the slope cannot depend on the sign of h. What is missing?",
        ),
        Mistake(
            "slope_of_the_old_state",
            {"h**2": "h_prev**2"},
            "Which tanh does the gradient pass here? There is one that made h, and "
            "one, a step earlier, that made h_prev. You have taken the slope of the "
            "wrong one.",
        ),
        Mistake(
            "not_transposed",
            {"W_hh.T": "W_hh"},
            "Follow one unit back: which weights lead from it? In the forward pass "
            "row j of W_hh says where unit j goes. In the backward pass unit j "
            "collects from everywhere it went. Is that a row or a column?",
        ),
        Mistake(
            "wrong_partner",
            {"h_prev.T @ da": "h.T @ da"},
            "A weight's gradient is what came in, times what comes back. What was "
            "multiplied by W_hh in the forward pass: the new state or the old one?",
        ),
        Mistake(
            "outer_the_other_way",
            {"h_prev.T @ da": "da.T @ h_prev"},
            "Your dW_hh is the transpose of the right one. Entry [j, k] of W_hh leads "
            "from unit j of the old state to unit k of the new one. Which of your two "
            "factors then belongs to the rows?",
        ),
    ),
    hints=(
        "Go through the two equations in reverse: first h = tanh(a), then "
        "a = ... + h_prev @ W_hh. Each gives you one gradient.",
        "The slope of tanh, written with h, is one minus the square of h. And for a "
        "product of matrices both gradients are products again, with one factor "
        "transposed: let the shapes tell you which.",
        "Three lines. The first is entry by entry: what comes back, and the slope. The "
        "other two are products with da: write down the shapes (B, H) and (H, H), and "
        "see what has to be transposed, and on which side it stands.",
    ),
    numerical=_numerically,
    source=(RNNCell.slopes, RNNCell.step_backward),
    point=(
        "RNNSlopes(self.activation",
        "# h = phi(a)",
        "da = np.multiply",
        "# a = x @ W_xh",
        "return da, RNNState",
    ),
)
