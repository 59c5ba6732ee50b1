"""Start the course: install what it needs, open the lessons, run the tests.

Type ``python3 course.py`` (Windows: ``py course.py``); ``--help`` lists the commands.
The first start installs what the lessons need into the folder ``.venv`` beside this
file and copies the lessons to ``my_lessons``: these copies are yours. Only Python
itself is needed. What this is made of is in ``tools/launcher``.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 14)
NO_PYTHON = (
    "The course needs Python {oldest} to {newest} and this is Python {found}: install"
    " {newest} from python.org/downloads, then type python{newest} course.py (Windows:"
    " py -{newest} course.py)."
)


def check_python(version: tuple) -> None:
    """Refuse a Python for which the lock holds no packages."""
    if not OLDEST <= version[:2] <= NEWEST:
        oldest, newest, found = ("{}.{}".format(*v) for v in (OLDEST, NEWEST, version))
        sys.exit(NO_PYTHON.format(oldest=oldest, newest=newest, found=found))


if __name__ == "__main__":
    check_python(sys.version_info)
    from tools.launcher.commands import main

    sys.exit(main(sys.argv[1:]))
