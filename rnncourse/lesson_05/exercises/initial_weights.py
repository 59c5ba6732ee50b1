"""Exercise 05.7: recurrent weights from which a ReLU net learns to remember."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.shared.temporal_order import accuracy_after_training
from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.cells import RNNCell
from rnnlib.tasks import TemporalOrder

__all__ = ["INITIAL_WEIGHTS"]

ENOUGH = 0.9


def initial_weights(H: int) -> Array:
    """Return W_hh (H, H) with which an active ReLU unit keeps what it holds."""
    return np.eye(H)


def _trained(answer: Answer, case: Case) -> Any:
    """Return the accuracy of a ReLU net that starts from the answer as W_hh, at T = 60.

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


INITIAL_WEIGHTS = Exercise(
    id="05.7",
    kind="T",
    title="Initial weights that keep",
    reference=initial_weights,
    cases=lambda rng: [{"H": 32}],
    mistakes=(
        Mistake(
            "all_ones",
            {"np.eye(H)": "np.ones((H, H))"},
            "Each unit adds up all the others, so states grow H times with each step. "
            "A unit should keep what it holds itself. What does it then want from the "
            "others?",
        ),
        Mistake(
            "mean_of_all",
            {"np.eye(H)": "np.full((H, H), 1 / H)"},
            "Each unit takes the mean of all, so after one step no unit knows its own "
            "past. A unit should keep what it holds itself, and leave the others "
            "alone.",
        ),
        Mistake(
            "nothing_kept",
            {"np.eye(H)": "np.zeros((H, H))"},
            "With zeros nothing is carried over from one step to the next.",
        ),
        Mistake(
            "half_is_kept",
            {"np.eye(H)": "0.5 * np.eye(H)"},
            "Each unit keeps to itself, but loses half at each step: what is left "
            "after 60?",
        ),
        Mistake(
            "drawn_at_random",
            {"np.eye(H)": "init.gaussian((H, H), rng=np.random.default_rng(0))"},
            "Random weights mix the units and pass on a part only: that is the usual "
            "initialisation.",
        ),
    ),
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
