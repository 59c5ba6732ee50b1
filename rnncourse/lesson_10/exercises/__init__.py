"""Exercises of lesson 10: sequence to sequence."""

from rnncourse.lesson_10.exercises.beam import BEAM
from rnncourse.lesson_10.exercises.bleu import BLEU
from rnncourse.lesson_10.exercises.greedy import GREEDY
from rnncourse.lesson_10.exercises.hand_back import HAND_BACK
from rnncourse.lesson_10.exercises.masked_cross_entropy import MASKED_LOSS, SHIFT
from rnncourse.lesson_10.exercises.questions import B10, B11, DATES, TWO_LOSSES
from rnncourse.lesson_10.exercises.reverser import REVERSER

__all__ = ["EXERCISES"]


EXERCISES = (
    SHIFT,
    MASKED_LOSS,
    HAND_BACK,
    GREEDY,
    BEAM,
    BLEU,
    REVERSER,
    TWO_LOSSES,
    DATES,
    B10,
    B11,
)
