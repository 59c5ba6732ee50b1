"""A broken LSTM: a program with five bugs, to be found by five tests and mended."""

from rnncourse.lesson_14.broken.bugs import broken_lstm
from rnncourse.lesson_14.broken.looks import run

__all__ = ["broken_lstm", "run"]
