"""A capstone: a record that the learner fills, and the lines of a rubric on it."""

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncourse.checking.limits import TimeLimit, TimeLimitError, memory_limit
from rnncourse.checking.reports import MARKS, NOT_TRIED, PASSED, WRONG, Report
from rnncourse.checking.running import USUAL_ERRORS
from rnncourse.checking.surroundings import kept
from rnncourse.shared.wording import count
from rnnlib.training.threads import blas_threads

__all__ = ["Capstone", "FaultError", "Line", "Record", "Verdict", "WaitsError"]

STATES = {PASSED: "done", WRONG: "wrong", NOT_TRIED: "not yet"}


class FaultError(Exception):
    """What is wrong with a line of a record, and a hint where to look."""

    def __init__(self, words: str, hint: str = "") -> None:
        super().__init__(f"{words} {hint}".strip())


class WaitsError(Exception):
    """A line that cannot be looked at before another one is right."""


@dataclass(frozen=True)
class Line:
    """A line of a rubric.

    Parameters
    ----------
    name : str
    places : strings
        The places of the record that this line is about.
    asks : str
        What to put there, said to those who have not done so yet.
    look : function
        `look(record, task)` returns in words what was found, or raises FaultError, or
        WaitsError where another line comes first.
    needs : strings
        Places of other lines that have to be filled before.
    """

    name: str
    places: tuple[str, ...]
    asks: str
    look: Callable[[Any, Any], str]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """How a line stands: PASSED, WRONG or NOT_TRIED, and why, in words."""

    name: str
    state: str
    words: str

    @property
    def head(self) -> str:
        """Its first words: which line, and how it stands."""
        return f"{MARKS[self.state]} {self.name}: {STATES[self.state]}"

    def __str__(self) -> str:
        return f"{self.head}. {self.words}"


class Record:
    """What a learner hands in: a place for each thing that the rubric asks for.

    Shown at the end of a cell, it says how each line of the rubric stands. What was
    looked at before is looked at again only where something was put in its place.
    """

    capstone: "Capstone"
    answers: dict[Any, Any]  # of its nets, while its lines are looked at

    def __init__(self, capstone: "Capstone") -> None:
        vars(self).update(capstone=capstone, answers={}, _seen={})

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.capstone.places:
            raise AttributeError(
                f"name must be one of {', '.join(self.capstone.places)}, got {name!r}"
            )
        vars(self)[name] = value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self.capstone.places:
            raise AttributeError(f"the record has no place {name!r}")
        return None

    def is_open(self, place: str) -> bool:
        """Return whether nothing was put into a place."""
        value = getattr(self, place)
        return value is None or value is ...

    @property
    def report(self) -> Report:
        """How each line stands, the lines from before included."""
        return self.capstone.report(self, self._seen)

    def __repr__(self) -> str:
        return repr(self.report)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()


@dataclass(frozen=True, eq=False)
class Capstone:
    """A piece of work that is checked by a rubric, line by line.

    Parameters
    ----------
    id, title : str
    task : object
        What the lines of the rubric have to know of this capstone.
    lines : Lines
    seconds : float
        How long a line may compute, in processor time.
    """

    id: str
    title: str
    task: Any
    lines: tuple[Line, ...]
    seconds: float = 60.0

    @property
    def places(self) -> tuple[str, ...]:
        """The names under which something can be put into the record."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.places))

    def record(self) -> Record:
        """Return an empty record."""
        return Record(self)

    def judge(self, answer: Any) -> Report:
        """Return how each line stands, all looked at anew."""
        if answer is None or answer is ...:
            return Report(self.id, self.title, NOT_TRIED)
        if isinstance(answer, Record) and answer.capstone is self:
            return self.report(answer, {})
        words = (
            f'The check needs your record, from capstone("{self.id}"); it got '
            f"{type(answer).__name__}."
        )
        return Report(self.id, self.title, WRONG, words)

    def report(self, record: Record, seen: dict[str, Any]) -> Report:
        """Return how each line stands; those `seen` with the same values are kept."""
        record.answers.clear()
        verdicts = [self._seen(line, record, seen) for line in self.lines]
        states = [verdict.state for verdict in verdicts]
        state = states[0] if len(set(states)) == 1 else WRONG
        done = states.count(PASSED)
        head = f"Done: {done} of {count(len(states), 'line')}."
        first = states.index(NOT_TRIED) if NOT_TRIED in states else len(states)
        said = [
            verdict.head if n > first and self._is_empty(line, record) else str(verdict)
            for n, (line, verdict) in enumerate(zip(self.lines, verdicts, strict=True))
        ]
        words = "\n".join([head, *said])
        return Report(self.id, self.title, state, words)

    def _is_empty(self, line: Line, record: Record) -> bool:
        return all(map(record.is_open, line.places))

    def _seen(self, line: Line, record: Record, seen: dict[str, Any]) -> Verdict:
        now = tuple(getattr(record, place) for place in (*line.needs, *line.places))
        before, verdict = seen.get(line.name, ((), None))
        same = len(now) == len(before) and all(map(_is_same, now, before))
        if verdict is None or not same:
            verdict = self.stand(line, record)
            seen[line.name] = tuple(map(_shallow, now)), verdict
        return verdict

    def stand(self, line: Line, record: Record) -> Verdict:
        """Return how one line stands, whatever the learner's functions do."""
        missing = [p for p in (*line.needs, *line.places) if record.is_open(p)]
        if missing:
            words = f"{line.asks} Still open: {', '.join(missing)}."
            return Verdict(line.name, NOT_TRIED, words)
        limit = TimeLimit(self.seconds, lambda seconds: None)
        try:
            with _quietly(), blas_threads(1), kept(), np.errstate(**USUAL_ERRORS):
                words = limit.run(lambda: line.look(record, self.task))
            return Verdict(line.name, PASSED, words)
        except NotImplementedError:
            words = f"{line.asks} Still to be written: what raises NotImplementedError."
            return Verdict(line.name, NOT_TRIED, words)
        except WaitsError as error:
            return Verdict(line.name, NOT_TRIED, str(error))
        except FaultError as error:
            return Verdict(line.name, WRONG, str(error))
        except TimeLimitError:
            words = f"It did not end within {self.seconds:g} s of computing."
        except Exception as error:
            words = f"It stopped with {type(error).__name__}: {error}."
        return Verdict(line.name, WRONG, f"{words} {line.asks}")


def _is_same(one: Any, other: Any) -> bool:
    """Return whether two values of a place are the same objects, or hold the same."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return [*one] == [*other] and all(map(_is_same, one.values(), other.values()))
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return all(map(_is_same, one, other))
    if isinstance(one, str | int | float) and isinstance(other, str | int | float):
        return one == other
    return one is other


def _shallow(value: Any) -> Any:
    """Return a value so that what is put into it later does not change it."""
    return dict(value) if isinstance(value, Mapping) else value


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Let nothing be printed, and no more memory be used than a check may."""
    printed = io.StringIO()
    with (
        memory_limit(),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("ignore")
        yield
