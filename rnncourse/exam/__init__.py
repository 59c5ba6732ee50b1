"""The myth exam: 20 cards of all lessons, each *myth or fact* and *sure or unsure*.

A seed decides which cards are drawn, the same ones on every computer. `myth_exam` is
the desk in a notebook, `mark_exam` takes all answers in one call, and `python3
course.py exam --seed N` prints the sheet for a class.
"""

from rnncourse.exam.desk import Desk
from rnncourse.exam.draw import Exam, draw
from rnncourse.exam.marks import Marks, mark

__all__ = ["Desk", "Exam", "Marks", "mark_exam", "myth_exam"]


def myth_exam(seed: int) -> Desk:
    """Return the exam of a seed as a widget, with the answers given so far.

    Raises
    ------
    ValueError
        If the seed is no whole number from 0 to 999,999,999.
    """
    return Desk(draw(seed))


def mark_exam(seed: int, answers: str) -> Marks:
    """Return the result of an exam that is answered in one go.

    Parameters
    ----------
    seed : int
    answers : str
        A letter a card: M for myth, F for fact, m and f where you are unsure, and -
        where you have no answer. Blanks do not count.

    Raises
    ------
    ValueError
        If the seed is no whole number from 0 to 999,999,999, or the answers are not
        one of these letters a card.
    """
    return mark(draw(seed), answers)
