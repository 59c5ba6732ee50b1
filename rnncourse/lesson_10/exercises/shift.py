"""Exercise 10.1: what the decoder is fed."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.models import shifted

__all__ = ["SHIFT"]


def shift(target: Array, start: int) -> Array:
    """Return what the decoder is fed: START, then each target one step later."""
    fed = np.empty_like(target)
    fed[0] = start
    fed[1:] = target[:-1]
    return fed


def _cases(rng: Rng) -> list[Case]:
    sizes = ((1, 2), (3, 1), (4, 3), (5, 2), (3, 3), (9, 5))
    starts = (1, 1, 1, 12, 0, 4)
    cases: list[Case] = [
        {"target": rng.integers(2, 9, size), "start": start}
        for size, start in zip(sizes, starts, strict=True)
    ]
    said = cases[-1]["target"]  # START is said, but not first
    said[0], said[3] = 5, 4
    padded = rng.integers(200, 70_000, (6, 4))  # more tokens than 16 bits tell apart
    padded[np.arange(6)[:, None] > [5, 3, -1, 4]] = 0  # nothing is said in one text
    padded[1, 0] = 70_000
    return [*cases, {"target": padded, "start": 1}]


SHIFT = Exercise(
    id="10.1",
    kind="V",
    title="What the decoder is fed",
    reference=shift,
    cases=_cases,
    mistakes=(
        Mistake(
            "shifted_forwards",
            {"fed[0]": "fed[-1]", "fed[1:] = target[:-1]": "fed[:-1] = target[1:]"},
            "Your decoder is fed the token that it has to say next. It would only "
            "have to copy. What does it know, in use, when it is about to say the "
            "token of step t?",
        ),
        Mistake(
            "not_shifted",
            {"target[:-1]": "target[1:]"},
            "Your decoder reads each token in the very step in which it should say "
            "it. Look at the picture of the decoder: what goes in below the step that "
            "says y_1?",
        ),
        Mistake(
            "one_too_many",
            {"return fed": "return np.vstack([fed, target[-1:]])"},
            "You put START in front, so there is one input more than there are "
            "answers. Each input has its answer. Which input has none that is asked "
            "for?",
        ),
        Mistake(
            "shifted_the_batch",
            {
                "fed[0]": "fed[:, 0]",
                "fed[1:] = target[:-1]": "fed[:, 1:] = target[:, :-1]",
            },
            "The sequences have changed places, the steps have not. Time is the first "
            "axis, here as everywhere: which one did you shift?",
        ),
        Mistake(
            "rolled",
            {"= start": "= target[-1]"},
            "The last token of the target has come round to the front. The first "
            "thing that a decoder reads is the same for all sequences. What is it?",
        ),
    ),
    hints=(
        "Write down the target d, c, END, and below each of its tokens what the "
        "decoder has said just before. What stands below the d?",
        "Take your paper and do it row by row. For each row of the result, ask where "
        "it comes from: does it stand in the target, and if so, in which of its rows? "
        "How many rows does the result have?",
        "An array like the target, filled in two parts: the first row, which is the "
        "same for all sequences, and all others. Which rows of the target do these "
        "come from, and which row is never fed in?",
    ),
    source=shifted,
)
