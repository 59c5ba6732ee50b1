"""Exercises, questions and cards of lesson 05: vanishing and exploding gradients."""

from rnncourse.checking.exercise import Exercise
from rnncourse.checking.questions import Card, Guess, Question
from rnncourse.lesson_05.exercises.bound import BOUND, HUMP
from rnncourse.lesson_05.exercises.leaky_jacobian import LEAKY
from rnncourse.lesson_05.exercises.questions import (
    A10,
    B15,
    B16,
    B20,
    FROM_THE_BOUND,
    LEFT_AFTER_SIXTY,
)
from rnncourse.lesson_05.exercises.recurrent_start import IDENTITY
from rnncourse.lesson_05.exercises.stretches import PRODUCT, STEP_JACOBIAN

__all__ = ["EXERCISES"]


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
