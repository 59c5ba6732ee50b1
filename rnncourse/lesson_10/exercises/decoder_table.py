"""A decoder by table, for the exercises of lesson 10 that decode."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case
from rnnlib._typing import Array, Rng

__all__ = ["Step", "by_a_hair", "decoding_case"]

HAIR = 1e-7

Step = Callable[[int, Any], tuple[Array, Any]]


class DecoderTable:
    """A decoder whose scores depend on the step and on the last two tokens.

    Its state is an array of all tokens that it has read. After the last step it goes on
    with the scores of that one. They are to be left as they are: nobody can write into
    them.
    """

    def __init__(self, scores: Array, earlier: Array | None) -> None:
        self.scores, self.earlier = scores, earlier

    def __call__(self, token: int, state: Array) -> tuple[Array, Array]:
        """Return the scores of what follows, and the state with the token in it."""
        scores = self.scores[min(len(state), len(self.scores) - 1), token]
        if self.earlier is not None and len(state):
            scores = scores + self.earlier[state[-1]]
        scores.flags.writeable = False
        return scores, np.append(state, token)


def decoding_case(
    scores: Array, max_length: int, start: int = 0, end: int = 1,
    earlier: Array | None = None,
) -> Case:  # fmt: skip
    """Return the arguments of a decoder whose step is a table (steps, V, V).

    `earlier` (V, V) is what the token before the last one adds to the scores.
    """
    return {
        "step": DecoderTable(scores, earlier),
        "state": np.zeros(0, int),
        "start": start,
        "end": end,
        "max_length": max_length,
    }


def by_a_hair(rng: Rng, steps: int, V: int = 7) -> Array:
    """Return scores (steps, V, V), all alike but the best, which is hardly better.

    The best is never one of the first two tokens.
    """
    scores = rng.standard_normal((steps, V, 1)) + np.zeros(V)
    best = rng.integers(2, V, (steps, V, 1))
    np.put_along_axis(scores, best, scores[..., :1] + HAIR, axis=-1)
    return scores
