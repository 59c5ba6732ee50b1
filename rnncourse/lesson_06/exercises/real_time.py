"""Exercise 06.11: the gradient of the recurrent weights without going back."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import real_time_gradients
from rnnlib.gradcheck import numerical_gradients

__all__ = ["REAL_TIME"]


def real_time(a_x: Array, W_hh: Array, dh: Array) -> Array:
    """Return dW_hh (H, H) of one sequence, going forward only."""
    T, H = a_x.shape
    h, dW_hh = np.zeros(H), np.zeros((H, H))
    P = np.zeros((H, H, H))
    for t in range(T):
        P = P @ W_hh
        P[:, np.arange(H), np.arange(H)] += h[:, None]
        h = np.tanh(a_x[t] + h @ W_hh)
        P = P * (1 - h**2)
        dW_hh += P @ dh[t]
    return dW_hh


def _cases(rng: Rng) -> list[Case]:
    cases: list[Any] = [
        {
            "a_x": rng.standard_normal((T, H)),
            "W_hh": rng.standard_normal((H, H)),
            "dh": rng.standard_normal((T, H)),
        }
        for T, H in ((2, 1), (2, 2), (5, 3), (3, 4), (9, 2), (24, 4), (12, 5))
    ]
    cases[2]["dh"][[1, 3]] = 0  # steps without a loss
    cases[5]["W_hh"] *= 0.5
    cases[6]["a_x"][4] = 0  # silence
    return cases


def _numerically(case: Case) -> Array:
    a_x, W_hh, dh = case.values()

    def loss(W_hh: Array) -> Any:
        h, total = np.zeros(len(W_hh)), 0.0
        for a, dh_t in zip(a_x, dh, strict=True):
            h = np.tanh(a + h @ W_hh)
            total += dh_t @ h
        return total

    return numerical_gradients(loss, {"W_hh": W_hh})["W_hh"]


REAL_TIME = Exercise(
    id="06.11",
    kind="G",
    title="Without going back",
    reference=real_time,
    cases=_cases,
    mistakes=(
        Mistake(
            "only_the_direct_way",
            {"P = P @ W_hh": "P = 0 * P"},
            "You have what a weight does at one step, through the state before it. "
            "That state depends on the weight, too: what the step before owes to it "
            "must go on through W_hh.",
        ),
        Mistake(
            "no_slope",
            {"P * (1 - h**2)": "P"},
            "The weights act on the pre-activation, and the state is its tanh. By "
            "which number does a change of the one become a change of the other?",
        ),
        Mistake(
            "slope_on_one_part",
            {
                "P[:, np.arange(H), np.arange(H)] += h[:, None]": "old = h[:, None]",
                "P = P * (1 - h**2)": "P[:, np.arange(H), np.arange(H)] += "
                "old * (1 - h**2)",
            },
            "The slope of tanh counts for one of your two parts only. What was owed "
            "before and what a weight adds now reach the same pre-activation: which "
            "of them passes tanh?",
            others=(
                {
                    "P[:, np.arange(H), np.arange(H)] += h[:, None]": "old = h",
                    "P = P * (1 - h**2)": "P = P * (1 - h**2)\n"
                    "        P[:, np.arange(H), np.arange(H)] += old[:, None]",
                },
            ),
        ),
        Mistake(
            "transposed_on",
            {"P @ W_hh": "P @ W_hh.T"},
            "Here a change goes forward: from the old state, through W_hh, to the new "
            "one. The transpose belongs to the backward pass.",
        ),
        Mistake(
            "new_state_as_the_old",
            {
                "        P[:, np.arange(H), np.arange(H)] += h[:, None]\n": "",
                "        P = P * (1": "        P += np.eye(H) * h[:, None, None]\n"
                "        P = P * (1",
            },
            "A weight multiplies the state that comes in. You have added the state "
            "that goes out. When must it be read?",
        ),
        Mistake(
            "the_last_step_only",
            {"dW_hh += P": "dW_hh = P"},
            "Each step has a loss of its own, and each of them says something about "
            "the weights. Yours keeps what the last one says.",
        ),
        Mistake(
            "rows_and_columns",
            {
                "P[:, np.arange(H), np.arange(H)] += h[:, None]": "P += "
                "np.eye(H)[:, None] * h[:, None]"
            },
            "The weight of row i and column j leads from unit i to unit j: it brings "
            "the old state of i to the new unit j. You have it the other way round.",
        ),
    ),
    hints=(
        "Carry beside the state how much each entry of it owes to each weight. That is "
        "a cube of numbers: row and column of the weight, and unit of the state.",
        "One step changes the cube in three ways. What was owed before goes on through "
        "W_hh. A weight from i to j adds the old state of i at unit j. And all of it "
        "passes the slope of tanh.",
        "A loop over the steps, with the cube and the state at zero before it. Read "
        "the old state before you replace it. After each step the loss of this step "
        "asks the cube along its last axis, with one row of dh. Which result has the "
        "shape of the weights?",
    ),
    numerical=_numerically,
    source=real_time_gradients,
    point=(
        "P = np.zeros",
        "P = P @ W_hh",
        "P[:, :, units, units]",
        "P *= cell.slopes",
        "dW += np.einsum",
    ),
)
