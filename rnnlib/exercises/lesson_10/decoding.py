"""Exercises of lesson 10 on decoding: greedy, and with a beam."""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from rnnlib._typing import Array, Rng
from rnnlib.activations import log_softmax
from rnnlib.decoding import beam_search, generate
from rnnlib.exercises.exercise import Case, Claim, Exercise

__all__ = ["BEAM", "GREEDY"]

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


class _Table:
    """A decoder by table: its scores depend on the last token and on the step."""

    def __init__(self, scores: Array) -> None:
        self.scores = scores

    def __call__(self, token: int, state: int) -> tuple[Array, int]:
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
                "step": _Table(scores),
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
    bugs=(never_ends, end_left_out, always_start, state_forgotten, start_included),
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


def beam(
    step: Step, state: Any, start: int, end: int, max_length: int, width: int
) -> tuple[list[int], float]:
    """Return the best sequence that a beam finds, and its log-probability."""
    alive, closed = [([start], 0.0, state)], []
    for _ in range(max_length):
        grown = []
        for tokens, log_p, old in alive:
            scores, new = step(tokens[-1], old)
            for token, gain in enumerate(log_softmax(scores)):
                grown.append(([*tokens, token], log_p + float(gain), new))
        best = sorted(grown, key=lambda found: -found[1])[:width]
        closed += [found for found in best if found[0][-1] == end]
        alive = [found for found in best if found[0][-1] != end]
    tokens, log_p, _ = max(closed + alive, key=lambda found: found[1])
    return tokens[1:], log_p


def forgets_the_past(
    step: Step, state: Any, start: int, end: int, max_length: int, width: int
) -> tuple[list[int], float]:
    """You rank by the last token alone.

    A sequence is as probable as all of its tokens together: their logarithms add up.
    """
    alive, closed = [([start], 0.0, state)], []
    for _ in range(max_length):
        grown = []
        for tokens, _, old in alive:
            scores, new = step(tokens[-1], old)
            for token, gain in enumerate(log_softmax(scores)):
                grown.append(([*tokens, token], float(gain), new))
        best = sorted(grown, key=lambda found: -found[1])[:width]
        closed += [found for found in best if found[0][-1] == end]
        alive = [found for found in best if found[0][-1] != end]
    tokens, log_p, _ = max(closed + alive, key=lambda found: found[1])
    return tokens[1:], log_p


def always_greedy(
    step: Step, state: Any, start: int, end: int, max_length: int, width: int
) -> tuple[list[int], float]:
    """Your beam is one sequence wide, whatever `width` says.

    Each of the `width` best beginnings is continued by every token, and of all of these
    the `width` best go on.
    """
    return beam(step, state, start, end, max_length, 1)


def drops_the_closed(
    step: Step, state: Any, start: int, end: int, max_length: int, width: int
) -> tuple[list[int], float]:
    """A sequence that has said END is lost in your search.

    It grows no further, but it may still be the best of all. Where do you keep it?
    """
    alive = [([start], 0.0, state)]
    for _ in range(max_length):
        grown = []
        for tokens, log_p, old in alive:
            scores, new = step(tokens[-1], old)
            for token, gain in enumerate(log_softmax(scores)):
                grown.append(([*tokens, token], log_p + float(gain), new))
        best = sorted(grown, key=lambda found: -found[1])[:width]
        alive = [found for found in best if found[0][-1] != end] or best
    tokens, log_p, _ = max(alive, key=lambda found: found[1])
    return tokens[1:], log_p


def _log_probability(case: Case, tokens: list[int]) -> float:
    """Return the log-probability of a sequence, token by token."""
    total, token, state = 0.0, case["start"], case["state"]
    for following in tokens:
        scores, state = case["step"](token, state)
        total += float(log_softmax(scores)[following])
        token = following
    return total


def _every_sequence(case: Case) -> list[list[int]]:
    """Return all sequences that end with END, or are as long as allowed."""
    V, end = case["step"].scores.shape[-1], case["end"]
    found = []
    for length in range(1, case["max_length"] + 1):
        for tokens in product(range(V), repeat=length):
            ended = tokens[-1] == end or length == case["max_length"]
            if ended and end not in tokens[:-1]:
                found.append(list(tokens))
    return found


def _is_two_things(found: Any, case: Case) -> Any:
    if isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], list):
        return True
    return "It should return two things: the list of tokens and its log-probability."


def _sum_is_right(found: Any, case: Case) -> Any:
    tokens, log_p = found
    expected = _log_probability(case, tokens)
    if abs(expected - log_p) < 1e-8:
        return True
    return (
        f"You say that {tokens} has log-probability {log_p:.4f}; its tokens' "
        f"log-probabilities add up to {expected:.4f}."
    )


def _width_one_is_greedy(found: Any, case: Case) -> Any:
    names = ("step", "state", "start", "end", "max_length")
    expected = greedy(*(case[name] for name in names))
    if case["width"] > 1 or found[0] == expected:
        return True
    return f"With width 1 it must be the greedy choice {expected}; you say {found[0]}."


def _full_width_is_exhaustive(found: Any, case: Case) -> Any:
    every = _every_sequence(case)
    if case["width"] < len(every):
        return True
    best = max(every, key=partial(_log_probability, case))
    if found[0] == best:
        return True
    return (
        f"With width {case['width']} nothing is dropped, so the best of all "
        f"{len(every)} sequences must be found: {best}; you say {found[0]}."
    )


def _tiny_models(rng: Rng) -> list[Case]:
    """Return models of three tokens; where the beam is wide, greedy is not best."""
    cases = [_tiny_model(rng, width) for width in (1, 1)]
    while len(cases) < 5:
        case = _tiny_model(rng, 200)
        greedily = greedy(*list(case.values())[:-1])
        if greedily != max(_every_sequence(case), key=partial(_log_probability, case)):
            cases.append(case)
    return cases


def _tiny_model(rng: Rng, width: int) -> Case:
    return {
        "step": _Table(1.5 * rng.standard_normal((5, 3, 3))),
        "state": 0,
        "start": 0,
        "end": 1,
        "max_length": 4,
        "width": width,
    }


BEAM = Exercise(
    id="10.5",
    kind="P",
    title="A beam search",
    reference=beam,
    cases=_tiny_models,
    bugs=(forgets_the_past, always_greedy, drops_the_closed),
    hints=(
        "It is the greedy decoder with several answers at once. Each carries its "
        "tokens, its log-probability and its state.",
        "At each step continue every open answer by every token, add up the "
        "log-probabilities, sort, and keep the best. What said END moves to a second "
        "list.",
        "alive = [(start, 0, state)]; repeat max_length times: grown = every "
        "continuation of every alive one; best = the width most probable of them; move "
        "those that end with END to closed, the others are alive; return the most "
        "probable of both lists, without START.",
    ),
    claims=(
        Claim("it returns tokens and their log-probability.", _is_two_things),
        Claim("log-probabilities add up.", _sum_is_right),
        Claim("width 1 is greedy.", _width_one_is_greedy),
        Claim("full width is exhaustive.", _full_width_is_exhaustive),
    ),
    source=beam_search,
)
