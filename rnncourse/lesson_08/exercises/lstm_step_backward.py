"""Exercise 08.4: one step back through an LSTM."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_08.exercises.one_step import (
    new_state,
    preactivation,
    random_step,
    with_silence,
)
from rnnlib._typing import Array, Rng
from rnnlib.cells import LSTMCell
from rnnlib.gradcheck import numerical_gradients

__all__ = ["STEP_BACKWARD", "lstm_step_backward"]

Triple = tuple[Array, Array, Array]


def lstm_step_backward(
    dh: Array, dc: Array, i: Array, f: Array, o: Array, g: Array, c_prev: Array,
    c: Array, W_hh: Array,
) -> Triple:  # fmt: skip
    """Return da (stacked i f o g), dh_prev and dc_prev."""
    # h = o * tanh(c)
    tanh_c = np.tanh(c)
    do = dh * tanh_c
    dc = dc + dh * o * (1 - tanh_c**2)
    # c = f * c_prev + i * g
    df, dc_prev = dc * c_prev, dc * f
    di, dg = dc * g, dc * i
    # i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o); g = tanh(a_g)
    da_i, da_f, da_o = di * i * (1 - i), df * f * (1 - f), do * o * (1 - o)
    da_g = dg * (1 - g**2)
    da = np.concatenate([da_i, da_f, da_o, da_g], axis=-1)
    return da, da @ W_hh.T, dc_prev


def _cases(rng: Rng) -> list[Case]:
    steps = [random_step(rng, B, H) for B, H in ((1, 1), (1, 3), (3, 2), (4, 5))]
    steps += [
        random_step(rng, 3, 3, first=True),
        random_step(rng, 8, 6, loud=5.0),
        {**(last := random_step(rng, 3, 4)), "dc": 0 * last["dc"]},
        with_silence(random_step(rng, 4, 2), "dh"),
        with_silence(random_step(rng, 5, 3)),
        _full(random_step(rng, 2, 5)),
    ]
    return [
        {**step, "W_hh": rng.standard_normal((H, 4 * H))}
        for step in steps
        for H in [step["c"].shape[1]]
    ]


def _full(step: dict[str, Array]) -> dict[str, Array]:
    """Return a step whose cell states are past what an exponential can hold."""
    c_prev = np.copysign(9000, step["c_prev"]) + step["c_prev"]
    return {**step, "c_prev": c_prev, "c": step["f"] * c_prev + step["i"] * step["g"]}


def _numerically(case: Case) -> Triple:
    """Return the derivatives of dh . h + dc . c with respect to a, h_prev, c_prev."""

    def loss(a: Array, h_prev: Array, c_prev: Array) -> Any:
        h, c = new_state(a + h_prev @ case["W_hh"], c_prev)
        return (case["dh"] * h + case["dc"] * c).sum()

    c_prev = case["c_prev"]
    places = {"a": preactivation(case), "h_prev": 0 * c_prev, "c_prev": c_prev}
    found = numerical_gradients(loss, places)
    return found["a"], found["h_prev"], found["c_prev"]


STEP_BACKWARD = Exercise(
    id="08.4",
    kind="G",
    title="One step back through an LSTM",
    reference=lstm_step_backward,
    returns=("da", "dh_prev", "dc_prev"),
    cases=_cases,
    mistakes=(
        Mistake(
            "forgot_tanh_c_slope",
            {" * (1 - tanh_c**2)": ""},
            "Between c and h there is a tanh, and the backward pass must say so. How "
            "much does h move when c moves a little? The output gate is one factor; "
            "the slope of tanh at c is the other.",
        ),
        Mistake(
            "slope_of_the_cell_itself",
            {"1 - tanh_c**2": "1 - c**2"},
            "You have 1 - c squared, which may be far below 0. One minus the square is "
            "written with what comes out of the tanh. Is that c?",
        ),
        Mistake(
            "no_way_through_h",
            {"dc = dc + dh * o * (1 - tanh_c**2)": "dc = dc + 0 * dh"},
            "Your cell state hears the next step alone. It is also shown at this step, "
            "in h, and dh comes back from there. By which two factors does it reach c?",
        ),
        Mistake(
            "sigmoid_slope_twice",
            {
                "i * (1 - i)": "(i - i**2) ** 2",
                "f * (1 - f)": "(f - f**2) ** 2",
                "o * (1 - o)": "(o - o**2) ** 2",
            },
            "Each gate's gradient goes through the slope of its sigmoid once, yours "
            "twice. Perhaps you multiply by i (1 - i) for di already and again for "
            "the pre-activation. di is the gradient of the gate itself: has it been "
            "through the sigmoid yet?",
        ),
        Mistake(
            "slope_of_the_value",
            {"# i, f, o = sig": "i, f, o = 1 / (1 + np.exp(-np.array([i, f, o])))  #"},
            "You squash i, f, o once more in the backward pass. They are the gates "
            "already, not the pre-activations. The slope can be written with the gate "
            "itself.",
        ),
        Mistake(
            "dropped_later_c",
            {"dc + dh": "dh"},
            "Two gradients meet at c: one by way of h, one from the next step's cell. "
            "Yours has only the one by way of h. Do you overwrite the dc that was "
            "handed in?",
        ),
        Mistake(
            "new_cell_for_old",
            {"dc * c_prev": "dc * c"},
            "The forget gate was multiplied by a cell state: by which one? Look at "
            "the forward line once more. At that moment the new cell state did not "
            "exist yet.",
        ),
        Mistake(
            "nothing_forgotten",
            {"dc * f": "dc"},
            "Your gradient of the old cell state is that of the new one, unchanged. "
            "In the forward pass only a share of the old cell state came through. In "
            "the backward pass the same share does: which?",
        ),
        Mistake(
            "stacked_as_ifgo",
            {"[da_i, da_f, da_o, da_g]": "[da_i, da_f, da_g, da_o]"},
            "Your stack ends with g and o in PyTorch's order. The columns of W_hh "
            "stand in the order i, f, o, g: the gradients must stand in the same "
            "order.",
        ),
        Mistake(
            "keeps_a_share_of_the_later_alone",
            {"dc = dc + dh": "later, dc = dc, dc + dh", "dc * f": "later * f"},
            "Your dc_prev is a share of the dc that was handed in. By way of h a "
            "second gradient has arrived at this cell state. The cell before has a "
            "part in both.",
        ),
        Mistake(
            "adds_the_gradient_of_h_again",
            {"da @ W_hh.T": "da @ W_hh.T + dh"},
            "Your dh_prev holds the dh of this step once more. The old h acts on this "
            "step through the gates alone. Where does an LSTM have a path that goes "
            "past them: at h, or at c?",
        ),
        Mistake(
            "squashed_old_cell",
            {"np.tanh(c)": "np.tanh(c_prev)"},
            "You take tanh of the old cell state, where h shows the new one. Both are "
            "handed to your function. Which one stands in h = o * tanh(c)?",
        ),
        Mistake(
            "no_slope_at_the_gates",
            {"[da_i, da_f, da_o, da_g]": "[di, df, do, dg]"},
            "You stop at the gates: di, df, do and dg stand where da should. Each gate "
            "came out of a squashing function. How much does it move when its "
            "pre-activation moves a little?",
        ),
        Mistake(
            "candidate_like_a_gate",
            {"dg * (1 - g**2)": "dg * g * (1 - g)"},
            "Three parts of da are right; the candidate's has the wrong slope. The "
            "candidate came out of a different function from the gates. What is the "
            "slope of that function, written with its value?",
        ),
        Mistake(
            "output_gate_without_tanh",
            {"dh * tanh_c": "dh * c"},
            "All parts of da are right except that of the output gate. What was o "
            "multiplied by in the forward pass: the cell state itself?",
        ),
        Mistake(
            "each_with_itself",
            {"dc * g, dc * i": "dc * i, dc * g"},
            "The input gate and the candidate have each other's gradient. In a "
            "product each factor gets what came back times the other one: so di has g "
            "in it, and dg has i.",
        ),
        Mistake(
            "forgot_the_output_gate",
            {"dh * o": "dh"},
            "On its way from h to c your gradient does not meet the output gate. If o "
            "is 0, the cell state is not shown at all. How large is then the gradient "
            "that comes to c by way of h?",
        ),
    ),
    hints=(
        "Go through the forward lines from the last to the first. Each product gives "
        "two gradients, each of which is what came back times the other factor.",
        "Two gradients meet at c: what was handed in, and dh by way of the output gate "
        "and the slope of tanh. Add them before you go on. The slope of a sigmoid "
        "written with its value s is s (1 - s), that of tanh is 1 - g squared.",
        "Four stages: what dh says to o and to c; what all that has come to c says to "
        "the four factors of its two products; each gate and the candidate through its "
        "own slope, and side by side; one product for dh_prev. At the end compare the "
        "shapes with what is asked for.",
    ),
    numerical=_numerically,
    source=(LSTMCell.slopes, LSTMCell.step_backward),
    point=(
        "dh, dc = d_state",
        "# h = o",
        "da_o = dh",
        "dc = dc + dh",
        "# c = f",
        "da_i = dc",
        "da_f = dc",
        "da_g = dc",
        "dc_prev = dc",
        "# a = x @ W_xh",
        "da = np.concatenate",
        "return da, LSTMState",
    ),
)
