"""The exercise of lesson 08 on one step of an LSTM."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells import LSTMCell
from rnnlib.cells.caches import squash

__all__ = ["STEP", "reordered"]

Pair = tuple[Array, Array]
SIZES = ((1, 1, 2), (1, 3, 2), (3, 2, 1), (4, 3, 5))  # B, D, H


def lstm_step(
    x: Array, h_prev: Array, c_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Pair:
    """Return h and c of one step; the gates are stacked in the order i, f, o, g."""
    a = x @ W_xh + h_prev @ W_hh + b_h
    a_i, a_f, a_o, a_g = np.split(a, 4, axis=-1)
    i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
    g = np.tanh(a_g)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c


def dropped_recurrent_term(x: Array, h_prev: Array, c_prev: Array, *rest: Array) -> Any:
    """Your gates see the input alone.

    Call your function twice, with another h_prev: the gates do not move. What is the
    job of W_hh?
    """
    return lstm_step(x, 0 * h_prev, c_prev, *rest)


def dropped_carried_term(x: Array, h_prev: Array, c_prev: Array, *rest: Array) -> Any:
    """Your cell has no memory: it starts from nothing at each step.

    The new cell state is a sum of what is kept and what is written. Which of the two
    is missing?
    """
    return lstm_step(x, h_prev, 0 * c_prev, *rest)


def another_order(x: Array, h_prev: Array, c_prev: Array, *rest: Array) -> Any:
    """You take o and g for each other: this is PyTorch's order, i f g o.

    A gradient check would not notice it, because forward and backward agree. Here the
    three gates stand together, and the candidate is the last.
    """
    return lstm_step(x, h_prev, c_prev, *(reordered(W, (0, 1, 3, 2)) for W in rest))


def swapped_input_and_forget(
    x: Array, h_prev: Array, c_prev: Array, *rest: Array
) -> Any:
    """Your input gate keeps, and your forget gate writes.

    Which letter stands beside the old cell state in the equation, and which beside the
    candidate? Or look at the order in which you split.
    """
    return lstm_step(x, h_prev, c_prev, *(reordered(W, (1, 0, 2, 3)) for W in rest))


def squashed_too_little(x: Array, h_prev: Array, c_prev: Array, *rest: Array) -> Any:
    """Your hidden state can leave the range from -1 to 1.

    The cell state is a sum and may grow. What stands between it and the output gate?
    """
    W_xh, W_hh, b_h = rest
    a = x @ W_xh + h_prev @ W_hh + b_h
    _, c = lstm_step(x, h_prev, c_prev, *rest)
    return sigmoid(np.split(a, 4, axis=-1)[2]) * c, c


def candidate_as_a_gate(x: Array, h_prev: Array, c_prev: Array, *rest: Array) -> Any:
    """Your candidate is never negative, so your cell can only be added to.

    Three of the four are shares, between 0 and 1. The candidate is a content, between
    -1 and 1: which function has that range?
    """
    W_xh, W_hh, b_h = rest
    a = x @ W_xh + h_prev @ W_hh + b_h
    a_i, a_f, a_o, a_g = (sigmoid(part) for part in np.split(a, 4, axis=-1))
    c = a_f * c_prev + a_i * a_g
    return a_o * np.tanh(c), c


def forgot_the_bias(
    x: Array, h_prev: Array, c_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Any:
    """Something is missing in your pre-activations, and it does not depend on x or h.

    It is the part that decides where the gates stand before anything is read.
    """
    return lstm_step(x, h_prev, c_prev, W_xh, W_hh, 0 * b_h)


def forgets_what_it_should_keep(
    x: Array, h_prev: Array, c_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Any:
    """Your cell forgets where it should keep.

    The name of f misleads: with f = 1 all of the old cell state stays.
    """
    a = x @ W_xh + h_prev @ W_hh + b_h
    a_f = np.split(a, 4, axis=-1)[1]
    return lstm_step(x, h_prev, c_prev * np.exp(-a_f), W_xh, W_hh, b_h)


def shows_the_old_cell(
    x: Array, h_prev: Array, c_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Any:
    """Your h shows a cell state, but which one?

    What is written at this step can be seen at this step: the output gate comes last.
    """
    a = x @ W_xh + h_prev @ W_hh + b_h
    _, c = lstm_step(x, h_prev, c_prev, W_xh, W_hh, b_h)
    return sigmoid(np.split(a, 4, axis=-1)[2]) * np.tanh(c_prev), c


def squashed_too_late(
    x: Array, h_prev: Array, c_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Any:
    """Your cell state is right; o and tanh come in the other order.

    The output gate shows a share of something squashed. Yours squashes a share.
    """
    a = x @ W_xh + h_prev @ W_hh + b_h
    _, c = lstm_step(x, h_prev, c_prev, W_xh, W_hh, b_h)
    return np.tanh(sigmoid(np.split(a, 4, axis=-1)[2]) * c), c


def squashes_what_it_keeps(
    x: Array, h_prev: Array, c_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Any:
    """Your cell state goes through a tanh at each step, as that of a plain RNN.

    That is what an LSTM avoids: the new cell state is a plain sum. Only what is shown
    of it is squashed.
    """
    a = x @ W_xh + h_prev @ W_hh + b_h
    c = np.tanh(lstm_step(x, h_prev, c_prev, W_xh, W_hh, b_h)[1])
    return sigmoid(np.split(a, 4, axis=-1)[2]) * np.tanh(c), c


def writes_all_of_it(
    x: Array, h_prev: Array, c_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> Any:
    """Your cell takes in the candidate whole. Who says how much of it gets in?"""
    a = x @ W_xh + h_prev @ W_hh + b_h
    _, a_f, a_o, a_g = np.split(a, 4, axis=-1)
    c = sigmoid(a_f) * c_prev + np.tanh(a_g)
    return sigmoid(a_o) * np.tanh(c), c


def reordered(stacked: Array, order: tuple[int, ...]) -> Array:
    """Return the four parts of a stacked array in another order."""
    parts = np.split(stacked, 4, axis=-1)
    return np.concatenate([parts[k] for k in order], axis=-1)


def _step_cases(rng: Rng) -> list[Case]:
    return [
        {
            "x": rng.standard_normal((B, D)),
            "h_prev": np.tanh(rng.standard_normal((B, H))),
            "c_prev": 2 * rng.standard_normal((B, H)),
            "W_xh": rng.standard_normal((D, 4 * H)),
            "W_hh": rng.standard_normal((H, 4 * H)),
            "b_h": rng.standard_normal(4 * H),
        }
        for B, D, H in SIZES
    ]


STEP = Exercise(
    id="08.1",
    kind="V",
    title="One step of an LSTM",
    reference=lstm_step,
    returns=("h", "c"),
    cases=_step_cases,
    bugs=(
        dropped_recurrent_term,
        dropped_carried_term,
        another_order,
        swapped_input_and_forget,
        squashed_too_little,
        candidate_as_a_gate,
        forgot_the_bias,
        forgets_what_it_should_keep,
        shows_the_old_cell,
        squashed_too_late,
        squashes_what_it_keeps,
        writes_all_of_it,
    ),
    hints=(
        "First all pre-activations at once, as for the plain RNN: one array with 4H "
        "columns. Then cut it into four, and only then squash.",
        "np.split(array, 4, axis=-1) cuts the columns into four equal parts, in the "
        "order i, f, o, g. The first three go through the sigmoid, the last through "
        "tanh.",
        "a: input product plus recurrent product plus bias; cut it; c: forget gate "
        "times old cell plus input gate times candidate; h: output gate times the "
        "squashed c; both are returned, h before c.",
    ),
    source=(squash, LSTMCell.step),
)
