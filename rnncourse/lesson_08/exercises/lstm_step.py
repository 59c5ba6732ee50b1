"""Exercise 08.1: one step of an LSTM."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells import LSTMCell
from rnnlib.cells.caches import squash

__all__ = ["STEP"]


def lstm_step(
    x: Array, h_prev: Array, c_prev: Array, W_xh: Array, W_hh: Array, b_h: Array
) -> tuple[Array, Array]:
    """Return h and c of one step; the gates are stacked in the order i, f, o, g."""
    a = x @ W_xh + h_prev @ W_hh + b_h
    a_i, a_f, a_o, a_g = np.split(a, 4, axis=-1)
    i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
    g = np.tanh(a_g)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c


def _cases(rng: Rng) -> list[Case]:
    cases: list[Any] = [
        {
            "x": rng.standard_normal((B, D)),
            "h_prev": np.tanh(rng.standard_normal((B, H))),
            "c_prev": 2 * rng.standard_normal((B, H)),
            "W_xh": rng.standard_normal((D, 4 * H)),
            "W_hh": rng.standard_normal((H, 4 * H)),
            "b_h": rng.standard_normal(4 * H),
        }
        for B, D, H in (
            *((1, 1, 2), (1, 3, 2), (3, 2, 1), (4, 3, 5)),
            *((3, 3, 2), (9, 2, 6), (2, 3, 4), (5, 2, 3), (2, 4, 3), (2, 3, 4)),
        )
    ]
    cases[5]["x"][...] = 0  # silence
    for case in (cases[6], cases[9]):
        case["h_prev"][...] = case["c_prev"][...] = 0  # begins here
    cases[1]["x"] *= 100
    cases[1]["W_xh"] /= 100
    for name in ("b_h", "c_prev"):
        cases[7][name] *= 8  # loud
        cases[8][name] *= 900  # past what an exponential can hold
    return cases


STEP = Exercise(
    id="08.1",
    kind="V",
    title="One step of an LSTM",
    reference=lstm_step,
    returns=("h", "c"),
    cases=_cases,
    mistakes=(
        Mistake(
            "dropped_recurrent_term",
            {" + h_prev @ W_hh": ""},
            "Your gates see the input alone. Call your function twice, with another "
            "h_prev: the gates do not move. What is the job of W_hh?",
        ),
        Mistake(
            "dropped_carried_term",
            {"f * c_prev + ": ""},
            "Your cell has no memory: it starts from nothing at each step. The new "
            "cell state is a sum of what is kept and what is written. Which of the "
            "two is missing?",
        ),
        Mistake(
            "another_order",
            {"a_i, a_f, a_o, a_g": "a_i, a_f, a_g, a_o"},
            "You mix up o and g: this is PyTorch's order, i f g o. A gradient check "
            "would not notice it, because forward and backward agree. Here the three "
            "gates stand together, and the candidate is the last.",
        ),
        Mistake(
            "in_no_known_order",
            {"a_i, a_f, a_o, a_g": "a_i, a_o, a_f, a_g"},
            "Your gates take each other's parts. Cut into four, a holds i, f, o and g, "
            "in this order: the input gate first, the candidate last. In which order "
            "do the names stand in your line?",
            others=(
                {"a_i, a_f, a_o, a_g": "a_g, a_i, a_f, a_o"},
                {"a_i, a_f, a_o, a_g": "a_f, a_i, a_g, a_o"},
                {"a_i, a_f, a_o, a_g": "a_g, a_f, a_i, a_o"},
                {"a_i, a_f, a_o, a_g": "a_f, a_o, a_i, a_g"},
                {"a_i, a_f, a_o, a_g": "a_o, a_i, a_f, a_g"},
                {"a_i, a_f, a_o, a_g": "a_o, a_f, a_i, a_g"},
            ),
        ),
        Mistake(
            "gates_not_squashed",
            {"sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)": "a_i, a_f, a_o"},
            "Your gates are the sums themselves. A gate is a share, between 0 and 1: "
            "which function turns any number into one?",
        ),
        Mistake(
            "nothing_squashed",
            {
                "sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)": "a_i, a_f, a_o",
                "np.tanh(a_g)": "a_g",
            },
            "You cut the sum into four and use the parts as they are. Each of them "
            "goes through a function first: three are shares, one is a content with a "
            "sign.",
        ),
        Mistake(
            "candidate_not_squashed",
            {"np.tanh(a_g)": "a_g"},
            "Your candidate is the sum itself, and may be as large as it likes. It is "
            "a content between -1 and 1: what does it have to go through?",
        ),
        Mistake(
            "functions_exchanged",
            {
                "sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)": "np.tanh(a_i), "
                "np.tanh(a_f), np.tanh(a_o)",
                "np.tanh(a_g)": "sigmoid(a_g)",
            },
            "Your gates can be negative, and your candidate cannot: the two functions "
            "have changed places. Which of the four are shares?",
        ),
        Mistake(
            "swapped_input_and_forget",
            {"a_i, a_f, a_o, a_g": "a_f, a_i, a_o, a_g"},
            "Your input gate keeps, and your forget gate writes. Which letter stands "
            "beside the old cell state in the equation, and which beside the "
            "candidate? Or look at the order in which you split.",
        ),
        Mistake(
            "squashed_too_little",
            {"np.tanh(c)": "c"},
            "Your hidden state can leave the range from -1 to 1. The cell state is a "
            "sum and may grow. What stands between it and the output gate?",
        ),
        Mistake(
            "candidate_as_a_gate",
            {"np.tanh(a_g)": "sigmoid(a_g)"},
            "Your candidate is never negative, so your cell can only be added to. "
            "Three of the four are shares, between 0 and 1. The candidate is a "
            "content, between -1 and 1: which function has that range?",
        ),
        Mistake(
            "forgot_the_bias",
            {" + b_h": ""},
            "Something is missing in your pre-activations, and it does not depend on "
            "x or h. It is the part that decides where the gates stand before "
            "anything is read.",
        ),
        Mistake(
            "forgets_what_it_should_keep",
            {"f * c_prev": "(1 - f) * c_prev"},
            "Your cell forgets where it should keep. The name of f misleads: with f = "
            "1 all of the old cell state stays.",
        ),
        Mistake(
            "shows_the_old_cell",
            {"np.tanh(c)": "np.tanh(c_prev)"},
            "Your h shows a cell state, but which one? What is written at this step "
            "can be seen at this step: the output gate comes last.",
        ),
        Mistake(
            "squashed_too_late",
            {"o * np.tanh(c)": "np.tanh(o * c)"},
            "Your cell state is right; o and tanh are applied in the wrong order. The "
            "output gate shows a share of something squashed. Yours squashes a share.",
        ),
        Mistake(
            "squashes_what_it_keeps",
            {"f * c_prev + i * g": "np.tanh(f * c_prev + i * g)"},
            "Your cell state goes through a tanh at each step, like the state of a "
            "plain RNN. That is what an LSTM avoids: the new cell state is a plain "
            "sum. Only what is shown of it is squashed.",
        ),
        Mistake(
            "writes_all_of_it",
            {"i * g": "g"},
            "Your cell takes in the whole candidate. Who says how much of it gets in?",
        ),
    ),
    hints=(
        "First all pre-activations at once, as for the plain RNN: one array with 4H "
        "columns. Then cut it into four, and only then squash.",
        "np.split(array, 4, axis=-1) cuts the columns into four equal parts, in the "
        "order i, f, o, g. The first three go through the sigmoid, the last through "
        "tanh.",
        "Four lines of work: the sum for all gates at once; its four parts, each "
        "through its own function; the new cell, of what is kept and what is written; "
        "what is shown of it. Return h before c.",
    ),
    source=(squash, LSTMCell.step),
    point=(
        "a += product_by_gate",
        "squash(a, sigmoids=3)",
        "i, f, o, g = a",
        "cache.c[...] =",
        "np.tanh(cache.c",
        "cache.h[...] =",
    ),
)
