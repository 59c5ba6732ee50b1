"""Limits on the time, and on the memory, that something may take in this thread."""

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from rnncourse.shared.tab import IN_TAB

if sys.platform != "win32" and not IN_TAB:
    import resource

__all__ = ["TimeLimit", "TimeLimitError", "memory_limit"]

WAITING = 10  # times as long as it may compute, an answer may take on a busy machine
SLOWER = 3  # times as long as elsewhere, computing may take in a browser tab
TICK_SECONDS = 0.05
GRACE_SECONDS = 5.0  # to stop in, once the time is up
IMPORTS, IMPORT_SECONDS = "<frozen importlib._bootstrap>", 120.0
MEMORY_BYTES = 2 * 2**30
MONITORING: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on


class TimeLimitError(BaseException):
    """Raised inside a function that takes too long; no `except Exception` stops it."""


class TimeLimit:
    """Runs something, and raises TimeLimitError inside it once its time is up.

    What counts is the processor time of this thread, whatever else the machine is busy
    with; on the clock it may be `WAITING` times as long. Imports do not count, and are
    not broken off in the middle. A timer of the system looks at the time where there is
    one, so that compiled code that lets itself be interrupted is stopped as well;
    elsewhere a thread does. In a browser tab there is neither: there Python itself
    looks, at each call and each turn of a loop, and compiled code is not stopped.

    Parameters
    ----------
    seconds : float
    arm : function
        `arm(seconds)` is told after how long it should have ended for certain.

    Attributes
    ----------
    waited, computed : float
        The seconds that counted so far: on the clock, and of this thread's processor.
    importing : bool
        Whether an import was going on when the time was up.
    """

    def __init__(self, seconds: float, arm: Callable[[float], None]) -> None:
        self._seconds, self._arm = seconds, arm
        self._frame: FrameType | None = None
        self._clocks = time.monotonic, _clock_of_this_thread()
        self._last = [clock() for clock in self._clocks]
        self.waited = self.computed = self._imported = 0.0
        self.importing = False

    def run(self, work: Callable[[], Any]) -> Any:
        """Return what the work returns.

        Raises
        ------
        TimeLimitError
            If its time is up.
        """
        self._arm(WAITING * self._seconds + GRACE_SECONDS)
        with self._watch():
            return self._inside(work)

    def _inside(self, work: Callable[[], Any]) -> Any:
        self._frame = sys._getframe()
        try:
            return work()
        finally:
            self._count(importing=False)

    def _watch(self) -> Any:
        if IN_TAB:
            return self._looks()
        main = threading.current_thread() is threading.main_thread()
        return (
            self._alarms() if main and hasattr(signal, "setitimer") else self._nudges()
        )

    @contextmanager
    def _alarms(self) -> Iterator[None]:
        """Be woken by a timer of the system."""

        def ring(_: int, frame: FrameType | None) -> None:
            if self._is_up(frame):
                raise TimeLimitError

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, TICK_SECONDS, TICK_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    @contextmanager
    def _nudges(self) -> Iterator[None]:
        """Be watched by a thread."""
        me, done = threading.get_ident(), threading.Event()

        def raise_here(kind: type[BaseException] | None) -> None:
            thread, error = ctypes.c_ulong(me), ctypes.py_object(kind)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, error if kind else None)

        def nudge() -> None:
            while not done.wait(TICK_SECONDS):
                if self._is_up(sys._current_frames().get(me)):
                    raise_here(TimeLimitError)

        watcher = threading.Thread(target=nudge, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
            raise_here(None)

    @contextmanager
    def _looks(self) -> Iterator[None]:
        """Look at each function that begins or goes on, and at each turn of a loop."""

        def look(*_: Any) -> None:
            waited = self._clocks[0]() - self._last[0]
            if waited > TICK_SECONDS and self._is_up(sys._getframe(1)):
                raise TimeLimitError

        tool = next(n for n in range(6) if MONITORING.get_tool(n) is None)
        MONITORING.use_tool_id(tool, __name__)
        kinds = MONITORING.events
        events = kinds.PY_START, kinds.PY_RESUME, kinds.JUMP
        for event in events:
            MONITORING.register_callback(tool, event, look)
        MONITORING.set_events(tool, sum(events))
        try:
            yield
        finally:
            MONITORING.set_events(tool, MONITORING.events.NO_EVENTS)
            MONITORING.free_tool_id(tool)

    def _is_up(self, frame: FrameType | None) -> bool:
        """Return whether the time is up of the work that goes on in `frame`."""
        frames = list(_chain(frame))
        importing = any(found.f_code.co_filename == IMPORTS for found in frames)
        self._count(importing)
        if importing:
            self._arm(WAITING * self._seconds + GRACE_SECONDS)
            self.importing = self._imported > IMPORT_SECONDS
            return self.importing
        late = self.waited > WAITING * self._seconds or self.computed > self._seconds
        return late and self.waited > self._seconds and self._frame in frames

    def _count(self, importing: bool) -> None:
        now = [clock() for clock in self._clocks]
        waited, computed = (n - last for n, last in zip(now, self._last, strict=True))
        if importing:
            self._imported += waited
        else:
            self.waited, self.computed = self.waited + waited, self.computed + computed
        self._last = now


def _chain(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield a frame, the one that called it, and so on."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _clock_of_this_thread() -> Callable[[], float]:
    """Return what tells the processor time of this thread, from any thread."""
    if IN_TAB:  # it has no such clock
        return lambda: time.monotonic() / SLOWER
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)


@contextmanager
def memory_limit(more: int = MEMORY_BYTES) -> Iterator[None]:
    """Let the block use `more` bytes than now and no more, where the system can tell.

    A list that grows without end then ends in a MemoryError, before the machine does.
    """
    used = _bytes_in_use()
    if used is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limits = [used + more, *(n for n in (soft, hard) if n != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _bytes_in_use() -> int | None:
    """Return the size of this process's data; Linux alone tells it and limits it."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text("ascii", errors="replace")
        line = next(line for line in lines.splitlines() if line.startswith("VmData:"))
        return 1024 * int(line.split()[1])
    return None
