"""Exercises of lesson 05: the Jacobian of one step, and the product of many."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import state_jacobians, step_jacobians

__all__ = ["PRODUCT", "STEP_JACOBIAN"]


def step_jacobian(h: Array, W_hh: Array) -> Array:
    """Return dh[i] / dh_prev[j] for each sequence, (B, H, H), where h = tanh(...)."""
    slopes = 1 - h**2
    return slopes[:, :, None] * W_hh.T


def no_slope(h: Array, W_hh: Array) -> Array:
    """Your Jacobian would be right without the tanh.

    A unit near 1 or -1 hardly moves, whatever reaches it. Which factor says so, and
    does it belong to the unit that moves or to the one that is nudged?
    """
    return np.ones_like(h)[:, :, None] * W_hh.T


def weights_as_they_lie(h: Array, W_hh: Array) -> Array:
    """Row i of a Jacobian is about the new unit i, column j about the old unit j.

    In the code W_hh[j, i] leads from the old unit j to the new unit i. Do the axes of
    your weights stand as the Jacobian's do?
    """
    return (1 - h**2)[:, :, None] * W_hh


def slope_of_the_nudged(h: Array, W_hh: Array) -> Array:
    """Your slopes belong to the wrong axis.

    The slope is that of the unit that answers, not of the one that is nudged: it is
    the same along a whole row of the Jacobian.
    """
    return (1 - h**2)[:, None, :] * W_hh.T


def transposed(h: Array, W_hh: Array) -> Array:
    """You have the transpose of the Jacobian.

    Your entry [i, j] says how unit j answers when unit i is nudged. It should say it
    the other way round.
    """
    return (1 - h**2)[:, None, :] * W_hh


def squashed_twice(h: Array, W_hh: Array) -> Array:
    """You put h through the tanh once more before you take the slope.

    h is already what comes out of the tanh. The slope there can be written with h
    alone, without any further tanh.
    """
    return (1 - np.tanh(h) ** 2)[:, :, None] * W_hh.T


def no_weights(h: Array, W_hh: Array) -> Array:
    """Your entries do not depend on the weights.

    A nudge of the old unit j gets to the new unit i only through a weight. The slopes
    tell what becomes of it after that.
    """
    return (1 - h**2)[:, :, None] * np.eye(len(W_hh))


def _state_cases(rng: Rng) -> list[Case]:
    return [
        {
            "h": np.tanh(rng.standard_normal((B, H))),
            "W_hh": rng.standard_normal((H, H)),
        }
        for B, H in ((1, 2), (1, 3), (3, 2), (2, 4), (5, 3))
    ]


def _jacobians_by_nudging(case: Case) -> Array:
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
    cases=_state_cases,
    bugs=(
        no_slope,
        no_weights,
        weights_as_they_lie,
        slope_of_the_nudged,
        transposed,
        squashed_twice,
    ),
    hints=(
        "Nudge one old unit, j. Through which weight does it reach the new unit i, and "
        "what happens there before it is seen in h?",
        "Entry [i, j] is a slope times a weight. The slope depends on i alone, the "
        "weight is the one that leads from j to i. B, H and H must be the axes.",
        "slopes (B, H) are one minus the squares of h; give them a third axis of "
        "length one at the end, and multiply by the transposed weights.",
    ),
    numerical=_jacobians_by_nudging,
    source=step_jacobians,
)


def stretches(h: Array, W_hh: Array) -> Array:
    """Return the norm of dh_T / dh_{T-n} for n = 0, 1, ... T, from states h (T, H)."""
    product = np.eye(len(W_hh))
    norms = [1.0]
    for h_t in h[::-1]:
        product = product @ ((1 - h_t**2)[:, None] * W_hh.T)
        norms.append(float(np.linalg.norm(product, 2)))
    return np.array(norms)


def _running(h: Array, W_hh: Array, order: Any, left: bool, norm: Any) -> Array:
    """Return norms of products of the Jacobians of the steps in `order`."""
    product, norms = np.eye(len(W_hh)), [1.0]
    for t in order:
        J = (1 - h[t] ** 2)[:, None] * W_hh.T
        product = J @ product if left else product @ J
        norms.append(norm(product))
    return np.array(norms)


def _spectral(matrix: Array) -> Any:
    return np.linalg.norm(matrix, 2)


def norms_multiplied(h: Array, W_hh: Array) -> Array:
    """You multiply the norms. The norm of the product is asked for.

    What one step stretches the next may shrink, because it stretches another
    direction. The product of the norms is a bound, and the subject of section 5.
    """
    J = (1 - h[::-1, :, None] ** 2) * W_hh.T
    return np.cumprod([1.0, *np.linalg.norm(J, 2, axis=(1, 2))])


def from_the_first_step(h: Array, W_hh: Array) -> Array:
    """You begin at the first step and go forward.

    Entry n is about the last n steps: the gradient sets out from the last state. Which
    Jacobian does it meet first?
    """
    return _running(h, W_hh, range(len(h)), True, _spectral)


def on_the_wrong_side(h: Array, W_hh: Array) -> Array:
    """Your Jacobians stand in the wrong order.

    Matrices may not be swapped. The last step stands on the left, and each earlier one
    is put to the right of those you have.
    """
    return _running(h, W_hh, reversed(range(len(h))), True, _spectral)


def all_entries_squared(h: Array, W_hh: Array) -> Array:
    """You take another norm: the root of the sum of all squared entries.

    For the identity of size H it gives more than 1. Asked is the most by which the
    matrix can stretch a vector, its largest singular value. np.linalg.norm knows it
    under the order 2.
    """
    norms = _running(h, W_hh, reversed(range(len(h))), False, np.linalg.norm)
    return np.array([np.linalg.norm(np.eye(len(W_hh))), *norms[1:]])


def without_slopes(h: Array, W_hh: Array) -> Array:
    """Your result does not depend on the states.

    A step back multiplies by the weights and by the slopes at the state of that step.
    """
    return _running(0 * h, W_hh, reversed(range(len(h))), False, _spectral)


def forward_in_time(h: Array, W_hh: Array) -> Array:
    """You go from the first step to the last.

    Entry n is about the last n steps only, so the first Jacobian that you need is that
    of the last step. Entry 1 must not depend on the first states.
    """
    return _running(h, W_hh, range(len(h)), False, _spectral)


def weights_not_transposed(h: Array, W_hh: Array) -> Array:
    """Your Jacobians have the weights the wrong way round.

    Row i is about the new unit i, and in the code W_hh[j, i] leads from j to i.
    """
    return stretches(h, W_hh.T)


def eigenvalue_for_norm(h: Array, W_hh: Array) -> Array:
    """You take the largest eigenvalue, and asked is the largest singular value.

    An eigenvalue speaks of a direction that is kept. A gradient may lie in another one,
    and be stretched more.
    """
    return _running(
        h,
        W_hh,
        reversed(range(len(h))),
        False,
        lambda product: abs(np.linalg.eigvals(product)).max(),
    )


def last_entry_first(h: Array, W_hh: Array) -> Array:
    """The numbers are right, and stand in the other order.

    Entry 0 belongs to no step back at all, entry T to all of them.
    """
    return stretches(h, W_hh)[::-1]


def without_the_end(h: Array, W_hh: Array) -> Array:
    """There are T + 1 numbers: one for each n from 0 to T.

    For n = 0 nothing has been multiplied yet. What is the derivative of the last state
    by itself, and its norm?
    """
    return stretches(h, W_hh)[1:]


def _run_cases(rng: Rng) -> list[Case]:
    sizes = ((1, 2), (2, 3), (4, 2), (6, 3), (12, 5))
    return [
        {
            "h": np.tanh(rng.standard_normal((T, H))),
            "W_hh": 1.5 / np.sqrt(H) * rng.standard_normal((H, H)),
        }
        for T, H in sizes
    ]


PRODUCT = Exercise(
    id="05.3",
    kind="V",
    title="Many steps back",
    reference=stretches,
    cases=_run_cases,
    bugs=(
        norms_multiplied,
        from_the_first_step,
        on_the_wrong_side,
        all_entries_squared,
        without_slopes,
        forward_in_time,
        weights_not_transposed,
        eigenvalue_for_norm,
        last_entry_first,
        without_the_end,
    ),
    hints=(
        "Keep one matrix, the derivative of the last state by the state n steps "
        "earlier. What is it for n = 0, and what is done to it for one step more?",
        "Go through the states from the last to the first. Each gives a Jacobian, put "
        "to the right of what you have. After each, note the largest singular value.",
        "product = identity, norms = [1]; for t from T - 1 down to 0: J = the Jacobian "
        "with the slopes of h[t]; product = product times J; append the 2-norm.",
    ),
    source=state_jacobians,
)
