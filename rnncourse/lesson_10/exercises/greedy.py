"""Exercise 10.4: the greedy decoder."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_10.exercises.decoder_table import (
    Step,
    by_a_hair,
    decoding_case,
)
from rnnlib._typing import Rng
from rnnlib.decoding import generate

__all__ = ["GREEDY", "greedy"]

LONG = np.zeros((60, 1, 4))  # no END, token 2 twenty times in a row, and token 0
LONG[..., 1], LONG[20:40, :, 2], LONG[40:45, :, 0] = -9, 9, 9
# tokens, how many may be said, when END is sure to come: also when no room is left
SIZES = (3, 1, 9), (4, 3, 9), (5, 6, 3), (6, 7, 4), (5, 5, 9), (5, 4, 4)


def greedy(step: Step, state: Any, start: int, end: int, max_length: int) -> list[int]:
    """Return the most probable token of each step, END the last if it comes."""
    token = start
    said: list[int] = []
    while len(said) < max_length:
        scores, state = step(token, state)
        token = int(np.argmax(scores))
        said.append(token)
        if token == end:
            break
    return said


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for V, length, ends in SIZES:
        scores = rng.standard_normal((length + 1, V, V))
        scores[..., 0] -= 9
        scores[:, :, 1] -= 9
        scores[ends:, :, 1] += 30
        cases.append(decoding_case(scores, length))
    return [*cases, *_unusual(rng)]


def _unusual(rng: Rng) -> list[Case]:
    """Return other tokens as START and END, END at once, START said, and no room.

    Then scores are large, or far below 0; there are many tokens, and many steps; and
    the largest score is hardly larger than the others.
    """
    any_, first, odd, none, one, large = rng.standard_normal((6, 10, 6, 6))
    one[..., 3] -= 9
    large[..., 0] -= 9
    one[4, :, 3] = 9
    earlier = rng.standard_normal((6, 6))
    first[0, 2, 5] = odd[2, :, 2] = odd[3, :, 1] = odd[4, :, 1] = 9
    any_[..., 3] = odd[..., 5] = -9
    return [
        decoding_case(any_, 9, 2, 3),
        decoding_case(first, 4, 2, 5),
        decoding_case(odd, 8, 2, 5),
        decoding_case(none, 0, 2, 5),
        decoding_case(one, 7, 4, 3, earlier),
        _many(rng),
        decoding_case(by_a_hair(rng, 7), 6),
        decoding_case(rng.standard_normal((60, 4, 4)) + LONG, 60, 3, 1),
        decoding_case(large + 900, 9, 4, 5, earlier),
    ]


def _many(rng: Rng) -> Case:
    """Return a case with hundreds of tokens, all of which are most improbable."""
    scores = rng.standard_normal((6, 300, 300)) - 2000
    scores[..., 256:] += 9
    scores[:3, :, 280] -= 20
    scores[3, :, 280] += 20
    return decoding_case(scores, 5, 290, 280)


def _are_whole(said: Any, _: Case) -> Any:
    for token in said:
        if np.ndim(token) or np.asarray(token).dtype.kind not in "iu":
            return f"Each token should be a whole number; yours holds {token!r}."
    return True


GREEDY = Exercise(
    id="10.4",
    kind="V",
    title="The greedy decoder",
    reference=greedy,
    cases=_cases,
    mistakes=(
        Mistake(
            "never_ends",
            {"token == end": "False"},
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
            {"len(said) < max_length": "True"},
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
    claims=(Claim("tokens are whole numbers.", _are_whole),),
    source=generate,
    point=(
        "for _ in range(steps)",
        "model.step(tokens, state)",
        "choose(scores)",
        "done |= tokens == end",
        "said.append(tokens)",
        "if done.all()",
    ),
)
