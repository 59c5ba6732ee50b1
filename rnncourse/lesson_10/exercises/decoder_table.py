"""A decoder by table, for the exercises of lesson 10 that decode."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case
from rnnlib._typing import Array

__all__ = ["Step", "decoding_case"]

Step = Callable[[int, Any], tuple[Array, Any]]


class DecoderTable:
    """A decoder whose scores depend on the step and on the last two tokens.

    Its state is an array of all tokens that it has read. After the last step it goes on
    with the scores of that one.
    """

    def __init__(self, scores: Array, earlier: Array) -> None:
        self.scores, self.earlier = scores, earlier

    def __call__(self, token: int, state: Array) -> tuple[Array, Array]:
        """Return the scores of what follows, and the state with the token in it."""
        scores = self.scores[min(len(state), len(self.scores) - 1), token]
        last = self.earlier[state[-1]] if len(state) else 0
        return scores + last, np.append(state, token)


def decoding_case(
    scores: Array, max_length: int, start: int = 0, end: int = 1,
    earlier: Array | None = None,
) -> Case:  # fmt: skip
    """Return the arguments of a decoder whose step is a table (steps, V, V).

    `earlier` (V, V) is what the token before the last one adds to the scores.
    """
    V = scores.shape[-1]
    step = DecoderTable(scores, np.zeros((V, V)) if earlier is None else earlier)
    return {
        "step": step,
        "state": np.zeros(0, int),
        "start": start,
        "end": end,
        "max_length": max_length,
    }
