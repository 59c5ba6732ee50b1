"""Write all questions and cards for a learning platform, and for paper."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from classroom.quizzes.entries import Kind, entries
from classroom.quizzes.listing import listing
from classroom.quizzes.moodle import moodle
from classroom.quizzes.qti import package
from classroom.quizzes.sheet import sheet
from rnncourse.shared.wording import count
from rnnlib._files import replacing

__all__ = ["main"]

ABOUT = (
    "Writes the questions, guesses and cards of the course, with the reply to each "
    "answer: Moodle XML, a package of QTI 2.1, a table, and a sheet to print, with "
    "and without the answers."
)


def main(words: Sequence[str]) -> int:
    """Write the files; say where they are."""
    parser = argparse.ArgumentParser(prog="course.py class quizzes", description=ABOUT)
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="the files go there"
    )
    parser.add_argument(
        "--lesson", default="", metavar="NN", help="04, say; all if not given"
    )
    options = parser.parse_args(words)
    try:
        asked = entries(options.lesson)
        options.folder.mkdir(parents=True, exist_ok=True)
        for name, content in {
            "questions.moodle.xml": moodle(asked),
            "questions.qti.zip": package(asked),
            "questions.csv": ("\ufeff" + listing(asked)).encode(),
            "sheet.html": sheet(asked).encode(),
            "sheet_with_answers.html": sheet(asked, answers=True).encode(),
        }.items():
            with replacing(options.folder / name) as file:
                file.write(content)
            print(options.folder / name)
    except ValueError as error:
        print(f"{error}.", file=sys.stderr)
        return 1
    except OSError as error:
        words = f"{error.filename} cannot be written: {error.strerror}."
        print(words, file=sys.stderr)
        return 1
    kinds = [entry.kind for entry in asked]
    parts = (count(kinds.count(kind), f"{kind.value} question") for kind in Kind)
    print(f"{count(len(asked), 'question')}: {', '.join(parts)}.")
    return 0
