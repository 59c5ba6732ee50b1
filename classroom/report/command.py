"""See who has solved what, and what to talk about in the next hour."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from classroom.report.collecting import Learner, collect
from classroom.report.counting import Results, results
from classroom.report.judging import judged
from classroom.report.outcomes import Outcome
from classroom.report.page import page
from classroom.report.table import table
from rnncourse.shared.wording import count
from rnnlib._files import replacing

__all__ = ["main"]

ABOUT = (
    "Reads notebooks and progress files that were collected, and writes a page and a "
    "table. Nothing is sent anywhere; names stay on this computer."
)
NO_FOLDER = (
    "FOLDER must be a folder of submissions, got {path}, which is not there; type the "
    "one that holds submitted/, or a folder for each learner, or NAME_04.ipynb files."
)
NOBODY = "Nothing to report: no usable file of a learner was found."
TOP = 5


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Return what was typed."""
    parser = argparse.ArgumentParser(prog="course.py class report", description=ABOUT)
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="this one if none"
    )
    for kind in ("html", "csv"):
        parser.add_argument(
            f"--{kind}",
            type=Path,
            metavar="FILE",
            default=Path(f"class_report.{kind}"),
            help=f"class_report.{kind} if not given",
        )
    parser.add_argument(
        "--as-stored",
        action="store_true",
        help="run nothing: believe the outputs that the notebooks hold",
    )
    parser.add_argument(
        "--anonymous",
        action="store_true",
        help="numbers in the place of names, to project it; drawn anew each time",
    )
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Write the report; say in a few lines what stands in it."""
    options = parse(words)
    try:
        learners, troubles = collect(options.folders or [Path()])
    except FileNotFoundError as error:
        print(NO_FOLDER.format(path=error.args[0]), file=sys.stderr)
        return 1
    outcomes = _stored(learners) if options.as_stored else judged(learners, _tell)
    found = results(learners, outcomes, troubles, anonymous=options.anonymous)
    for trouble in found.troubles:
        place = trouble.path if trouble.path.name else trouble.learner or "a file"
        print(f"{place}: {trouble.words}", file=sys.stderr)
    if not found.lessons:
        print(NOBODY, file=sys.stderr)
        return 1
    try:
        _write(options.html, page(found))
        _write(options.csv, "\ufeff" + table(found))
    except OSError as error:
        print(f"{error.filename} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(*_summary(found), sep="\n")
    written = options.html.resolve(), options.csv.resolve()
    print("\nThe page is {}, the table {}.".format(*written))
    return 0


def _stored(learners: dict[str, Learner]) -> dict[str, dict[str, Outcome]]:
    return {name: learner.stored for name, learner in learners.items()}


def _tell(done: int, total: int) -> None:
    end = "\n" if done == total else "\r"
    if sys.stderr.isatty():
        print(f"Judged {done} of {count(total, 'answer')}", end=end, file=sys.stderr)


def _write(path: Path, text: str) -> None:
    with replacing(path) as file:
        file.write(text.encode(errors="replace"))


def _summary(found: Results) -> list[str]:
    """Return the beginning of the report, for the terminal."""
    head = f"{count(len(found.names), 'learner')}. To talk about:"
    lines = [
        f"{point.count:3} x {point.id} {point.title}: {point.name or point.head}"
        for point in found.talk[:TOP]
    ]
    return [head, *(lines or ["    no mistake that the course knows"])]
