"""What a teacher calls a lesson, and whose a folder is."""

import re
from pathlib import Path

__all__ = ["lesson_name", "owner"]

PLATFORM = re.compile(r"_\d+_assignsubmission_.*$")  # as Moodle names what it packs


def lesson_name(typed: str) -> str:
    """Return the name of a lesson as its files have it.

    >>> lesson_name("4"), lesson_name("04_back.ipynb"), lesson_name("forecast")
    ('04', '04_back', 'forecast')
    """
    stem = Path(typed).stem
    return stem.zfill(2) if stem.isdecimal() else stem


def owner(name: str) -> str:
    """Return the learner of a file or folder that a platform may have packed.

    >>> owner("Ben Ode_412_assignsubmission_file_"), owner("ana_lima")
    ('Ben Ode', 'ana_lima')
    """
    return PLATFORM.sub("", name)
