"""Exercises of lesson 08: the LSTM, gate by gate."""

from rnncourse.lesson_08.exercises.coupled_forget_gradient import COUPLED
from rnncourse.lesson_08.exercises.latch import LATCH
from rnncourse.lesson_08.exercises.lstm_backward import SEQUENCE_BACKWARD
from rnncourse.lesson_08.exercises.lstm_step import STEP
from rnncourse.lesson_08.exercises.lstm_step_backward import STEP_BACKWARD
from rnncourse.lesson_08.exercises.peephole_gradients import PEEPHOLE
from rnncourse.lesson_08.exercises.questions import CARDS, RACE, TIME_CONSTANT

__all__ = ["EXERCISES"]

EXERCISES = (
    STEP,
    LATCH,
    TIME_CONSTANT,
    STEP_BACKWARD,
    SEQUENCE_BACKWARD,
    RACE,
    COUPLED,
    PEEPHOLE,
    *CARDS,
)
