"""Exercises of lesson 08 on one step of an LSTM: forward, and back."""

from typing import Any

import numpy as np

from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells import LSTMCell
from rnnlib.exercises.exercise import Case, Exercise
from rnnlib.gradcheck import numerical_gradients

__all__ = ["STEP", "STEP_BACKWARD", "lstm_step_backward", "random_gates"]

Pair = tuple[Array, Array]
Triple = tuple[Array, Array, Array]
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
    return lstm_step(x, h_prev, c_prev, *(_reordered(W, (0, 1, 3, 2)) for W in rest))


def swapped_input_and_forget(
    x: Array, h_prev: Array, c_prev: Array, *rest: Array
) -> Any:
    """Your input gate keeps, and your forget gate writes.

    Which letter stands beside the old cell state in the equation, and which beside the
    candidate? Or look at the order in which you split.
    """
    return lstm_step(x, h_prev, c_prev, *(_reordered(W, (1, 0, 2, 3)) for W in rest))


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


def _reordered(stacked: Array, order: tuple[int, ...]) -> Array:
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
    source=LSTMCell.step,
)


def lstm_step_backward(
    dh: Array, dc: Array, i: Array, f: Array, o: Array, g: Array, c_prev: Array,
    c: Array, W_hh: Array,
) -> Triple:  # fmt: skip
    """Return da (stacked i f o g), dh_prev and dc_prev."""
    # h = o * tanh(c)
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    # c = f * c_prev + i * g
    df, dc_prev = dc * c_prev, dc * f
    di, dg = dc * g, dc * i
    # i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o); g = tanh(a_g)
    parts = di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)
    da = np.concatenate(parts, axis=-1)
    return da, da @ W_hh.T, dc_prev


def forgot_tanh_c_slope(dh: Array, dc: Array, *rest: Array) -> Any:
    """Between c and h there is a tanh, and the way back must say so.

    How much does h move when c moves a little? The output gate is one factor; the slope
    of tanh at c is the other.
    """
    _, _, o, _, _, c, _ = rest
    return lstm_step_backward(dh, dc + dh * o * np.tanh(c) ** 2, *rest)


def sigmoid_slope_twice(dh: Array, dc: Array, *rest: Array) -> Any:
    """Each gate's gradient goes through the slope of its sigmoid once, yours twice.

    Perhaps you multiply by i (1 - i) for di already and again for the pre-activation.
    di is the gradient of the gate itself: has it been through the sigmoid yet?
    """
    i, f, o, g, *_, W_hh = rest
    da, _, dc_prev = lstm_step_backward(dh, dc, *rest)
    once = np.concatenate([s * (1 - s) for s in (i, f, o)] + [np.ones_like(g)], axis=-1)
    return da * once, (da * once) @ W_hh.T, dc_prev


def slope_of_the_value(dh: Array, dc: Array, *rest: Array) -> Any:
    """You squash i, f, o once more on the way back.

    They are the gates already, not the pre-activations. The slope can be written with
    the gate itself.
    """
    i, f, o, g, *_, W_hh = rest
    da, _, dc_prev = lstm_step_backward(dh, dc, *rest)
    wrong = [sigmoid(s) * (1 - sigmoid(s)) / (s * (1 - s)) for s in (i, f, o)]
    da = da * np.concatenate([*wrong, np.ones_like(g)], axis=-1)
    return da, da @ W_hh.T, dc_prev


def dropped_later_c(dh: Array, dc: Array, *rest: Array) -> Any:
    """Two gradients meet at c: one by way of h, one from the next step's cell.

    Yours has only the one by way of h. Do you overwrite the dc that was handed in?
    """
    return lstm_step_backward(dh, 0 * dc, *rest)


def new_cell_for_old(dh: Array, dc: Array, *rest: Array) -> Any:
    """The forget gate was multiplied by a cell state: by which one?

    Look at the forward line once more. At that moment the new cell state did not
    exist yet.
    """
    *_, c_prev, c, W_hh = rest
    da, _, dc_prev = lstm_step_backward(dh, dc, *rest)
    parts = np.split(da, 4, axis=-1)
    parts[1] = parts[1] / c_prev * c
    da = np.concatenate(parts, axis=-1)
    return da, da @ W_hh.T, dc_prev


def nothing_forgotten(dh: Array, dc: Array, *rest: Array) -> Any:
    """Your gradient of the old cell state is that of the new one, unchanged.

    On the way forward only a share of the old cell state came through. On the way back
    the same share does: which?
    """
    da, dh_prev, dc_prev = lstm_step_backward(dh, dc, *rest)
    return da, dh_prev, dc_prev / rest[1]


def stacked_as_ifgo(dh: Array, dc: Array, *rest: Array) -> Any:
    """Your stack ends with g and o in PyTorch's order.

    The columns of W_hh stand in the order i, f, o, g: the gradients have to stand as
    they do.
    """
    da, _, dc_prev = lstm_step_backward(dh, dc, *rest)
    da = _reordered(da, (0, 1, 3, 2))
    return da, da @ rest[-1].T, dc_prev


def random_gates(rng: Rng, shape: tuple[int, ...]) -> dict[str, Array]:
    """Return i, f, o and g of that shape."""
    gates = {name: sigmoid(rng.standard_normal(shape)) for name in "ifo"}
    return {**gates, "g": np.tanh(rng.standard_normal(shape))}


def _back_cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for B, H in ((1, 1), (1, 3), (3, 2), (4, 5)):
        dh, dc, c_prev = rng.standard_normal((3, B, H))
        gates = random_gates(rng, (B, H))
        c = gates["f"] * c_prev + gates["i"] * gates["g"]
        W_hh = rng.standard_normal((H, 4 * H))
        cases.append(
            {"dh": dh, "dc": dc, **gates, "c_prev": c_prev, "c": c, "W_hh": W_hh}
        )
    return cases


def _back_numerically(case: Case) -> Triple:
    """Return the derivatives of dh . h + dc . c by a, h_prev and c_prev."""
    gates = [np.log(case[name] / (1 - case[name])) for name in "ifo"]
    rest = np.concatenate([*gates, np.arctanh(case["g"])], axis=-1)

    def loss(a: Array, h_prev: Array, c_prev: Array) -> Any:
        stacked = a + h_prev @ case["W_hh"]
        a_i, a_f, a_o, a_g = np.split(stacked, 4, axis=-1)
        c = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_g)
        h = sigmoid(a_o) * np.tanh(c)
        return (case["dh"] * h + case["dc"] * c).sum()

    zero = np.zeros_like(case["c_prev"])
    places = {"a": rest, "h_prev": zero, "c_prev": case["c_prev"]}
    found = numerical_gradients(loss, places)
    return found["a"], found["h_prev"], found["c_prev"]


STEP_BACKWARD = Exercise(
    id="08.4",
    kind="G",
    title="One step back through an LSTM",
    reference=lstm_step_backward,
    returns=("da", "dh_prev", "dc_prev"),
    cases=_back_cases,
    bugs=(
        forgot_tanh_c_slope,
        sigmoid_slope_twice,
        slope_of_the_value,
        dropped_later_c,
        new_cell_for_old,
        nothing_forgotten,
        stacked_as_ifgo,
    ),
    hints=(
        "Go through the forward lines from the last to the first. Each product gives "
        "two gradients, each of which is what came back times the other factor.",
        "Two gradients meet at c: what was handed in, and dh by way of the output gate "
        "and the slope of tanh. Add them before you go on. The slope of a sigmoid "
        "written with its value s is s (1 - s), that of tanh is 1 - g squared.",
        "do = dh times the squashed c; dc grows by dh times o times that slope; then "
        "di, dg, df and dc_prev are dc times the partner in the product; each of di, "
        "df, do, dg times its own slope, side by side, is da; dh_prev is da times W_hh "
        "transposed.",
    ),
    numerical=_back_numerically,
    source=LSTMCell.step_backward,
)
