"""The exercise identity start of lesson 05."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.shared.temporal_order import accuracy_after_training
from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.cells import RNNCell
from rnnlib.tasks import TemporalOrder

__all__ = [
    "ENOUGH",
    "IDENTITY",
    "all_ones",
    "drawn_at_random",
    "half_is_kept",
    "mean_of_all",
    "nothing_kept",
    "recurrent_start",
]


ENOUGH = 0.9


def recurrent_start(H: int) -> Array:
    """Return W_hh (H, H) with which an active ReLU unit keeps what it holds."""
    return np.eye(H)


def all_ones(H: int) -> Array:
    """Each unit adds up all the others, so states grow H times with each step.

    A unit should keep what it holds itself. What does it then want from the others?
    """
    return np.ones((H, H))


def mean_of_all(H: int) -> Array:
    """Each unit takes the mean of all, so after one step no unit knows its own past.

    A unit should keep what it holds itself, and leave the others alone.
    """
    return np.full((H, H), 1 / H)


def nothing_kept(H: int) -> Array:
    """With zeros nothing is carried over from one step to the next."""
    return np.zeros((H, H))


def half_is_kept(H: int) -> Array:
    """Each unit keeps to itself, but loses a half at each step: what is left of 60?"""
    return 0.5 * np.eye(H)


def drawn_at_random(H: int) -> Array:
    """Random weights mix the units and pass on a part only: that is the usual start."""
    return init.gaussian((H, H), rng=np.random.default_rng(0))


def _trained(answer: Answer, case: Case) -> Any:
    """Return the accuracy of a ReLU net that starts from the answer, at T = 60.

    Beside it stands what a step without input makes of a state with one active unit.
    A net that keeps may be unlucky in training, so it has three runs.
    """
    H = case["H"]
    W = np.asarray(answer(H), dtype=float)
    if W.shape != (H, H) or not np.isfinite(W).all():
        return f"It should return an array of shape ({H}, {H}); yours is {W.shape}."
    after = np.maximum(np.eye(H)[0] @ W, 0)
    accuracy = 0.0
    for seed in range(3 if _is_kept(after) else 1):
        if accuracy < ENOUGH:
            accuracy = _accuracy(W, np.random.default_rng(seed))
    return accuracy, after


def _accuracy(W: Array, rng: Rng) -> float:
    task = TemporalOrder(steps=60)
    cell = RNNCell(len(task.symbols), len(W), rng=rng, activation="relu")
    cell.params["W_hh"][...] = W
    return accuracy_after_training(cell, task, rng=rng, updates=400)


def _is_kept(after: Array) -> bool:
    return np.allclose(after, np.eye(len(after))[0])


def _learns(found: Any, _: Case) -> bool | str:
    if isinstance(found, str):
        return found
    accuracy, after = found
    if accuracy >= ENOUGH and _is_kept(after):
        return True
    shown = ", ".join(f"{value:.2g}" for value in after[:4])
    return (
        f"After training {100 * accuracy:.0f} of 100 answers are right; guessing has "
        f"25. Look at one step without input: in your net the state (1, 0, 0, 0, ...) "
        f"becomes ({shown}, ...). It should stay as it is."
    )


IDENTITY = Exercise(
    id="05.7",
    kind="T",
    title="A start that keeps",
    reference=recurrent_start,
    cases=lambda rng: [{"H": 32}],
    bugs=(all_ones, mean_of_all, nothing_kept, half_is_kept, drawn_at_random),
    claims=(
        Claim(
            "A unit keeps what it holds, and nine of ten answers are right.", _learns
        ),
    ),
    observe=_trained,
    hints=(
        "Without input an active unit becomes the sum of the old units, each times its "
        "weight. What must the weights be, so that the sum is its own old value?",
        "The weight from a unit to itself is one number, those from it to all others "
        "another one. Which two?",
        "Ones on the diagonal, zeros elsewhere: numpy has a function for that matrix.",
    ),
    source=init.identity,
    seconds=20.0,
)
