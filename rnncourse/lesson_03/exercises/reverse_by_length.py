"""The exercise reverse by length of lesson 03."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng

__all__ = [
    "REVERSE_BY_LENGTH",
    "batch_first",
    "features_turned",
    "last_step_left_out",
    "padding_dropped",
    "reverse_by_length",
    "rolled",
    "stops_before_the_first",
    "whole_axis",
    "wrong_axis",
]


def reverse_by_length(x: Array, lengths: Array) -> Array:
    """Return x (T, B, D) with the first `lengths[b]` steps of each b turned round."""
    turned = x.copy()
    for b, n in enumerate(lengths):
        turned[:n, b] = x[:n, b][::-1]
    return turned


def whole_axis(x: Array, lengths: Array) -> Array:
    """You turn round the whole time axis, and so the padding comes first.

    The net that reads from right to left would begin with what is not there. Where
    should the last real step of a short sequence stand?
    """
    return x[::-1].copy()


def wrong_axis(x: Array, lengths: Array) -> Array:
    """You turn round the batch: other sequences, each still in its old order.

    Time is the first axis here: x[t, b]. Which of the two should be reversed?
    """
    return x[:, ::-1].copy()


def last_step_left_out(x: Array, lengths: Array) -> Array:
    """The last real step of each sequence stays where it was.

    A slice up to n already leaves out index n. How many steps does x[:n] hold, and how
    many x[:n - 1]?
    """
    return reverse_by_length(x, np.maximum(lengths - 1, 0))


def padding_dropped(x: Array, lengths: Array) -> Array:
    """Your padding has become zeros; it was something else before.

    Only the real steps change their places here. What stands behind them should stay
    as it is: begin with a copy of x.
    """
    turned = np.zeros_like(x)
    for b, n in enumerate(lengths):
        turned[:n, b] = x[:n, b][::-1]
    return turned


def rolled(x: Array, lengths: Array) -> Array:
    """Each sequence now starts with its last step and then goes on as before.

    That is a turn of a wheel, not a turning round: after the last step comes the one
    before it, and so on to the first.
    """
    turned = x.copy()
    for b, n in enumerate(lengths):
        turned[:n, b] = np.roll(x[:n, b], 1, axis=0)
    return turned


def stops_before_the_first(x: Array, lengths: Array) -> Array:
    """You count down from index n to index 1.

    Index n is the first step of the padding, and index 0 is never reached. Where does
    the real part begin and end?
    """
    turned = x.copy()
    for b, n in enumerate(lengths):
        backward = x[n:0:-1, b]
        turned[: len(backward), b] = backward
    return turned


def features_turned(x: Array, lengths: Array) -> Array:
    """You turn round the numbers of each step, and leave the steps in their order.

    In x (T, B, D) time is the first axis, and the features are the last.
    """
    turned = x.copy()
    for b, n in enumerate(lengths):
        turned[:n, b] = x[:n, b, ::-1]
    return turned


def batch_first(x: Array, lengths: Array) -> Array:
    """You write x[b, :n], as if the batch came first. Here it is x[:n, b]."""
    turned = x.copy()
    for b, n in enumerate(lengths):
        turned[b, :n] = x[b, :n][::-1]
    return turned


def _ragged(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for T, B, D in ((3, 1, 2), (4, 3, 2), (6, 4, 3), (7, 5, 1)):
        lengths = rng.integers(1, T + 1, size=B)
        lengths[0] = T - 1
        lengths[-1] = T if B > 1 else lengths[-1]
        cases.append({"x": rng.standard_normal((T, B, D)), "lengths": lengths})
    return cases


REVERSE_BY_LENGTH = Exercise(
    id="03.3",
    kind="V",
    title="Turned round, each by its own length",
    reference=reverse_by_length,
    cases=_ragged,
    bugs=(
        whole_axis,
        wrong_axis,
        last_step_left_out,
        padding_dropped,
        rolled,
        stops_before_the_first,
        features_turned,
        batch_first,
    ),
    hints=(
        "Take the sequences one by one. Sequence b has lengths[b] real steps, and only "
        "those change their order.",
        "One sequence is `x[:, b]`, its real part `x[:n, b]`, and `[::-1]` turns an "
        "array round along its first axis. Write into a copy, never into x.",
        "Start from a copy of x. For each b with its n: the first n steps of column b "
        "of the copy become the first n steps of column b of x, in reverse.",
    ),
)
