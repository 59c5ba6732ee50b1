"""A decoder by table, for the exercises of lesson 10 that decode."""

from collections.abc import Callable
from typing import Any

from rnncourse.checking.exercise import Case
from rnnlib._typing import Array

__all__ = ["Step", "decoding_case"]

Step = Callable[[int, Any], tuple[Array, Any]]


class DecoderTable:
    """A decoder whose scores depend on the last token and on the step alone."""

    def __init__(self, scores: Array) -> None:
        self.scores = scores

    def __call__(self, token: int, state: int) -> tuple[Array, int]:
        """Return the scores of what follows, and the next step."""
        return self.scores[state, token].copy(), state + 1


def decoding_case(scores: Array, max_length: int, start: int = 0, end: int = 1) -> Case:
    """Return the arguments of a decoder whose step is a table (steps, V, V)."""
    step = DecoderTable(scores)
    return {
        "step": step,
        "state": 0,
        "start": start,
        "end": end,
        "max_length": max_length,
    }
