"""Exercise 11.7: an attention that looks at what it weighs."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.activations import softmax
from rnnlib.attention import AdditiveAttention

__all__ = ["LOOK"]


def look(
    s: Array, h: Array, W_qa: Array, W_ka: Array, v_a: Array, mask: Array
) -> tuple[Array, Array]:
    """Return the context of one decoder step, and its weights."""
    hidden = np.tanh(s @ W_qa + h @ W_ka)  # (S, B, A)
    scores = (hidden @ v_a).T
    weights = softmax(np.where(mask.T, scores, -np.inf))
    return np.einsum("bs,sbk->bk", weights, h), weights


SIZES = (  # B, S, H, K, A
    *((1, 1, 2, 3, 2), (1, 4, 2, 3, 4), (3, 2, 1, 2, 5), (2, 5, 3, 1, 2)),
    *((4, 3, 3, 2, 1), (3, 3, 3, 3, 3), (2, 4, 4, 3, 5), (5, 2, 2, 4, 3)),
    *((2, 6, 5, 2, 3), (4, 11, 4, 5, 6)),
)


def _step(rng: Rng, B: int, S: int, H: int, K: int, A: int) -> dict[str, Any]:
    mask = rng.random((S, B)) < 0.7
    mask[rng.integers(0, S, B), np.arange(B)] = True
    return {
        "s": np.tanh(rng.standard_normal((B, H))),
        "h": np.tanh(rng.standard_normal((S, B, K))),
        "W_qa": rng.standard_normal((H, A)),
        "W_ka": rng.standard_normal((K, A)),
        "v_a": rng.standard_normal(A),
        "mask": mask,
    }


def _cases(rng: Rng) -> list[Case]:
    cases = [_step(rng, *sizes) for sizes in SIZES]
    cases[1]["mask"][:, 0] = [False, True, True, False]
    cases[3]["mask"][...] = True
    cases[4]["s"] *= 0  # a decoder that has not begun
    cases[4]["h"][1, 2], cases[4]["mask"][:, 2] = 0, True  # one score is exactly 0
    cases[2]["h"][1:] = cases[2]["h"][:1]  # the same state at each step
    for name in ("s", "h", "W_qa", "W_ka", "v_a"):
        cases[5][name] = 0.5 + abs(cases[5][name])
    cases[5]["v_a"] *= -6e5  # scores of less than -200,000
    cases[5]["mask"] = np.array([[True, False, True], [True, True, False], [True] * 3])
    cases[6]["v_a"] *= 900  # one state gets nearly all
    cases[7]["h"][~cases[7]["mask"]] = 1e3  # what stands in the padding
    cases[8]["mask"] = np.arange(6)[:, None] >= [2, 5]  # padding comes first
    cases[8]["W_ka"], cases[8]["v_a"] = abs(cases[8]["W_ka"]), 3000 * np.ones(3)
    cases[8]["h"] = -abs(cases[8]["h"])
    cases[8]["h"][~cases[8]["mask"]] = 1e3  # and is the loudest
    cases[9]["h"] = np.tanh(rng.standard_normal((22, 4, 5)))[::2]
    return [*cases]


def _hides(found: Any, case: Case) -> bool | str:
    """Return whether what is masked has exactly no weight."""
    left = abs(np.asarray(found[1])) * ~case["mask"].T
    return not left.any() or (
        f"A masked state should have a weight of exactly 0; it has {left.max():.2g}."
    )


LOOK = Exercise(
    id="11.7",
    kind="V",
    title="An attention that looks",
    reference=look,
    returns=("context", "weights"),
    cases=_cases,
    claims=(Claim("What is masked has no weight.", _hides),),
    mistakes=(
        Mistake(
            "never_looks",
            {"s @ W_qa + h @ W_ka": "s @ W_qa + 0 * (h @ W_ka)"},
            "That is the tutorial's mistake once more: your weights do not depend on "
            "the encoder's states. Change a state, and no weight moves.",
        ),
        Mistake(
            "never_asks",
            {"s @ W_qa + h @ W_ka": "h @ W_ka"},
            "Your weights do not depend on the decoder's state: it looks at the same "
            "places at each step, whatever it is about to say. If you do use s, does "
            "it add the same number to the scores of all keys? A softmax does not "
            "notice that.",
            others=({"s @ W_qa + h @ W_ka)": "s @ W_qa) + np.tanh(h @ W_ka)"},),
        ),
        Mistake(
            "no_tanh",
            {"np.tanh(s @ W_qa + h @ W_ka)": "(s @ W_qa + h @ W_ka)"},
            "Without the tanh the question adds the same number to the scores of all "
            "keys, and a softmax does not notice that. What makes the two meet?",
        ),
        Mistake(
            "multiplied",
            {"s @ W_qa + h @ W_ka": "(s @ W_qa) * (h @ W_ka)"},
            "You multiply question and key. That would be a kind of dot attention. In "
            "this one they are added.",
        ),
        Mistake(
            "not_weighed_by_v",
            {"hidden @ v_a": "hidden.sum(axis=-1)"},
            "You add up the hidden units. Each of them has a weight of its own.",
        ),
        Mistake(
            "mask_forgotten",
            {"np.where(mask.T, scores, -np.inf)": "scores"},
            "The padding is looked at as well. What score must it have?",
        ),
        Mistake(
            "masked_after_the_softmax",
            {"softmax(np.where(mask.T, scores, -np.inf))": "softmax(scores) * mask.T"},
            "The padding had its share of the softmax before you took it away: your "
            "weights do not add up to one.",
        ),
        Mistake(
            "masked_scores_are_zero",
            {"-np.inf": "0.0"},
            "A score of 0 is a score like any other. The padding still gets a share.",
        ),
        Mistake(
            "softmax_over_the_batch",
            {
                "(hidden @ v_a).T": "(hidden @ v_a).T",
                "softmax(np.where(mask.T, scores, "
                "-np.inf))": "softmax(np.where(mask.T, scores, -np.inf).T).T",
            },
            "Your weights add up to one over the sequences of the batch. Over which "
            "axis does one decoder divide its attention?",
        ),
        Mistake(
            "projected_states_are_read",
            {"weights, h)": "weights, h @ W_ka)"},
            "You mix the projections of the states. They serve to find what fits; "
            "what is read is the state itself.",
        ),
        Mistake(
            "all_read_alike",
            {"weights, h)": "mask.T / mask.sum(0)[:, None], h)"},
            "Your context is the plain mean of the states, and the weights play no "
            "part in it.",
        ),
    ),
    hints=(
        "A score belongs to a pair, one state of the decoder and one of the encoder. "
        "What must both go through, so that the score depends on how they fit?",
        "Bring both to the same size A, add, squash, and let v_a turn each A numbers "
        "into one. `s @ W_qa` is (B, A), `h @ W_ka` is (S, B, A): what does numpy make "
        "of their sum?",
        "Hidden layer for all S states at once, (S, B, A); scores, turned so that the "
        "keys of a sequence stand in a row; the mask; the softmax; and the weighted "
        "mean of the encoder's states. Then test it by hand: change one state of the "
        "encoder. Do the weights move?",
    ),
    source=AdditiveAttention.scores,
    point=(
        "asked = product",
        "offered = product",
        "hidden = np.tanh",
        'return hidden @ self.params["v_a"]',
    ),
)
