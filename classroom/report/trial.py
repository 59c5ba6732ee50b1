"""What a child process does: run one answer, judge it, and send the outcome."""

import ast
import contextlib
import json
import math
import os
import sys
from multiprocessing.connection import Connection
from typing import Any

from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.reports import WRONG
from rnncourse.commands import report_on

if sys.platform != "win32":
    import resource

__all__ = ["MOST_BYTES", "seconds_of", "trial"]

MOST_BYTES, MOST_LETTERS = 100_000, 2_000  # of an outcome, and of its words
FILE_BYTES, DATA_BYTES = 10 * 2**20, 4 * 2**30
NO_PYTHON = "The cell is no Python: {error}."
STOPPED = "The cell stops with {kind}: {error}."


def seconds_of(id: str) -> float:
    """Return after how much processor time an answer is given up, judging included."""
    item = exercise(id)
    return 4 * item.seconds + 20 if isinstance(item, Exercise) else 20


def trial(id: str, program: str, folder: str, sender: Connection) -> None:
    """Send what the judge says of a program, as JSON; it runs in an empty folder."""
    os.chdir(folder)
    with open(os.devnull, "r+") as nothing:
        for number in range(3):
            os.dup2(nothing.fileno(), number)
        _limit(seconds_of(id))
        sender.send_bytes(json.dumps(_judged(id, program)).encode())
    os.chdir(os.path.dirname(folder))


def _limit(seconds: float) -> None:
    """Let this process, a leader of its own group, use no more than it may."""
    if sys.platform == "win32":
        return
    os.setsid()
    cpu = math.ceil(seconds)
    for kind, most in {
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_DATA: DATA_BYTES,
    }.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _judged(id: str, program: str) -> dict[str, Any]:
    """Return the state of an answer, its mistake and its words."""
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        tree = ast.parse(program)
        exec(compile(tree, "<answer>", "exec"), names)
        answer = names[_last_name(tree)]
    except SyntaxError as error:
        return {"state": WRONG, "words": NO_PYTHON.format(error=error.msg)}
    except BaseException as error:
        words = STOPPED.format(kind=type(error).__name__, error=str(error)[:200])
        return {"state": WRONG, "words": words}
    report = report_on(id, answer, remember=False)
    words = report.words[:MOST_LETTERS]
    return {"state": report.state, "mistake": report.mistake, "words": words}


def _last_name(tree: ast.Module) -> str:
    """Return the name in the last line of a program."""
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    assert isinstance(last.value, ast.Name)
    return last.value.id
