"""Capstone 14.7: one claim of a paper, tried in ten minutes."""

from rnncourse.checking.capstone import Capstone
from rnncourse.lesson_14.paper.rubric import LINES

__all__ = ["PAPER"]

PAPER = Capstone(id="14.7", title="A paper in ten minutes", task=None, lines=LINES)
