"""Exercise 05.5: what can be promised before training about n steps back."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise, call
from rnncourse.checking.mistakes import Mistake
from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import jacobian_bound, singular_values, state_jacobians

__all__ = ["BOUND"]


def bound(W_hh: Array, gamma: float, n: int) -> float:
    """Return what n steps exceed in no net whose W_hh stretches no more."""
    sigma_max = float(np.linalg.norm(W_hh, 2))
    return (gamma * sigma_max) ** n


def _cases(rng: Rng) -> list[Case]:
    turned = init.orthogonal((3, 3), rng=rng, gain=rng.uniform(1.2, 1.6))
    return [
        {"W_hh": rng.standard_normal((1, 1)), "gamma": 1.0, "n": 1},
        {"W_hh": init.gaussian((2, 2), rng=rng), "gamma": 1.0, "n": 1},
        {"W_hh": turned, "gamma": 0.25, "n": 4},
        {"W_hh": turned.T.copy(), "gamma": 1.0, "n": 9},
        {"W_hh": _sheared(rng), "gamma": 1.0, "n": 3},
        {"W_hh": rng.uniform(1.5, 2) * np.eye(2, k=1), "gamma": 1.0, "n": 2},
        {"W_hh": _nearly_round(rng), "gamma": 1.0, "n": 40},
        {"W_hh": 4 * turned, "gamma": 0.25, "n": 6},
        {"W_hh": 1.5 * turned, "gamma": 0.9, "n": 3},
        {"W_hh": np.zeros((2, 2)), "gamma": 0.25, "n": 0},
        {"W_hh": init.gaussian((5, 5), rng=rng, gain=1.3), "gamma": 0.25, "n": 2},
        {"W_hh": -rng.uniform(1.1, 1.4, (1, 1)), "gamma": 1.2, "n": 14},
        {"W_hh": 0.2 * turned, "gamma": 0.1, "n": 3},
        {"W_hh": init.gaussian((3, 3), rng=rng), "gamma": 1.0, "n": 0},
    ]


def _sheared(rng: Rng) -> Array:
    """Return a matrix whose powers die at once, unless slopes come in between."""
    turn = init.orthogonal((2, 2), rng=rng)
    return turn.T @ np.array([[0.0, rng.uniform(1.5, 2)], [0.0, 0.0]]) @ turn


def _nearly_round(rng: Rng) -> Array:
    """Return a matrix that stretches two directions by nearly the same."""
    turn, other = (init.orthogonal((3, 3), rng=rng) for _ in range(2))
    return turn @ np.diag([1.2, 1.15, 0.3]) @ other


def _stretched(W_hh: Array, slopes: Array) -> float:
    """Return how much n Jacobians stretch at most in nets with slopes (n, B, H)."""
    if not len(slopes):
        return 1.0
    products = state_jacobians(slopes[..., None] * W_hh.T)[0]
    return float(singular_values(products).max())


def _promised(answer: Answer, case: Case) -> Any:
    """Return the promise as a float of numpy, or as it is if it is no number."""
    found = call(answer, case)
    number = np.asarray(found)
    if number.ndim == 0 and number.dtype.kind in "fiu":
        return number.astype(np.float32 if number.dtype == np.float32 else float)[()]
    return found


def _is_number(found: Any, _: Case) -> bool | str:
    if isinstance(found, np.floating):
        return True
    if found is None:
        return "It returns None: is there a return at the end of your function?"
    return f"It should return one number; yours is of type {type(found).__name__}."


def _slack(found: Any) -> float:
    """Return the relative error that the digits of a promise allow."""
    return 1e-5 if isinstance(found, np.float32) else 1e-9


def _both(one: float, other: float) -> tuple[str, str]:
    """Return two numbers with enough digits to tell them apart, at most ten."""
    pairs = ((f"{one:.{digits}g}", f"{other:.{digits}g}") for digits in range(3, 11))
    return next((pair for pair in pairs if pair[0] != pair[1]), (str(one), str(other)))


def _reached(case: Case) -> float:
    """Return what the worst net with the same norm reaches: it stretches all alike."""
    W, gamma, n = case.values()
    worst = np.linalg.norm(W, 2) * np.eye(len(W))
    return _stretched(worst, np.full((n, 1, len(W)), gamma))


def _never_exceeded(found: Any, case: Case) -> bool | str:
    if not isinstance(found, np.floating):
        return True
    n, H = case["n"], len(case["W_hh"])
    nets = np.random.default_rng(1).uniform(0, case["gamma"], (300, n, H))
    nets[0], nets[1::2] = case["gamma"], np.sqrt(case["gamma"] * nets[1::2])
    exceeds = "There is a net that exceeds it"
    for most in (_stretched(case["W_hh"], nets.swapaxes(0, 1)), _reached(case)):
        if not most <= float(found) * (1 + _slack(found)):
            stretched, promised = _both(most, float(found))
            return (
                f"{exceeds}: it stretches {stretched} times, and you promised "
                f"{promised} at most."
            )
        exceeds = "There is a net whose W_hh stretches no more, and that exceeds it"
    return True


def _not_generous(found: Any, case: Case) -> bool | str:
    """Compare with the worst net whose W_hh has the same norm."""
    if not isinstance(found, np.floating):
        return True
    norm, reached = np.linalg.norm(case["W_hh"], 2), _reached(case)
    if float(found) <= reached * (1 + _slack(found)):
        return True
    promised, enough = _both(float(found), reached)
    return (
        f"It holds, but less would do: you promise {promised}, and no net whose W_hh "
        f"stretches {norm:.4g} times at most can exceed {enough}."
    )


BOUND = Exercise(
    id="05.5",
    kind="P",
    title="A promise before training",
    reference=bound,
    cases=_cases,
    mistakes=(
        Mistake(
            "radius_in_place_of_norm",
            {"np.linalg.norm(W_hh, 2)": "abs(np.linalg.eigvals(W_hh)).max()"},
            "Your bound can be exceeded, in one step already. An eigenvalue is about "
            "one direction only, and another may be stretched more. Which number of a "
            "matrix says how much it can stretch any vector at most?",
        ),
        Mistake(
            "norm_of_the_power",
            {
                "W_hh, 2": "np.linalg.matrix_power(W_hh, n), 2",
                "(gamma * sigma_max) ** n": "gamma**n * sigma_max",
            },
            "Your bound holds only if the slopes are the same at every unit. Between "
            "two products with W_hh stand slopes that differ from unit to unit, so "
            "the steps do not become a power of W_hh. Bound each step by itself.",
        ),
        Mistake(
            "forgot_gamma",
            {"gamma * ": ""},
            "Your bound is too generous where slopes are small, and broken where they "
            "are above 1. The sigmoid's slope is never above 1/4. Each step back is "
            "multiplied by a slope, too.",
        ),
        Mistake(
            "gamma_once",
            {"(gamma * sigma_max) ** n": "gamma * sigma_max**n"},
            "A slope is met only once in your bound: where slopes are small it is too "
            "generous, where they are above 1 it is broken. How many times does the "
            "gradient pass an activation in n steps?",
        ),
        Mistake(
            "root_of_squares",
            {"W_hh, 2": "W_hh"},
            "Your bound holds, but is too generous. The root of all squared entries "
            "is mostly larger than the most that a matrix can stretch: for the "
            "identity it is more than 1. Which norm is exactly the largest stretch?",
        ),
    ),
    claims=(
        Claim("It is one number.", _is_number),
        Claim("No net with such slopes stretches more.", _never_exceeded),
        Claim(
            "For some net whose W_hh stretches no more, no less would do.",
            _not_generous,
        ),
    ),
    observe=_promised,
    hints=(
        "What is the most by which one step back can stretch? It multiplies by the "
        "weights, and then by slopes of at most gamma.",
        "Section 2 has a name for the most that a matrix can stretch, and 05.3 the "
        "call that finds it. Which slopes are the worst, and can all n steps have "
        "them?",
        "Bound one step first: two factors, one for the weights and one for the "
        "slopes. Nothing forbids that each of the n steps is as bad as that. What is "
        "the most that they make together?",
    ),
    source=jacobian_bound,
    point=(
        "sigma_max =",
        "return (cell.activation.max_slope",
    ),
)
