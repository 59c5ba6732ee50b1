"""Answers that are kept, so that an exam can be continued another day."""

import json
from pathlib import Path

from rnncourse.checking import progress_file
from rnncourse.checking.tab_storage import EXAMS, STORAGE
from rnncourse.exam.draw import Exam
from rnncourse.exam.marks import LETTERS, NONE
from rnnlib._files import replacing

__all__ = ["place", "read", "write"]


def place(seed: int) -> Path:
    """Return the file of an exam: beside that of the exercises."""
    return progress_file.beside(name_of(seed))


def name_of(seed: int) -> str:
    """Return what the answers of an exam are called."""
    return f"exam-{seed}"


def read(exam: Exam) -> list[str]:
    """Return the letters of the answers so far, one for each card of the exam.

    A file that cannot be understood holds no answers.
    """
    try:
        kept = json.loads(place(exam.seed).read_text(encoding="utf-8"))
        letters = [kept.get(card.id) for card in exam.cards]
    except (OSError, ValueError, AttributeError, RecursionError):
        letters = []
    usable = [letter if letter in [*LETTERS] else NONE for letter in letters]
    return usable or [NONE] * len(exam.cards)


def write(exam: Exam, letters: list[str]) -> str:
    """Keep the answers; return in words why they cannot be kept, or nothing."""
    ids = (card.id for card in exam.cards)
    text = json.dumps(dict(zip(ids, letters, strict=True)), indent=1) + "\n"
    path = place(exam.seed)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(text.encode())
    except OSError as error:
        return f"Your answers could not be kept: {error.strerror or error}."
    return STORAGE.keep(EXAMS, {name_of(exam.seed): text})
