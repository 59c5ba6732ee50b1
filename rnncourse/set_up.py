"""A look whether everything is there that the lessons need."""

import importlib.metadata
import os
from collections.abc import Iterator

from rnncourse.catalogue import exercises
from rnncourse.checking import progress_file
from rnncourse.explorers import LESSON_OF

__all__ = ["set_up"]

PACKAGES = ("numpy", "matplotlib", "ipywidgets", "jupyterlab_widgets", "threadpoolctl")


def set_up() -> str:
    """Return one line: that all is well, or what is missing and what to do about it.

    >>> set_up()
    'Set-up complete: 31 explorers and 92 exercises are there.'
    """
    missing = list(_missing())
    if missing:
        return "Set-up not complete: " + "; ".join(missing) + "."
    return (
        f"Set-up complete: {len(LESSON_OF)} explorers and {len(exercises())} exercises "
        "are there."
    )


def _missing() -> Iterator[str]:
    for name in PACKAGES:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{name} is not installed in this Python: start with course.py"
    folder = progress_file.place().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        yield f"progress cannot be stored in {folder}: choose a folder of your own"
