"""Exercises, questions and cards of lesson 05: vanishing and exploding gradients."""

from typing import Any

import numpy as np

from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.cells import RNNCell
from rnnlib.computations.order_training import accuracy_after_training
from rnnlib.exercises.exercise import Answer, Case, Claim, Exercise
from rnnlib.exercises.lesson_05.bounds import BOUND, HUMP
from rnnlib.exercises.lesson_05.jacobians import PRODUCT, STEP_JACOBIAN
from rnnlib.exercises.lesson_05.leaky import LEAKY
from rnnlib.exercises.questions import Card, Guess, Question
from rnnlib.tasks import TemporalOrder

__all__ = ["EXERCISES"]

ENOUGH = 0.9

LEFT_AFTER_SIXTY = Guess(
    id="05.1",
    title="sixty steps at nine tenths",
    prompt="At each step nine tenths are left. Which share is left after 60 steps?",
    right=0.9**60,
    tolerance=3,
    low=1e-4,
    high=1,
    ratio=True,
    right_says="About two thousandths. A factor close to 1 is not close to 1 for long.",
    low_says="More is left: after 7 steps a half, after 60 about 8 to 9 halvings.",
    high_says="Less is left: after 7 steps a half, and 60 steps hold 8 to 9 sevens.",
)


FROM_THE_BOUND = Question(
    id="05.4",
    title="what follows from the bound",
    prompt="The norm after n steps is at most (γ σ_max)^n. What follows from that "
    "for long sequences?",
    options={
        "a": (
            "below 1 the gradient must vanish; above 1 it must explode",
            "Half of it. Below 1 the ceiling comes down to zero and presses everything "
            "with it. Above 1 the ceiling rises: does that lift what is below?",
        ),
        "b": (
            "below 1 the gradient must vanish; above 1 it may explode or not",
            "Yes. The bound is a ceiling. One that sinks to zero forces, one that "
            "rises only allows.",
        ),
        "c": (
            "below 1 the gradient may vanish or not; above 1 it must explode",
            "The other way round: a ceiling that sinks to zero leaves no room.",
        ),
        "d": (
            "nothing: it is only a bound",
            "Something does follow. Where is 0.9 to the power n for large n, and what "
            "is squeezed between it and zero?",
        ),
    },
    right="b",
)


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


A10 = Card(
    id="A10",
    claim="tanh is used against exploding gradients, because it saturates.",
    truth=False,
    statement="tanh bounds the states. Its slope is at most 1, so tanh itself never "
    "amplifies; but W_hh can, wherever slopes are near 1. And saturation is a cause of "
    "vanishing. Explosions are treated by clipping.",
)
B15 = Card(
    id="B15",
    claim="tanh and sigmoid give almost no gradient for small values, so small values "
    "do not contribute.",
    truth=False,
    statement="It is the other way round. The slope is largest at 0: 1 for tanh, 1/4 "
    "for the sigmoid. It goes to 0 for large values, positive or negative.",
)
B16 = Card(
    id="B16",
    claim="If the weights are big, sigma_max above 1, the gradient explodes.",
    truth=False,
    statement="What counts is the product of slopes and weights, over all steps. A "
    "gamma sigma_max above 1 is needed for an explosion, but it is not enough.",
)
B20 = Card(
    id="B20",
    claim="Against vanishing gradients it is enough to use ReLU in place of tanh.",
    truth=False,
    statement="Not alone. About half of the units are off at each step, and a random "
    "W_hh mixes and shrinks what is left. With an identity start it works. And ReLU "
    "has no ceiling: states and gradients may explode.",
)

EXERCISES: tuple[Exercise | Question | Guess | Card, ...] = (
    LEFT_AFTER_SIXTY,
    STEP_JACOBIAN,
    PRODUCT,
    FROM_THE_BOUND,
    BOUND,
    HUMP,
    IDENTITY,
    LEAKY,
    B16,
    B15,
    A10,
    B20,
)
