"""Exercise 11.2: back through a look at a whole sequence."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.attention import Attention, DotAttention
from rnnlib.gradcheck import numerical_gradients

__all__ = ["ATTEND_BACKWARD"]


def attend_backward(
    dcontext: Array, weights: Array, queries: Array, keys: Array, values: Array
) -> tuple[Array, Array, Array]:
    """Return dqueries, dkeys and dvalues."""
    # context = weights @ values
    dvalues = np.einsum("tbs,tbe->sbe", weights, dcontext)
    dweights = np.einsum("tbe,sbe->tbs", dcontext, values)
    # weights = softmax(scores)
    mean = (weights * dweights).sum(axis=-1, keepdims=True)
    dscores = weights * (dweights - mean)
    # scores = queries . keys / sqrt(H)
    ddots = dscores / queries.shape[-1] ** 0.5
    dqueries = np.einsum("tbs,sbh->tbh", ddots, keys)
    dkeys = np.einsum("tbs,tbh->sbh", ddots, queries)
    return dqueries, dkeys, dvalues


SIZES = (  # T, B, S, H, E
    *((1, 1, 1, 1, 1), (1, 1, 3, 2, 2), (2, 3, 4, 3, 2), (4, 2, 1, 3, 5)),
    *((3, 3, 3, 3, 3), (2, 4, 5, 1, 3), (3, 2, 4, 5, 4), (4, 3, 5, 2, 3)),
    *((2, 2, 3, 4, 2), (11, 4, 10, 3, 5)),
)


def _look(rng: Rng, T: int, B: int, S: int, H: int, E: int) -> dict[str, Array]:
    return {
        "dcontext": rng.standard_normal((T, B, E)),
        "weights": np.empty((T, B, S)),
        "queries": rng.standard_normal((T, B, H)),
        "keys": rng.standard_normal((S, B, H)),
        "values": rng.standard_normal((S, B, E)),
    }


def _cases(rng: Rng) -> list[Case]:
    cases = [_look(rng, *sizes) for sizes in SIZES]
    exists = [np.ones((sizes[2], sizes[1]), dtype=bool) for sizes in SIZES]
    exists[2][1:, 0] = exists[2][:2, 2] = False  # padding behind, and in front
    exists[9] = np.arange(10)[:, None] < [10, 7, 1, 4]
    cases[5]["dcontext"][1] = 0  # a step that no loss looks at
    cases[6]["queries"] *= 30  # one key gets nearly all
    cases[7]["keys"][1:3] = cases[7]["keys"][0]  # three keys get the same
    cases[8]["dcontext"] *= 300
    cases[8]["values"] *= 10
    for case, there in zip(cases, exists, strict=True):
        scores = np.einsum("tbh,sbh->tbs", case["queries"], case["keys"])
        scores = scores / case["queries"].shape[-1] ** 0.5
        case["weights"] = softmax(np.where(there.T, scores, -np.inf))
    return [*cases]


def _numerically(case: Case) -> Any:
    """Return the derivatives of dcontext . context; a weight of 0 is a mask."""
    hidden = np.where(case["weights"] > 0, 0, -np.inf)
    H = case["queries"].shape[-1]

    def loss(queries: Array, keys: Array, values: Array) -> Any:
        dots = np.einsum("tbh,sbh->tbs", queries, keys) / H**0.5
        context = np.einsum("tbs,sbe->tbe", softmax(dots + hidden), values)
        return (case["dcontext"] * context).sum()

    places = {name: case[name] for name in ("queries", "keys", "values")}
    found = numerical_gradients(loss, places)
    return tuple(found[name] for name in places)


ATTEND_BACKWARD = Exercise(
    id="11.2",
    kind="G",
    title="Back through a look",
    reference=attend_backward,
    returns=("dqueries", "dkeys", "dvalues"),
    cases=_cases,
    mistakes=(
        Mistake(
            "slope_of_the_softmax_forgotten",
            {"weights * (dweights - mean)": "dweights"},
            "You hand what comes back to the weights on to the scores as it is. "
            "Between the two stands a softmax.",
        ),
        Mistake(
            "rivals_forgotten",
            {"(dweights - mean)": "dweights"},
            "In a softmax a score that grows takes from all the others. Your gradient "
            "knows only what it gives to its own weight.",
        ),
        Mistake(
            "slope_of_a_sigmoid",
            {"weights * (dweights - mean)": "weights * (1 - weights) * dweights"},
            "That is how a weight answers to its own score. It also answers to the "
            "scores of all other keys, since the weights share one sum.",
        ),
        Mistake(
            "plain_mean_taken_off",
            {
                "(weights * dweights).sum(": "dweights.mean(",
            },
            "You take off the plain mean of what comes back to the weights. It is a "
            "mean in which each key counts as much as it was looked at.",
        ),
        Mistake(
            "mean_over_the_queries",
            {"axis=-1": "axis=0"},
            "Keys compete with each other for one query, so it is over the keys that "
            "something has to be summed.",
        ),
        Mistake(
            "scale_forgotten",
            {"dscores / queries.shape[-1] ** 0.5": "dscores"},
            "What goes back behind the softmax is too much. In the forward pass the "
            "dot products were divided by a number, and so is what comes back to them.",
        ),
        Mistake(
            "scale_of_the_values",
            {"queries.shape[-1] ** 0.5": "values.shape[-1] ** 0.5"},
            "The scale belongs to the vectors of which dot products were taken.",
        ),
        Mistake(
            "scaled_twice",
            {"queries.shape[-1] ** 0.5": "queries.shape[-1]"},
            "You divide by H. Forward it was the root of H, and the derivative of "
            "“divided by a number” is divided by the same number.",
        ),
        Mistake(
            "each_with_itself",
            {
                '"tbs,sbh->tbh", ddots, keys': '"tbs,tbh->tbh", ddots, queries',
                '"tbs,tbh->sbh", ddots, queries': '"tbs,sbh->sbh", ddots, keys',
            },
            "In a product each factor gets what came back times the other one. Your "
            "queries get their own entries back, and your keys theirs.",
        ),
        Mistake(
            "values_get_the_slope",
            {
                'bs,tbe->sbe", weights, dcontext': 'bs,tbe->sbe", '
                'np.einsum("tbe,sbe->tbs", dcontext, values), dcontext'
            },
            "Your dvalues is made with dweights. A value got into the context times "
            "its weight. What comes back to it, then?",
        ),
        Mistake(
            "values_past_the_weights",
            {'"tbs,tbe->sbe", weights': '"tbs,tbe->sbe", 1 + 0 * weights'},
            "Each of your values gets all that comes back, however little it was "
            "looked at.",
        ),
        Mistake(
            "only_the_last_query",
            {
                "ddots, queries)": "ddots * (np.arange(len(ddots)) == len(ddots) - 1)"
                "[:, None, None], queries)",
            },
            "Your keys hear of one query only. Each key was compared with all T of "
            "them: what comes back adds up.",
        ),
        Mistake(
            "sign_of_the_softmax",
            {"(dweights - mean)": "(mean - dweights)"},
            "The sign is wrong behind the softmax. If a large weight on a key would "
            "raise the loss, in which direction does a larger score of that key move "
            "it?",
        ),
    ),
    hints=(
        "Three lines forward, so three lines back, the last first. Which two arrays "
        "went into the mean that made the context?",
        "What comes back to a weight is a dot product: of dcontext with that key's "
        "value. Through a softmax you went in lesson 01, there together with a loss; "
        "here alone. From the dots on, it is a product again, with a scale in it.",
        "Context: one gradient for the values, one for the weights. Softmax: from what "
        "came back to a weight take the mean of it over the keys, each counted by "
        "its weight; then times the weight. Scale. Dots: queries get keys, keys get "
        "queries. Which index is summed away in each? The one that the result does "
        "not have.",
    ),
    numerical=_numerically,
    source=(Attention.backward, DotAttention.scores_backward),
    point=(
        "dvalues = np.einsum",
        "dweights = np.einsum",
        "dscores = softmax_backward",
        "ddots = dscores",
        "dqueries = np.einsum",
        "dkeys = np.einsum",
    ),
)
