"""Exercise 04.1: a gradient by nudging one entry after the other."""

from collections.abc import Callable

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.gradcheck import _slope, numerical_gradients

__all__ = ["NUMERICAL_GRADIENT"]

Loss = Callable[[Array], float]


def numerical_gradient(loss: Loss, x: Array, eps: float) -> Array:
    """Return the derivative of the loss for each entry of x, by central differences."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[index] = eps
        gradient[index] = (loss(x + nudge) - loss(x - nudge)) / (2 * eps)
    return gradient


def _curved(weights: Array) -> Loss:
    """Return a loss that is curved in each entry, and in all of them together.

    Without the last term the slope along all axes would be the sum of the slopes, for
    any eps, and whoever moves all entries at once would look like one who adds up.
    """

    def loss(x: Array) -> float:
        if np.iscomplexobj(x):
            raise TypeError("the loss takes real numbers; it got complex ones")
        curved = (weights * x**3 + np.sin(8 * x)).sum()
        together = (np.sin(weights) * x).sum()
        return float(curved + together**2 + together**3 / 3)

    return loss


def _cases(rng: Rng) -> list[Case]:
    shapes: list[tuple[int, ...]] = [(1,), (3,), (2, 3), (4, 1, 2), (3, 5), (3, 3), ()]
    nudges = (1e-3, 1e-2, 1e-3, 1e-2, 1e-3, 0.1, 1e-2)
    cases: list[Case] = [
        {
            "loss": _curved(2 * rng.standard_normal(shape)),
            "x": np.asarray(2 * rng.standard_normal(shape)),
            "eps": eps,
        }
        for shape, eps in zip(shapes, nudges, strict=True)
    ]
    cases[4]["x"][1, 2] = 0
    cases[5]["x"][2] = cases[5]["x"][0]  # equal entries, moved one at a time
    turned = {**cases[2], "x": rng.standard_normal((3, 2)).T}
    return [*cases, turned]


NUMERICAL_GRADIENT = Exercise(
    id="04.1",
    kind="V",
    title="A gradient by nudging",
    reference=numerical_gradient,
    whole=("x",),
    cases=_cases,
    mistakes=(
        Mistake(
            "one_sided",
            {"loss(x - nudge)) / (2 * eps)": "loss(x)) / eps"},
            "You step to one side only. The loss at x itself is on the edge of your "
            "interval, not in its middle: the curve of the loss then adds an error as "
            "large as eps. What if x stood in the middle?",
        ),
        Mistake(
            "divided_by_eps",
            {"(2 * eps)": "eps"},
            "Look at how far apart your two points are. A slope is a difference of "
            "heights over the distance between the two places.",
        ),
        Mistake(
            "not_divided",
            {" / (2 * eps)": ""},
            "You return how much the loss changes. A slope is a change over a "
            "distance: which distance did you move?",
        ),
        Mistake(
            "all_entries_at_once",
            {"nudge[index]": "nudge[...]"},
            "You nudge all entries at once. That gives one number, the sum of all "
            "slopes. Each entry needs a nudge of its own, while the others stay where "
            "they are.",
        ),
        Mistake(
            "nudges_pile_up",
            {
                "    for index": "    nudge = np.zeros(x.shape)\n    for index",
                "        nudge = np.zeros(x.shape)\n": "",
            },
            "Your first entry is right, and the later ones have too much in them. "
            "When the second entry is nudged, is the first one back where it was?",
        ),
        Mistake(
            "a_row_at_once",
            {"nudge[index]": "nudge[index[0]]"},
            "With one axis you are right. With more, x[i] is a whole row, not a "
            "number. You nudge all entries of the row together. What visits every "
            "single entry?",
            others=({"np.ndindex(x.shape)": "range(len(x))"},),
        ),
        Mistake(
            "into_every_entry",
            {"gradient[index] = (": "gradient += ("},
            "Each of your slopes is good, and lands in entries that it does not belong "
            "to. A round moves a single entry of x. In how many places of the result "
            "may its slope stand?",
            others=(
                {"gradient[index] = (": "gradient[...] = ("},
                {"gradient[index] = (": "gradient[index[:1]] += ("},
                {"gradient[index] = (": "gradient[index[:1]] = ("},
                {"gradient[index] = (": "gradient[index[0]] += ("},
                {"gradient[index] = (": "gradient[index[0]] = ("},
            ),
        ),
        Mistake(
            "slopes_pile_up",
            {
                "gradient = np": "total, gradient = 0, np",
                "gradient[index] = (loss": "total += (loss",
                "(2 * eps)\n": "(2 * eps)\n        gradient[index] = total\n",
            },
            "Your first entry is right, and each later one has the slopes before it in "
            "it as well: you keep a running sum. An entry of the result is the slope "
            "of its own round, and no more.",
        ),
        Mistake(
            "a_second_name",
            {"loss(x + nudge)": "loss(x - nudge)"},
            "Your two losses are equal. Were they taken at two different places? "
            "After up = x there is still one array, with two names: what moves one "
            "moves the other. An array of its own is np.array(x, dtype=float).",
        ),
        Mistake(
            "eps_of_your_own",
            {"gradient = np": "eps, gradient = 1e-5, np"},
            "Your slopes are good, but made with an eps of your own, or with a part of "
            "the one that is given. Nudge by that one to each side, so that whoever "
            "calls the function can say how far.",
            others=(
                {"gradient = np": "eps, gradient = 1e-4, np"},
                {"gradient = np": "eps, gradient = 1e-6, np"},
                {"gradient = np": "eps, gradient = eps / 2, np"},
                {
                    "nudge[index] = eps": "nudge[index] = eps * max(1, abs(x[index]))",
                    "(2 * eps)": "(2 * nudge[index])",
                },
            ),
        ),
        Mistake(
            "more_than_two_points",
            {
                "(loss(x + nudge)": "(8 * loss(x + nudge) - loss(x + 2 * nudge)",
                "- loss(x - nudge)) / (2": "- 8 * loss(x - nudge) + "
                "loss(x - 2 * nudge)) / (12",
            },
            "You look at four places, which is more exact than what is asked for: two "
            "places, one on each side, each eps away from x.",
        ),
    ),
    hints=(
        "The slope of a curve at a point is nearly the difference of two heights, one "
        "on each side of it, over their distance. Do that for one entry of x first.",
        "Make an array of zeros of the shape of x, and put eps at one index. Call the "
        "loss twice, with x moved to the one side and to the other.",
        "One round for each index, and each round begins with x as it was given. It "
        "needs two losses, and how far apart the two places are. Where does the result "
        "of the round belong?",
    ),
    source=(numerical_gradients, _slope),
    point=(
        "for index in np.ndindex",
        "gradients[name][index] = _slope",
        "above, below =",
        "change, width = above",
        "found.append",
    ),
)
