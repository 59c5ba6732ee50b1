"""A check that everything the lessons need is there."""

import os

from rnncourse.catalogue import exercises
from rnncourse.checking import progress_file
from rnncourse.explorers import LESSON_OF

__all__ = ["set_up"]

COMPLETE = "Set-up complete: {explorers} explorers and {exercises} exercises are there."
NO_PROGRESS = (
    "Set-up not complete: what you solve cannot be remembered in {folder}. Copy the "
    "lessons into a folder of your own, or start them with course.py --to FOLDER."
)


def set_up() -> str:
    """Return one line: that all is well, or what is missing and what to do about it.

    A missing package is reported earlier, when `rnncourse` is imported.

    >>> set_up()  # doctest: +ELLIPSIS
    'Set-up complete: ... explorers and ... exercises are there.'
    """
    folder = progress_file.place().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return NO_PROGRESS.format(folder=folder)
    return COMPLETE.format(explorers=len(LESSON_OF), exercises=len(exercises()))
