"""Exercises of lesson 02: the forward pass."""

from rnncourse.lesson_02.exercises.counter import COUNTER
from rnncourse.lesson_02.exercises.latch import LATCH
from rnncourse.lesson_02.exercises.parity import PARITY
from rnncourse.lesson_02.exercises.questions import B1, LONGER_TEXTS, WHICH_STAY
from rnncourse.lesson_02.exercises.sequence import SEQUENCE
from rnncourse.lesson_02.exercises.stack import STACK
from rnncourse.lesson_02.exercises.step import STEP

__all__ = ["EXERCISES"]

EXERCISES = (
    STEP,
    WHICH_STAY,
    LONGER_TEXTS,
    SEQUENCE,
    STACK,
    LATCH,
    PARITY,
    COUNTER,
    B1,
)
