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
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Exercise

__all__ = ["Outcome", "is_untouched", "run"]

IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
STACK_BYTES = 16 * 1024 * 1024  # on macOS a thread has too little for deep recursion
GRACE_SECONDS, TICK_SECONDS = 1.0, 0.05
WAITING = 10  # times as long as it may compute, an answer may take on a busy machine
LATE = "Your function did not come back in time: does a loop never end?"
TRAINS_TOO_LONG = (
    "Training did not end within {seconds:g} s of computing, several times what it "
    "needs: does it make more updates, or use a larger network, than is asked for?"
)
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
    seconds : float
        How long it has computed.
    """

    value: Any = None
    complaint: str = ""
    error: str = ""
    tried: bool = True
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


def run(exercise: Exercise, answer: Answer, case: Case, seconds: float) -> Outcome:
    """Observe the answer on copies of a case's arguments, within a time limit.

    The limit is on the processor time of the answer itself, whatever else the machine
    is busy with.
    """
    late = LATE
    if exercise.kind == "T":
        late = TRAINS_TOO_LONG.format(seconds=exercise.seconds)
    given = copy.deepcopy(dict(case))
    printed = _Bounded()
    before = np.random.get_state()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            outcome = _within(
                seconds, lambda: exercise.observe(answer, given), answer, late
            )
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
    value = _copied(outcome.value)
    return replace(outcome, value=value, complaint=complaint, notes=notes)


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


def _within(
    seconds: float, work: Callable[[], Any], answer: Answer, late: str
) -> Outcome:
    """Do the work in a thread of its own, and stop it when its time is up.

    Only Python code can be stopped; what hangs in compiled code is left behind.
    """
    outcomes: list[Outcome] = []
    clock = _Clock()

    def attempt() -> None:
        clock.follow_this_thread()
        outcome = _attempt(work, answer, late)
        outcomes.append(replace(outcome, seconds=clock.computed()))

    old = threading.stack_size(STACK_BYTES)
    try:
        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
    finally:
        threading.stack_size(old)
    try:
        while thread.is_alive() and not clock.is_late(seconds):
            thread.join(TICK_SECONDS)
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
        complaint=f"{late} It could not be stopped: restart the kernel before you go "
        "on.",
        error="TimeLimitError",
    )


class _Clock:
    """How long a thread has computed, and how long one has waited for it."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._process = time.process_time()
        self._thread: int | None = None

    def follow_this_thread(self) -> None:
        """Count the processor time of the thread that calls this, if that is told."""
        if hasattr(time, "pthread_getcpuclockid"):
            self._thread = time.pthread_getcpuclockid(threading.get_ident())

    def computed(self) -> float:
        """Return the seconds of the thread; of the whole process where need be."""
        if self._thread is not None:
            with contextlib.suppress(OSError):  # the thread has ended
                return time.clock_gettime(self._thread)
        return time.process_time() - self._process

    def is_late(self, seconds: float) -> bool:
        """Return whether the thread has computed, or kept one waiting, too long."""
        waited = time.monotonic() - self._begun
        return waited > seconds and (
            waited > WAITING * seconds or self.computed() > seconds
        )


def _attempt(work: Callable[[], Any], answer: Answer, late: str) -> Outcome:
    """Return the outcome of the work, whatever it raises."""
    try:
        return Outcome(work())
    except NotImplementedError as error:
        return Outcome(complaint="not tried yet", error=repr(error), tried=False)
    except TimeLimitError:
        return Outcome(complaint=late, error="TimeLimitError")
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
