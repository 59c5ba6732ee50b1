"""Exercises of lesson 04, back-propagation through time: nudging, and one step back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng
from rnnlib.cells import RNNCell
from rnnlib.gradcheck import numerical_gradients

__all__ = ["NUMERICAL_GRADIENT", "STEP_BACKWARD"]

Loss = Callable[[Array], float]


def numerical_gradient(loss: Loss, x: Array, eps: float) -> Array:
    """Return the derivative of the loss by each entry of x, by central differences."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = eps
        gradient[index] = (loss(x + nudge) - loss(x - nudge)) / (2 * eps)
    return gradient


def one_sided(loss: Loss, x: Array, eps: float) -> Array:
    """You step to one side only.

    The loss at x itself is on the edge of your interval, not in its middle: the curve
    of the loss then adds an error as large as eps. What if x stood in the middle?
    """
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = eps
        gradient[index] = (loss(x + nudge) - loss(x)) / eps
    return gradient


def divided_by_eps(loss: Loss, x: Array, eps: float) -> Array:
    """Look at how far apart your two points are.

    A slope is a difference of heights over the distance between the two places.
    """
    return 2 * numerical_gradient(loss, x, eps)


def not_divided(loss: Loss, x: Array, eps: float) -> Array:
    """You return how much the loss changes.

    A slope is a change over a distance: which distance did you move?
    """
    return 2 * eps * numerical_gradient(loss, x, eps)


def all_entries_at_once(loss: Loss, x: Array, eps: float) -> Array:
    """You nudge all entries at once.

    That gives one number, the sum of all slopes. Each entry wants a nudge of its own
    while the others stay where they are.
    """
    slope = (loss(x + eps) - loss(x - eps)) / (2 * eps)
    return np.full_like(x, slope)


def nudges_pile_up(loss: Loss, x: Array, eps: float) -> Array:
    """Your first entry is right, and the later ones have too much in them.

    When the second entry is nudged, is the first one back where it was?
    """
    gradient, nudge = np.zeros_like(x), np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge[index] = eps
        gradient[index] = (loss(x + nudge) - loss(x - nudge)) / (2 * eps)
    return gradient


def a_row_at_once(loss: Loss, x: Array, eps: float) -> Array:
    """With one axis you are right. With more, x[i] is a whole row, not a number.

    You nudge all entries of the row together. What visits every single entry?
    """
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        nudge = np.zeros_like(x)
        nudge[i] = eps
        gradient[i] = (loss(x + nudge) - loss(x - nudge)) / (2 * eps)
    return gradient


def a_second_name(loss: Loss, x: Array, eps: float) -> Array:
    """Your two losses are equal. Were they taken at two different places?

    After up = x there is still one array, with two names: what moves the one moves the
    other. An array of its own is x.copy(), or x plus something.
    """
    return np.zeros_like(x)


def eps_of_your_own(loss: Loss, x: Array, eps: float) -> Array:
    """Your slopes are good, but made with an eps of your own.

    The function is given one. Use that, and it can be told from outside how far to
    nudge.
    """
    return numerical_gradient(loss, x, 1e-5)


def _curved(weights: Array) -> Loss:
    """Return a loss that is curved in each entry, of the same shape as `weights`."""
    return lambda x: float((weights * x**3 + np.sin(weights) * x**2).sum())


def _loss_cases(rng: Rng) -> list[Case]:
    shapes: list[tuple[int, ...]] = [(1,), (3,), (2, 3), (4, 1, 2)]
    return [
        {
            "loss": _curved(rng.standard_normal(shape)),
            "x": rng.standard_normal(shape),
            "eps": eps,
        }
        for shape, eps in zip(shapes, (1e-3, 1e-2, 1e-3, 1e-2), strict=True)
    ]


NUMERICAL_GRADIENT = Exercise(
    id="04.1",
    kind="V",
    title="A gradient by nudging",
    reference=numerical_gradient,
    cases=_loss_cases,
    bugs=(
        one_sided,
        divided_by_eps,
        not_divided,
        all_entries_at_once,
        nudges_pile_up,
        a_row_at_once,
        a_second_name,
        eps_of_your_own,
    ),
    hints=(
        "The slope of a curve at a place is, nearly, the difference of two heights "
        "beside it over their distance. Do that for one entry of x first.",
        "Make an array of zeros of the shape of x, and put eps at one index. Call the "
        "loss twice, with x moved to the one side and to the other.",
        "for each index of x: up = loss with that entry larger by eps; down = loss "
        "with it smaller by eps; the entry of the gradient is the difference of up and "
        "down over their distance, twice eps.",
    ),
    source=numerical_gradients,
)


def step_backward(
    dh: Array, h: Array, h_prev: Array, W_hh: Array
) -> tuple[Array, Array, Array]:
    """Return da, dh_prev and dW_hh of h = tanh(a), a = ... + h_prev @ W_hh."""
    da = dh * (1 - h**2)
    dh_prev = da @ W_hh.T
    dW_hh = h_prev.T @ da
    return da, dh_prev, dW_hh


def forgot_the_slope(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """Between h and a there is a tanh.

    If a moves a little, h moves by less: by how much, at this h? The way back from h
    to a has to be multiplied by it.
    """
    return dh, dh @ W_hh.T, h_prev.T @ dh


def slope_alone(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """Your da is the slope of tanh alone: it would be the same for every loss.

    How the loss answers to the new state is given. Where does it come in?
    """
    da = 1 - h**2
    return da, da @ W_hh.T, h_prev.T @ da


def through_the_old_tanh_too(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """Your dh_prev has gone one tanh too far.

    Asked is the gradient of the old state itself. The tanh that has made it belongs to
    the step before, and is passed when that step is taken back.
    """
    da = dh * (1 - h**2)
    return da, da @ W_hh.T * (1 - h_prev**2), h_prev.T @ da


def slope_of_h(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """You take the slope of tanh at h, but h has been through tanh already.

    The slope is meant at a. It can be written with h alone: which formula was it?
    """
    da = dh * (1 - np.tanh(h) ** 2)
    return da, da @ W_hh.T, h_prev.T @ da


def slope_without_the_square(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """You have 1 - h. But tanh is equally flat at h = 0.9 and at h = -0.9.

    So the slope cannot depend on the sign of h. What is missing?
    """
    da = dh * (1 - h)
    return da, da @ W_hh.T, h_prev.T @ da


def slope_of_the_old_state(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """Which tanh does the gradient pass here?

    There is one that has made h, and one, a step earlier, that has made h_prev. You
    have taken the slope of the wrong one.
    """
    da = dh * (1 - h_prev**2)
    return da, da @ W_hh.T, h_prev.T @ da


def not_transposed(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """Follow one unit back: which weights lead from it?

    On the way forward row j of W_hh says where unit j goes. On the way back unit j
    collects from everywhere it went to. Is that a row, or a column?
    """
    da = dh * (1 - h**2)
    return da, da @ W_hh, h_prev.T @ da


def wrong_partner(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """A weight's gradient is what came in, times what comes back.

    What was multiplied by W_hh on the way forward: the new state, or the old one?
    """
    da = dh * (1 - h**2)
    return da, da @ W_hh.T, h.T @ da


def outer_the_other_way(dh: Array, h: Array, h_prev: Array, W_hh: Array) -> Any:
    """Your dW_hh is the transpose of the right one.

    Entry [j, k] of W_hh leads from unit j of the old state to unit k of the new one.
    Which of your two factors then belongs to the rows?
    """
    da = dh * (1 - h**2)
    return da, da @ W_hh.T, da.T @ h_prev


def _step_cases(rng: Rng) -> list[Case]:
    return [
        {
            "dh": rng.standard_normal((B, H)),
            "h": np.tanh(rng.standard_normal((B, H))),
            "h_prev": np.tanh(rng.standard_normal((B, H))),
            "W_hh": rng.standard_normal((H, H)),
        }
        for B, H in ((1, 2), (1, 3), (3, 2), (2, 4), (5, 3))
    ]


def _step_numerically(case: Case) -> tuple[Array, Array, Array]:
    """Return the gradients of dh . tanh(a + h_prev @ W_hh) by a, h_prev and W_hh."""
    rest = np.arctanh(case["h"]) - case["h_prev"] @ case["W_hh"]

    def loss(a: Array, h_prev: Array, W_hh: Array) -> Any:
        return (case["dh"] * np.tanh(a + h_prev @ W_hh)).sum()

    places = {"a": rest, "h_prev": case["h_prev"], "W_hh": case["W_hh"]}
    found = numerical_gradients(loss, places)
    return found["a"], found["h_prev"], found["W_hh"]


STEP_BACKWARD = Exercise(
    id="04.2",
    kind="G",
    title="One step back",
    reference=step_backward,
    returns=("da", "dh_prev", "dW_hh"),
    cases=_step_cases,
    bugs=(
        forgot_the_slope,
        slope_alone,
        through_the_old_tanh_too,
        slope_of_h,
        slope_without_the_square,
        slope_of_the_old_state,
        not_transposed,
        wrong_partner,
        outer_the_other_way,
    ),
    hints=(
        "Go through the two equations upside down: first h = tanh(a), then "
        "a = ... + h_prev @ W_hh. Each gives you one gradient.",
        "The slope of tanh, written with h, is one minus the square of h. And for a "
        "product of matrices both gradients are products again, with one factor "
        "transposed: let the shapes tell you which.",
        "da is dh, entry by entry, times the slope; dh_prev (B, H) is da times W_hh "
        "transposed; dW_hh (H, H) is the old state transposed times da.",
    ),
    numerical=_step_numerically,
    source=(RNNCell.slopes, RNNCell.step_backward),
)
