"""An explorer that is moved many times, for a kernel whose memory is looked at."""

from __future__ import annotations

import gc
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import ipywidgets

from benchmarks._ways import moves_of, opened

__all__ = ["Moved", "memory", "widgets"]

VALUES = 20


class Moved:
    """An explorer whose first control goes through its values again and again."""

    def __init__(self, name: str) -> None:
        self._explorer = opened(name)
        self._control, values = moves_of(name)
        step = max(1, len(values) // VALUES)
        self._values = cycle(values[::step])

    def move(self, count: int) -> tuple[float, int]:
        """Move so often; return the median milliseconds of a processor, and memory."""
        times = []
        for value in islice(self._values, count):
            start = time.thread_time()
            self._explorer.set(**{self._control: value})
            times.append(1e3 * (time.thread_time() - start))
        return median(times), memory()


def memory() -> int:
    """Return the bytes of this process that are in memory, without its garbage."""
    gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return 4096 * int(pages)


def widgets() -> int:
    """Return how many widgets are open."""
    return len(ipywidgets.widgets.widget._instances)
