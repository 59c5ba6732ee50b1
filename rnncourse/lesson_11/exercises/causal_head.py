"""Exercises 11.8 and 11.9: one head of causal self-attention, forward and back."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.gradcheck import numerical_gradients

__all__ = ["HEAD", "HEAD_BACKWARD"]


def causal_head(x: Array, W_xq: Array, W_xk: Array, W_xv: Array) -> tuple[Array, Array]:
    """Return what each step reads of itself and of the past, and the weights."""
    queries, keys, values = x @ W_xq, x @ W_xk, x @ W_xv
    scores = np.einsum("tba,sba->tbs", queries, keys) / W_xq.shape[1] ** 0.5
    seen = np.tri(len(x), dtype=bool)[:, None]
    weights = softmax(np.where(seen, scores, -np.inf))
    return np.einsum("tbs,sbe->tbe", weights, values), weights


def causal_head_backward(
    dh: Array, weights: Array, x: Array, W_xq: Array, W_xk: Array, W_xv: Array
) -> tuple[Array, Array, Array, Array]:
    """Return dx, dW_xq, dW_xk and dW_xv."""
    queries, keys, values = x @ W_xq, x @ W_xk, x @ W_xv
    dvalues = np.einsum("tbs,tbe->sbe", weights, dh)
    dweights = np.einsum("tbe,sbe->tbs", dh, values)
    mean = (weights * dweights).sum(axis=-1, keepdims=True)
    ddots = weights * (dweights - mean) / W_xq.shape[1] ** 0.5
    dqueries = np.einsum("tbs,sba->tba", ddots, keys)
    dkeys = np.einsum("tbs,tba->sba", ddots, queries)
    dx = dqueries @ W_xq.T + dkeys @ W_xk.T + dvalues @ W_xv.T
    dW_xq = np.einsum("tbd,tba->da", x, dqueries)
    dW_xk = np.einsum("tbd,tba->da", x, dkeys)
    dW_xv = np.einsum("tbd,tbe->de", x, dvalues)
    return dx, dW_xq, dW_xk, dW_xv


SIZES = (  # T, B, D, A, E
    *((1, 1, 2, 3, 2), (2, 1, 3, 2, 4), (4, 3, 1, 2, 2), (3, 2, 4, 1, 3)),
    *((3, 3, 3, 3, 3), (5, 2, 2, 4, 1), (4, 2, 3, 5, 2), (3, 4, 5, 2, 3)),
    *((6, 2, 4, 3, 5), (12, 3, 3, 4, 2)),
)


def _sequence(rng: Rng, T: int, B: int, D: int, A: int, E: int) -> dict[str, Array]:
    return {
        "x": rng.standard_normal((T, B, D)),
        "W_xq": rng.standard_normal((D, A)),
        "W_xk": rng.standard_normal((D, A)),
        "W_xv": rng.standard_normal((D, E)),
    }


def _cases(rng: Rng) -> list[Case]:
    cases = [_sequence(rng, *sizes) for sizes in SIZES]
    cases[4]["x"] = np.eye(3, dtype=int)[rng.integers(0, 3, (3, 3))]  # letters
    cases[5]["x"] *= 30
    cases[8]["W_xk"] = -2e5 * cases[8]["W_xq"]  # each has a low score for itself
    cases[6]["x"][1:3] = 0  # silence
    cases[7]["x"][...] = cases[7]["x"][:1]  # the same at each step
    cases[8]["x"] = rng.standard_normal((12, 2, 4))[::2]
    return [*cases]


def _backward_cases(rng: Rng) -> list[Case]:
    cases: list[dict[str, Any]] = []
    for place, sizes in enumerate(SIZES):
        case = _sequence(rng, *sizes)
        case["x"] *= 0.5 if place != 5 else 4.0
        _, weights = causal_head(**case)
        dh = rng.standard_normal((sizes[0], sizes[1], sizes[4]))
        dh[: sizes[0] - 1] *= place != 6  # a loss that looks at the last step alone
        cases.append({"dh": dh, "weights": weights, **case})
    return [*cases]


def _looks_not_ahead(found: Any, case: Case) -> bool | str:
    weights = np.asarray(found[1])
    ahead = abs(weights) * ~np.tri(len(weights), dtype=bool)[:, None]
    return not ahead.any() or "A step should give a weight of exactly 0 to later ones."


def _numerically(case: Case) -> Any:
    later = np.where(np.tri(len(case["x"]), dtype=bool), 0, -np.inf)[:, None]

    def loss(x: Array, W_xq: Array, W_xk: Array, W_xv: Array) -> Any:
        dots = np.einsum("tba,sba->tbs", x @ W_xq, x @ W_xk) / W_xq.shape[1] ** 0.5
        read = np.einsum("tbs,sbe->tbe", softmax(dots + later), x @ W_xv)
        return (case["dh"] * read).sum()

    places = {name: case[name] for name in ("x", "W_xq", "W_xk", "W_xv")}
    found = numerical_gradients(loss, places)
    return tuple(found[name] for name in places)


HEAD = Exercise(
    id="11.8",
    kind="V",
    title="One head that looks back",
    reference=causal_head,
    returns=("h", "weights"),
    whole=("x",),
    cases=_cases,
    mistakes=(
        Mistake(
            "looks_ahead",
            {"np.where(seen, scores, -np.inf)": "scores"},
            "Each of your steps sees the whole sequence, what is still to come "
            "included. To predict the next letter would be easy like this.",
        ),
        Mistake(
            "looks_ahead_alone",
            {"seen, scores": "seen.T.swapaxes(0, 1).swapaxes(0, 2), scores"},
            "Your mask is turned over: a step sees itself and the future, but not the "
            "past.",
        ),
        Mistake(
            "does_not_see_itself",
            {"np.tri(len(x), dtype=bool)": "np.tri(len(x), k=-1, dtype=bool)"},
            "A step sees the past without itself, so the first step has nothing to "
            "look at. Is the present allowed?",
        ),
        Mistake(
            "one_step_too_far",
            {"np.tri(len(x), dtype=bool)": "np.tri(len(x), k=1, dtype=bool)"},
            "Each step sees one step too many: the next one.",
        ),
        Mistake(
            "masked_after_the_softmax",
            {"softmax(np.where(seen, scores, -np.inf))": "softmax(scores) * seen"},
            "You take the future out behind the softmax. By then it has had its share, "
            "and the rest does not add up to one.",
        ),
        Mistake(
            "later_scores_are_zero",
            {"-np.inf": "0.0"},
            "A score of 0 still gets a share: the future is looked at, evenly.",
        ),
        Mistake(
            "not_scaled",
            {" / W_xq.shape[1] ** 0.5": ""},
            "Your dot products are not scaled. How long are the vectors of which they "
            "are taken?",
        ),
        Mistake(
            "scaled_by_the_input",
            {"W_xq.shape[1] ** 0.5": "x.shape[2] ** 0.5"},
            "You scale by the size of the input. The dot products are taken of queries "
            "and keys, which have another size.",
        ),
        Mistake(
            "queries_and_keys_exchanged",
            {"queries, keys) /": "keys, queries) /"},
            "Queries and keys have changed places. In the weights, a row belongs to "
            "the step that asks.",
        ),
        Mistake(
            "softmax_over_the_queries",
            {
                "softmax(np.where(seen, scores, -np.inf))": "softmax(np.where(seen, "
                "scores, -np.inf).T).T"
            },
            "Your weights add up to one over those who ask. Each of them divides its "
            "attention among those who are looked at.",
        ),
        Mistake(
            "one_projection_for_both",
            {"x @ W_xk": "x @ W_xq"},
            "What a step asks for and what it offers are two things. Which matrix "
            "have you not used?",
        ),
    ),
    hints=(
        "It is exercise 11.1 with three arrays that all come from the same sequence. "
        "Where does each come from, and what is the mask now?",
        "Three products make queries, keys and values of x. The mask has a row for "
        "each step that asks, and a column for each that is looked at. `np.tri(T)` "
        "is worth a look.",
        "Project, then scores, scaled by the root of the size of a query, then hide "
        "what comes later (the mask is (T, T), the scores are (T, B, T), so one axis "
        "has to be put in), softmax, mix. Which weights must the first step have?",
    ),
    claims=(Claim("no step looks at a later one.", _looks_not_ahead),),
)

HEAD_BACKWARD = Exercise(
    id="11.9",
    kind="G",
    title="Back through one head",
    reference=causal_head_backward,
    returns=("dx", "dW_xq", "dW_xk", "dW_xv"),
    cases=_backward_cases,
    mistakes=(
        Mistake(
            "only_what_was_read",
            {"dqueries @ W_xq.T + dkeys @ W_xk.T + dvalues": "dvalues"},
            "Your dx has come back through the values alone. x goes into three "
            "products.",
        ),
        Mistake(
            "not_as_a_key",
            {" + dkeys @ W_xk.T": ""},
            "In your dx something is missing. x asks, is read, and is also compared "
            "with.",
        ),
        Mistake(
            "not_as_a_query",
            {"dqueries @ W_xq.T + ": ""},
            "In your dx something is missing. x is compared with and read, and it "
            "also asks.",
        ),
        Mistake(
            "scale_forgotten",
            {" / W_xq.shape[1] ** 0.5": ""},
            "What comes back to queries and keys is too large. The dot products were "
            "scaled.",
        ),
        Mistake(
            "rivals_forgotten",
            {"(dweights - mean)": "dweights"},
            "In a softmax a score that grows takes from all the others. Your gradient "
            "of the scores knows only its own weight.",
        ),
        Mistake(
            "slope_of_the_softmax_forgotten",
            {"weights * (dweights - mean)": "dweights"},
            "Between the weights and the scores stands a softmax.",
        ),
        Mistake(
            "each_with_itself",
            {
                '"tbs,sba->tba", ddots, keys': '"tbs,tba->tba", ddots, queries',
                '"tbs,tba->sba", ddots, queries': '"tbs,sba->sba", ddots, keys',
            },
            "In a product each factor gets what came back times the other one.",
        ),
        Mistake(
            "one_input_for_each",
            {'"tbd,tbe->de", x, dvalues': '"tbd,tbe->de", 1 + 0 * x, dvalues'},
            "What comes back to a matrix is what went into it times what came back to "
            "its product. What went into the values' matrix?",
        ),
        Mistake(
            "sign_of_the_softmax",
            {"(dweights - mean)": "(mean - dweights)"},
            "The sign is wrong behind the softmax, and with it in all that comes "
            "through the scores.",
        ),
    ),
    hints=(
        "It is exercise 11.2 with three products in front. What does an array get "
        "that was used three times?",
        "First back to queries, keys and values, as in 11.2. Each of the three is a "
        "product of x and a matrix: both get a gradient, as in lesson 04.",
        "Compute queries, keys and values again. The mask needs no line of its own: "
        "where a weight is 0, nothing comes back. Then, for each of the three, one "
        "term for dx and one gradient for its matrix, summed over steps and "
        "sequences.",
    ),
    numerical=_numerically,
)
