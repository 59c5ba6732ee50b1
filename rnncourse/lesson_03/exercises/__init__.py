"""Exercises of lesson 03: masks, both directions, and a captioner to be wired."""

from rnncourse.lesson_03.exercises.captioner_scores import CAPTIONER_SCORES
from rnncourse.lesson_03.exercises.describe import DESCRIBE
from rnncourse.lesson_03.exercises.garbage_changes_nothing import GARBAGE
from rnncourse.lesson_03.exercises.last_valid_state import LAST_VALID_STATE
from rnncourse.lesson_03.exercises.questions import CARDS, JOBS
from rnncourse.lesson_03.exercises.reverse_by_length import REVERSE_BY_LENGTH

__all__ = ["EXERCISES"]

EXERCISES = (
    LAST_VALID_STATE,
    GARBAGE,
    REVERSE_BY_LENGTH,
    CAPTIONER_SCORES,
    DESCRIBE,
    *JOBS,
    *CARDS,
)
