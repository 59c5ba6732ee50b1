"""Exercises of lesson 10: sequence to sequence."""

from rnncourse.lesson_10.exercises.beam import BEAM
from rnncourse.lesson_10.exercises.bleu import BLEU
from rnncourse.lesson_10.exercises.greedy import GREEDY
from rnncourse.lesson_10.exercises.hand_back import HAND_BACK
from rnncourse.lesson_10.exercises.masked_cross_entropy import MASKED_LOSS
from rnncourse.lesson_10.exercises.questions import CARDS, DATES, TWO_LOSSES
from rnncourse.lesson_10.exercises.reverser import REVERSER
from rnncourse.lesson_10.exercises.shift import SHIFT

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
    *CARDS,
)
