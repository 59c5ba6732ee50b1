"""The exercise of lesson 08 on one step back through an LSTM."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.lesson_08.exercises.lstm_step import reordered
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells import LSTMCell
from rnnlib.gradcheck import numerical_gradients

__all__ = ["STEP_BACKWARD", "lstm_step_backward", "random_gates"]

Triple = tuple[Array, Array, Array]


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
    da = reordered(da, (0, 1, 3, 2))
    return da, da @ rest[-1].T, dc_prev


def _scaled(factors: list[Any], dh: Array, dc: Array, rest: tuple[Array, ...]) -> Any:
    """Return the right answer with the four parts of da multiplied by factors."""
    da, _, dc_prev = lstm_step_backward(dh, dc, *rest)
    parts = zip(np.split(da, 4, axis=-1), factors, strict=True)
    da = np.concatenate([part * factor for part, factor in parts], axis=-1)
    return da, da @ rest[-1].T, dc_prev


def no_slope_at_the_gates(dh: Array, dc: Array, *rest: Array) -> Any:
    """You stop at the gates: your da holds di, df, do and dg.

    Each gate came out of a squashing function. How much does it move when its
    pre-activation moves a little?
    """
    i, f, o, g, *_ = rest
    slopes = [i * (1 - i), f * (1 - f), o * (1 - o), 1 - g**2]
    return _scaled([1 / slope for slope in slopes], dh, dc, rest)


def candidate_like_a_gate(dh: Array, dc: Array, *rest: Array) -> Any:
    """Three parts of da are right; the candidate's has a wrong slope.

    The candidate came out of another function than the gates. What is the slope of that
    one, written with its value?
    """
    g = rest[3]
    return _scaled([1, 1, 1, g * (1 - g) / (1 - g**2)], dh, dc, rest)


def output_gate_without_tanh(dh: Array, dc: Array, *rest: Array) -> Any:
    """All parts of da are right but that of the output gate.

    With what was o multiplied on the way forward: with the cell state itself?
    """
    c = rest[5]
    return _scaled([1, 1, c / np.tanh(c), 1], dh, dc, rest)


def each_with_itself(dh: Array, dc: Array, *rest: Array) -> Any:
    """The input gate and the candidate have each other's gradient.

    In a product each factor gets what came back times the other one: so di has g in it,
    and dg has i.
    """
    i, _, _, g, *_ = rest
    return _scaled([i / g, 1, 1, g / i], dh, dc, rest)


def forgot_the_output_gate(dh: Array, dc: Array, *rest: Array) -> Any:
    """On its way from h to c your gradient does not meet the output gate.

    If o is 0, the cell state is not shown at all. How large is then the gradient that
    comes to c by way of h?
    """
    _, _, o, _, _, c, _ = rest
    return lstm_step_backward(dh, dc + dh * (1 - o) * (1 - np.tanh(c) ** 2), *rest)


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


def keeps_a_share_of_the_later_alone(dh: Array, dc: Array, *rest: Array) -> Any:
    """Your dc_prev is a share of the dc that was handed in.

    By way of h a second gradient has arrived at this cell state. The cell before has a
    part in both.
    """
    da, dh_prev, _ = lstm_step_backward(dh, dc, *rest)
    return da, dh_prev, dc * rest[1]


def adds_the_gradient_of_h_again(dh: Array, dc: Array, *rest: Array) -> Any:
    """Your dh_prev holds the dh of this step once more.

    The old h acts on this step by way of the gates alone. Where does an LSTM have a way
    on which something goes past them: at h, or at c?
    """
    da, dh_prev, dc_prev = lstm_step_backward(dh, dc, *rest)
    return da, dh_prev + dh, dc_prev


def squashed_old_cell(dh: Array, dc: Array, *rest: Array) -> Any:
    """You take tanh of the old cell state, where h shows the new one.

    Both are handed to your function. Which one stands in h = o * tanh(c)?
    """
    i, f, o, g, c_prev, _, W_hh = rest
    return lstm_step_backward(dh, dc, i, f, o, g, c_prev, c_prev, W_hh)


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
        keeps_a_share_of_the_later_alone,
        adds_the_gradient_of_h_again,
        squashed_old_cell,
        no_slope_at_the_gates,
        candidate_like_a_gate,
        output_gate_without_tanh,
        each_with_itself,
        forgot_the_output_gate,
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
    source=(LSTMCell.slopes, LSTMCell.step_backward),
)
