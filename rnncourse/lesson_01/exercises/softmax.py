"""Exercise 01.3: a softmax that never overflows."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.reports import pair
from rnnlib import activations
from rnnlib._typing import Array, Rng

SHIFT = 7.0
NEAR, NEARLY, SMALLEST = 1e-9, 0.01, 1e-200


def stable_softmax(scores: Array) -> Array:
    """Return the probabilities of scores (..., V), along the last axis."""
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


def _plain_and_shifted(answer: Any, case: Case) -> Any:
    """Return what the answer makes of the scores, and of all of them shifted."""
    scores = case["scores"]
    return {"p": answer(scores), "shifted": answer(scores + SHIFT)}


def _is_an_array(found: Any, case: Case) -> bool | str:
    p, shape = found["p"], case["scores"].shape
    if not isinstance(p, np.ndarray):
        return f"It should return an array; yours is {type(p).__name__}."
    if p.shape != shape:
        return f"It should have the shape of the scores, {shape}; yours is {p.shape}."
    return p.dtype == float or (
        f"Probabilities should be float64; yours are {p.dtype}."
    )


def _is_finite(found: Any, case: Case) -> bool | str:
    p, scores = found["p"], case["scores"]
    wrong = p[~np.isfinite(p)]
    return wrong.size == 0 or (
        f"With scores from {scores.min():.0f} to {scores.max():.0f} it holds "
        f"{wrong[0]}, which is no probability."
    )


def _rows_sum_to_one(found: Any, case: Case) -> bool | str:
    sums = found["p"].sum(axis=-1)
    worst = np.ravel(sums)[np.argmax(np.ravel(abs(sums - 1)))]
    return abs(worst - 1) < NEAR or f"A row sums to {worst:.9g}, not to 1."


def _shift_changes_nothing(found: Any, case: Case) -> bool | str:
    moved = abs(found["shifted"] - found["p"]).max()
    return moved < NEAR or (
        f"Adding {SHIFT:g} to all scores should change nothing; a probability moves by "
        f"{moved:.2g}."
    )


def _ratios_are_exponentials(found: Any, case: Case) -> bool | str:
    p, expected = found["p"], stable_softmax(case["scores"])
    away = abs(p - expected)
    if (away <= NEAR * expected + SMALLEST).all():
        return True
    place = np.unravel_index(int(away.argmax()), away.shape)
    if f"{p[place]:.4g}" == f"{expected[place]:.4g}":
        place = np.unravel_index(int((away / (expected + SMALLEST)).argmax()), p.shape)
    yours, wanted = pair(p[place], expected[place])
    nearly = away[place] < NEARLY * expected[place]
    return (
        "Of two symbols of one row, the one with a score higher by 1 should be e times "
        f"as probable{'; np.exp has e to all of its digits' if nearly else ''}. "
        f"A probability should be {wanted}; yours is {yours}."
    )


def _cases(rng: Rng) -> list[Case]:
    far = rng.permutation(np.array([1e4, -1e4, 0.0]))[:, None]
    far = np.hstack([far + 2e4 * rng.permutation([[1.0], [0.0], [0.0]]), far, far, far])
    close = [[1e4, 1e4 - 1, -1e4], [1e4, 1e4, -1e4], [1e6, 1e6 - 1, 0.0]]
    return [
        {"scores": rng.standard_normal(4)},
        {"scores": 3 * rng.standard_normal((1, 5))},
        {"scores": 3 * rng.standard_normal((3, 5))},
        {"scores": far + rng.standard_normal((3, 4))},
        {"scores": 3 * rng.standard_normal((4, 2, 6))},
        {"scores": rng.standard_normal((2, 3)) - 1e4},
        {"scores": rng.standard_normal((2, 3)) + np.array([-1e4, 0.0, 1e4])},
        {"scores": rng.integers(0, 3, (3, 5)) * 30.0},
        {"scores": rng.standard_normal((2, 1))},
        {"scores": 3 * rng.standard_normal((4, 4))},
        {"scores": 1e6 * rng.standard_normal((2, 3, 2, 4))},
        {"scores": rng.permuted(close, axis=1)},
        {"scores": 3 * rng.standard_normal((2, 60))},
        {"scores": np.full((2, 3), rng.standard_normal())},
        {"scores": 200 * rng.standard_normal((3, 2))},
        {"scores": rng.standard_normal((3, 2, 4)).swapaxes(0, 1)},
        {"scores": rng.integers(-3, 4, (2, 5))},
    ]


SOFTMAX = Exercise(
    id="01.3",
    kind="P",
    title="A softmax that never overflows",
    reference=stable_softmax,
    whole=("scores",),
    cases=_cases,
    observe=_plain_and_shifted,
    mistakes=(
        Mistake(
            "overflows",
            {" - scores.max(axis=-1, keepdims=True)": ""},
            "It is right for small scores, but e to the power of 10,000 is more than "
            "a float can hold. Softmax sees only differences, so you may shift each "
            "row as you like before exp. Which shift makes the largest power harmless?",
        ),
        Mistake(
            "one_sum_for_all",
            {"exp.sum(axis=-1, keepdims=True)": "exp.sum()"},
            "All rows together sum to one. Each row is a question of its own and "
            "needs a sum of its own. Along which axis do the symbols of one step lie?",
        ),
        Mistake(
            "one_shift_for_all",
            {"scores.max(axis=-1, keepdims=True)": "scores.max()"},
            "You take one largest score for all rows. A row whose scores lie far "
            "below it has nothing but zeros left after exp. Each row has a largest "
            "score of its own.",
        ),
        Mistake(
            "shifted_by_the_mean",
            {"scores.max": "scores.mean"},
            "You shift each row, which is right, and after that some score is still "
            "far above 0: its exp is more than a float can hold. Which shift leaves no "
            "score of the row above 0?",
        ),
        Mistake(
            "shifted_too_far",
            {"scores.max(axis=-1": "abs(scores).max(axis=-1"},
            "Where all scores lie far below 0, each of your exps is 0, and 0 over 0 is "
            "nan. Which score of the row should become 0, wherever the row lies?",
        ),
        Mistake(
            "scaled_not_shifted",
            {"scores - scores.max": "scores / abs(scores).max"},
            "You divide by the largest score. That is a change of temperature: the "
            "probabilities change. Softmax sees differences, so what may be done to "
            "all scores without harm?",
        ),
        Mistake(
            "along_the_first_axis",
            {
                "max(axis=-1, keepdims=True)": "max(axis=0)",
                "sum(axis=-1, keepdims=True)": "sum(axis=0)",
            },
            "You sum along the first axis, over the steps. The symbols of one step "
            "lie along the last axis, whatever is before it. Which number names the "
            "last axis of any array?",
        ),
        Mistake(
            "lost_an_axis",
            {
                "max(axis=-1, keepdims=True)": "max(axis=-1)",
                "sum(axis=-1, keepdims=True)": "sum(axis=-1)",
            },
            "A max or a sum over the last axis has lost that axis, and no longer fits. "
            "Shape (3, 5) and shape (3,) do not go together. numpy has an option that "
            "keeps the axis, with size 1.",
            others=(
                {"max(axis=-1, keepdims=True)": "max(axis=-1)"},
                {"sum(axis=-1, keepdims=True)": "sum(axis=-1)"},
            ),
        ),
    ),
    claims=(
        Claim("The result has the shape of the scores.", _is_an_array),
        Claim("Scores of 10,000 do no harm.", _is_finite),
        Claim("Each row sums to one.", _rows_sum_to_one),
        Claim("A shift of all scores changes nothing.", _shift_changes_nothing),
        Claim(
            "A score higher by 1 means e times as probable.", _ratios_are_exponentials
        ),
    ),
    hints=(
        "exp of a score, over the sum of all exps of the same row. Before that, make "
        "sure that no score is large: what may you subtract?",
        "The largest score of each row becomes 0, no other is above 0, and exp of "
        "them lies between 0 and 1. `axis=-1` is the last axis.",
        "Three steps: shift each row by a number of its own; take exp; divide each row "
        "by a sum of its own. Both numbers must keep their axis, so that shape (3, 5) "
        "meets shape (3, 1).",
    ),
    source=activations.softmax,
)
