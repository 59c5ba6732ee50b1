"""Exercises, questions and cards of lesson 04: back-propagation through time."""

from rnncourse.lesson_04.exercises.backward_pass import BACKWARD
from rnncourse.lesson_04.exercises.questions import (
    A16,
    A17,
    DIAGNOSIS,
    DIRECTION,
    MEMORY,
    PATHS,
)
from rnncourse.lesson_04.exercises.start_gradient import START_GRADIENT, TOKEN_GRADIENT
from rnncourse.lesson_04.exercises.step_backward import (
    NUMERICAL_GRADIENT,
    STEP_BACKWARD,
)
from rnncourse.lesson_04.exercises.three_terms import THREE_TERMS

__all__ = ["EXERCISES"]


EXERCISES = (
    NUMERICAL_GRADIENT,
    STEP_BACKWARD,
    BACKWARD,
    START_GRADIENT,
    TOKEN_GRADIENT,
    THREE_TERMS,
    PATHS,
    DIAGNOSIS,
    MEMORY,
    DIRECTION,
    A16,
    A17,
)
