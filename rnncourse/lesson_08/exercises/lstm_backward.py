"""Exercise 08.5: back through a whole sequence of LSTM steps."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_08.exercises.lstm_step_backward import lstm_step_backward
from rnncourse.lesson_08.exercises.one_step import new_state, preactivation
from rnnlib._typing import Array, Rng
from rnnlib.cells import LSTMCell
from rnnlib.gradcheck import numerical_gradients
from rnnlib.recurrent import Recurrent

__all__ = ["SEQUENCE_BACKWARD"]

Four = tuple[Array, Array, Array, Array]


def lstm_backward(
    dh: Array, i: Array, f: Array, o: Array, g: Array, c: Array, h: Array, W_hh: Array
) -> Four:
    """Return da (T, B, 4H), dW_hh, dh_0 and dc_0; h[0], c[0]: the initial state."""
    da = np.empty((*dh.shape[:2], 4 * dh.shape[2]))
    dW_hh = np.zeros_like(W_hh)
    dh_next, dc_next = np.zeros_like(h[0]), np.zeros_like(c[0])
    for t in reversed(range(len(dh))):  # one step back is the function of 08.4
        da[t], dh_next, dc_next = lstm_step_backward(
            dh[t] + dh_next, dc_next, i[t], f[t], o[t], g[t], c[t], c[t + 1], W_hh
        )
        dW_hh += h[t].T @ da[t]
    return da, dW_hh, dh_next, dc_next


def _cases(rng: Rng) -> list[Case]:
    cases: list[Any] = []
    short = (1, 1, 2), (2, 1, 3), (2, 4, 2), (6, 2, 3), (5, 2, 1)
    long = (40, 1, 2), (20, 1, 3), (4, 2, 3), (9, 5, 4)
    for T, B, H in (*short, *long, long[-1]):  # twice: no call may know of another
        cell = LSTMCell(2, H, rng=rng)
        cell.params["W_hh"][...] = rng.standard_normal((H, 4 * H))
        if T == 4:  # nothing comes back by h
            cell.params["W_hh"][...] = 0
        if T == 40:  # what it holds lasts
            cell.params["b_h"][H : 2 * H] = 6
        start = cell.State(*(T != 5) * rng.standard_normal((2, B, H)))
        h, _, run = Recurrent(cell).forward(rng.standard_normal((T, B, 2)), start)
        cases.append(
            {
                "dh": 2 * rng.standard_normal((T, B, H)),
                **{gate: getattr(run, gate) for gate in "ifog"},
                "c": np.concatenate([start.c[None], run.c]),
                "h": np.concatenate([start.h[None], h]),
                "W_hh": cell.params["W_hh"],
            }
        )
    cases[3]["dh"][3], cases[3]["dh"][2, 1] = 0, 0  # no loss there
    for case in cases[5:8]:
        case["dh"][:-1] = 0  # a loss at the end alone,
    cases[5]["dh"] *= 500  # and a loud one
    cases[-1]["dh"][-2:] = 0  # and none at the end
    return cases


def _numerically(case: Case) -> Four:
    """Return the derivatives of dh . h with respect to all a, W_hh, h_0 and c_0."""
    W_hh, h_prev = case["W_hh"], case["h"][:-1]

    def loss(a: Array, W_hh: Array, h_0: Array, c_0: Array) -> Any:
        h, c, total = h_0, c_0, 0.0
        for a_t, dh in zip(a, case["dh"], strict=True):
            h, c = new_state(a_t + h @ W_hh, c)
            total += (dh * h).sum()
        return total

    places = {"a": preactivation(case) - h_prev @ W_hh, "W_hh": W_hh}
    places |= {"h_0": case["h"][0], "c_0": case["c"][0]}
    found = numerical_gradients(loss, places)
    return found["a"], found["W_hh"], found["h_0"], found["c_0"]


SEQUENCE_BACKWARD = Exercise(
    id="08.5",
    kind="G",
    title="Back through the whole sequence",
    reference=lstm_backward,
    returns=("da", "dW_hh", "dh_0", "dc_0"),
    cases=_cases,
    mistakes=(
        Mistake(
            "dropped_the_recurrent_h",
            {"dh[t] + dh_next": "dh[t]"},
            "Each of your steps gets the gradient of its own loss, and nothing by way "
            "of h from the step after it. A hidden state goes two ways: into this "
            "step's loss, and through W_hh into the next step's gates. So two "
            "gradients come back.",
        ),
        Mistake(
            "dropped_the_carried_c",
            {"dc_next, i[t]": "0 * dc_next, i[t]"},
            "The gradient of the cell state does not reach the step before. That is "
            "the very path an LSTM is built for. What does one step of your backward "
            "pass hand to the next one, besides dh?",
        ),
        Mistake(
            "dropped_both",
            {"dh[t] + dh_next, dc_next": "dh[t], 0 * dc_next"},
            "Your steps do not talk to each other in the backward pass. Each of them "
            "starts from its own dh alone. Which two gradients does a step of the "
            "LSTM return for the state before it, and where do they go?",
        ),
        Mistake(
            "the_last_weight_gradient_wins",
            {"dW_hh +=": "dW_hh ="},
            "All steps use the same W_hh, and each of them has a part in its "
            "gradient. Yours holds the part of one step. Do you replace where you "
            "should add?",
        ),
        Mistake(
            "new_state_as_the_old",
            {"h[t].T": "h[t + 1].T"},
            "What was multiplied by W_hh at step t: the state after it, or before it? "
            "In these arrays the initial state has index 0, so the state before step t "
            "has index t.",
        ),
        Mistake(
            "one_cell_too_early",
            {"c[t], c[t + 1]": "c[t - 1], c[t]"},
            "Each of your steps gets the cell states of the step before it. The "
            "initial state has index 0, so step t leads from c[t] to c[t + 1]. (Python "
            "takes index -1 without complaint: it is the last one.)",
        ),
        Mistake(
            "walked_forward",
            {"reversed(range(len(dh)))": "range(len(dh))"},
            "You walk from the first step to the last. A gradient comes from the end: "
            "a step can only go back once it knows what the later steps have to say. "
            "Which step is done first?",
        ),
    ),
    hints=(
        "Walk from the last step to the first and call your function for one step. "
        "What does it return that the step before needs?",
        "Carry two arrays from step to step, zeros at first: the gradient of h and the "
        "gradient of c. The first one is joined by this step's dh. W_hh is used at "
        "every step, so its gradient is a sum.",
        "Each round is one call of your function for a step. Write down its nine "
        "arguments, and which index each of them has at step t; mind that c and h "
        "begin one earlier. Of what it returns, one part is kept, two are carried, and "
        "dW_hh grows. Whose gradients are carried out of the last round?",
    ),
    source=(Recurrent.backward, Recurrent._back),
    point=(
        "for t in reversed",
        "np.add(d_state.h, dh[t]",
        "cell.step_backward(d_state",
        "parameter_gradients(da, cache)",
    ),
    numerical=_numerically,
)
