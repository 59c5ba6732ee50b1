"""Exercises of lesson 05: what the norm promises, and what it does not."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise, call
from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import jacobian_bound, state_jacobians

__all__ = ["BOUND", "HUMP"]


def bound(W_hh: Array, gamma: float, n: int) -> float:
    """Return the least number that n steps of such a net surely do not exceed."""
    sigma_max = float(np.linalg.norm(W_hh, 2))
    return (gamma * sigma_max) ** n


def radius_in_place_of_norm(W_hh: Array, gamma: float, n: int) -> Any:
    """Your bound can be exceeded: in one step already.

    An eigenvalue speaks of one direction only, and another may be stretched more. Which
    number of a matrix speaks of the most that it can stretch any vector?
    """
    return (gamma * abs(np.linalg.eigvals(W_hh)).max()) ** n


def norm_of_the_power(W_hh: Array, gamma: float, n: int) -> Any:
    """Your bound holds only if the slopes are the same at every unit.

    Between two products with W_hh stand slopes that differ from unit to unit, so the
    steps do not become a power of W_hh. Bound each step by itself.
    """
    return gamma**n * np.linalg.norm(np.linalg.matrix_power(W_hh, n), 2)


def forgot_gamma(W_hh: Array, gamma: float, n: int) -> Any:
    """Your bound holds, but is too generous where slopes are small.

    The sigmoid's slope is never above 1/4. Each step back is multiplied by a slope,
    too.
    """
    return np.linalg.norm(W_hh, 2) ** n


def gamma_once(W_hh: Array, gamma: float, n: int) -> Any:
    """Your bound is too generous: a slope is met only once in it.

    How many times does the gradient pass an activation in n steps?
    """
    return gamma * np.linalg.norm(W_hh, 2) ** n


def root_of_squares(W_hh: Array, gamma: float, n: int) -> Any:
    """Your bound holds, but is too generous.

    The root of all squared entries is larger than the most that a matrix can stretch:
    for the identity it is more than 1. Which norm is exactly the largest stretch?
    """
    return (gamma * np.linalg.norm(W_hh)) ** n


def _bound_cases(rng: Rng) -> list[Case]:
    turned = init.orthogonal((3, 3), rng=rng, gain=rng.uniform(1.2, 1.6))
    return [
        {"W_hh": rng.standard_normal((1, 1)), "gamma": 1.0, "n": 1},
        {"W_hh": init.gaussian((2, 2), rng=rng), "gamma": 1.0, "n": 1},
        {"W_hh": turned, "gamma": 0.25, "n": 4},
        {"W_hh": turned.T.copy(), "gamma": 1.0, "n": 9},
        {"W_hh": _sheared(rng), "gamma": 1.0, "n": 3},
        {"W_hh": init.gaussian((5, 5), rng=rng, gain=1.3), "gamma": 0.25, "n": 2},
    ]


def _sheared(rng: Rng) -> Array:
    """Return a matrix whose powers die at once, unless slopes come in between."""
    turn = init.orthogonal((2, 2), rng=rng)
    return turn.T @ np.array([[0.0, rng.uniform(1.5, 2)], [0.0, 0.0]]) @ turn


def _stretched(case: Case, slopes: Array) -> float:
    """Return how much a product of n Jacobians with these slopes (n, H) stretches."""
    steps = slopes[:, None, :, None] * case["W_hh"].T
    return float(np.linalg.norm(state_jacobians(steps)[0, 0], 2))


def _promised(answer: Answer, case: Case) -> Any:
    """Return the promise as a float, or as it is if it is no number."""
    found = call(answer, case)
    is_number = np.ndim(found) == 0 and np.asarray(found).dtype.kind in "fiu"
    return float(found) if is_number else found


def _is_number(found: Any, _: Case) -> bool | str:
    if isinstance(found, float):
        return True
    return f"It should return one number; yours is of type {type(found).__name__}."


def _never_exceeded(found: Any, case: Case) -> bool | str:
    if not isinstance(found, float):
        return True
    n, H = case["n"], len(case["W_hh"])
    nets = np.random.default_rng(1).uniform(0, case["gamma"], (300, n, H))
    nets[0], nets[1::2] = case["gamma"], np.sqrt(case["gamma"] * nets[1::2])
    most = max(_stretched(case, slopes) for slopes in nets)
    if most <= found * (1 + 1e-9):
        return True
    return (
        f"There is a net that exceeds it: it stretches {most:.3g} times, and you "
        f"promised {found:.3g} at most."
    )


def _not_generous(found: Any, case: Case) -> bool | str:
    W, gamma, n = case.values()
    if not isinstance(found, float):
        return True
    if n > 1 and not np.allclose(W @ W.T, W.T @ W):
        return True
    reached = _stretched(case, np.full((n, len(W)), gamma))
    if found <= reached * (1 + 1e-9):
        return True
    return (
        f"It holds, but less would do: you promise {found:.4g}, and no such net can "
        f"exceed {reached:.4g}."
    )


BOUND = Exercise(
    id="05.5",
    kind="P",
    title="A promise before training",
    reference=bound,
    cases=_bound_cases,
    bugs=(
        radius_in_place_of_norm,
        norm_of_the_power,
        forgot_gamma,
        gamma_once,
        root_of_squares,
    ),
    claims=(
        Claim("It is one number.", _is_number),
        Claim("No net with such slopes stretches more.", _never_exceeded),
        Claim("No smaller number would do.", _not_generous),
    ),
    observe=_promised,
    hints=(
        "What is the most by which one step back can stretch? It multiplies by the "
        "weights, and then by slopes of at most gamma.",
        "The most that a matrix can stretch is its largest singular value, the norm of "
        "order 2. The worst that can happen in n steps is the worst n times.",
        "largest = 2-norm of W_hh; one step is at most gamma times that; n steps are "
        "at most its power n.",
    ),
    source=jacobian_bound,
)


@dataclass(frozen=True)
class LinearNet:
    """What is seen of a linear net; nets of one `kind` are alike."""

    kind: str
    norm: float = field(compare=False)
    left: float = field(compare=False)


def weights() -> Array:
    """Return W_hh whose norm is above 1.5, and whose powers die."""
    return np.array([[0.5, 2.0], [0.0, 0.5]])


def small_in_every_direction() -> Array:
    """The gradient vanishes, but the norm is too small: nothing is stretched at all.

    Can a matrix stretch one direction well, and then never let a vector stay in that
    direction?
    """
    return 0.9 * np.eye(2)


def turned_and_stretched() -> Array:
    """Yours turns every vector and stretches them all by the same factor.

    So each of the 60 steps stretches. Look for a matrix that stretches some directions
    only, and leads out of them.
    """
    return 1.6 * np.array([[0.8, 0.6], [-0.6, 0.8]])


def one_unit_stretches() -> Array:
    """Yours is symmetric, so the direction that it stretches is kept as it is.

    The next step stretches it again, and so on for 60 steps. A matrix that stretches
    must send that direction elsewhere: not all of its entries can stand as in a mirror.
    """
    return np.array([[1.6, 0.0], [0.0, 0.2]])


def dies_too_slowly() -> Array:
    """You are on the right way: the norm is large and the spectral radius below 1.

    But the radius to the power 60 is still too much. How small must it be, if a
    thousandth or less shall be left?
    """
    return np.array([[0.97, 2.0], [0.0, 0.97]])


def never_gone() -> Array:
    """A part of yours is kept for ever: its spectral radius is 1 or more.

    What happens in the end is the power of the radius, however the rest is set. Which
    entries of your matrix decide it?
    """
    return np.array([[1.0, 2.0], [0.0, 1.0]])


def _look(answer: Answer, case: Case) -> Any:
    W = answer()
    shape = np.shape(W)
    if len(shape) != 2 or shape[0] != shape[1]:
        return f"Return one matrix (H, H) of numbers; yours has shape {shape}."
    if not np.isfinite(W).all():
        return "Not all numbers in your matrix are finite."
    norm = float(np.linalg.norm(W, 2))
    left = float(np.linalg.norm(np.linalg.matrix_power(W, 60), 2))
    return LinearNet(_kind_of(np.asarray(W), norm, left), norm, left)


def _kind_of(W: Array, norm: float, left: float) -> str:
    if norm <= 1.5:
        return "small" if left < 1e-3 else "small, and kept"
    if left < 1e-3:
        return "hump"
    if np.allclose(W @ W.T, norm**2 * np.eye(len(W))):
        return "turned"
    if np.allclose(W, W.T):
        return "symmetric"
    return "slow" if abs(np.linalg.eigvals(W)).max() < 1 else "grows"


def _is_square(seen: Any, _: Case) -> bool | str:
    return seen if isinstance(seen, str) else True


def _is_large(seen: Any, _: Case) -> bool | str:
    if not isinstance(seen, LinearNet) or seen.norm > 1.5:
        return True
    return f"The norm should be above 1.5; yours is {seen.norm:.3g}."


def _is_gone(seen: Any, _: Case) -> bool | str:
    if not isinstance(seen, LinearNet) or seen.left < 1e-3:
        return True
    return f"After 60 steps less than 0.001 should be left; here it is {seen.left:.2g}."


HUMP = Exercise(
    id="05.6",
    kind="H",
    title="Above one, and yet it vanishes",
    reference=weights,
    cases=lambda rng: [{}],
    bugs=(
        small_in_every_direction,
        turned_and_stretched,
        one_unit_stretches,
        dies_too_slowly,
        never_gone,
    ),
    claims=(
        Claim("It is a square matrix.", _is_square),
        Claim("Its norm is above 1.5.", _is_large),
        Claim("After 60 steps less than a thousandth is left.", _is_gone),
    ),
    observe=_look,
    hints=(
        "What happens in the end is decided by the spectral radius, what happens in "
        "one step by the norm. You want a small one and a large one.",
        "Two units are enough. Let each keep a part of itself, below 1, and let one of "
        "them pass a lot on to the other, which passes nothing back.",
        "The diagonal holds the eigenvalues if one corner is zero: put 0.5 on it. Then "
        "put a large number into the other corner.",
    ),
)
