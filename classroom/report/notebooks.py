"""What a submitted notebook holds: answers, stored outputs, and when it was run."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from classroom.report.assigned import assigned
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
class Cell:
    """A cell of code: its source, its outputs as text, and when it was last run."""

    source: str
    outputs: tuple[str, ...]
    when: str


@dataclass(frozen=True)
class Notebook:
    """A notebook that came in.

    Attributes
    ----------
    lesson : str
        Its two digits.
    programs : mapping
        The answer to each exercise that it checks; the stub where there is none.
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
    cells = _cells_of(path)
    sources = [cell.source for cell in cells]
    asked = {id for source in sources for id in CHECK.findall(source)}
    defined = {id: item for id, item in assigned().items() if id in asked}
    untouched = {id: item.untouched for id, item in defined.items()}
    programs = untouched | answers(sources, defined)
    stored = dict(_stored(cells))
    numbers = sorted(id[:2] for id in {*asked, *stored} if id[:2].isdigit())
    if not numbers:
        raise UnreadableError("It holds no exercise of the course: is it another file?")
    lesson = max(numbers, key=numbers.count)
    return Notebook(lesson, programs, stored, _minutes(cells))


def _cells_of(path: Path) -> list[Cell]:
    """Return the cells of code of a notebook, if it has any."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableError(f"It is larger than {MOST_BYTES >> 20} MB.")
        book = json.loads(path.read_text(encoding="utf-8-sig"))
        cells = [_cell(c) for c in book["cells"] if c["cell_type"] == "code"]
    except OSError as error:
        raise UnreadableError(f"It cannot be opened: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        words = "It is no notebook, or a part of one: its JSON is broken."
        raise UnreadableError(words) from error
    except (KeyError, TypeError, AttributeError) as error:
        words = "It is no notebook of version 4: its cells cannot be read."
        raise UnreadableError(words) from error
    if not cells:
        raise UnreadableError("It has no cell of code.")
    return cells


def _cell(stored: Mapping[str, Any]) -> Cell:
    """Return a cell; what is not as it should be besides its source is left out."""
    metadata, outputs = stored.get("metadata"), stored.get("outputs")
    execution = metadata.get("execution") if isinstance(metadata, dict) else None
    when = execution.get("iopub.execute_input") if isinstance(execution, dict) else None
    parts = outputs if isinstance(outputs, list) else []
    return Cell("".join(stored["source"]), tuple(map(_plain, parts)), str(when))


def _stored(cells: Sequence[Cell]) -> Iterator[tuple[str, Outcome]]:
    """Yield what the outputs say: the last word on each exercise counts."""
    for cell in cells:
        for text in cell.outputs:
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


def _minutes(cells: Sequence[Cell]) -> float | None:
    """Return how long a notebook was at work, if its cells say when they were run."""
    times = sorted(time for cell in cells if (time := _time(cell.when)) is not None)
    if len(times) < 2:
        return None
    gaps = [later - one for one, later in pairwise(times)]
    return sum(gap for gap in gaps if gap <= PAUSE) / 60


def _time(when: str) -> float | None:
    """Return a time in seconds, if it is one."""
    try:
        return datetime.fromisoformat(when).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
