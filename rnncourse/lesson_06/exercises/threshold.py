"""Exercise 06.2: choose a limit from the norms of fifty updates."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise, call
from rnncourse.checking.mistakes import Mistake
from rnncourse.shared.wording import count
from rnnlib._typing import Array, Rng

__all__ = ["THRESHOLD"]

FEWEST, MOST = 0.05, 0.15


def threshold(norms: Array) -> float:
    """Return a limit above which about one norm in ten lies."""
    return float(np.quantile(norms, 0.9))


def _cases(rng: Rng) -> list[Case]:
    def drawn(count: int, spread: float, middle: float) -> Array:
        return np.asarray(middle * np.exp(spread * rng.standard_normal(count)))

    quiet = rng.uniform(0.8, 1.2, 50)
    one_burst = np.where(rng.permutation(50) < 1, 1e4, 1.0) * drawn(50, 0.3, 2.0)
    bursts = np.where(rng.permutation(50) < 6, 1e3, 1.0) * drawn(50, 0.3, 2.0)
    return [
        {"norms": drawn(50, 1.0, 1.0)},
        {"norms": drawn(50, 0.6, 1e5)},
        {"norms": drawn(50, 1.0, 1e-4)},
        {"norms": quiet},
        {"norms": bursts},
        {"norms": one_burst},
        {"norms": np.sort(rng.permutation([*[1.0] * 60, *drawn(40, 0.3, 4.0)]))},
        {"norms": np.sort(drawn(60, 0.8, 4.0))},
        {"norms": np.sort(drawn(200, 1.2, 0.5))[::-1].copy()},
    ]


def _limit(answer: Answer, case: Case) -> Any:
    """Return the limit as a float, or as it is if it is no number."""
    found = call(answer, case)
    if isinstance(found, tuple | list):
        return found
    is_number = np.ndim(found) == 0 and np.asarray(found).dtype.kind in "fiu"
    return float(found) if is_number else found


def _is_number(found: Any, _: Case) -> bool | str:
    if isinstance(found, float) and np.isfinite(found) and found > 0:
        return True
    several = isinstance(found, tuple | list)
    what = count(len(found), "thing") if several else f"{found!r:.60}"
    return f"It should return one positive number; yours returns {what}."


def _cuts_about_one_in_ten(found: Any, case: Case) -> bool | str:
    if not isinstance(found, float):
        return True
    norms = case["norms"]
    cut = int((norms > found).sum())
    if FEWEST <= cut / len(norms) <= MOST:
        return True
    return (
        f"With the limit {found:.4g} it would cut {cut} of {len(norms)} updates; 5 to "
        "15 in a hundred are asked for."
    )


THRESHOLD = Exercise(
    id="06.2",
    kind="P",
    title="A limit from fifty norms",
    reference=threshold,
    cases=_cases,
    mistakes=(
        Mistake(
            "the_middle",
            {"0.9": "0.5"},
            "Half of all updates would be cut. A limit is for the rare ones: ordinary "
            "updates should pass as they are.",
        ),
        Mistake(
            "the_lowest_tenth",
            {"0.9": "0.1"},
            "Nearly all updates would be cut. One in ten should lie above the limit, "
            "and you have put one in ten below it.",
        ),
        Mistake(
            "the_largest",
            {"np.quantile(norms, 0.9)": "norms.max()"},
            "Nothing would ever have been cut. The largest norm may be the very burst "
            "that the limit is for.",
        ),
        Mistake(
            "the_mean",
            {"np.quantile(norms, 0.9)": "norms.mean()"},
            "You take the mean. A single burst of a thousand moves it a long way, and "
            "without bursts it lies in the middle of the ordinary norms. Which number "
            "counts how many lie above it, and not how far?",
        ),
        Mistake(
            "always_one",
            {"np.quantile(norms, 0.9)": "1.0"},
            "You return 1 whatever the norms are. That number is often found in code, "
            "and it may cut all updates or none: how large a norm is depends on the "
            "loss and on the number of weights. What do these fifty say?",
        ),
        Mistake(
            "not_sorted",
            {"np.quantile(norms, 0.9)": "norms[int(0.9 * len(norms))]"},
            "You take what stands nine tenths of the way through the training. The "
            "norms come in the order of the updates. In which order would that place "
            "mean something?",
        ),
        Mistake(
            "three_deviations",
            {"np.quantile(norms, 0.9)": "norms.mean() + 3 * norms.std()"},
            "Mean and standard deviation are themselves driven by the bursts, so your "
            "limit runs away from them. Ask how many norms lie above a limit: no "
            "burst, however large, counts for more than one.",
        ),
    ),
    claims=(
        Claim("It is one positive number.", _is_number),
        Claim("It cuts 5 to 15 of 100 updates.", _cuts_about_one_in_ten),
    ),
    observe=_limit,
    hints=(
        "Only the rare large norms should be cut. How many of fifty are 5 to 15 in a "
        "hundred?",
        "Lay the norms out by size. The limit lies where about nine in ten are below "
        "it, whatever their sizes are.",
        "No mean helps here, since one burst would move it. What you need is a place "
        "in the sorted norms; numpy has a function that gives the value below which a "
        "given share of numbers lies. Which share is it, and does it depend on how "
        "many norms there are?",
    ),
)
