"""An explorer that is moved many times, for a kernel whose memory is looked at."""

from __future__ import annotations

import gc
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import ipywidgets
import numpy as np

from benchmarks._ways import moves_of, opened
from rnncourse.drawing.png import encode

__all__ = ["Moved", "memory", "peer", "widgets"]

VALUES = 20
PIXELS = np.random.default_rng(0).integers(0, 2, (100, 840, 4), dtype=np.uint8)


class Moved:
    """An explorer whose first control goes through its values again and again."""

    def __init__(self, name: str) -> None:
        self._explorer = opened(name)
        self._control, values = moves_of(name)
        step = max(1, len(values) // VALUES)
        self._values = cycle(values[::step])

    def move(self, count: int) -> tuple[float, float, int]:
        """Move so often; return median milliseconds, those of the peer, and memory."""
        times, beside = [], []
        for value in islice(self._values, count):
            start = time.thread_time()
            self._explorer.set(**{self._control: value})
            times.append(1e3 * (time.thread_time() - start))
            beside.append(peer())
        return median(times), median(beside), memory()


def peer() -> float:
    """Return the milliseconds of a processor for what no explorer can change."""
    start = time.thread_time()
    encode(PIXELS)
    return 1e3 * (time.thread_time() - start)


def memory() -> int:
    """Return the bytes of this process that are in memory, without its garbage."""
    gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return 4096 * int(pages)


def widgets() -> int:
    """Return how many widgets are open."""
    return len(ipywidgets.widgets.widget._instances)
