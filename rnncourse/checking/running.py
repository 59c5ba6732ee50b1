"""Running a learner's function so that nothing it does can do harm."""

import contextlib
import copy
import ctypes
import dis
import inspect
import io
import re
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Exercise

__all__ = ["Outcome", "is_untouched", "run"]

IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
STACK_BYTES = 16 * 1024 * 1024  # on macOS a thread has too little for deep recursion
GRACE_SECONDS = 1.0
MANY_LINES, MANY_LETTERS = 20, 20_000


class TimeLimitError(BaseException):
    """Raised inside a function that takes too long; no `except Exception` stops it."""


@dataclass(frozen=True)
class Outcome:
    """What came of one run: a value, or a sentence that says why there is none.

    Attributes
    ----------
    value : object
    complaint : str
        One sentence, or nothing if there is a value.
    error : str
        The kind of exception and its message, if there was one.
    tried : bool
        False if the function is still the stub.
    notes : tuple of str
        What else is worth saying: that it prints, that numpy warned.
    """

    value: Any = None
    complaint: str = ""
    error: str = ""
    tried: bool = True
    notes: tuple[str, ...] = ()


def run(exercise: Exercise, answer: Answer, case: Case, seconds: float) -> Outcome:
    """Observe the answer on copies of a case's arguments, within a time limit."""
    given = copy.deepcopy(dict(case))
    printed = _Bounded()
    before = np.random.get_state()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            outcome = _within(seconds, lambda: exercise.observe(answer, given), answer)
    after = np.random.get_state()
    notes = tuple(_notes(printed, [str(warning.message) for warning in caught]))
    if outcome.complaint:
        complaint = outcome.complaint
    elif not _same(before, after):
        complaint = (
            "Your function changes numpy's global random state: draw from the rng that "
            "it is given, or from nothing at all."
        )
    else:
        complaint = _changed(case, given)
    np.random.set_state(before)
    return Outcome(
        _copied(outcome.value), complaint, outcome.error, outcome.tried, notes
    )


def _copied(value: Any) -> Any:
    """Return a copy that the learner's code cannot reach, if possible."""
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def is_untouched(answer: Any) -> bool:
    """Return whether a function does nothing: `pass`, `...` or a docstring alone."""
    return isinstance(answer, FunctionType) and all(
        step.opname in IDLE and (step.argval is None or step.opname == "RESUME")
        for step in dis.get_instructions(answer)
    )


def _within(seconds: float, work: Callable[[], Any], answer: Answer) -> Outcome:
    """Do the work in a thread of its own, and stop it when its time is up.

    Only Python code can be stopped; what hangs in compiled code is left behind.
    """
    outcomes: list[Outcome] = []
    old = threading.stack_size(STACK_BYTES)
    try:
        thread = threading.Thread(
            target=lambda: outcomes.append(_attempt(work, answer)), daemon=True
        )
        thread.start()
    finally:
        threading.stack_size(old)
    try:
        thread.join(seconds)
    finally:
        ends = time.monotonic() + GRACE_SECONDS
        while thread.is_alive() and time.monotonic() < ends:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeLimitError)
            )
            thread.join(0.05)
    if outcomes:
        return outcomes[0]
    return Outcome(
        complaint="Your function did not come back in time, and could not be stopped: "
        "does a loop never end? Restart the kernel before you go on.",
        error="TimeLimitError",
    )


def _attempt(work: Callable[[], Any], answer: Answer) -> Outcome:
    """Return the outcome of the work, whatever it raises."""
    try:
        return Outcome(work())
    except NotImplementedError as error:
        return Outcome(complaint="not tried yet", error=repr(error), tried=False)
    except TimeLimitError:
        return Outcome(
            complaint="Your function did not come back in time: does a loop never end?",
            error="TimeLimitError",
        )
    except RecursionError:
        return Outcome(
            complaint="Your function calls itself without end: what should stop it?",
            error="RecursionError",
        )
    except BaseException as error:
        return Outcome(
            complaint=f"Your function stopped{_place(error, answer)} with "
            f"{type(error).__name__}: {_in_words(str(error))}",
            error=f"{type(error).__name__}: {error}",
        )


def _in_words(message: str) -> str:
    """Return a message of numpy's in the words of the course, any other as it is."""
    sizes = re.search(r"^matmul: .*\(size (\d+) is different from (\d+)\)", message)
    if sizes:
        rows, columns = sizes.groups()
        return (
            "in a product `A @ B` each row of A must be as long as each column of B; "
            f"here they have {columns} and {rows} entries."
        )
    return _shortened(message or "it says no more.")


def _place(error: BaseException, answer: Answer) -> str:
    """Return the line of the learner's own code where an exception came from."""
    code = getattr(answer, "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    mine = [frame for frame in frames if code and frame.filename == code.co_filename]
    return f" in the line `{mine[-1].line}`" if mine and mine[-1].line else ""


def _shortened(text: str, longest: int = 200) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _notes(printed: "_Bounded", warned: list[str]) -> Iterator[str]:
    lines = printed.getvalue().splitlines()
    if len(lines) > MANY_LINES or printed.full:
        count = f"more than {len(lines)}" if printed.full else str(len(lines))
        yield f"It printed {count} lines; the first is: {_shortened(lines[0], 80)}"
    elif lines:
        yield "It printed: " + _shortened(" / ".join(lines), 200)
    for message in dict.fromkeys(warned):
        yield f"numpy warned: {_shortened(message, 120)}"


class _Bounded(io.StringIO):
    """A file that keeps the beginning of what is written."""

    full = False

    def write(self, text: str, /) -> int:
        room = MANY_LETTERS - self.tell()
        self.full = self.full or len(text) > room
        super().write(text[: max(room, 0)])
        return len(text)


def _changed(case: Case, given: Case) -> str:
    for name, value in case.items():
        if not _same(value, given[name]):
            if _nearly(value, given[name]):
                return (
                    f"Your function moves its argument {name} and back again, and "
                    "rounding leaves it a little changed: move a copy, "
                    f"{name}.copy(), or add an array that is zero elsewhere."
                )
            return (
                f"Your function changes its argument {name}, which others still need: "
                f"make a new array ({name} + ...) in place of {name} += ... or "
                f"{name}[...] = ..."
            )
    return ""


def _nearly(one: Any, other: Any) -> bool:
    """Return whether an array is unchanged, up to rounding."""
    arrays = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
    floats = arrays and one.dtype.kind == "f" and one.shape == other.shape
    return floats and np.allclose(one, other, rtol=1e-9, atol=1e-12)


def _same(one: Any, other: Any) -> bool:
    """Return whether two arguments hold the same; random generators may move on."""
    if isinstance(one, np.random.Generator):
        return True
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(
            _same(value, other[key]) for key, value in one.items()
        )
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, np.ndarray):
        kind = one.dtype.kind in "fc"
        return np.array_equal(one, other, equal_nan=kind)
    params = getattr(one, "params", None)
    if params is not None:
        return _same(params, other.params)
    plain = isinstance(one, int | float | str | bytes | None)
    return one == other if plain else True


def check_signature(answer: Any, case: Case) -> str:
    """Return a sentence if a case's arguments do not fit the function, else nothing."""
    try:
        inspect.signature(answer).bind(*case.values())
    except TypeError:
        names = ", ".join(case)
        return (
            f"Your function should take {len(case)} arguments, in this order: {names}."
            if case
            else "Your function should take no arguments."
        )
    except ValueError:
        return ""
    return ""
