"""Exercise 07.7: top-k and top-p."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Exercise, call
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.plain import plain
from rnnlib._typing import Array, Rng
from rnnlib.sampling import probabilities

__all__ = ["SHORTLIST"]


def shortlist(p: Array, top_k: int, top_p: float) -> Array:
    """Return the probabilities (V,) of what may still be drawn, of sum one."""
    kept = np.argsort(-p)[:top_k]
    share = p[kept] / p[kept].sum()
    before = np.cumsum(share) - share
    kept = kept[before < top_p]
    left = np.zeros_like(p)
    left[kept] = p[kept]
    return left / left.sum()


def _cases(rng: Rng) -> list[Case]:
    """Return cases in which both, one or none of the two cuts something off.

    In three of them shares are exact, close to the cut, or equal; one is of 600 tokens.
    """
    found: list[Case] = []
    for V, top_k, top_p in (
        (2, 2, 1.0),
        (3, 1, 0.9),
        (5, 3, 1.0),
        (6, 6, 0.55),
        (7, 5, 0.7),
        (8, 3, 0.8),
        (9, 4, 0.35),
        (9, 9, 0.001),
    ):
        p = rng.permutation(0.55 ** np.arange(V)) * rng.uniform(0.9, 1.1, V)
        found.append({"p": p / p.sum(), "top_k": top_k, "top_p": top_p})
    flat = rng.uniform(0.5, 1.5, 600)
    found.insert(3, {"p": flat / flat.sum(), "top_k": 300, "top_p": 0.4})
    exact, close, equal = ([4, 2, 2], [496, 300, 204], [3, 1, 1, 1, 1, 1])
    for parts, top_k, top_p in ((exact, 3, 0.5), (close, 3, 0.5), (equal, 4, 0.7)):
        p = rng.permutation(parts) / sum(parts)
        found.insert(3, {"p": p, "top_k": top_k, "top_p": top_p})
    return found


def _left(answer: Answer, case: Case) -> Any:
    """Return what is left; which of several equal tokens stay is free."""
    p, found = case["p"].copy(), call(answer, case)
    left = plain(found)
    if not isinstance(left, np.ndarray) or left.shape != p.shape:
        return found
    if len(np.unique(p)) == len(p):
        return found
    for value in np.unique(p):
        left[p == value] = np.sort(left[p == value])[::-1]
    return left


SHORTLIST = Exercise(
    id="07.7",
    kind="V",
    title="Top-k and top-p",
    reference=shortlist,
    cases=_cases,
    observe=_left,
    mistakes=(
        Mistake(
            "sum_below_one",
            {"left / left.sum()": "left"},
            "What is left no longer adds up to one. What was cut off has to go to the "
            "others, each in proportion.",
        ),
        Mistake(
            "the_least_ones",
            {"np.argsort(-p)": "np.argsort(p)"},
            "You keep the least probable tokens. In which order does argsort put them?",
        ),
        Mistake(
            "stops_short",
            {"before < top_p": "(np.cumsum(share) <= top_p) | (before == 0)"},
            "Your list stops one token too early. Those that are kept must have at "
            "least the share top_p, so the token that passes it is needed, too.",
        ),
        Mistake(
            "as_a_threshold",
            {"before < top_p": "(share >= top_p) | (before == 0)"},
            "You keep each token whose own probability is at least top_p. It is the "
            "probability of all that are kept, together, that has to reach it.",
        ),
        Mistake(
            "no_top_p",
            {"kept[before < top_p]": "kept"},
            "top_p changes nothing in your answer. How many of the most probable "
            "tokens are needed until they have that share?",
        ),
        Mistake(
            "no_top_k",
            {"[:top_k]": ""},
            "top_k changes nothing in your answer: more than k tokens are left.",
        ),
        Mistake(
            "out_of_place",
            {"left[kept] = p[kept]": "left[: len(kept)] = p[kept]"},
            "The numbers are right, and stand in other places than before: a token is "
            "known by its place, so they must not be sorted.",
        ),
        Mistake(
            "of_all",
            {"p[kept] / p[kept].sum()": "p[kept]"},
            "You measure the share top_p of all tokens. It is meant of those that "
            "top_k has left, and they have less than one together.",
        ),
    ),
    hints=(
        "Sort the bars of a picture by height. top_k keeps a number of them; top_p "
        "keeps as many as are needed for a share. How do you find the place to cut?",
        "argsort gives the places of the tokens in order, and a cumulative sum says "
        "how much probability stands up to each of them. A token is needed as long as "
        "those before it have less than top_p.",
        "Order the places, the most probable first, and keep k. Make their "
        "probabilities shares of what they have together. Subtract each from the "
        "cumulative sum, to have what stands before it, and compare. Put what is kept "
        "back into its own place among zeros, and divide by the sum.",
    ),
    source=probabilities,
    point=(
        "if top_k is not",
        "p = np.where(_among",
        "if top_p",
        "p = np.where(_nuc",
        "kept: Array",
    ),
)
