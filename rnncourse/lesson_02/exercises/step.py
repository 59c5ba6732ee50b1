"""One step of a plain RNN."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_02.exercises.random_weights import random_weights
from rnnlib import cells
from rnnlib._typing import Array, Rng

__all__ = ["STEP"]


def rnn_step(x: Array, h_prev: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """Return the new state (B, H) of one step with tanh."""
    return np.tanh(x @ W_xh + h_prev @ W_hh + b_h)


def _steps(rng: Rng) -> list[Case]:
    sizes = (
        (1, 2, 3),
        (1, 4, 2),
        (3, 1, 2),
        (5, 4, 3),
        (2, 3, 3),
        (4, 2, 1),
        (7, 3, 6),
        (2, 9, 12),
        (3, 2, 3),
        (3, 3, 2),
    )
    cases: list[Case] = [
        {
            "x": rng.standard_normal((B, D)),
            "h_prev": np.tanh(rng.standard_normal((B, H))),
            **random_weights(rng, D, H),
            "b_h": rng.standard_normal(H),
        }
        for B, D, H in sizes
    ]
    silence, start = cases[3], cases[4]
    return [
        *cases,
        {**silence, "x": 0 * silence["x"]},
        {**start, "h_prev": 0 * start["h_prev"]},
        {**start, "h_prev": 3 * rng.standard_normal(start["h_prev"].shape)},
        {**start, "x": 1000 * start["x"]},
        {**silence, "x": rng.integers(2, size=silence["x"].shape)},
        {**start, "h_prev": rng.integers(2, size=start["h_prev"].shape)},
    ]


STEP = Exercise(
    id="02.1",
    kind="V",
    title="One step",
    reference=rnn_step,
    whole=("x", "h_prev"),
    cases=_steps,
    mistakes=(
        Mistake(
            "not_squashed",
            {"np.tanh": ""},
            "You return the sum itself. Some of your states are far outside −1 to 1. "
            "What bounds them?",
        ),
        Mistake(
            "no_bias",
            {" + b_h": ""},
            "Something is missing in the sum. If input and old state are both zero, "
            "where does your unit stand, and where should it?",
        ),
        Mistake(
            "no_input",
            {"x @ W_xh + ": ""},
            "Your state does not listen: a different x gives the same h. In the "
            "equation, what is multiplied by the matrix that leads from the input?",
        ),
        Mistake(
            "no_memory",
            {"h_prev @ W_hh + ": ""},
            "Your state does not remember: a different h_prev gives the same h. That "
            "is a layer of a plain network. What makes it recurrent?",
        ),
        Mistake(
            "squashed_apart",
            {"W_xh + h_prev": "W_xh) + np.tanh(h_prev"},
            "You squash the parts, and add them afterwards. Then a state can lie "
            "beyond 1. Input and memory are first added up, and the sum goes through "
            "tanh once.",
        ),
        Mistake(
            "bias_behind_the_tanh",
            {" + b_h)": ") + b_h"},
            "You add the bias to the new state, after the tanh. Then a state can lie "
            "beyond 1. The bias belongs to the sum: on which side of the bracket does "
            "it stand?",
        ),
        Mistake(
            "columns_for_rows",
            {"W_hh +": "W_hh.T +"},
            "W_hh is used the other way round, as for columns. Here a state is a row, "
            "and row j of W_hh says where unit j leads. In papers it is column j, "
            "which is why they write the matrix on the left.",
        ),
        Mistake(
            "added_to_the_old",
            {"np.tanh": "h_prev + np.tanh"},
            "You add the new state to the old one. The plain RNN replaces its state "
            "at every step; what it keeps must come through W_hh. (Adding is an idea "
            "of lesson 08.)",
        ),
    ),
    hints=(
        "Three things are added up: what the input says, what the old state says, and "
        "the bias. What happens to the sum?",
        "With rows a vector stands left of its matrix: x is (B, D) and W_xh (D, H), so "
        "the product is (B, H). The bias (H,) is added to each row by itself.",
        "Write down the shapes of the two products and of the bias: all three must fit "
        "to (B, H). Add them up first; the squashing comes last, once, around the "
        "whole sum.",
    ),
    source=cells.RNNCell.step,
)
