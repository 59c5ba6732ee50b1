"""Exercises of lesson 00: why sequences need memory."""

from rnncourse.lesson_00.exercises.bigram_table import BIGRAM_TABLE, CROSS_ENTROPY
from rnncourse.lesson_00.exercises.count_parameters import PARAMETERS, WINDOW_INPUTS
from rnncourse.lesson_00.exercises.questions import A22, CEILING, SHIFT, TIME_STEP

__all__ = ["EXERCISES"]


EXERCISES = (
    TIME_STEP,
    WINDOW_INPUTS,
    BIGRAM_TABLE,
    CROSS_ENTROPY,
    PARAMETERS,
    A22,
    SHIFT,
    CEILING,
)
