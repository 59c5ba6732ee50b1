"""Time a linear recurrence: by a loop, by a scan, and by what PyTorch offers.

Run it by `python3 course.py bench scan`. On one thread, in float64, beside PyTorch's
loop and beside the shortcut by cumulative products, which leaves the range of floats.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks._side_by_side import (
    Mark,
    Times,
    find_torch,
    interleaved,
    publish,
    table,
)
from rnnlib.scan import recurrence, scan

SIZES = ((256, 16), (4096, 1), (4096, 16), (4096, 256), (1024, 1024))
LOOP, SCAN, TORCH, SHORT = "loop", "scan", "PyTorch's loop", "cumulative product"
ROUNDS = 15
ASKED_AT, AT_LEAST, AT_MOST = (4096, 16), 5.0, 1e-12
HEAD = (
    "T, width",
    "loop, ms",
    "scan, ms",
    "PyTorch's loop, ms",
    "cumulative product, ms",
    "loop / scan",
    "scan - loop, at most",
    "cumulative product - loop, at most",
)
ABOUT = """# A linear recurrence

All states of h_t = a_t h_{{t-1}} + b_t, each a between 0 and 1, on one thread. Medians
of {rounds} rounds in which all ways take turns, and medians of the ratios of each
round.

* loop: `rnnlib.scan.recurrence`.
* scan: `rnnlib.scan.scan`.
* PyTorch's loop: the same loop over tensors, PyTorch {torch}, without gradients.
* cumulative product: P_t = a_1 ... a_t by `torch.cumprod`, and the states are
  P * (h_0 + cumsum(b / P)). Where P becomes 0 they are not numbers.

A pass of the scan is a few long operations, a step of the loop a few short ones. Where
a step is wide, it is long itself, and there is little or nothing to win.
"""


@dataclass(frozen=True)
class Row:
    """The times of one size, and how far two ways are from the loop."""

    size: tuple[int, int]
    times: Times
    apart: float
    short_apart: float

    @property
    def ratio(self) -> float:
        """How many times as long the loop takes."""
        return self.times.ratio(LOOP, SCAN)

    def cells(self) -> list[object]:
        """Return its line of the table."""
        shown = [self.times.ms(way) for way in (LOOP, SCAN, TORCH, SHORT)]
        short = (
            "not a number" if np.isnan(self.short_apart) else f"{self.short_apart:.0e}"
        )
        size = ", ".join(map(str, self.size))
        return [size, *shown, self.ratio, f"{self.apart:.0e}", short]


def main() -> int:
    """Print and store the table; return 0 if all marks are met."""
    torch = find_torch()
    if torch is None:
        return 1
    torch.set_num_threads(1)
    with threadpool_limits(1, user_api="blas"):
        rows = [measure(torch, *size) for size in SIZES]
    about = ABOUT.format(rounds=ROUNDS, torch=torch.__version__)
    lines = [*about.splitlines(), "", *table(HEAD, [row.cells() for row in rows])]
    return publish("scan", lines, marks(rows))


def measure(torch: Any, steps: int, width: int) -> Row:
    """Time all ways at one size."""
    rng = np.random.default_rng(0)
    a, b = rng.random((steps, width)), rng.standard_normal((steps, width))
    h_0 = rng.standard_normal(width)
    tensors = [torch.from_numpy(array) for array in (a, b, h_0)]
    ways: dict[str, Callable[[], Any]] = {
        LOOP: lambda: recurrence(a, b, h_0),
        SCAN: lambda: scan(a, b, h_0),
        TORCH: lambda: torch_loop(torch, *tensors),
        SHORT: lambda: shortcut(torch, *tensors),
    }
    true = ways[LOOP]()
    apart, _, short = (
        abs(np.asarray(ways[w]()) - true).max() for w in (SCAN, TORCH, SHORT)
    )
    times = interleaved(ways, ROUNDS)
    return Row((steps, width), times, float(apart), float(short))


def torch_loop(torch: Any, a: Any, b: Any, h: Any) -> Any:
    """Return all states, one step after the other."""
    states = torch.empty_like(b)
    for t in range(len(b)):
        h = a[t] * h + b[t]
        states[t] = h
    return states


def shortcut(torch: Any, a: Any, b: Any, h_0: Any) -> Any:
    """Return all states by cumulative products, as long as those are not 0."""
    so_far = torch.cumprod(a, dim=0)
    return so_far * (h_0 + torch.cumsum(b / so_far, dim=0))


def marks(rows: list[Row]) -> list[Mark]:
    """Return what is asked for: speed at one size, and equality at all sizes."""
    there = next(row for row in rows if row.size == ASKED_AT)
    worst = max(row.apart for row in rows)
    size = ", ".join(map(str, ASKED_AT))
    return [
        Mark(
            f"speed at {size}: at least {AT_LEAST} times that of the loop",
            f"{there.ratio:.2f}",
            met=there.ratio >= AT_LEAST,
        ),
        Mark(
            f"difference from the loop: at most {AT_MOST}",
            f"{worst:.1e}",
            met=worst <= AT_MOST,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
