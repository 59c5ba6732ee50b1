"""Exercises, questions and cards of lesson 04: back-propagation through time."""

from rnncourse.lesson_04.exercises import questions
from rnncourse.lesson_04.exercises.backward_pass import BACKWARD_PASS
from rnncourse.lesson_04.exercises.numerical_gradient import NUMERICAL_GRADIENT
from rnncourse.lesson_04.exercises.start_gradient import START_GRADIENT
from rnncourse.lesson_04.exercises.step_backward import STEP_BACKWARD
from rnncourse.lesson_04.exercises.three_terms import THREE_TERMS
from rnncourse.lesson_04.exercises.token_gradient import TOKEN_GRADIENT

__all__ = ["EXERCISES"]

EXERCISES = (
    NUMERICAL_GRADIENT,
    STEP_BACKWARD,
    BACKWARD_PASS,
    START_GRADIENT,
    TOKEN_GRADIENT,
    THREE_TERMS,
    questions.PATHS,
    questions.DIAGNOSIS,
    questions.MEMORY,
    questions.DIRECTION,
    questions.A16,
    questions.A17,
)
