"""Exercise of lesson 05: the Jacobian of a unit that keeps a share of its state."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng

__all__ = ["LEAKY"]


def leaky_jacobian(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """Return dh / dh_prev of h = (1 - alpha) h_prev + alpha h_new, for one state."""
    direct = (1 - alpha) * np.eye(len(h_new))
    through_tanh = alpha * (1 - h_new**2)[:, None] * W_hh.T
    return direct + through_tanh


def only_through_tanh(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """You follow one of two ways.

    h_prev goes into the tanh, and it is also kept in part. A derivative adds up all
    ways that lead from the one to the other.
    """
    return alpha * (1 - h_new**2)[:, None] * W_hh.T


def alpha_forgotten(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """The way through the tanh is weighted, too.

    Which factor stands before tanh in the equation?
    """
    return (1 - alpha) * np.eye(len(h_new)) + (1 - h_new**2)[:, None] * W_hh.T


def kept_by_all(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """What is kept goes to every unit in yours.

    A unit keeps its own old value alone: nudge unit j, and along the direct way only
    unit j moves.
    """
    return (1 - alpha) + alpha * (1 - h_new**2)[:, None] * W_hh.T


def shares_swapped(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """The two shares are swapped: which of them is kept, alpha or the rest?"""
    direct = alpha * np.eye(len(h_new))
    return direct + (1 - alpha) * (1 - h_new**2)[:, None] * W_hh.T


def weights_as_they_are(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """Along the way through the tanh your weights stand the wrong way round.

    It is the Jacobian of a plain step, weighted. Which axis of W_hh is the new unit?
    """
    direct = (1 - alpha) * np.eye(len(h_new))
    return direct + alpha * (1 - h_new**2)[:, None] * W_hh


def no_slope_in_it(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """Along one of the two ways stands a tanh, and a small change shrinks in it.

    Its slope can be written with h_new.
    """
    return (1 - alpha) * np.eye(len(h_new)) + alpha * W_hh.T


def squashed_again(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """You put h_new through the tanh once more before you take the slope.

    It is already what comes out of the tanh. The slope there can be written with it
    alone.
    """
    return leaky_jacobian(np.tanh(h_new), alpha, W_hh)


def keeps_all_of_it(h_new: Array, alpha: float, W_hh: Array) -> Array:
    """Your direct way keeps all of the old state. Which share does the unit keep?"""
    return leaky_jacobian(h_new, alpha, W_hh) + alpha * np.eye(len(h_new))


def _leaky_cases(rng: Rng) -> list[Case]:
    return [
        {
            "h_new": np.tanh(2 * rng.standard_normal(H)),
            "alpha": round(rng.uniform(0.05, 0.4), 3),
            "W_hh": rng.standard_normal((H, H)),
        }
        for H in (1, 2, 3, 5)
    ]


def _leaky_by_nudging(case: Case) -> Array:
    a, alpha, W_hh = np.arctanh(case["h_new"]), case["alpha"], case["W_hh"]
    nudges = 1e-6 * np.eye(len(a))
    moved = [
        (1 - alpha) * 2 * n + alpha * (np.tanh(a + n @ W_hh) - np.tanh(a - n @ W_hh))
        for n in nudges
    ]
    return np.stack(moved, axis=1) / 2e-6


LEAKY = Exercise(
    id="05.8",
    kind="G",
    title="A unit that leaks",
    reference=leaky_jacobian,
    cases=_leaky_cases,
    bugs=(
        only_through_tanh,
        alpha_forgotten,
        kept_by_all,
        shares_swapped,
        weights_as_they_are,
        no_slope_in_it,
        squashed_again,
        keeps_all_of_it,
    ),
    hints=(
        "Two ways lead from h_prev to h: it is kept in part, and it goes into the "
        "tanh. What does each of them contribute?",
        "Along the direct way each unit moves only itself, by the share that is kept. "
        "The other way is the Jacobian that you know, weighted.",
        "The identity times what is kept, plus alpha times the Jacobian of the plain "
        "step with the slopes of h_new.",
    ),
    numerical=_leaky_by_nudging,
)
