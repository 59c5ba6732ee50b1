"""Exercise 05.8: the Jacobian of a unit that keeps a share of its state."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng

__all__ = ["LEAKY_JACOBIAN"]


def leaky_jacobian(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """Return dh / dh_prev of h = (1 - alpha) h_prev + alpha h_new, for one state."""
    direct = (1 - alpha) * np.eye(len(h_new))
    through_tanh = alpha * (1 - h_new**2)[:, None] * W_hh.T
    return direct + through_tanh


def _cases(rng: Rng) -> list[Case]:
    shares = [round(rng.uniform(0.05, 0.4), 3) for _ in range(4)]
    edges = (0.0, 1.0, 0.01, 0.8, 0.002)
    cases: list[Any] = [
        {
            "h_new": np.tanh(2 * rng.standard_normal(H)),
            "alpha": alpha,
            "W_hh": rng.standard_normal((H, H)),
        }
        for H, alpha in zip((1, 2, 3, 5, 2, 3, 4, 7, 3), (*shares, *edges), strict=True)
    ]
    cases[5]["W_hh"] *= 9
    cases[3]["h_new"][0] = np.tanh(9)  # saturated
    whole = {"W_hh": rng.integers(-2, 3, size=(3, 3))}
    resting = {"h_new": np.zeros(3)}
    plain = {"alpha": 1}  # nothing is kept
    others = whole, resting, plain
    return [*cases, *({**cases[2], **other} for other in others)]


def _numerically(case: Case) -> Array:
    a, alpha, W_hh = np.arctanh(case["h_new"]), case["alpha"], case["W_hh"]
    nudges = 1e-6 * np.eye(len(a))
    moved = [
        (1 - alpha) * 2 * n + alpha * (np.tanh(a + n @ W_hh) - np.tanh(a - n @ W_hh))
        for n in nudges
    ]
    return np.stack(moved, axis=1) / 2e-6


LEAKY_JACOBIAN = Exercise(
    id="05.8",
    kind="G",
    title="A unit that leaks",
    reference=leaky_jacobian,
    whole=("W_hh",),
    cases=_cases,
    mistakes=(
        Mistake(
            "only_through_tanh",
            {"direct + ": ""},
            "You follow one of two paths. h_prev goes into the tanh, and it is also "
            "kept in part. A derivative adds up all paths that lead from one to the "
            "other.",
        ),
        Mistake(
            "alpha_forgotten",
            {"= alpha * ": "= "},
            "The path through the tanh is weighted, too. Which factor stands before "
            "tanh in the equation?",
        ),
        Mistake(
            "kept_by_all",
            {" * np.eye(len(h_new))": ""},
            "In yours, what is kept goes to every unit. A unit keeps its own old "
            "value alone: nudge unit j, and along the direct path only unit j moves.",
        ),
        Mistake(
            "shares_swapped",
            {"(1 - alpha) * np": "alpha * np", "tanh = alpha": "tanh = (1 - alpha)"},
            "The two shares are swapped: which of them is kept, alpha or the rest?",
        ),
        Mistake(
            "weights_as_they_are",
            {"W_hh.T": "W_hh"},
            "Along the path through the tanh your weights are the wrong way round. It "
            "is the Jacobian of a plain step, weighted. Which axis of W_hh is the new "
            "unit?",
        ),
        Mistake(
            "no_slope_in_it",
            {"(1 - h_new**2)[:, None] * ": ""},
            "On one of the two paths there is a tanh, and a small change shrinks in "
            "it. Its slope can be written with h_new.",
        ),
        Mistake(
            "squashed_again",
            {"h_new**2": "np.tanh(h_new) ** 2"},
            "You put h_new through the tanh once more before you take the slope. It "
            "is already what comes out of the tanh. The slope there can be written "
            "with it alone.",
        ),
        Mistake(
            "keeps_all_of_it",
            {"(1 - alpha) * ": ""},
            "Your direct path keeps all of the old state. Which share does the unit "
            "keep?",
        ),
    ),
    hints=(
        "Two paths lead from h_prev to h: it is kept in part, and it goes into the "
        "tanh. What does each of them contribute?",
        "Along the direct path each unit moves only itself, by the share that is kept. "
        "The other path is the Jacobian that you know, weighted.",
        "Two matrices (H, H) are added. For each ask three things: how large is its "
        "share, which unit moves which, and does the path go through a slope?",
    ),
    numerical=_numerically,
)
