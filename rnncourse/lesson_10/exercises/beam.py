"""Exercise 10.5: a beam search."""

from functools import partial
from itertools import product
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise, call
from rnncourse.checking.mistakes import edited
from rnncourse.lesson_10.exercises.beam_mistakes import MISTAKES, ONE_STATE
from rnncourse.lesson_10.exercises.beam_models import (
    ahead_by_a_hair,
    alike,
    by_shares,
    cut_short,
    endless,
    loops,
    many_children,
    pushed_out,
    siblings,
    sure_of_the_unlikely,
    telling,
    tiny_model,
    twins,
)
from rnncourse.lesson_10.exercises.decoder_table import Step, decoding_case
from rnncourse.lesson_10.exercises.greedy import greedy
from rnncourse.shared.wording import fixed
from rnnlib._typing import Rng
from rnnlib.activations import log_softmax
from rnnlib.decoding import beam_search

__all__ = ["BEAM"]

ALL, FEW, CLOSE = 200, 20, 1e-8


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
    V = case["step"].scores.shape[-1]
    lengths = range(1, case["max_length"] + 1)
    every = (list(t) for n in lengths for t in product(range(V), repeat=n))
    return [tokens for tokens in every if _is_closed(tokens, case)]


def _greedily(case: Case) -> list[int]:
    *arguments, _ = case.values()
    return greedy(*arguments)


def _found(answer: Answer, case: Case) -> Any:
    """Return the tokens and their log-probability, if that is what is returned."""
    found = call(answer, case)
    if isinstance(found, tuple | list) and len(found) == 2:
        tokens, log_p = found
        listed = isinstance(tokens, list | tuple | np.ndarray)
        whole = listed and (np.asarray(tokens).dtype.kind in "iu" or not len(tokens))
        if whole and np.ndim(log_p) == 0 and np.ndim(tokens) == 1:
            return [int(token) for token in tokens], float(log_p)
    return None


def _is_two_things(found: Any, case: Case) -> Any:
    return found is not None or (
        "It should return two things: the list of tokens, which are whole numbers, "
        "and its log-probability."
    )


def _can_be_said(found: Any, case: Case) -> Any:
    tokens, V, longest = found[0], case["step"].scores.shape[-1], case["max_length"]
    if not tokens:
        return "Your list is empty: at least one token is said, if only END."
    if len(tokens) > longest:
        why = "."
        if len(tokens) > longest + 1:
            why = ": do several beginnings share one list, which grows with each?"
        return f"Your answer has {len(tokens)} tokens, and max_length is {longest}{why}"
    odd = [token for token in tokens if not 0 <= token < V]
    return not odd or (
        f"Your answer {tokens} holds {odd[0]}, but step gives scores to {V} tokens, "
        f"from 0 to {V - 1}."
    )


def _shown(tokens: list[int]) -> str:
    """Return the first tokens of a list as one would type them."""
    return str(tokens) if len(tokens) <= FEW else f"{tokens[:FEW]}"[:-1] + ", ...]"


def _sum_is_right(found: Any, case: Case) -> Any:
    tokens, log_p = found
    expected = _log_probability(case, tokens)
    off = abs(expected - log_p)
    if off < CLOSE:
        return True
    digits, why = 4, ""
    if off < 1e-3:
        digits = 10
        why = (
            " That is nearly right: was it rounded or computed in float32, or was a "
            "small number added?"
        )
    return (
        f"You say that {_shown(tokens)} has log-probability {fixed(log_p, digits)}; "
        f"its tokens' log-probabilities add up to {fixed(expected, digits)}."
        f"{why}"
    )


def _width_one_is_greedy(found: Any, case: Case) -> Any:
    expected = _greedily(case)
    if case["width"] > 1 or found[0] == expected:
        return True
    return (
        f"With width 1 it must be the greedy choice {_shown(expected)}; you say "
        f"{_shown(found[0])}."
    )


def _best_go_on(found: Any, case: Case) -> Any:
    expected, log_p = beam(*case.values())
    if case["width"] >= ALL or found[0] == expected:
        return True
    if _is_closed(found[0], case) and abs(found[1] - log_p) < CLOSE:
        return True  # equally good
    return (
        f"With width {case['width']} {_shown(expected)} is found; you say "
        f"{_shown(found[0])}. Of all continuations of all beginnings the best go on, "
        f"and at the end all that are left are compared, ended or not."
    )


def _is_closed(tokens: list[int], case: Case) -> bool:
    """Return whether a sequence ends with its only END, or is as long as allowed."""
    ended = tokens[-1:] == [case["end"]] or len(tokens) == case["max_length"]
    return ended and case["end"] not in tokens[:-1]


def _full_width_is_exhaustive(found: Any, case: Case) -> Any:
    if case["width"] < ALL:
        return True
    every = _every_sequence(case)
    best = max(every, key=partial(_log_probability, case))
    if found[0] == best:
        return True
    return (
        f"With width {case['width']} nothing is dropped, so the best of all "
        f"{len(every)} sequences must be found: {best}; you say {found[0]}."
    )


def _tiny_models(rng: Rng) -> list[Case]:
    """Return models of three tokens; where the beam is wide, greedy is not best."""
    cases = [tiny_model(rng, width) for width in (1, 1)] + [siblings(rng)]
    while len(cases) < 6:
        case = tiny_model(rng, ALL)
        best = max(_every_sequence(case), key=partial(_log_probability, case))
        if _greedily(case) != best:
            cases.append(case)
    return [
        *cases,
        telling(rng, 2),
        telling(rng, 3),
        telling(rng, 5),
        *by_shares(rng),
        pushed_out(rng),
        many_children(rng),
        _remembers(rng),
        twins(rng, 0),
        twins(rng, 1),
        alike(rng),
        *ahead_by_a_hair(rng),
        loops(rng),
        sure_of_the_unlikely(rng),
        endless(rng),
        cut_short(rng),
    ]


def _remembers(rng: Rng) -> Case:
    """Return a model for which it matters that each beginning has its own state."""
    others = [edited(beam, edits) for edits in ONE_STATE]
    while True:
        scores, earlier = rng.standard_normal((5, 4, 4)), rng.standard_normal((4, 4))
        case = decoding_case(scores, 5, start=3, end=2, earlier=2 * earlier)
        case = {**case, "width": 3}
        right = beam(*case.values())
        if all(other(*case.values()) != right for other in others):
            return case


BEAM = Exercise(
    id="10.5",
    kind="P",
    title="A beam search",
    reference=beam,
    cases=_tiny_models,
    observe=_found,
    mistakes=MISTAKES,
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
        Claim("the tokens can be said.", _can_be_said),
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
        "closed += [(said",
        "kept = [k for",
        "state = select",
    ),
)
