"""Exercise 10.4: the greedy decoder."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_10.exercises.decoder_table import Step, decoding_case
from rnnlib._typing import Rng
from rnnlib.decoding import generate

__all__ = ["GREEDY", "greedy"]


def greedy(step: Step, state: Any, start: int, end: int, max_length: int) -> list[int]:
    """Return the most probable token of each step, END the last if it comes."""
    token = start
    said: list[int] = []
    while len(said) < max_length and token != end:
        scores, state = step(token, state)
        token = int(np.argmax(scores))
        said.append(token)
    return said


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for V, length, ends in ((3, 1, 9), (4, 3, 9), (5, 6, 3), (6, 7, 4), (5, 5, 9)):
        scores = rng.standard_normal((length + 1, V, V))
        scores[..., 0] -= 9
        scores[:, :, 1] -= 9
        scores[ends:, :, 1] += 30
        cases.append(decoding_case(scores, length))
    return [*cases, *_unusual(rng)]


def _unusual(rng: Rng) -> list[Case]:
    """Return other tokens as START and END, END at once, START said, and no room."""
    any_, first, odd, none = rng.standard_normal((4, 10, 6, 6))
    first[0, 2, 5] = odd[2, :, 2] = odd[3, :, 1] = odd[4, :, 1] = 9
    any_[..., 3] = odd[..., 5] = -9
    return [
        decoding_case(any_, 9, 2, 3),
        decoding_case(first, 4, 2, 5),
        decoding_case(odd, 8, 2, 5),
        decoding_case(none, 0, 2, 5),
    ]


GREEDY = Exercise(
    id="10.4",
    kind="V",
    title="The greedy decoder",
    reference=greedy,
    cases=_cases,
    mistakes=(
        Mistake(
            "never_ends",
            {" and token != end": ""},
            "Your decoder talks on after it has said END. END is a token like any "
            "other to the network; only you know that it closes the answer. Where do "
            "you look at it?",
        ),
        Mistake(
            "end_left_out",
            {"return said": "return [token for token in said if token != end]"},
            "END is missing at the end of your answer. It belongs to what was said: "
            "it shows that the decoder has stopped by itself.",
        ),
        Mistake(
            "always_start",
            {"step(token, state)": "step(start, state)"},
            "Your decoder reads START at every step. What it reads at a step is what "
            "it said at the one before.",
        ),
        Mistake(
            "state_forgotten",
            {"scores, state =": "scores, _ ="},
            "Your decoder begins each step in the state that was handed over. A step "
            "returns scores and a new state. What becomes of the new one?",
        ),
        Mistake(
            "start_included",
            {"return said": "return [start, *said]"},
            "START stands in front of your answer. It was fed in, but nobody said it.",
        ),
        Mistake(
            "start_counted",
            {"said: list[int] = []": "said = [start]"},
            "START stands in your answer, and takes the place of one token. It was "
            "fed in, but nobody said it. What you return and what you feed in are two "
            "things.",
        ),
        Mistake(
            "no_limit",
            {"len(said) < max_length and ": ""},
            "Your decoder waits for an END that may never come. What stops it when it "
            "has said `max_length` tokens? (The decoder of this check knows no later "
            "step.)",
        ),
    ),
    hints=(
        "Play the decoder on paper: you know START and a state. You get scores and a "
        "new state. What do you say, what do you read next, and when do you stop?",
        "Keep three things from step to step: what was said so far, the last token, "
        "and the state. Each call of step changes the last two.",
        "A loop with two reasons to end. In each round: ask the net with the last "
        "token and the state, keep the new state, choose, write down. Is the token "
        "that ends the loop written down, too, and what is the last token before the "
        "first round?",
    ),
    source=generate,
    point=(
        "for _ in range(steps)",
        "model.step(tokens, state)",
        "tokens = choose(scores)",
        "done |= tokens == end",
        "said.append(tokens)",
        "if done.all()",
    ),
)
