"""The end of an answer that nothing can stop, and what is said of it afterwards.

Compiled code may keep the interpreter to itself: then neither a time limit nor
*Interrupt* gets its turn, and Jupyter would wait for ever. A timer that needs no
interpreter ends Python instead. A note beside the progress file says which answer was
running; whoever finds it, and nobody holding it, knows that its Python has ended.
"""

import faulthandler
import inspect
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from rnncourse.checking import progress_file
from rnncourse.checking.locks import is_free, lock, unlock

__all__ = ["forget", "news", "refusal", "watched"]

SAID = (
    "Python had to be started anew: the check of your answer to {id} {what}{where}. "
    "Nothing is lost: the notebook is saved, and so is your progress. Run the cells "
    "above once more, and change that answer before you check it again."
)
ENDLESS = "did not come back, and nothing else could stop it"
BROKEN = "ended it: it needed more memory than there is, or broke a compiled library"


@dataclass(frozen=True)
class Run:
    """An answer that is running: to which exercise, and its lines in which file."""

    id: str
    file: str = ""
    first: int = 0
    lines: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, id: str, answer: Any) -> "Run":
        """Return the run of an answer; it has no lines if they are not known."""
        with suppress(Exception):
            lines, first = inspect.getsourcelines(answer)
            return cls(id, answer.__code__.co_filename, first, lines)
        return cls(id)


@contextmanager
def watched(id: str, answer: Any) -> Iterator[Callable[[float], None]]:
    """Give a function that lets the block go on for so many seconds, and no longer."""
    with _note(Run.of(id, answer)) as file:

        def arm(seconds: float) -> None:
            with suppress(RuntimeError):  # a browser tab has no thread for it
                faulthandler.dump_traceback_later(seconds, exit=True, file=file)

        try:
            yield arm
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _note(run: Run) -> Iterator[IO[bytes]]:
    """Keep a note as long as the block lasts; it stays if Python ends before."""
    place = progress_file.place()
    path = place.with_name(f"{place.name}.{os.getpid()}.running")
    try:
        file: IO[bytes] = open(path, "w+b")  # noqa: SIM115
    except OSError:  # then only what is said afterwards is missing
        with tempfile.TemporaryFile() as file:
            yield file
        return
    try:
        with file:
            lock(file)
            file.write(json.dumps(asdict(run)).encode() + b"\n")
            file.flush()
            yield file
    finally:
        with suppress(OSError):
            path.unlink()


def news() -> list[str]:
    """Return a sentence about each answer that ended its Python, once."""
    said = []
    for path in _notes("running"):
        with suppress(OSError):
            with open(path, "r+b") as file:
                if not is_free(file):
                    continue
                unlock(file)
            said += [words for _, words in _read(path)]
            path.replace(path.with_suffix(".ended"))
    return said


def refusal(id: str, answer: Any) -> str:
    """Return, once, why this very answer should not run again; usually nothing."""
    news()
    mine = Run.of(id, answer)
    for path in _notes("ended"):
        for run, words in _read(path):
            if run.lines and (run.id, run.lines) == (id, mine.lines):
                path.unlink(missing_ok=True)
                return words
    return ""


def forget(id: str) -> None:
    """Remove the notes about an exercise, of which an answer has come back now."""
    for path in _notes("ended"):
        if any(run.id == id for run, _ in _read(path)):
            path.unlink(missing_ok=True)


def _notes(ending: str) -> list[Path]:
    place = progress_file.place()
    return sorted(place.parent.glob(f"{place.name}.*.{ending}"))


def _read(path: Path) -> Iterator[tuple[Run, str]]:
    """Yield the run of a note and a sentence about it, if it can be understood."""
    with suppress(OSError, ValueError, TypeError):
        first, *dump = path.read_text("utf-8", errors="replace").splitlines()
        run = Run(**json.loads(first))
        yield run, _said(run, dump)


def _said(run: Run, dump: list[str]) -> str:
    what = ENDLESS if any(line.startswith("Timeout") for line in dump) else BROKEN
    places = re.findall(r'File "(.*)", line (\d+) in', "\n".join(dump))
    inside = [int(line) - run.first for file, line in places if file == run.file]
    known = inside and 0 <= inside[0] < len(run.lines)
    where = f", in the line `{run.lines[inside[0]].strip()}`" if known else ""
    return SAID.format(id=run.id, what=what, where=where)
