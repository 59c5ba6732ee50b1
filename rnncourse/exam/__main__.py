"""Print the sheet of a seed: `python3 course.py exam --seed N [--answers]`."""

import argparse
import sys
from pathlib import Path

from rnncourse.exam import sheet
from rnncourse.exam.draw import draw, lessons_in
from rnnlib._files import replacing

__all__ = ["main"]


def main(words: list[str]) -> int:
    """Print a sheet, or write it as a page; say in one sentence why it cannot be."""
    parser = argparse.ArgumentParser(prog="course.py exam")
    parser.add_argument("--seed", type=int, required=True, metavar="N")
    parser.add_argument("--lessons", metavar="NN-NN")
    parser.add_argument("--answers", action="store_true")
    parser.add_argument("--html", type=Path, metavar="FILE")
    options = parser.parse_args(words)
    try:
        lessons = lessons_in(options.lessons) if options.lessons else ()
        exam = draw(options.seed, lessons)
    except ValueError as error:
        parser.error(f"{error}.")
    if options.html is None:
        print(sheet.text(exam, answers=options.answers), end="")
        return 0
    if options.html.suffix != ".html" or options.html.exists():
        parser.error(
            f"the page needs a new name that ends in .html, got {options.html}; "
            f"exam_{options.seed}.html would do if there is none yet"
        )
    try:
        with replacing(options.html) as file:
            file.write(sheet.page(exam, answers=options.answers).encode())
    except OSError as error:
        why = error.strerror or error
        parser.error(
            f"{options.html} cannot be written: {why}; name a file in a folder of yours"
        )
    print(f"The sheet is in {options.html}: open it in a browser and print it.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
