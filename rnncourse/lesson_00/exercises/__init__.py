"""Exercises of lesson 00: why sequences need memory."""

from rnncourse.lesson_00.exercises.bigram_table import BIGRAM_TABLE
from rnncourse.lesson_00.exercises.count_parameters import PARAMETERS
from rnncourse.lesson_00.exercises.cross_entropy import CROSS_ENTROPY
from rnncourse.lesson_00.exercises.questions import A22, CEILING, SHIFT, TIME_STEP
from rnncourse.lesson_00.exercises.window_inputs import WINDOW_INPUTS

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
