"""Exercise 10.4: the greedy decoder."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Array, Rng
from rnnlib.decoding import generate

__all__ = ["GREEDY", "Step", "Table", "greedy"]

Step = Callable[[int, Any], tuple[Array, Any]]


def greedy(step: Step, state: Any, start: int, end: int, max_length: int) -> list[int]:
    """Return the most probable token of each step, END the last if it comes."""
    said, token = list[int](), start
    while len(said) < max_length and token != end:
        scores, state = step(token, state)
        token = int(np.argmax(scores))
        said.append(token)
    return said


def never_ends(
    step: Step, state: Any, start: int, end: int, max_length: int
) -> list[int]:
    """Your decoder talks on after it has said END.

    END is a token like any other to the network; only you know that it closes the
    answer. Where do you look at it?
    """
    return greedy(step, state, start, -1, max_length)


def end_left_out(
    step: Step, state: Any, start: int, end: int, max_length: int
) -> list[int]:
    """END is missing at the end of your answer.

    It belongs to what was said: by it one knows that the decoder has stopped by itself.
    """
    said = greedy(step, state, start, end, max_length)
    return said[:-1] if said[-1] == end else said


def always_start(
    step: Step, state: Any, start: int, end: int, max_length: int
) -> list[int]:
    """Your decoder reads START at every step.

    What it reads at a step is what it said at the one before.
    """
    said: list[int] = []
    while len(said) < max_length and end not in said:
        scores, state = step(start, state)
        said.append(int(np.argmax(scores)))
    return said


def state_forgotten(
    step: Step, state: Any, start: int, end: int, max_length: int
) -> list[int]:
    """Your decoder begins each step in the state that was handed over.

    A step returns scores and a new state. What becomes of the new one?
    """
    said, token = list[int](), start
    while len(said) < max_length and token != end:
        token = int(np.argmax(step(token, state)[0]))
        said.append(token)
    return said


def start_included(
    step: Step, state: Any, start: int, end: int, max_length: int
) -> list[int]:
    """START stands in front of your answer.

    It was fed in, but nobody said it.
    """
    return [start, *greedy(step, state, start, end, max_length)]


def start_counted(
    step: Step, state: Any, start: int, end: int, max_length: int
) -> list[int]:
    """START stands in your answer, and takes the place of one token.

    It was fed in, but nobody said it. What you return and what you feed in are two
    things.
    """
    return [start, *greedy(step, state, start, end, max_length - 1)]


def no_limit(
    step: Step, state: Any, start: int, end: int, max_length: int
) -> list[int]:
    """Your decoder waits for an END that may never come.

    What stops it when it has said `max_length` tokens? (The decoder of this check knows
    no later step.)
    """
    said, token = list[int](), start
    while token != end:
        scores, state = step(token, state)
        token = int(np.argmax(scores))
        said.append(token)
    return said


class Table:
    """A decoder by table: its scores depend on the last token and on the step."""

    def __init__(self, scores: Array) -> None:
        self.scores = scores

    def __call__(self, token: int, state: int) -> tuple[Array, int]:
        """Return the scores of what follows, and the next step."""
        return self.scores[state, token].copy(), state + 1


def _models(rng: Rng) -> list[Case]:
    start, end = 0, 1
    cases: list[Case] = []
    for V, length, ends in ((3, 1, 9), (4, 3, 9), (5, 6, 3), (6, 7, 4), (5, 5, 9)):
        scores = rng.standard_normal((length + 1, V, V))
        scores[..., start] -= 9
        scores[:, :, end] -= 9
        scores[ends:, :, end] += 30
        cases.append(
            {
                "step": Table(scores),
                "state": 0,
                "start": start,
                "end": end,
                "max_length": length,
            }
        )
    return cases


GREEDY = Exercise(
    id="10.4",
    kind="V",
    title="The greedy decoder",
    reference=greedy,
    cases=_models,
    bugs=(
        never_ends,
        end_left_out,
        always_start,
        state_forgotten,
        start_included,
        start_counted,
        no_limit,
    ),
    hints=(
        "Play the decoder on paper: you know START and a state. You get scores and a "
        "new state. What do you say, what do you read next, and when do you stop?",
        "Keep three things from step to step: what was said so far, the last token, "
        "and the state. Each call of step changes the last two.",
        "token = start; as long as fewer than max_length are said and the token is not "
        "end: get scores and the new state; the token is the place of the largest "
        "score, as an int; append it to what is said.",
    ),
    source=generate,
)
