"""Exercises of lesson 01: one-hot vectors, vocabulary, softmax, loss."""

from rnncourse.lesson_01.exercises.cross_entropy import CROSS_ENTROPY
from rnncourse.lesson_01.exercises.embedding_backward import EMBEDDING_BACKWARD
from rnncourse.lesson_01.exercises.one_hot import ONE_HOT
from rnncourse.lesson_01.exercises.questions import (
    A15,
    B12,
    B13,
    F01,
    FRESH_LOSS,
    STILL_LEARNS,
    WHICH_OUTPUT,
)
from rnncourse.lesson_01.exercises.softmax import SOFTMAX
from rnncourse.lesson_01.exercises.vocabulary import VOCABULARY

__all__ = ["EXERCISES"]

EXERCISES = (
    VOCABULARY,
    ONE_HOT,
    SOFTMAX,
    FRESH_LOSS,
    STILL_LEARNS,
    WHICH_OUTPUT,
    CROSS_ENTROPY,
    EMBEDDING_BACKWARD,
    A15,
    B12,
    B13,
    F01,
)
