"""Exercise 09.1: one step of a GRU, in both forms."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import sigmoid
from rnnlib.cells import GRUCell

__all__ = ["STEP"]


def gru_step(
    x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array, b_hn: Array,
    reset: str,
) -> Array:  # fmt: skip
    """Return h of one step; the blocks stand in the order r, z, n, and z keeps."""
    a_r, a_z, a_n = np.split(x @ W_xh + b_h, 3, axis=-1)
    W_hr, W_hz, W_hn = np.split(W_hh, 3, axis=-1)
    r = sigmoid(a_r + h_prev @ W_hr)
    z = sigmoid(a_z + h_prev @ W_hz)
    if reset == "after":
        n = np.tanh(a_n + r * (h_prev @ W_hn + b_hn))
    else:
        n = np.tanh(a_n + (r * h_prev) @ W_hn)
    return (1 - z) * n + z * h_prev


AFTER, BEFORE = "after", "before"


def _cases(rng: Rng) -> list[Case]:
    cases: list[dict[str, Any]] = [
        {
            "x": rng.standard_normal((B, D)),
            "h_prev": np.tanh(rng.standard_normal((B, H))),
            "W_xh": rng.standard_normal((D, 3 * H)),
            "W_hh": rng.standard_normal((H, 3 * H)),
            "b_h": rng.standard_normal(3 * H),
            "b_hn": rng.standard_normal(H),
            "reset": reset,
        }
        for B, D, H, reset in (
            *((1, 1, 2, AFTER), (1, 3, 2, BEFORE), (3, 2, 1, BEFORE)),
            *((4, 3, 5, AFTER), (4, 3, 5, BEFORE), (3, 3, 2, AFTER)),
            *((9, 2, 6, BEFORE), (2, 3, 4, AFTER), (2, 3, 4, BEFORE)),
            *((4, 2, 2, BEFORE), (5, 2, 3, AFTER), (3, 4, 3, BEFORE)),
            (7, 5, 4, AFTER),
        )
    ]
    cases[5]["x"] = np.eye(3, dtype=int)[rng.integers(0, 3, 3)]  # one-hot letters
    cases[6]["h_prev"] *= 0  # begins here
    cases[7]["W_xh"] *= 60  # loud
    cases[8]["x"] *= 0  # silence
    cases[9]["h_prev"] *= 40
    cases[10]["b_h"][:6] = rng.permutation(6) % 2 * 2000.0 - 1000  # gates of 0 and 1
    cases[11]["b_h"][:3] = -1000  # nothing is shown to the candidate
    return [*cases]


STEP = Exercise(
    id="09.1",
    kind="V",
    title="One step of a GRU, in both forms",
    reference=gru_step,
    returns=("h",),
    whole=("x",),
    cases=_cases,
    mistakes=(
        Mistake(
            "z_exchanged",
            {"(1 - z) * n + z * h_prev": "z * n + (1 - z) * h_prev"},
            "Your z writes, where it is to keep: at z = 1 your unit forgets all it "
            "had. Other books have it so, and a network trained so learns as well. But "
            "weights that were learned in one convention mean the opposite in the "
            "other.",
        ),
        Mistake(
            "reset_sides_exchanged",
            {'reset == "after"': 'reset != "after"'},
            "Both forms are there, each under the other's name. “After” means after "
            "the product with W_hn: first the old state is multiplied, then the result "
            "is reset.",
        ),
        Mistake(
            "always_after",
            {'reset == "after"': "reset"},
            "Where “before” is asked for, your reset gate still sits after the "
            "product. There it must act on the old state itself, before any weight "
            "does. Do you look at the last argument?",
        ),
        Mistake(
            "always_before",
            {'reset == "after"': "not reset"},
            "Where “after” is asked for, your reset gate still sits before the "
            "product. Do you look at the last argument?",
        ),
        Mistake(
            "second_bias_not_reset",
            {"(h_prev @ W_hn + b_hn)": "(h_prev @ W_hn) + b_hn"},
            "Your second bias stands outside the reset gate, where it does what b_h "
            "does already. With “after” it belongs to the product, so r acts on it, "
            "too.",
        ),
        Mistake(
            "second_bias_forgotten",
            {" + b_hn": ""},
            "With “after”, something is missing in your candidate that is there even "
            "if the old state is zero. Which array have you not used?",
        ),
        Mistake(
            "second_bias_in_both",
            {"(r * h_prev) @ W_hn": "(r * h_prev) @ W_hn + b_hn"},
            "With “before” there is one bias alone. The second one would stand beside "
            "the first and add nothing new, so this form does without it.",
        ),
        Mistake(
            "order_of_keras",
            {"a_r, a_z, a_n": "a_z, a_r, a_n", "W_hr, W_hz, W_hn": "W_hz, W_hr, W_hn"},
            "You take the blocks in the order z, r, n, which is that of Keras. Here "
            "and in PyTorch r comes first. No gradient check would tell you.",
        ),
        Mistake(
            "blocks_of_one_matrix_exchanged",
            {"W_hr, W_hz, W_hn": "W_hz, W_hr, W_hn"},
            "What comes from the input and what comes from the old state do not belong "
            "to the same gate: you cut one of the two arrays in another order. Both "
            "stand as r, z, n.",
            others=({"a_r, a_z, a_n": "a_z, a_r, a_n"},),
        ),
        Mistake(
            "gates_deaf_to_the_state",
            {"a_r + h_prev @ W_hr": "a_r", "a_z + h_prev @ W_hz": "a_z"},
            "Your gates see the input alone. They also look at what is remembered: "
            "which two blocks of W_hh have you not used?",
        ),
        Mistake(
            "gates_not_squashed",
            {
                "sigmoid(a_r + h_prev @ W_hr)": "a_r + h_prev @ W_hr",
                "sigmoid(a_z + h_prev @ W_hz)": "a_z + h_prev @ W_hz",
            },
            "Your gates are the sums themselves. A gate is a share, between 0 and 1: "
            "which function turns any number into one?",
        ),
        Mistake(
            "candidate_as_a_gate",
            {
                "np.tanh(a_n + r": "sigmoid(a_n + r",
                "np.tanh(a_n + (r": "sigmoid(a_n + (r",
            },
            "Your candidate is never negative. It is a content and not a share: what "
            "range should it have?",
        ),
        Mistake(
            "candidate_not_squashed",
            {"np.tanh(a_n + r": "(a_n + r", "np.tanh(a_n + (r": "(a_n + (r"},
            "Your candidate may be as large as it likes, and with it your state. "
            "Through which function does it go, so that it stays between -1 and 1?",
        ),
        Mistake(
            "no_reset",
            {
                "r * (h_prev @ W_hn + b_hn)": "(h_prev @ W_hn + b_hn)",
                "(r * h_prev)": "h_prev",
            },
            "Your reset gate resets nothing: your candidate sees all of the old "
            "state. Where does r come in?",
        ),
        Mistake(
            "reset_upside_down",
            {
                "r * (h_prev @": "(1 - r) * (h_prev @",
                "(r * h_prev)": "((1 - r) * h_prev)",
            },
            "The name of r misleads. With r = 1 the candidate sees all of the old "
            "state, with r = 0 nothing of it.",
        ),
        Mistake(
            "resets_what_is_kept",
            {"+ z * h_prev": "+ z * r * h_prev"},
            "Your candidate is right, but your r has a second job: it takes away from "
            "what is kept. What is kept is decided by z alone.",
        ),
        Mistake(
            "all_of_the_candidate",
            {"(1 - z) * n": "n"},
            "Your candidate is written whole, whatever is kept. Keep and write share "
            "one gate: what is not kept makes room for what is new.",
        ),
        Mistake(
            "squashed_once_more",
            {"(1 - z) * n + z * h_prev": "np.tanh((1 - z) * n + z * h_prev)"},
            "You squash the mixture. That is what the plain RNN does with its state at "
            "each step, and why it forgets. A mixture of two numbers between -1 and 1 "
            "stays there by itself.",
        ),
        Mistake(
            "forgot_the_bias",
            {" + b_h,": ","},
            "In all three parts something is missing that depends neither on the input "
            "nor on the state.",
        ),
    ),
    hints=(
        "Three parts, as the LSTM had four. Two can be computed at once; the third has "
        "to wait. For what?",
        "Cut what comes from the input into three, and W_hh as well. Both gates are "
        "made as those of an LSTM are. The candidate is a plain RNN's new state, but "
        "for r, and the two forms differ in where r acts.",
        "Gates first. Then the candidate: in one form r acts on what the product "
        "gives, its bias included, in the other on the old state that goes into the "
        "product. Last, mix candidate and old state: the shares add up to one. Try "
        "z = 1 in your head: which of the two should come out?",
    ),
    source=(GRUCell.step, GRUCell._step_reset_before),
    point=(
        "m_rzn = product_by_gate",
        "squash(a_rz, sigmoids=2)",
        "np.add(m_rzn[2]",
        "n += r * m",
        "np.tanh(n, out=n)",
        "m[...] = (r * h_prev)",
        "cache.h[...] =",
    ),
)
