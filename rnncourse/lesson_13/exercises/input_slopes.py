"""Exercise 13.1: how steeply a score changes with each input."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics.attribution import _Asked, saliency
from rnnlib.gradcheck import numerical_gradients

__all__ = ["SLOPES"]


def input_slopes(
    x: Array, W_xh: Array, W_hh: Array, b_h: Array, W_hy: Array, asked: int, k: int
) -> Array:
    """Return the gradient of score k after step `asked`, by each input, (T, D)."""
    h, states = np.zeros(len(b_h)), []
    for x_t in x:
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        states.append(h)
    dx = np.zeros(x.shape)
    dh = W_hy[:, k]
    for t in reversed(range(asked + 1)):
        da = dh * (1 - states[t] ** 2)
        dx[t] = da @ W_xh.T
        dh = da @ W_hh.T
    return dx


def _cases(rng: Rng) -> list[Case]:
    sizes = (
        *((1, 1, 1, 1, 0), (1, 2, 3, 2, 0), (3, 2, 1, 2, 2), (2, 1, 4, 3, 1)),
        *((4, 3, 2, 1, 1), (5, 4, 4, 4, 4), (6, 3, 5, 2, 0), (4, 4, 4, 4, 2)),
        *((3, 3, 2, 4, 2), (7, 2, 6, 3, 5), (3, 2, 4, 2, 1), (13, 3, 5, 4, 11)),
    )
    cases: list[dict[str, Any]] = []
    for T, D, H, V, asked in sizes:
        case = {
            "x": rng.standard_normal((T, D)),
            "W_xh": rng.standard_normal((D, H)),
            "W_hh": rng.standard_normal((H, H)) / np.sqrt(H),
            "b_h": 0.5 * rng.standard_normal(H),
            "W_hy": rng.standard_normal((H, V)),
            "asked": asked,
            "k": int(rng.integers(V)),
        }
        cases.append(case)
    cases[5]["x"] = np.eye(4, dtype=int)[rng.integers(0, 4, 5)]  # one-hot letters
    cases[7]["W_hh"] *= 0  # nothing is carried on
    cases[8]["b_h"][0] = 1000  # a saturated unit
    cases[9]["W_hh"] *= 2
    cases[10]["x"] *= 0  # silence
    cases[10]["W_hy"] *= 1e3
    cases[11]["x"] = np.asfortranarray(cases[11]["x"])[::-1]
    return [*cases]


def _numerically(case: Case) -> Array:
    """Return the derivatives of one score, one nudge after another."""

    def score(x: Array) -> Any:
        h = np.zeros(len(case["b_h"]))
        for x_t in x[: case["asked"] + 1]:
            h = np.tanh(x_t @ case["W_xh"] + h @ case["W_hh"] + case["b_h"])
        return (h @ case["W_hy"])[case["k"]]

    return numerical_gradients(score, {"x": case["x"].astype(float)})["x"]


SLOPES = Exercise(
    id="13.1",
    kind="G",
    title="How steep it is at each input",
    reference=input_slopes,
    whole=("x",),
    cases=_cases,
    numerical=_numerically,
    mistakes=(
        Mistake(
            "no_slope_of_the_tanh",
            {"dh * (1 - states[t] ** 2)": "dh"},
            "Your gradient goes through the step as if there were no tanh in it. How "
            "much does a state move when its pre-activation moves a little?",
        ),
        Mistake(
            "slope_one_step_off",
            {"states[t] ** 2": "states[t - 1] ** 2"},
            "The slope of the tanh is written with the state that came *out* of it. "
            "Yours is the state of another step.",
        ),
        Mistake(
            "nothing_goes_back",
            {"        dh = da @ W_hh.T\n": ""},
            "Each of your steps gets the gradient of the asked step, as it is. What "
            "does it go through on its way from one step to the one before?",
        ),
        Mistake(
            "asked_step_alone",
            {"        dh = da @ W_hh.T\n": "        break\n"},
            "Only one of your inputs has a gradient, that of the asked step. Earlier "
            "ones reach the score, too: along which wire?",
        ),
        Mistake(
            "recurrent_weights_not_turned",
            {"da @ W_hh.T": "da @ W_hh"},
            "Forward a state is multiplied by the recurrent weights. What is the "
            "matrix of the way back?",
        ),
        Mistake(
            "always_the_last_step",
            {"range(asked + 1)": "range(len(x))"},
            "You go back from the last step, whichever is asked for. What can an "
            "input do to a score that was given before it came?",
        ),
        Mistake(
            "one_step_too_early",
            {"range(asked + 1)": "range(asked)"},
            "You leave out the input of the asked step itself: it is read before the "
            "score is given.",
        ),
        Mistake(
            "all_scores",
            {"W_hy[:, k]": "W_hy.sum(axis=1)"},
            "You go back from the sum of all scores. One of them is asked for.",
        ),
        Mistake(
            "times_the_input",
            {"return dx": "return dx * x"},
            "You multiply the gradient by the input. That is a measure, too, called "
            "gradient times input; here the gradient alone is wanted.",
        ),
        Mistake(
            "without_its_sign",
            {"return dx": "return abs(dx)"},
            "All your numbers are positive. An input may speak against a score: keep "
            "the sign here.",
        ),
        Mistake(
            "one_number_a_step",
            {"return dx": "return np.linalg.norm(dx, axis=1)"},
            "You return one length for each step. Here each entry of each input has a "
            "number of its own; the length comes after that.",
        ),
        Mistake(
            "from_the_end",
            {"return dx": "return dx[::-1]"},
            "Your rows stand from the last step to the first.",
        ),
    ),
    hints=(
        "It is back-propagation through time as in lesson 04, with one thing more to "
        "write down at each step, and no weight gradients at all.",
        "Run forward and keep the states. What comes back to the state of the asked "
        "step is one column of the output weights. From there each step has a part for "
        "its input and a part for the step before.",
        "An array of zeros in the shape of x; later steps simply stay zero. Then a "
        "loop from the asked step down to the first: through the tanh; from there "
        "through one matrix to the input, through the other to the state before. Test "
        "yours: nudge one entry of the first input by a millionth and see what the "
        "score does.",
    ),
    source=(saliency, _Asked.gradient),
    point=(
        "asked = _Asked",
        "dx = np.squeeze",
        "return abs(dx)",
        "y, cache = self",
        "self._asked(dy)[:, self.target] = 1",
        "dx: Array = self.model.backward",
    ),
)
