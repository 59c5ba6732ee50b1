"""Exercise 05.6: weights whose norm is above one, and whose gradient yet vanishes."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_05.exercises.rate import RATE
from rnnlib._typing import Array

__all__ = ["VANISHING_ABOVE_ONE"]


def weights() -> Array:
    """Return W_hh whose norm is above 1.5, and whose powers die."""
    return np.array([[0.5, 2.0], [0.0, 0.5]])


@dataclass(frozen=True)
class _LinearNet:
    """What is seen of a linear net; nets of one `kind` are alike."""

    kind: str
    norm: float = field(compare=False)
    left: float = field(compare=False)


def _look(answer: Answer, case: Case) -> Any:
    W = answer()
    if W is None:
        return "It returns None: is there a return at the end of your function?"
    shape = np.shape(W)
    if len(shape) != 2 or shape[0] != shape[1]:
        return f"Return one matrix (H, H) of numbers; yours has shape {shape}."
    if np.iscomplexobj(W):
        return "The weights of a net are real numbers; yours has complex ones."
    if not np.isfinite(W).all():
        return "Not all numbers in your matrix are finite."
    norm = float(np.linalg.norm(W, 2))
    left = _left(np.asarray(W, dtype=float))
    return _LinearNet(_kind_of(np.asarray(W), norm, left), norm, left)


def _left(W: Array) -> float:
    """Return the norm of the 60th power of W, at most 1e300."""
    rate = RATE.reference(np.broadcast_to(W, (60, *W.shape)))
    return float(np.exp(min(60 * rate, np.log(1e300))))


def _kind_of(W: Array, norm: float, left: float) -> str:
    if norm <= 1.5:
        return "small" if left < 1e-3 else "small, and kept"
    if left < 1e-3:
        return "hump"
    turn = W / norm
    if np.allclose(turn @ turn.T, np.eye(len(W))):
        return "turned"
    if np.allclose(W, W.T):
        return "symmetric"
    radius = abs(np.linalg.eigvals(W)).max()
    if radius < 1e-3 ** (1 / 60):
        return "late"
    return "slow" if radius < 1 else "grows"


def _is_square(seen: Any, _: Case) -> bool | str:
    return seen if isinstance(seen, str) else True


def _is_large(seen: Any, _: Case) -> bool | str:
    if not isinstance(seen, _LinearNet) or seen.norm > 1.5:
        return True
    return f"The norm should be above 1.5; yours is {seen.norm:.3g}."


def _is_gone(seen: Any, _: Case) -> bool | str:
    if not isinstance(seen, _LinearNet) or seen.left < 1e-3:
        return True
    return f"After 60 steps less than 0.001 should be left; here it is {seen.left:.2g}."


VANISHING_ABOVE_ONE = Exercise(
    id="05.6",
    kind="H",
    title="Above one, and yet it vanishes",
    reference=weights,
    cases=lambda rng: [{}],
    mistakes=(
        Mistake(
            "small_in_every_direction",
            {"[0.5, 2.0], [0.0, 0.5]": "[0.8, 0.0], [0.0, 0.8]"},
            "The gradient vanishes, but the norm is too small: no direction is "
            "stretched enough. Can a matrix stretch one direction well, and then never "
            "let a vector stay in that direction?",
        ),
        Mistake(
            "small_and_not_gone",
            {"[0.5, 2.0], [0.0, 0.5]": "[1.0, 0.0], [0.0, 1.0]"},
            "Two things are missing: the norm is too small, and after 60 steps too "
            "much is left. What decides the first, and what the second?",
        ),
        Mistake(
            "turned_and_stretched",
            {"[0.5, 2.0], [0.0, 0.5]": "[1.28, 0.96], [-0.96, 1.28]"},
            "Yours stretches every vector by the same factor. So each of the 60 steps "
            "stretches. Look for a matrix that stretches some directions only, and "
            "leads out of them.",
        ),
        Mistake(
            "one_unit_stretches",
            {"[0.5, 2.0], [0.0, 0.5]": "[1.6, 0.0], [0.0, 0.2]"},
            "Yours is symmetric, so the direction that it stretches is kept as it is. "
            "The next step stretches it again, and so on for 60 steps. A matrix that "
            "stretches must send that direction elsewhere, so it cannot be its own "
            "mirror image.",
        ),
        Mistake(
            "dies_too_slowly",
            {"[0.5, 2.0], [0.0, 0.5]": "[0.97, 2.0], [0.0, 0.97]"},
            "You are on the right track: the norm is large and the spectral radius "
            "below 1. But the radius to the power 60 is still too much. How small "
            "must it be, if a thousandth or less is to be left?",
        ),
        Mistake(
            "not_down_yet",
            {"[0.5, 2.0], [0.0, 0.5]": "[0.85, 100.0], [0.0, 0.85]"},
            "The power of your spectral radius is small enough, but yours grows so "
            "far, or so long, that after 60 steps it has not come down yet. Which of "
            "three can be less: how far one step stretches, how many units pass it on, "
            "or the radius, which has to make up for what is gained on the way?",
        ),
        Mistake(
            "never_gone",
            {"[0.5, 2.0], [0.0, 0.5]": "[1.0, 2.0], [0.0, 1.0]"},
            "Part of the state is kept for ever: the spectral radius is 1 or more. In "
            "the end its power decides, whatever the other entries are. Which entries "
            "of your matrix set the radius?",
        ),
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
        "If nothing is passed back, the matrix has a zero in one corner, and its "
        "eigenvalues stand on the diagonal. (That is so for every matrix with zeros on "
        "one side of its diagonal.) How small must they be, so that their "
        "power 60 is far below a thousandth? The fourth number is free: what does the "
        "norm ask of it?",
    ),
)
