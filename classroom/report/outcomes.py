"""Answers are run by the course's own judge, each in a process with limits."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from classroom.report.trial import MOST_BYTES, seconds_of, trial
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG

__all__ = ["UNKNOWN", "Outcome", "outcomes"]

UNKNOWN = "could not be judged"
STATES = PASSED, WRONG, NOT_TRIED
DIED = "Its process ended before the judge had an answer: does it exit, or take all?"
LATE = "It did not come back in time: does a loop never end?"
PATIENCE = 4  # times as long as it may compute, an answer may take on a busy machine
AT_ONCE = min(os.cpu_count() or 1, 8)


@dataclass(frozen=True)
class Outcome:
    """What became of an answer.

    Attributes
    ----------
    state : str
        PASSED, WRONG, NOT_TRIED or UNKNOWN.
    mistake : str
        The name of the known mistake that it makes, or nothing.
    words : str
        What the judge says.
    """

    state: str
    mistake: str = ""
    words: str = ""


def outcomes(answers: Mapping[str, str]) -> dict[str, Outcome]:
    """Return what the judge says of each answer.

    An answer that hangs, exits, or takes all memory costs itself alone. This is to see
    what a class has understood, not to grade it: whoever patches the judge in the
    process of their own answer is believed.

    Parameters
    ----------
    answers : mapping
        Programs by exercise; the last line names the function that answers it.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(_outcome, answers, answers.values())
        return dict(zip(answers, found, strict=True))


def _context() -> Any:
    """Return how processes are begun: from one that has loaded the course already."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["classroom.report.trial"])
    return context


def _outcome(id: str, program: str) -> Outcome:
    """Return what the judge says of one answer, or why it says nothing."""
    with TemporaryDirectory(prefix="rnnlib-", ignore_cleanup_errors=True) as folder:
        return _outcome_in(folder, id, program)


def _outcome_in(folder: str, id: str, program: str) -> Outcome:
    receiver, sender = _context().Pipe(duplex=False)
    words = id, program, folder, sender
    child = _context().Process(target=trial, args=words, daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(PATIENCE * seconds_of(id)):
            return Outcome(UNKNOWN, words=LATE)
        return _read(receiver.recv_bytes(MOST_BYTES))
    except (EOFError, OSError, ValueError):
        return Outcome(UNKNOWN, words=DIED)
    finally:
        receiver.close()
        _end(child)


def _read(sent: bytes) -> Outcome:
    """Return an outcome that a child has sent, if it is one."""
    said = json.loads(sent)
    if not isinstance(said, dict) or said.get("state") not in STATES:
        raise ValueError("no outcome")
    return Outcome(*(str(said.get(key, "")) for key in ("state", "mistake", "words")))


def _end(child: Any) -> None:
    """End a child and what it has begun."""
    child.join(1)
    if hasattr(os, "killpg") and child.pid:
        for _ in range(2):
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                break
            time.sleep(0.01)
    child.kill()
    child.join()
    child.close()
