"""Exercises, questions and cards of lesson 05: vanishing and exploding gradients."""

from rnncourse.lesson_05.exercises import questions
from rnncourse.lesson_05.exercises.bound import BOUND
from rnncourse.lesson_05.exercises.leaky_jacobian import LEAKY_JACOBIAN
from rnncourse.lesson_05.exercises.recurrent_start import RECURRENT_START
from rnncourse.lesson_05.exercises.step_jacobian import STEP_JACOBIAN
from rnncourse.lesson_05.exercises.stretches import STRETCHES
from rnncourse.lesson_05.exercises.vanishing_above_one import VANISHING_ABOVE_ONE

__all__ = ["EXERCISES"]

EXERCISES = (
    questions.LEFT_AFTER_SIXTY,
    STEP_JACOBIAN,
    STRETCHES,
    questions.FROM_THE_BOUND,
    BOUND,
    VANISHING_ABOVE_ONE,
    RECURRENT_START,
    LEAKY_JACOBIAN,
    questions.B16,
    questions.B15,
    questions.A10,
    questions.B20,
)
