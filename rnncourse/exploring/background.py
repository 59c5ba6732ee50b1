"""Work that goes on while the page responds: in a thread, or else in turns.

A kernel in a browser tab can start no thread. It has an event loop, which hands it what
the learner does; so there the work gives the loop a turn after each of its steps.
"""

import asyncio
from collections.abc import Iterator
from threading import Thread

__all__ = ["InThread", "InTurns", "in_background"]


class InThread:
    """Takes the steps of some work in a thread."""

    def __init__(self, steps: Iterator[None]) -> None:
        self._thread = Thread(target=_take, args=(steps,), daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Return when the work is done."""
        self._thread.join()


class InTurns:
    """Takes the steps of some work in the running event loop, with a pause after each.

    Raises
    ------
    RuntimeError
        If no event loop runs.
    """

    def __init__(self, steps: Iterator[None]) -> None:
        self._steps = steps
        self._task = asyncio.get_running_loop().create_task(self._take_turns())

    async def _take_turns(self) -> None:
        for _ in self._steps:
            await asyncio.sleep(0)

    def join(self) -> None:
        """Do the rest of the work now, since nobody else can meanwhile."""
        _take(self._steps)


def in_background(steps: Iterator[None]) -> InThread | InTurns:
    """Begin some work, in a thread if one can be started, and return at once."""
    try:
        return InThread(steps)
    except RuntimeError:  # no thread can be started
        return InTurns(steps)


def _take(steps: Iterator[None]) -> None:
    for _ in steps:
        pass
