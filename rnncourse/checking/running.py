"""Running a learner's function so that nothing it does can do harm."""

import ast
import contextlib
import copy
import dis
import inspect
import io
import re
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from rnncourse.checking.arguments import drawn_from, how_changed, is_same
from rnncourse.checking.exercise import Answer, Case, Exercise
from rnncourse.checking.limits import TimeLimit, TimeLimitError, memory_limit
from rnncourse.checking.plain import plain
from rnncourse.checking.surroundings import LIBRARY, kept
from rnncourse.shared.wording import count

__all__ = [
    "WARNED",
    "Outcome",
    "check_signature",
    "is_begun",
    "is_untouched",
    "run",
]

IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
USUAL_ERRORS: Any = {
    "divide": "warn",
    "over": "warn",
    "under": "ignore",
    "invalid": "warn",
}
LATE = (
    "Your function did not come back in time: does a loop never end, or go round very "
    "many times?"
)
IMPORTS_TOO_LONG = (
    "Your function was still importing something when its time was up: put the import "
    "into a cell above."
)
CALLS_ITSELF = (
    "Your function calls itself more than about 1000 calls deep, which is all that "
    "Python allows: what should stop it? If it would stop later, use a loop."
)
NEVER_BACK = (
    "Your function did not come back within {seconds:g} s of computing: does a loop "
    "never end?"
)
TRAINS_TOO_LONG = (
    "Training did not end within {seconds:g} s of computing, several times what it "
    "needs: does it make more updates, or use a larger network, than is asked for?"
)
CANNOT_BE_READ = "Your function came back, but what it returned cannot be read"
LOOKED_AT_TOO_LONG = f"{CANNOT_BE_READ} in time: return plain arrays and numbers."
MANY_LINES, MANY_LETTERS = 20, 20_000
WARNED = "numpy warned: "


@dataclass(frozen=True)
class Outcome:
    """What came of one run: a value, or a sentence that says why there is none.

    Attributes
    ----------
    value : object
        What was observed, as plain arrays, numbers and collections of them.
    returned : object
        The same as it was observed: a later call may change it.
    complaint : str
        One sentence, or nothing if there is a value.
    error : str
        The kind of exception and its message, if there was one.
    draws_from : frozenset of str
        The generators among the arguments from which something was drawn.
    fault : object
        What is wrong with the value, if anything.
    tried : bool
        False if the function is still the stub.
    notes : tuple of str
        What else is worth saying: that it prints, that numpy warned.
    seconds : float
        How long it has computed.
    """

    value: Any = None
    returned: Any = None
    complaint: str = ""
    error: str = ""
    draws_from: frozenset[str] = frozenset()
    fault: Any = None
    tried: bool = True
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


Look = Callable[[Any], Any]


def run(
    exercise: Exercise,
    answer: Answer,
    case: Case,
    seconds: float,
    look: Look = lambda value: None,
    arm: Callable[[float], None] = lambda seconds: None,
) -> Outcome:
    """Observe the answer on copies of a case's arguments, within a time limit.

    The limit is on the processor time of the answer itself, whatever else the machine
    is busy with. What it returns is looked at within the limit, too: a fault, if `look`
    finds one, is part of the outcome. `arm` is told after how many seconds even a busy
    machine should be done.
    """
    printed, before = Bounded(), np.random.get_state()
    limit = TimeLimit(seconds, arm)
    trial = _Trial(exercise, answer, case, look, limit)
    with memory_limit(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                outcome = limit.run(trial.outcome)
            except TimeLimitError as error:
                outcome = trial.too_late(error)
    if not (outcome.complaint or is_same(before, np.random.get_state())):
        outcome = replace(
            outcome,
            complaint="Your function changes numpy's global random state: "
            + _instead(case),
        )
    np.random.set_state(before)
    warned = [str(warning.message) for warning in caught]
    notes = tuple(_notes(printed, trial.changed, warned))
    return replace(outcome, notes=notes, seconds=limit.computed)


def _instead(case: Case) -> str:
    """Return where a function should draw from, in place of numpy's global state."""
    if any(name.endswith("rng") for name in case):
        return "draw from the rng that it is given, as in rng.random()."
    return "it needs no chance, or else a generator of its own."


class _Trial:
    """One run of an answer, in two parts: it computes, and its value is looked at."""

    def __init__(
        self, exercise: Exercise, answer: Answer, case: Case, look: Look,
        limit: TimeLimit,
    ) -> None:  # fmt: skip
        self._exercise, self._answer, self._case = exercise, answer, case
        self._look, self._limit = look, limit
        self._given = copy.deepcopy(dict(case))
        self._came_back = False
        self.changed: list[str] = []

    def outcome(self) -> Outcome:
        """Return the outcome, whatever the answer raises."""
        try:
            with kept() as self.changed, np.errstate(**USUAL_ERRORS):
                value = self._exercise.observe(self._answer, self._given)
            self._came_back = True
            returned, value = value, plain(value)
            complaint = how_changed(self._case, self._given)
            drawn = drawn_from(self._case, self._given)
            fault = self._look(value)
            return Outcome(value, returned, complaint, draws_from=drawn, fault=fault)
        except (TimeLimitError, KeyboardInterrupt):
            raise
        except BaseException as error:
            return self._stopped(error)

    def too_late(self, error: TimeLimitError) -> Outcome:
        """Return the outcome when the time is up: what took too long, in words."""
        late = LATE
        if self._limit.importing:
            late = IMPORTS_TOO_LONG
        elif self._came_back:
            late = LOOKED_AT_TOO_LONG
        elif self._exercise.kind == "T":
            idle = _place(error, self._answer)[0] and not _is_in_library(error)
            late = NEVER_BACK if idle else TRAINS_TOO_LONG
            late = late.format(seconds=self._exercise.seconds)
        return Outcome(complaint=late, error="TimeLimitError")

    def _stopped(self, error: BaseException) -> Outcome:
        """Return in words what an exception means."""
        kind, said = type(error).__name__, _message(error)
        if isinstance(error, NotImplementedError) and not self._came_back:
            return Outcome(complaint="not tried yet", error=kind, tried=False)
        mine, line = _place(error, self._answer)
        if self._came_back or not mine:
            complaint = f"{CANNOT_BE_READ}: {said}"
            if isinstance(error, RecursionError):
                complaint = f"{CANNOT_BE_READ}: one thing is inside another, too deep."
        elif isinstance(error, RecursionError):
            complaint = CALLS_ITSELF
        elif isinstance(error, MemoryError):
            complaint = f"Your function ran out of memory{line}: {said}"
        else:
            complaint = f"Your function stopped{line} with {kind}: {_in_words(said)}"
        return Outcome(complaint=complaint, error=f"{kind}: {said}")


def is_untouched(answer: Any) -> bool:
    """Return whether a function does nothing: `pass`, `...` or a docstring alone."""
    return isinstance(answer, FunctionType) and all(
        step.opname in IDLE and (step.argval is None or step.opname == "RESUME")
        for step in dis.get_instructions(answer)
    )


def is_begun(answer: Any) -> bool:
    """Return whether the line of a stub still stands among lines of one's own."""
    try:
        written = ast.parse(textwrap.dedent(inspect.getsource(answer))).body[0]
    except (OSError, TypeError, SyntaxError):
        return False
    lines = [ast.unparse(line) for line in getattr(written, "body", [])]
    own = [line for line in lines if not line.startswith(("'", '"', "raise Not"))]
    return "raise NotImplementedError" in lines and own not in ([], ["pass"], ["..."])


def _message(error: BaseException) -> str:
    """Return what an exception says, which may itself go wrong."""
    try:
        return _shortened(str(error) or "it says no more.")
    except Exception:
        return "its message cannot be read."


def _in_words(message: str) -> str:
    """Return a message of numpy's in the words of the course, any other as it is."""
    sizes = re.search(r"^matmul: .*\(size (\d+) is different from (\d+)\)", message)
    if sizes:
        rows, columns = sizes.groups()
        return (
            "in a product `A @ B` each row of A must be as long as each column of B; "
            f"here they have {columns} and {rows} entries."
        )
    if message.startswith("Cannot cast ufunc") and "to dtype('int" in message:
        return f"{message}: an array of whole numbers holds no decimals."
    return message


def _place(error: BaseException, answer: Answer) -> tuple[bool, str]:
    """Return whether an exception came from the learner's code, and from which line."""
    code = getattr(answer, "__code__", None)
    if code is None:
        return True, ""
    codes = set(_codes(code))
    if not any(f.f_code in codes for f, _ in traceback.walk_tb(error.__traceback__)):
        return False, ""
    frames = traceback.extract_tb(error.__traceback__)
    line = [frame.line for frame in frames if frame.filename == code.co_filename][-1]
    return True, f" in the line `{line}`" if line else ""


def _is_in_library(error: BaseException) -> bool:
    """Return whether the library was at work below the learner's code."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    names = (frame.f_globals.get("__name__", "") for frame in frames)
    return any(name.partition(".")[0] == LIBRARY for name in names)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function, and that of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _shortened(text: str, longest: int = 200) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _notes(printed: "Bounded", changed: list[str], warned: list[str]) -> Iterator[str]:
    lines = printed.getvalue().splitlines()
    if len(lines) > MANY_LINES or printed.full:
        said = f"{'more than ' * printed.full}{count(len(lines), 'line')}"
        yield f"It printed {said}; the first is: {_shortened(lines[0], 80)}"
    elif lines:
        yield "It printed: " + _shortened(" / ".join(lines), 200)
    if changed:
        yield f"Put back as before: {', '.join(changed[:6])}."
    for message in dict.fromkeys(warned):
        yield f"{WARNED}{_shortened(message, 120)}"


class Bounded(io.StringIO):
    """A file that keeps the beginning of what is written, and stays open."""

    full = False

    def write(self, text: str, /) -> int:
        """Keep what there is room for."""
        room = MANY_LETTERS - self.tell()
        self.full = self.full or len(text) > room
        super().write(text[: max(room, 0)])
        return len(text)

    def close(self) -> None:
        """Stay open: what was written is still to be read."""


def check_signature(answer: Any, reference: Answer) -> str:
    """Return a sentence if a function cannot take what the reference takes."""
    names = inspect.signature(reference).parameters
    with contextlib.suppress(ValueError):
        try:
            inspect.signature(answer).bind(*names)
        except TypeError:
            if not names:
                return "Your function should take no arguments."
            asked = count(len(names), "argument")
            order = ", in this order" if len(names) > 1 else ""
            return f"Your function should take {asked}{order}: {', '.join(names)}."
    return ""
