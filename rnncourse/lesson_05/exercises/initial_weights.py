"""Exercise 05.7: recurrent weights from which a ReLU net learns to remember."""

from functools import lru_cache
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.shared.temporal_order import accuracy_after_training
from rnnlib import init
from rnnlib._typing import Array
from rnnlib.cells import RNNCell
from rnnlib.tasks import TemporalOrder

__all__ = ["INITIAL_WEIGHTS"]

ENOUGH, TRAINED, NEAR = 0.9, 32, 1e-9


def initial_weights(H: int) -> Array:
    """Return W_hh (H, H) with which an active ReLU unit keeps what it holds."""
    return np.eye(H)


def _kept_and_trained(answer: Answer, case: Case) -> Any:
    """Return a state, what a step without input makes of it, and an accuracy.

    Of two states, one with a single active unit and one with several, it is the one
    that is kept less well. If both are kept, a ReLU net of `TRAINED` units starts from
    the answer, at T = 60; training may be unlucky, so there are up to three runs.
    """
    H = case["H"]
    found = answer(H)
    if found is None:
        return "It returns None: is there a return at the end of your function?"
    if np.iscomplexobj(found):
        return "The weights of a net are real numbers; yours are complex ones."
    W = np.asarray(found, dtype=float)
    if W.shape != (H, H):
        return f"It should return an array of shape ({H}, {H}); yours is {W.shape}."
    if not np.isfinite(W).all():
        return "Not all numbers in your matrix are finite."
    states = np.array([np.eye(H)[0], np.round(np.linspace(0.3, 1, H), 2)])
    after = np.maximum(states @ W, 0)
    worst = int(abs(after - states).max(axis=1).argmax())
    accuracy = 0.0
    for seed in range(3 if H == TRAINED and _is_kept(states, after) else 0):
        if accuracy < ENOUGH:
            accuracy = _accuracy(W.tobytes(), seed)
    return states[worst], after[worst], accuracy


@lru_cache(maxsize=8)
def _accuracy(weights: bytes, seed: int) -> float:
    """Return what one training makes of these weights (TRAINED, TRAINED)."""
    task, rng = TemporalOrder(steps=60), np.random.default_rng(seed)
    cell = RNNCell(len(task.symbols), TRAINED, rng=rng, activation="relu")
    W_hh = cell.params["W_hh"]
    W_hh[...] = np.frombuffer(weights).reshape(W_hh.shape)
    return accuracy_after_training(cell, task, rng=rng, updates=400)


def _is_kept(state: Array, after: Array) -> bool:
    return bool((abs(after - state) < NEAR).all())


def _keeps(found: Any, _: Case) -> bool | str:
    if isinstance(found, str):
        return found
    state, after, _ = found
    return _is_kept(state, after) or (
        "Look at one step without input, which should keep what each unit holds: in "
        "your net the state {} becomes {}.".format(*_shown(state, after))
    )


def _learns(found: Any, case: Case) -> bool | str:
    *_, accuracy = found
    if case["H"] != TRAINED or accuracy >= ENOUGH:
        return True
    return (
        f"After training {100 * accuracy:.0f} of 100 answers are right; guessing has "
        f"25, and {100 * ENOUGH:.0f} are asked for."
    )


def _shown(state: Array, after: Array) -> tuple[str, str]:
    """Return four units of both, the worst among them, with digits that tell."""
    first = min(int(abs(after - state).argmax()), max(len(state) - 4, 0))
    pairs = (
        (_listed(state, first, digits), _listed(after, first, digits))
        for digits in range(4, 11)
    )
    return next(pair for pair in pairs if pair[0] != pair[1])


def _listed(state: Array, first: int, digits: int) -> str:
    numbers = [f"{value + 0:.{digits}g}" for value in state[first : first + 4]]
    before, behind = ["..."] * (first > 0), ["..."] * (first + 4 < len(state))
    return f"({', '.join([*before, *numbers, *behind])})"


INITIAL_WEIGHTS = Exercise(
    id="05.7",
    kind="T",
    title="Initial weights that keep",
    reference=initial_weights,
    cases=lambda rng: [
        *({"H": H} for H in (3, 1, 48, int(rng.integers(4, TRAINED)))),
        {"H": TRAINED},
    ],
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
        Claim("Each unit keeps what it holds.", _keeps),
        Claim("Nine of ten answers are right.", _learns),
    ),
    observe=_kept_and_trained,
    hints=(
        "Without input an active unit becomes the sum of the old units, each times its "
        "weight. What must the weights be, so that the sum is its own old value?",
        "The weight from a unit to itself is one number, those from it to all others "
        "another one. Which two?",
        "Take H = 2 and the state (a, b). Write down what each unit becomes after one "
        "step, with four unknown weights, and ask that it is (a, b) again, for every a "
        "and b. Then do the same for any H.",
    ),
    source=init.identity,
    point=("return (gain * np.eye",),
    seconds=20.0,
)
