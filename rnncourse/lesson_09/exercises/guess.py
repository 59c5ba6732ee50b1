"""Exercise 09.11: guess weights at random, until they do it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng

__all__ = ["GUESS"]

ENOUGH = 400  # numbers, to say how widely they are spread


def guess_weights(
    solves: Callable[[list[Array]], bool],
    shapes: Sequence[tuple[int, ...]],
    scale: float,
    rng: Rng,
    limit: int,
) -> tuple[int, list[Array] | None]:
    """Return how many guesses were made, and the arrays that solve it, or None."""
    for tries in range(1, limit + 1):
        weights = [scale * rng.standard_normal(shape) for shape in shapes]
        if solves(weights):
            return tries, weights
    return limit, None


class _Signs:
    """A task that is solved where the first numbers have the right signs."""

    def __init__(self, signs: str) -> None:
        self.signs = signs

    def __call__(self, weights: Sequence[Array]) -> bool:
        flat = np.concatenate([np.ravel(array) for array in weights])
        return all(
            (number > 0) == (sign == "+")
            for number, sign in zip(flat, self.signs, strict=False)
        )


class _At:
    """A task that is solved at one guess, whatever it is."""

    def __init__(self, guess: int) -> None:
        self.left = guess

    def __call__(self, weights: Sequence[Array]) -> bool:
        self.left -= 1
        return self.left == 0


def _cases(rng: Rng) -> list[Case]:
    unit = [(3, 3), (1, 3), (3,), (1,)]
    rows: list[tuple[Any, list[tuple[int, ...]], float, int]] = [
        (_At(1), [(1,)], 1, 1),
        (_At(1), [(2, 2), (2,)], 2.0, 50),
        (_At(7), [(2, 2), (2,)], 0.5, 7),
        (_At(8), [(2, 2), (2,)], 0.5, 7),
        (_At(40), unit, 5, 100),
        (_At(9), [(2, 3), (2, 3), (3,)], 4, 20),
        (_Signs("+"), [(1,)], 3.0, 60),
        (_Signs("+-+"), [(4,), (2, 3)], 10.0, 500),
        (_Signs("-+-+-"), unit, 20, 900),
        (_At(-1), [(2, 3)], 0.01, 90),
        (_At(150), [(1, 3), (3,)], 2, 300),
    ]
    names = ("solves", "shapes", "scale", "rng", "limit")
    return [
        dict(
            zip(
                names,
                (solves, shapes, scale, np.random.default_rng(seed), limit),
                strict=True,
            )
        )
        for (solves, shapes, scale, limit), seed in zip(
            rows, rng.integers(2**32, size=len(rows)), strict=True
        )
    ]


def _watched(answer: Answer, case: Case) -> Any:
    """Return what came back, and every guess that was tried."""
    tried: list[Array] = []
    right: list[bool] = []

    def solves(weights: Any) -> bool:
        tried.append(np.concatenate([np.ravel(array) for array in weights]))
        right.append(case["solves"](weights))
        return right[-1]

    found = answer(solves, *(value for name, value in case.items() if name != "solves"))
    if not isinstance(found, tuple | list) or len(found) != 2:
        return found
    tries, weights = found
    flat = None
    if isinstance(weights, tuple | list) and weights:
        flat = np.concatenate([np.ravel(array) for array in weights])
    shapes = flat is not None and [np.shape(array) for array in weights]
    return {
        "tries": tries,
        "weights": "none" if weights is None else flat,
        "fits": weights is None or shapes == [*map(tuple, case["shapes"])],
        "tried": np.array(tried),
        "right": np.array(right),
    }


def _two_things(seen: Any, case: Case) -> bool | str:
    if not isinstance(seen, dict):
        return "It should return two things: how many guesses, and the weights or None."
    if not seen["fits"]:
        return "The weights should be a list of arrays, of the shapes that are asked."
    if not len(seen["tried"]):
        return "It never asks whether a guess solves the task."
    return True


def _stops_where_it_should(seen: Any, case: Case) -> bool | str:
    made, right = len(seen["tried"]), seen["right"]
    if made > case["limit"]:
        return (
            f"It asks {case['limit'] + 1} times whether a guess solves the task, and "
            f"{case['limit']} guesses are allowed: ask once for each of them."
        )
    if right[:-1].any():
        return "It goes on guessing after a guess has solved the task."
    if not right[-1] and made < case["limit"]:
        return f"It gives up after {made} of {case['limit']} guesses."
    return True


def _counts(seen: Any, case: Case) -> bool | str:
    made = len(seen["tried"])
    if np.ndim(seen["tries"]) == 0 and seen["tries"] == made:
        return True
    word = "guess" if made == 1 else "guesses"
    return f"It made {made} {word}, and returns {seen['tries']!r:.40}."


def _returns_what_solves(seen: Any, case: Case) -> bool | str:
    none = isinstance(seen["weights"], str)
    if not seen["right"][-1]:
        return none or "No guess has solved the task: in place of weights return None."
    if none:
        return "The last guess has solved the task, and None comes back."
    if np.array_equal(seen["weights"], seen["tried"][-1]):
        return True
    return "The weights that come back are not those that have solved the task."


def _spread(seen: Any, case: Case) -> bool | str:
    tried, scale = seen["tried"], float(case["scale"])
    if len(tried) > 1 and len(np.unique(tried[:, 0])) < len(tried):
        return "It tries the same weights more than once: each guess is a new one."
    if any(len(np.unique(guess)) < guess.size for guess in tried):
        return "Two numbers of one guess are the same: draw each of them."
    by_chance = isinstance(case["solves"], _Signs)  # the last one has its signs
    if by_chance or tried.size < ENOUGH:
        return True
    within, spread = float((abs(tried) < scale).mean()), float(tried.std())
    if abs(tried.mean()) > 5 * spread / np.sqrt(tried.size):
        return f"The guesses are {tried.mean():.3g} on average, not 0."
    if 0.58 < within < 0.78 and 0.8 < spread / scale < 1.2:
        return True
    return (
        f"The standard deviation of the guesses is {spread:.3g}, and {within:.0%} "
        f"of them lie within the scale {scale:g}; of normal numbers about 68% do."
    )


GUESS = Exercise(
    id="09.11",
    kind="P",
    title="Guess weights until they do it",
    reference=guess_weights,
    cases=_cases,
    observe=_watched,
    mistakes=(
        Mistake(
            "the_same_guess_again",
            {
                "    for tries": "    weights = [scale * rng.standard_normal(s) "
                "for s in shapes]\n    for tries",
                "        weights = [scale * rng.standard_normal(shape) for shape "
                "in shapes]\n": "",
            },
            "You draw once and ask again and again. Each guess needs new weights: on "
            "which side of the for does the drawing belong?",
        ),
        Mistake(
            "counts_from_zero",
            {"range(1, limit + 1)": "range(limit)"},
            "Your count is one too small where a guess solves it. How many guesses "
            "have been made when the first one is right?",
        ),
        Mistake(
            "one_guess_too_few",
            {"range(1, limit + 1)": "range(1, limit)"},
            "You make one guess less than is allowed: where does a range end?",
        ),
        Mistake(
            "no_scale",
            {"scale * rng": "rng"},
            "Your guesses are all of scale 1. A latch needs gates that are nearly shut "
            "or nearly open, so its weights must be large.",
        ),
        Mistake(
            "never_negative",
            {"rng.standard_normal(shape)": "rng.random(shape)"},
            "Your weights are never negative. A gate that must shut cannot be guessed "
            "that way.",
        ),
        Mistake(
            "from_a_box",
            {"rng.standard_normal(shape)": "rng.uniform(-1, 1, shape)"},
            "Your guesses come from a box: all within the scale. Normal numbers are "
            "asked for, of which a third lies outside it.",
        ),
        Mistake(
            "keeps_what_failed",
            {"return limit, None": "return limit, weights"},
            "Where no guess solves it, you return the last one, which does not. Say "
            "that there is none.",
        ),
        Mistake(
            "always_the_limit",
            {"return tries, weights": "return limit, weights"},
            "You return how many guesses were allowed, and not how many it took.",
        ),
        Mistake(
            "the_next_ones",
            {
                "return tries, weights": "return tries, [scale * "
                "rng.standard_normal(s) for s in shapes]"
            },
            "You draw once more before you return, so what comes back has never been "
            "tried.",
        ),
        Mistake(
            "first_array_alone",
            {"for shape in shapes]": "for shape in shapes[:1]]"},
            "A guess has an array for each of the shapes; yours has one.",
        ),
    ),
    claims=(
        Claim("A count and weights, or None, come back.", _two_things),
        Claim(
            "It stops at the first right guess or at the limit.", _stops_where_it_should
        ),
        Claim("It counts its guesses.", _counts),
        Claim("What comes back has solved it.", _returns_what_solves),
        Claim("Each guess is new, and normal of that scale.", _spread),
    ),
    hints=(
        "This is the simplest learning there is: try, look, try again. Nothing is "
        "carried over from one guess to the next.",
        "Draw arrays of all shapes, ask, and come back at once if the answer is yes. "
        "What do you return if you have used up all your guesses?",
        "One loop that counts from 1. In it a list with one array a shape: normal "
        "numbers from the rng you are given, times the scale; then one question. "
        "Behind the loop stands what happens if it never came back. Test yours with a "
        "task that is always solved, and with one that never is.",
    ),
)
