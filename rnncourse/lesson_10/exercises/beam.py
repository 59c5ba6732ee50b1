"""Exercise 10.5: a beam search."""

from functools import partial
from itertools import product
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise, call
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_10.exercises.decoder_table import Step, decoding_case
from rnncourse.lesson_10.exercises.greedy import greedy
from rnncourse.shared.wording import fixed
from rnnlib._typing import Rng
from rnnlib.activations import log_softmax
from rnnlib.decoding import beam_search

__all__ = ["BEAM"]

ALL = 200
TABLES = {  # tenths of scores: a beam that is wider or narrower finds something else
    2: (
        "8 -2 -46 19 -28 14 8 12 9 15 12 15 -8 10 -11 -31 -7 22 -5 -2 -2 -4 22 -7 4 "
        "-26 -10 -28 -31 0 13 10 1 -17 -29 -23 "
    ),
    3: (
        "-8 -3 20 -21 -29 11 -25 24 27 26 9 -2 -4 8 -11 -39 6 1 -23 38 38 -20 -11 -7 "
        "-15 4 35 18 4 -12 1 -8 37 1 -22 0 "
    ),
}


def beam(
    step: Step, state: Any, start: int, end: int, max_length: int, width: int
) -> tuple[list[int], float]:
    """Return the best sequence that a beam finds, and its log-probability."""
    alive, closed = [([start], 0.0, state)], []
    for _ in range(max_length):
        grown = []
        for tokens, log_p, old in alive:
            scores, new = step(tokens[-1], old)
            gains = log_softmax(scores)
            for token, gain in enumerate(gains):
                grown.append(([*tokens, token], log_p + float(gain), new))
        best = sorted(grown, key=lambda found: -found[1])[:width]
        closed += [found for found in best if found[0][-1] == end]
        alive = [found for found in best if found[0][-1] != end]
    tokens, log_p, _ = max(closed + alive, key=lambda found: found[1])
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


def _greedily(case: Case) -> list[int]:
    *arguments, _ = case.values()
    return greedy(*arguments)


def _found(answer: Answer, case: Case) -> Any:
    """Return the tokens and their log-probability, if that is what is returned."""
    found = call(answer, case)
    if isinstance(found, tuple | list) and len(found) == 2:
        tokens, log_p = found
        listed = isinstance(tokens, list | tuple | np.ndarray)
        if listed and np.ndim(log_p) == 0 and np.ndim(tokens) == 1:
            return [int(token) for token in tokens], float(log_p)
    return None


def _is_two_things(found: Any, case: Case) -> Any:
    return found is not None or (
        "It should return two things: the list of tokens and its log-probability."
    )


def _sum_is_right(found: Any, case: Case) -> Any:
    tokens, log_p = found
    expected = _log_probability(case, tokens)
    if abs(expected - log_p) < 1e-8:
        return True
    return (
        f"You say that {tokens} has log-probability {fixed(log_p, 4)}; its tokens' "
        f"log-probabilities add up to {fixed(expected, 4)}."
    )


def _width_one_is_greedy(found: Any, case: Case) -> Any:
    expected = _greedily(case)
    if case["width"] > 1 or found[0] == expected:
        return True
    return f"With width 1 it must be the greedy choice {expected}; you say {found[0]}."


def _best_go_on(found: Any, case: Case) -> Any:
    expected = beam(*case.values())[0]
    if case["width"] >= ALL or found[0] == expected:
        return True
    return (
        f"Of all continuations of all beginnings the {case['width']} best go on, and "
        f"no others. So {expected} is found; you say {found[0]}."
    )


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
    cases = [_tiny_model(rng, width) for width in (1, 1)] + [_siblings(rng)]
    while len(cases) < 6:
        case = _tiny_model(rng, ALL)
        best = max(_every_sequence(case), key=partial(_log_probability, case))
        if _greedily(case) != best:
            cases.append(case)
    return [*cases, _telling(rng, 2), _telling(rng, 3), _cut_short(rng)]


def _telling(rng: Rng, width: int) -> Case:
    """Return a model for which each width near this one finds something else.

    Whether closed answers keep their place in the beam makes no difference.
    """
    scores = np.array(TABLES[width].split(), dtype=float).reshape(4, 3, 3) / 10
    noise = 0.02 * rng.standard_normal(scores.shape)
    return {**decoding_case(scores + noise, 4, start=2, end=0), "width": width}


def _cut_short(rng: Rng) -> Case:
    """Return a model whose best answer has come to no END, though others have."""
    scores = rng.standard_normal((4, 4, 4))
    scores[:, :, 1:3] += 3, 1
    return {**decoding_case(scores, 3, start=3, end=2), "width": 3}


def _siblings(rng: Rng) -> Case:
    """Return a model whose best answer begins with the second best child of the best.

    Token 2 comes first, nearly always; then 2 or, nearly as often, 3. Only after 3 is
    it sure what follows.
    """
    shares = np.full((3, 4, 4), 0.01)
    shares[0, 0, 2:] = 0.88, 0.1
    shares[1, 2, 2:] = 0.52, 0.46
    shares[1, 3, 2:] = 0.1, 0.88
    shares[2, 2, 1:] = 0.33
    shares[2, 3, 3] = 0.97
    noise = 0.01 * rng.standard_normal(shares.shape)
    return {**decoding_case(np.log(shares) + noise, 3), "width": 2}


def _tiny_model(rng: Rng, width: int) -> Case:
    scores = 1.5 * rng.standard_normal((5, 3, 3))
    return {**decoding_case(scores, 4), "width": width}


BEAM = Exercise(
    id="10.5",
    kind="P",
    title="A beam search",
    reference=beam,
    cases=_tiny_models,
    observe=_found,
    mistakes=(
        Mistake(
            "forgets_the_past",
            {"log_p + float(gain)": "float(gain)"},
            "You rank by the last token alone. A sequence is as probable as all of "
            "its tokens together: their logarithms add up.",
        ),
        Mistake(
            "always_greedy",
            {"[:width]": "[:1]"},
            "Your beam is one sequence wide, whatever `width` says. Each of the "
            "`width` best beginnings is continued by every token, and of all of these "
            "the `width` best go on.",
        ),
        Mistake(
            "start_counted",
            {"range(max_length)": "range(max_length - 1)"},
            "Your answers are one token too short. START was fed in but never said: "
            "does it count in your max_length?",
        ),
        Mistake(
            "start_kept",
            {"tokens[1:], log_p": "tokens, log_p"},
            "START stands in your answer. It was fed in, but nobody said it, and it "
            "has no probability.",
        ),
        Mistake(
            "drops_the_closed",
            {"!= end]": "!= end] or best", "closed + alive": "alive"},
            "A sequence that has said END is lost in your search. It grows no "
            "further, but it may still be the best of all. Where do you keep it?",
        ),
        Mistake(
            "one_child_each",
            {
                "enumerate(gains)": "sorted(enumerate(gains), key=lambda "
                "pair: -pair[1])[:width // len(alive)]"
            },
            "Each of your beginnings has its continuations chosen apart from the "
            "others. All continuations of all beginnings compete with each other, and "
            "the best `width` go on. What if they all grow from the same beginning?",
        ),
    ),
    hints=(
        "It is the greedy decoder with several answers at once. Each carries its "
        "tokens, its log-probability and its state.",
        "At each step continue every open answer by every token, add up the "
        "log-probabilities, sort, and keep the best. What said END moves to a second "
        "list.",
        "Two lists, of open and of closed answers; at first one is open, and it is "
        "empty but for START. One round a token: let all open ones grow in every way, "
        "sort these by all of their log-probability, cut, and tell open from closed. "
        "Look for the best in both lists.",
    ),
    claims=(
        Claim("it returns tokens and their log-probability.", _is_two_things),
        Claim("log-probabilities add up.", _sum_is_right),
        Claim("width 1 is greedy.", _width_one_is_greedy),
        Claim("the best continuations of all go on.", _best_go_on),
        Claim("full width is exhaustive.", _full_width_is_exhaustive),
    ),
    source=beam_search,
    point=(
        "total = total + log_softmax",
        "best = np.argsort",
        "rows, tokens = np.divmod",
        "closed += [found",
        "kept = [k for",
        "state = select",
    ),
)
