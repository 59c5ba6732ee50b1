"""Capstone 14.6: five bugs in an LSTM, found by tests and mended."""

from rnncourse.checking.capstone import Capstone
from rnncourse.lesson_14.broken.rubric import LINES

__all__ = ["DEBUG"]

DEBUG = Capstone(id="14.6", title="Debug a broken LSTM", task=None, lines=LINES)
