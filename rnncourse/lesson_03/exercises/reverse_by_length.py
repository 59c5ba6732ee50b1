"""Reverse a padded batch, each sequence by its own length."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng

__all__ = ["REVERSE_BY_LENGTH"]


def reverse_by_length(x: Array, lengths: Array) -> Array:
    """Return x (T, B, D) with the first `lengths[b]` steps of each b reversed."""
    turned = x.copy()
    for b, n in enumerate(lengths):
        turned[:n, b] = x[:n, b][::-1]
    return turned


def _ragged(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for T, B, D in ((3, 1, 2), (4, 3, 2), (6, 4, 3), (3, 6, 1), (10, 7, 4)):
        lengths = rng.integers(1, T + 1, size=B)
        lengths[0] = T - 1
        if B > 1:
            lengths[-1] = T
        lengths[2:5] = [T - 3, 1, 0][: len(lengths[2:5])]
        cases.append({"x": rng.standard_normal((T, B, D)), "lengths": lengths})
    whole, odd = ({**case} for case in cases[1:3])
    full = [
        {"x": rng.standard_normal((4, B, 3)), "lengths": np.full(B, 4)} for B in (1, 3)
    ]
    whole["x"] = rng.integers(-9, 9, size=whole["x"].shape)
    half = {**cases[4], "x": cases[4]["x"].astype(np.float32)}
    odd["x"] = odd["x"].copy()
    odd["x"][-1, 1], odd["x"][0, 2] = np.nan, -np.inf
    return [*cases, *full, whole, half, odd]


REVERSE_BY_LENGTH = Exercise(
    id="03.3",
    kind="V",
    title="Turned round, each by its own length",
    reference=reverse_by_length,
    whole=("x",),
    cases=_ragged,
    mistakes=(
        Mistake(
            "whole_axis",
            {"return turned": "return x[::-1]"},
            "You reverse the whole time axis, and so the padding comes first. The net "
            "that reads from right to left would begin with what is not there. Where "
            "should the last real step of a short sequence stand?",
        ),
        Mistake(
            "wrong_axis",
            {"return turned": "return x[:, ::-1]"},
            "You reverse the batch: other sequences, each still in its old order. "
            "Time is the first axis here: x[t, b]. Which of the two should be "
            "reversed?",
        ),
        Mistake(
            "last_step_left_out",
            {"(lengths)": "(lengths - 1)"},
            "The last real step of each sequence stays where it was. A slice up to n "
            "already leaves out index n. How many steps does x[:n] hold, and how many "
            "x[:n - 1]?",
        ),
        Mistake(
            "one_step_too_many",
            {"(lengths)": "(lengths + 1)"},
            "A step of padding has come into the real part of your sequences. A slice "
            "up to n holds the indices 0 to n - 1, so n steps. Do you add one to n?",
        ),
        Mistake(
            "one_length_for_all",
            {"(lengths)": "(0 * lengths + lengths[0])"},
            "You reverse all sequences by one length. Each has its own: lengths[b] for "
            "sequence b. Where does the loop say which b it is?",
            others=(
                {"(lengths)": "(0 * lengths + max(lengths))"},
                {"(lengths)": "(0 * lengths + min(lengths))"},
                {"(lengths)": "(0 * lengths + lengths[-1])"},
            ),
        ),
        Mistake(
            "padding_dropped",
            {"x.copy()": "0 * x"},
            "Your padding has become zeros; it was something else before. Only the "
            "real steps change places here. What stands behind them should stay as it "
            "is: begin with a copy of x.",
        ),
        Mistake(
            "rolled",
            {"x[:n, b][::-1]": "x[[n - 1, *range(n - 1)], b]"},
            "Each sequence now starts with its last step and then goes on as before. "
            "That is a rotation, not a reversal: after the last step comes the one "
            "before it, and so on to the first.",
        ),
        Mistake(
            "stops_before_the_first",
            {"[:n, b] = x[:n, b][::-1]": "[: len(x[n:0:-1]), b] = x[n:0:-1, b]"},
            "You count down from index n to index 1. Index n is the first step of the "
            "padding, and index 0 is never reached. Where does the real part begin "
            "and end?",
        ),
        Mistake(
            "features_turned",
            {"b][::-1]": "b, ::-1]"},
            "You reverse the numbers of each step, and leave the steps in their "
            "order. In x (T, B, D) time is the first axis, and the features are the "
            "last.",
        ),
        Mistake(
            "batch_first",
            {"[:n, b] = x[:n, b]": "[b, :n] = x[b, :n]"},
            "You write x[b, :n], as if the batch came first. Here it is x[:n, b].",
        ),
    ),
    hints=(
        "Take the sequences one by one. Sequence b has lengths[b] real steps, and only "
        "those change their order.",
        "`[::-1]` turns an array round along its first axis. Which slice of x holds "
        "the real steps of one sequence, and no others? Write into a copy, never into "
        "x.",
        "A copy first, then one round for each sequence: what are the first steps of "
        "its column in x, in which order should they stand in the copy, and how many "
        "are they? The rest of the column is right already.",
    ),
)
