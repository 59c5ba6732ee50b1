"""Exercise 11.3: a softmax of which nothing may be left."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.shared.wording import number
from rnnlib._typing import Array, Rng

__all__ = ["MASKED_SOFTMAX"]


def masked_softmax(scores: Array, mask: Array) -> Array:
    """Return weights: each row sums to one, or is zero if nothing is left of it."""
    left = np.where(mask, scores, -np.inf)
    largest = left.max(axis=-1, keepdims=True)
    largest = np.where(mask.any(axis=-1, keepdims=True), largest, 0)
    exp = np.exp(left - largest)
    total = exp.sum(axis=-1, keepdims=True)
    return exp / np.where(total > 0, total, 1)


def _cases(rng: Rng) -> list[Case]:
    sizes = (1, 1), (1, 4), (3, 1), (4, 3), (3, 5), (5, 5), (4, 6), (3, 4), (2, 12)
    cases: list[dict[str, Any]] = []
    for R, S in (*sizes, (6, 3), (3, 3), (12, 10)):
        mask = rng.random((R, S)) < 0.6
        mask[np.arange(R), rng.integers(0, S, R)] = True
        cases.append({"scores": rng.standard_normal((R, S)), "mask": mask})
    for place, row in ((2, 1), (3, 0), (4, -1), (8, 1), (11, 3), (11, 11)):
        cases[place]["mask"][row] = False  # nothing is left
    cases[5]["scores"] *= 1e4
    cases[5]["scores"][1] -= 1e4 + cases[5]["scores"][1].max()  # all below -10000
    cases[5]["mask"][1] = [True, False, True, True, False]
    cases[6]["scores"] += np.where(cases[6]["mask"], -2000, 2000)  # the padding shouts
    cases[7]["scores"][~cases[7]["mask"]] = rng.choice([np.nan, np.inf, -np.inf])
    cases[8]["scores"] = cases[8]["scores"].astype(np.float32)
    cases[9]["mask"][...] = False
    cases[11]["scores"][4:6] = 0.3  # all alike, and two of them the largest
    cases[11]["scores"][5, :2], cases[11]["mask"][5, :2] = 1.5, True
    cases[10]["mask"][...] = True
    cases[10]["scores"] = rng.integers(-9, 9, (3, 3))  # whole numbers
    cases[10]["scores"][0, 0] = 0
    return [*cases]


def _is_a_table(found: Any, case: Case) -> bool | str:
    asked, yours = case["mask"].shape, np.shape(found)
    if found is None:
        return "It returns None: is there a return at the end of your function?"
    if np.asarray(found).dtype.kind != "f":
        return (
            "The weights should be floats, even where the scores are whole numbers; "
            f"yours are {np.asarray(found).dtype}."
        )
    if asked != yours:
        return f"The weights should have the shape of the scores, {asked}, not {yours}."
    if not np.isfinite(found).all():
        rows = np.flatnonzero(~np.isfinite(found).all(axis=-1))
        left = int(case["mask"][rows[0]].sum())
        return (
            f"Row {rows[0] + 1}, of which {left} of {asked[1]} scores are left, has "
            "weights that are no finite numbers."
        )
    return True


def _hides(found: Any, case: Case) -> bool | str:
    heard = abs(np.asarray(found)) * ~case["mask"]
    return not heard.any() or (
        f"What is masked should get a weight of exactly 0; here up to "
        f"{number(float(heard.max()))} goes to it."
    )


def _sums_to_one(found: Any, case: Case) -> bool | str:
    some = case["mask"].any(axis=-1)
    sums = np.asarray(found)[some].sum(axis=-1)
    far = abs(sums - 1) > (1e-5 if sums.dtype == np.float32 else 1e-10)
    return not far.any() or (
        f"A row of which something is left should sum to 1; one sums to {sums[far][0]}."
    )


def _is_the_softmax(found: Any, case: Case) -> bool | str:
    """Compare with a softmax of what is left alone, row by row."""
    for row, (z, there) in enumerate(zip(case["scores"], case["mask"], strict=True)):
        kept = z[there].astype(float)
        exp = np.exp(kept - kept.max(initial=-np.inf))
        right = exp / exp.sum()
        close = 1e-9 if case["scores"].dtype != np.float32 else 1e-6
        apart = abs(np.asarray(found)[row][there] - right)
        if (apart > close).any():
            return (
                f"Row {row + 1} sums to 1, but its weights are not the softmax of what "
                f"is left of it: one is off by {number(float(apart.max()))}."
            )
    return True


MASKED_SOFTMAX = Exercise(
    id="11.3",
    kind="P",
    title="A softmax that survives an empty row",
    reference=masked_softmax,
    whole=("scores",),
    cases=_cases,
    mistakes=(
        Mistake(
            "empty_row_forgotten",
            {
                "np.where(mask.any(axis=-1, keepdims=True), largest, 0)": "largest",
                "np.where(total > 0, total, 1)": "total",
            },
            "Where nothing is left, the largest of nothing is minus infinity, and "
            "minus infinity less itself is not a number. Nor is 0 divided by 0. What "
            "could be taken off such a row instead, and by what could it be divided?",
            others=({"np.where(total > 0, total, 1)": "total"},),
        ),
        Mistake(
            "shared_out_evenly",
            {
                "exp / np.where(total > 0, total, 1)": "np.where(total > 0, "
                "exp / np.where(total > 0, total, 1), 1 / mask.shape[-1])"
            },
            "Of a row of which nothing is left you share the weight out evenly: all of "
            "it goes to what does not exist. (A large negative number in the place of "
            "a masked score does just that, for all scores of the row are then equally "
            "hopeless.) Such a row is to be zero.",
            others=(
                {
                    "-np.inf": "-1e9",
                    "np.where(mask.any(axis=-1, keepdims=True), largest, 0)": "largest",
                },
            ),
        ),
        Mistake(
            "masked_scores_are_zero",
            {"-np.inf": "0"},
            "A score of 0 is a score like any other. Its exponential is 1, so it gets "
            "a share.",
        ),
        Mistake(
            "multiplied_by_the_mask",
            {
                "np.where(mask, scores, -np.inf)": "scores * mask",
            },
            "A score that is multiplied by 0 becomes 0, and that is a score like any "
            "other. (And what is 0 times a number that is none?)",
        ),
        Mistake(
            "masked_afterwards",
            {
                "np.where(mask, scores, -np.inf)": "np.where(mask | True, scores, 0)",
                "exp / np.where(total > 0, total, 1)": "exp / total * mask",
            },
            "You mask what came out of a softmax over all scores. The padding had its "
            "share of the sum by then.",
        ),
        Mistake(
            "masked_between",
            {
                "np.where(mask, scores, -np.inf)": "np.where(mask | True, scores, 0)",
                "np.exp(left - largest)": "np.exp(left - largest) * mask",
            },
            "You mask the exponentials, but the largest score that you take off may be "
            "one that does not exist. If it is far above the rest, nothing is left of "
            "the rest.",
        ),
        Mistake(
            "nothing_taken_off",
            {
                "np.exp(left - largest)": "np.exp(left)",
            },
            "The exponential of 1000 is more than a float can hold, and that of −1000 "
            "is 0. What can be taken off a row without changing its softmax?",
        ),
        Mistake(
            "a_little_in_the_sum",
            {"np.where(total > 0, total, 1)": "(total + 1e-6)"},
            "A small number in the denominator keeps an empty row from harm, and makes "
            "every other row sum to a little less than 1. Only an empty row needs "
            "help.",
        ),
        Mistake(
            "mask_upside_down",
            {"np.where(mask, scores": "np.where(~mask, scores"},
            "You keep what is masked. True means: this one exists.",
        ),
        Mistake(
            "one_largest_for_all",
            {"left.max(axis=-1, keepdims=True)": "left.max(initial=-np.inf)"},
            "You take the largest score of the whole table off each row. Where a row "
            "is far below it, nothing is left of it.",
        ),
    ),
    hints=(
        "Three rows on paper: one with two scores and no mask, one with one masked, "
        "one with both. What should come out of each?",
        "Put minus infinity where nothing is. Then two things go wrong in an empty "
        "row alone: what is taken off before the exponential, and what is divided by.",
        "Replace what is masked, whatever stands there. Take the largest of what is "
        "left off each row, or, where there is none, something harmless. After the "
        "exponential, masked entries are exactly 0. Divide by the sum where there is "
        "one; in an empty row everything is 0 already, so what divisor leaves it so?",
    ),
    claims=(
        Claim("the weights are finite, and as many as there are scores.", _is_a_table),
        Claim("what is masked has a weight of exactly 0.", _hides),
        Claim("a row of which something is left sums to 1.", _sums_to_one),
        Claim("the weights are the softmax of what is left.", _is_the_softmax),
    ),
)
