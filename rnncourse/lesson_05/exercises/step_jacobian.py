"""Exercise 05.2: the Jacobian of one step."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import step_jacobians

__all__ = ["STEP_JACOBIAN"]


def step_jacobian(h: Array, W_hh: Array) -> Array:
    """Return dh[i] / dh_prev[j] for each sequence, (B, H, H), where h = tanh(...)."""
    slopes = 1 - h**2
    return slopes[:, :, None] * W_hh.T


def _cases(rng: Rng) -> list[Case]:
    cases: list[Any] = [
        {
            "h": np.tanh(rng.standard_normal((B, H))),
            "W_hh": rng.standard_normal((H, H)),
        }
        for B, H in ((1, 2), (1, 3), (3, 2), (2, 4), (5, 3), (4, 4), (3, 1), (8, 6))
    ]
    cases[3]["W_hh"] *= 9
    cases[4]["h"][:, 0] = np.tanh(9)  # saturated
    cases[5]["h"][0, :2] = 0
    whole = {"W_hh": rng.integers(-2, 3, size=(2, 2))}
    resting = {"h": np.zeros((3, 2))}
    return [*cases, {**cases[2], **whole}, {**cases[2], **resting}]


def _numerically(case: Case) -> Array:
    """Return central differences of h = tanh(a + nudge @ W_hh), a unit at a time."""
    a, W_hh = np.arctanh(case["h"]), case["W_hh"]
    nudges = 1e-6 * np.eye(len(W_hh))
    moved = [np.tanh(a + n @ W_hh) - np.tanh(a - n @ W_hh) for n in nudges]
    return np.stack(moved, axis=2) / 2e-6


STEP_JACOBIAN = Exercise(
    id="05.2",
    kind="G",
    title="The Jacobian of a step",
    reference=step_jacobian,
    whole=("W_hh",),
    cases=_cases,
    mistakes=(
        Mistake(
            "no_slope",
            {"1 - h**2": "np.ones_like(h)"},
            "Your Jacobian would be right without the tanh. A unit near 1 or -1 "
            "hardly moves, whatever reaches it. Which factor says so, and does it "
            "belong to the unit that moves or to the one that is nudged?",
        ),
        Mistake(
            "no_weights",
            {"W_hh.T": "np.eye(len(W_hh))"},
            "Your entries do not depend on the weights. A nudge of the old unit j "
            "gets to the new unit i only through a weight. The slopes tell what "
            "becomes of it after that.",
        ),
        Mistake(
            "weights_as_they_lie",
            {"W_hh.T": "W_hh"},
            "Row i of a Jacobian is about the new unit i, column j about the old unit "
            "j. In the code W_hh[j, i] leads from the old unit j to the new unit i. "
            "Do the axes of your weights match those of the Jacobian?",
        ),
        Mistake(
            "slope_of_the_nudged",
            {"[:, :, None]": "[:, None, :]"},
            "Your slopes belong to the wrong axis. The slope is that of the unit that "
            "answers, not of the one that is nudged: it is the same along a whole row "
            "of the Jacobian.",
        ),
        Mistake(
            "transposed",
            {"[:, :, None] * W_hh.T": "[:, None, :] * W_hh"},
            "You have the transpose of the Jacobian. Your entry [i, j] says how unit "
            "j answers when unit i is nudged. It should say it the other way round.",
        ),
        Mistake(
            "squashed_twice",
            {"h**2": "np.tanh(h) ** 2"},
            "You put h through the tanh once more before you take the slope. h is "
            "already what comes out of the tanh. The slope there can be written with "
            "h alone, without any further tanh.",
        ),
    ),
    hints=(
        "Nudge one old unit, j. Through which weight does it reach the new unit i, and "
        "what happens there before it is seen in h?",
        "Entry [i, j] is a slope times a weight. The slope depends on i alone, the "
        "weight is the one that leads from j to i. B, H and H must be the axes.",
        "Two arrays are multiplied entry by entry: slopes, which belong to the rows of "
        "each Jacobian, and weights, which are the same for all sequences. Give the "
        "slopes a third axis in the right place, and ask which axis of W_hh is i.",
    ),
    numerical=_numerically,
    source=step_jacobians,
    point=(
        "basis =",
        "cell.step_backward(d_state",
        "rows = np.concatenate",
        "jacobians = np.moveaxis",
    ),
)
