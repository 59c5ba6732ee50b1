"""A whole sequence through a plain RNN."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_02.exercises.random_weights import random_weights
from rnnlib import recurrent
from rnnlib._typing import Array, Rng

__all__ = ["SEQUENCE"]


def rnn_sequence(x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Array:
    """Return all states (T, B, H), for x (T, B, D) and an initial state h_0 (B, H)."""
    h, states = h_0, []
    for x_t in x:
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        states.append(h)
    return np.stack(states)


def _sequences(rng: Rng) -> list[Case]:
    cases: list[Any] = [
        {
            "x": rng.standard_normal((T, B, D)),
            "h_0": np.tanh(rng.standard_normal((B, H))),
            **random_weights(rng, D, H),
            "b_h": rng.standard_normal(H),
        }
        for T, B, D, H in (
            *((1, 1, 2, 3), (4, 1, 3, 2), (1, 3, 2, 4), (6, 3, 4, 5)),
            *((6, 3, 4, 5), (3, 2, 2, 1), (3, 3, 2, 4), (2, 2, 9, 12)),
            *((300, 2, 1, 2), (5, 3, 2, 3), (11, 2, 3, 3)),
            *((5, 5, 2, 3), (5, 5, 2, 3), (4, 2, 3, 3)),
        )
    ]
    long, start, silence, *nothing, whole = cases[-6:]
    long["W_hh"][...] *= 0.3  # over many steps a rounding must not grow
    start["h_0"][...] *= 3  # a learned one may lie beyond 1
    silence["x"][4:6] = 0
    for case in nothing:  # the first steps are silent, the others nearly so
        case["x"][...] *= 1e-4
        case["x"][:3] = case["h_0"][...] = case["b_h"][...] = 0
    for name in ("x", "h_0"):
        whole[name] = rng.integers(2, size=whole[name].shape)
    return cases


SEQUENCE = Exercise(
    id="02.4",
    kind="V",
    title="A whole sequence",
    reference=rnn_sequence,
    whole=("x", "h_0"),
    cases=_sequences,
    mistakes=(
        Mistake(
            "starts_from_zero",
            {"= h_0": "= 0 * h_0"},
            "You start from zeros, whatever h_0 is. Zeros are only the usual initial "
            "state. A state may also be carried over from the text before, and then "
            "it is passed in as h_0.",
        ),
        Mistake(
            "never_moves_on",
            {"h @ W_hh": "h_0 @ W_hh"},
            "Each of your steps begins at h_0. The first state is right, all others "
            "are not. At the end of each round, what must become the old state of the "
            "next?",
        ),
        Mistake(
            "one_buffer",
            {"h, states = h_0, []": "h, states = h_0 + 0, []", "h = np": "h[...] = np"},
            "All your states are the last one. You write each new state into the same "
            "array, and the list holds that array T times. Does each round make an "
            "array of its own?",
            others=({"np.stack(states)": "np.stack(len(x) * [h])"},),
        ),
        Mistake(
            "only_the_last",
            {"np.stack(states)": "h"},
            "You return the last state alone. All T of them are wanted: collect each "
            "state in a list as it is computed.",
        ),
        Mistake(
            "with_the_start",
            {"[]": "[h_0]"},
            "You return T + 1 states, with h_0 as the first. h_0 was given, not "
            "computed. Return one state for each input.",
        ),
        Mistake(
            "backwards",
            {"in x:": "in x[::-1]:", "(states)": "(states[::-1])"},
            "You read the sequence from its end. The state after step t may know x_1 "
            "to x_t. Yours knows what comes later.",
        ),
        Mistake(
            "along_the_batch",
            {"in x:": "in x.swapaxes(0, 1):"},
            "You loop over the batch and not over time. Time is the first axis: x[t] "
            "holds step t of all sequences, and a loop over x gives one x[t] after "
            "the other.",
        ),
    ),
    hints=(
        "It is the step of 02.1, again and again. What changes from one round to the "
        "next, and what stays the same?",
        "A loop over x gives x_1, x_2 and so on, each (B, D). Keep the state in one "
        "variable that starts as h_0, and put each new state into a list.",
        "Before the loop: a state and an empty list. In the loop: the step of 02.1 "
        "makes a new state, a new array each time, and the list keeps it. After the "
        "loop: one array of all of them, time first.",
    ),
    source=(recurrent.Recurrent.forward, recurrent.Recurrent._run),
    point=(
        "for step in steps_of",
        "cell.step(step)",
    ),
)
