"""What a submitted notebook holds: answers, stored outputs, and when it was run."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from classroom.report.assigned import assigned, code_cells
from classroom.report.outcomes import Outcome
from classroom.report.programs import answers
from rnncourse.catalogue import exercises
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.reports import MARKS

__all__ = ["Notebook", "UnreadableError", "read"]

CHECK = re.compile(r'\b(?:check|quiz|myth_card)\(\s*["\']([A-Z\d.]+)["\']')
HEAD = re.compile(
    rf"^[{''.join(MARKS.values())}] (\S+) · .*: ({'|'.join(MARKS)})$", re.MULTILINE
)
PAUSE = 15 * 60  # seconds between two runs of a cell after which nobody was at work
MOST_BYTES = 50 * 2**20


class UnreadableError(Exception):
    """A file that cannot be read, and why."""


@dataclass(frozen=True)
class Notebook:
    """A notebook that came in.

    Attributes
    ----------
    lesson : str
        Its two digits.
    programs : mapping
        The answer to each exercise that it has a definition for.
    stored : mapping
        What its stored outputs say of each exercise.
    minutes : float or None
        How long its cells were run, pauses left out; None if it does not say when.
    """

    lesson: str
    programs: Mapping[str, str]
    stored: Mapping[str, Outcome] = field(default_factory=dict)
    minutes: float | None = None


def read(path: Path) -> Notebook:
    """Return what a notebook holds.

    Raises
    ------
    UnreadableError
        If it is no notebook, or one without an exercise of the course.
    """
    book = _cells_of(path)
    sources = list(code_cells(book))
    asked = {id for source in sources for id in CHECK.findall(source)}
    defined = {id: item for id, item in assigned().items() if id in asked}
    programs = answers(sources, defined)
    stored = dict(_stored(book))
    numbers = sorted(id[:2] for id in {*asked, *stored} if id[:2].isdigit())
    if not numbers:
        raise UnreadableError("It holds no exercise of the course: is it another file?")
    lesson = max(numbers, key=numbers.count)
    return Notebook(lesson, programs, stored, _minutes(book))


def _cells_of(path: Path) -> Any:
    """Return a notebook as it is stored, if it has cells."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableError(f"It is larger than {MOST_BYTES >> 20} MB.")
        book = json.loads(path.read_text(encoding="utf-8-sig"))
        kinds = [cell["cell_type"] for cell in book["cells"]]
        if kinds and any(isinstance(s, str) for s in code_cells(book)):
            return book
    except OSError as error:
        raise UnreadableError(f"It cannot be opened: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        words = "It is no notebook, or a part of one: its JSON is broken."
        raise UnreadableError(words) from error
    except (KeyError, TypeError, AttributeError) as error:
        words = "It is no notebook of version 4: it has no list of cells."
        raise UnreadableError(words) from error
    raise UnreadableError("It has no cell of code.")


def _stored(book: Any) -> Iterator[tuple[str, Outcome]]:
    """Yield what the outputs say: the last word on each exercise counts."""
    for cell in book["cells"]:
        for output in cell.get("outputs") or []:
            text = _plain(output)
            for found in HEAD.finditer(text):
                id, state = found.groups()
                if id in exercises():
                    yield id, Outcome(state, _mistake(id, text), _words(text))


def _plain(output: Any) -> str:
    """Return an output as text, that of an error included."""
    if not isinstance(output, dict):
        return ""
    data = output.get("data")
    found = data.get("text/plain", "") if isinstance(data, dict) else ""
    found = found or output.get("evalue") or output.get("text") or ""
    text = "".join(map(str, found)) if isinstance(found, list) else str(found)
    return text.removeprefix("ExerciseError: ")


def _mistake(id: str, text: str) -> str:
    """Return the known mistake whose hint is in a text: each has a hint of its own."""
    item = exercises()[id]
    known = item.mistakes if isinstance(item, Exercise) else ()
    return next((one.name for one in known if f"Hint: {one.hint}" in text), "")


def _words(text: str) -> str:
    lines = text.splitlines()
    return lines[1] if len(lines) > 1 else ""


def _minutes(book: Any) -> float | None:
    """Return how long a notebook was at work, if its cells say when they were run."""
    times = sorted(filter(None, map(_time, book["cells"])))
    if len(times) < 2:
        return None
    gaps = [later - one for one, later in pairwise(times)]
    return sum(gap for gap in gaps if gap <= PAUSE) / 60


def _time(cell: Any) -> float | None:
    """Return when a cell was last run, in seconds, where JupyterLab has stored it."""
    metadata = cell.get("metadata")
    stored = metadata.get("execution") if isinstance(metadata, dict) else None
    when = stored.get("iopub.execute_input") if isinstance(stored, dict) else None
    try:
        return datetime.fromisoformat(str(when)).timestamp()
    except (ValueError, OverflowError):
        return None
