"""Exercise 11.1: a look at a whole sequence."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.attention import Attention, DotAttention

__all__ = ["ATTEND", "looks"]


def attend(
    queries: Array, keys: Array, values: Array, mask: Array
) -> tuple[Array, Array]:
    """Return the context of each query, and its weights."""
    scores = np.einsum("tbh,sbh->tbs", queries, keys) / queries.shape[-1] ** 0.5
    scores = np.where(mask.T, scores, -np.inf)
    weights = softmax(scores)
    return np.einsum("tbs,sbe->tbe", weights, values), weights


SIZES = (  # T, B, S, H, E
    *((1, 1, 1, 2, 3), (1, 2, 4, 3, 2), (4, 1, 3, 2, 5), (3, 4, 2, 1, 2)),
    *((2, 3, 5, 4, 4), (3, 2, 4, 4, 3), (3, 3, 3, 3, 3), (2, 4, 3, 5, 2)),
    *((4, 2, 5, 3, 2), (2, 2, 6, 4, 3), (3, 5, 4, 2, 1), (11, 3, 12, 5, 4)),
)


def looks(rng: Rng, T: int, B: int, S: int, H: int, E: int) -> dict[str, Any]:
    """Return random queries, keys and values, and a mask that leaves each a key."""
    mask = rng.random((S, B)) < 0.6
    mask[rng.integers(0, S, B), np.arange(B)] = True
    return {
        "queries": rng.standard_normal((T, B, H)),
        "keys": rng.standard_normal((S, B, H)),
        "values": rng.standard_normal((S, B, E)),
        "mask": mask,
    }


def _cases(rng: Rng) -> list[Case]:
    cases = [looks(rng, *sizes) for sizes in SIZES]
    alone = next(c for c in cases if c["mask"].shape[1] == 1 < len(c["mask"]))
    alone["mask"][:2, 0] = False, True
    cases[4]["mask"][...] = True  # nothing is padded
    cases[5]["keys"][...] = cases[5]["keys"][:1]  # all keys are alike
    cases[3]["queries"] = 2e5 + abs(cases[3]["queries"])
    cases[3]["keys"] = -1 - abs(cases[3]["keys"])  # scores of less than -200,000
    cases[3]["mask"] = np.array([[True, True, False, True], [False, True, True, True]])
    cases[5]["queries"] = rng.integers(-2, 3, (3, 2, 4))  # by hand
    cases[6]["queries"] *= 400  # scores of a thousand
    cases[7]["queries"] = abs(cases[7]["queries"])
    cases[7]["mask"][1] = False
    cases[7]["mask"][0] = True
    cases[7]["keys"][~cases[7]["mask"]] = 1e3  # what stands in the padding is loudest
    cases[7]["values"][~cases[7]["mask"]] = -1e3
    cases[8]["mask"] = np.arange(5)[:, None] >= [2, 4]  # padding comes first
    cases[9]["keys"] = np.eye(4, dtype=int)[rng.integers(0, 4, (6, 2))]  # letters
    cases[9]["values"] = rng.integers(-3, 4, (6, 2, 3))
    cases[10]["queries"] *= 0  # asks for nothing
    for name, size in (("queries", 11), ("keys", 12), ("values", 12)):
        longer = rng.standard_normal((2 * size, 3, cases[11][name].shape[2]))
        cases[11][name] = longer[::2]  # every other row of a larger array
    return [*cases]


def _hides(found: Any, case: Case) -> bool | str:
    """Return whether masked keys have exactly no weight."""
    left = np.abs(np.asarray(found[1])) * ~case["mask"].T
    return not left.any() or (
        f"A masked key should have a weight of exactly 0; yours gets {left.max():.2g}."
    )


ATTEND = Exercise(
    id="11.1",
    kind="V",
    title="A look at a whole sequence",
    reference=attend,
    returns=("context", "weights"),
    whole=("queries", "keys", "values"),
    cases=_cases,
    mistakes=(
        Mistake(
            "not_scaled",
            {" / queries.shape[-1] ** 0.5": ""},
            "Your scores are the bare dot products. The longer the vectors, the "
            "larger these get. By what should they be divided?",
        ),
        Mistake(
            "divided_by_the_size",
            {"queries.shape[-1] ** 0.5": "queries.shape[-1]"},
            "You divide by H. A sum of H independent terms grows like the root of "
            "their number, so H is too much.",
        ),
        Mistake(
            "scale_upside_down",
            {"/ queries.shape[-1] ** 0.5": "* queries.shape[-1] ** 0.5"},
            "You multiply where you should divide: the scores are to become smaller.",
        ),
        Mistake(
            "scaled_after_the_softmax",
            {
                " / queries.shape[-1] ** 0.5": "",
                "softmax(scores)": "softmax(scores) / queries.shape[-1] ** 0.5",
            },
            "Your weights do not add up to one: something is divided that has been "
            "through the softmax already. It is the scores that are to be scaled.",
        ),
        Mistake(
            "mask_forgotten",
            {"np.where(mask.T, scores, -np.inf)": "scores"},
            "The padding is looked at as well. Which score must a key have, so that "
            "nothing is left of it behind the softmax?",
        ),
        Mistake(
            "mask_upside_down",
            {"mask.T": "~mask.T"},
            "You look at the padding, and at nothing else. True means that a key "
            "exists.",
        ),
        Mistake(
            "masked_after_the_softmax",
            {
                "np.where(mask.T, scores, -np.inf)": "scores",
                "softmax(scores)": "softmax(scores) * mask.T",
            },
            "Masked keys get nothing, but the rest do not add up to one any more: "
            "the padding had its share when the softmax was taken. Which comes first?",
        ),
        Mistake(
            "masked_scores_are_zero",
            {"-np.inf": "0.0"},
            "A score of 0 is a score like any other, and not even the smallest one: "
            "its exponential is 1. Which number has an exponential of 0?",
        ),
        Mistake(
            "masked_values_alone",
            {
                "np.where(mask.T, scores, -np.inf)": "scores",
                "weights, values)": "weights, values * mask[..., None])",
            },
            "Nothing of the padding gets into your context, but it still has weights, "
            "which the others lack.",
        ),
        Mistake(
            "softmax_over_the_queries",
            {"softmax(scores)": "softmax(scores.T).T"},
            "Your weights add up to one over the queries. Each query divides its own "
            "attention among the keys: which axis holds those?",
        ),
        Mistake(
            "softmax_over_the_batch",
            {"softmax(scores)": "softmax(scores.swapaxes(1, 2)).swapaxes(1, 2)"},
            "Your weights add up to one over the sequences of the batch, which have "
            "nothing to do with each other. Which axis holds the keys?",
        ),
        Mistake(
            "no_softmax",
            {"softmax(scores)": "np.where(mask.T, scores, 0.0)"},
            "Your weights are the scores themselves. They may be negative, and do not "
            "add up to one. What turns scores into shares?",
        ),
        Mistake(
            "one_key_alone",
            {"softmax(scores)": "1.0 * (scores == scores.max(-1, keepdims=True))"},
            "You take the best key and leave the rest. That is a look-up with a step "
            "in it, and no gradient gets through a step. How would a softer choice "
            "look?",
        ),
        Mistake(
            "keys_are_read",
            {"weights, values": "weights, keys"},
            "You mix the keys. They are there to be compared with; what is read is "
            "something else, although in many networks it is the same array.",
        ),
        Mistake(
            "scores_returned",
            {"weights, values), weights": "weights, values), scores"},
            "Your context is right. Its second part is what went into the softmax, "
            "not what came out.",
        ),
    ),
    hints=(
        "Begin with one query and one sequence. How well does each key fit, what is "
        "the share of each, and what is read with these shares?",
        "Three stages: scores (T, B, S), weights of the same shape, context (T, B, E). "
        "The first is a dot product over the last axis of both, the last a mean over "
        "s. Between them stands the softmax of lesson 01, over the last axis.",
        "Scores: all dot products, scaled. Then the mask: it is (S, B), the scores are "
        "(T, B, S), so which way must it be turned? Put something in the place of what "
        "does not exist that leaves the softmax with exactly nothing. Last, the "
        "weighted mean of the values.",
    ),
    claims=(Claim("masked keys have a weight of exactly 0.", _hides),),
    source=(DotAttention.scores, Attention.forward),
    point=(
        "dots = np.einsum",
        "return dots *",
        "scores, hidden = self._finite_scores",
        "weights = softmax(scores)",
        "context = np.einsum",
    ),
)
