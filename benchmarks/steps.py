"""Time whole training steps: forward, back through time, clip, Adam.

Run it by `python3 course.py bench steps`. A character LSTM, GRU and plain RNN in
float32, beside PyTorch, beside the loop that one writes first, and beside nothing but
the matrix products.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from benchmarks._peers import (
    CELLS,
    Size,
    bare_products,
    ours,
    parts,
    student,
    torch_step,
)
from benchmarks._side_by_side import (
    Mark,
    Times,
    find_torch,
    interleaved,
    publish,
    table,
)

SIZES = (
    Size(25, 1, 65, 100),
    Size(32, 32, 27, 64),
    Size(64, 32, 65, 128),
    Size(100, 50, 65, 128),
)
OURS, LOOP, BARE = "rnnlib", "loop", "products"
ONE_HOT, LOOK_UP = "PyTorch, one-hot", "PyTorch, Embedding"
ROUNDS = 15
ASKED: tuple[tuple[str, Callable[[Size], bool], str, int, float], ...] = (
    ("speed at every size", lambda size: True, "PyTorch", 1, 1.0),
    ("speed at B = 1", lambda size: size.B == 1, "the loop", 1, 3.0),
    ("speed at B >= 32", lambda size: size.B >= 32, "the loop", 1, 1.2),
    ("time at H = 128", lambda size: size.H == 128, "the products", -1, 1.4),
    ("time at H = 64", lambda size: size.H == 64, "the products", -1, 2.8),
)


@dataclass(frozen=True)
class Row:
    """The times of one cell at one size."""

    kind: str
    size: Size
    threads: int
    times: Times

    @property
    def torch(self) -> str:
        """The faster of PyTorch's two ways."""
        return min(ONE_HOT, LOOK_UP, key=self.times.ms)

    def ratios(self) -> dict[str, float]:
        """Return times of the others over ours, and ours over that of the products."""
        return {
            "PyTorch": self.times.ratio(self.torch, OURS),
            "the loop": self.times.ratio(LOOP, OURS),
            "the products": self.times.ratio(OURS, BARE),
        }

    def cells(self) -> list[object]:
        """Return its line of the table."""
        shown = [self.times.ms(way) for way in (OURS, self.torch, LOOP, BARE)]
        return [self.kind, self.size, self.threads, *shown, *self.ratios().values()]

    def __str__(self) -> str:
        return f"{self.kind} at {self.size}"


HEAD = (
    "cell",
    "T, B, V, H",
    "threads",
    "rnnlib, ms",
    "PyTorch, ms",
    "loop, ms",
    "products, ms",
    "PyTorch / rnnlib",
    "loop / rnnlib",
    "rnnlib / products",
)
ABOUT = """# A training step

Forward, back-propagation through time, clipping and Adam of a character model in
float32. Medians of {rounds} rounds in which all ways take turns, and medians of the
ratios of each round.

* rnnlib: `LanguageModel.loss`, `clip_by_norm`, `Adam.update`.
* PyTorch {torch}, eager: from one-hot inputs or from an Embedding of size V, the faster
  at each size.
* loop: what one writes first, one-hot inputs and gradients inside the loop
  (`benchmarks/_student.py`).
* products: the matrix products alone, by the same BLAS, without that of the input.
"""
KERNEL = """
No step can do without its products. Where they alone take nearly all the time of a step
of PyTorch, the kernel that OpenBLAS picked, named below, is the limit: a processor that
it does not know gets a slow one; `OPENBLAS_CORETYPE=Zen`, or another name, set before
Python starts, picks another, and a numpy on another BLAS has other products. Where they
take less, what lies between them is.
"""
PARTS = """
## What a step is made of, ms

Each part by itself, on one thread; what lies between them is missing.
"""


def main() -> int:
    """Print and store the table; return 0 if all marks are met."""
    torch = find_torch()
    if torch is None:
        return 1

    rows = [
        measure(kind, size, threads)
        for threads in (1, 2)
        for kind in CELLS
        for size in SIZES
    ]
    about = ABOUT.format(rounds=ROUNDS, torch=torch.__version__)
    lines = [*about.splitlines(), "", *table(HEAD, [row.cells() for row in rows])]
    alone = [row for row in rows if row.threads == 1]
    lines += [*KERNEL.splitlines(), "", *limits(alone)]
    lines += [*PARTS.splitlines(), "", *made_of()]
    return publish("steps", lines, marks(alone))


def limits(rows: list[Row]) -> list[str]:
    """Return what the products take of PyTorch's steps that are faster than ours."""
    head = ["where PyTorch is faster", "PyTorch / rnnlib", "products / PyTorch"]
    slower = [
        [str(row), row.ratios()["PyTorch"], row.times.ratio(BARE, row.torch)]
        for row in rows
        if row.ratios()["PyTorch"] < 1
    ]
    return table(head, slower) if slower else ["It is faster nowhere in this table."]


def made_of() -> list[str]:
    """Return a table of the parts of a step, on one thread."""
    rows: list[list[object]] = []
    for kind in CELLS:
        for size in SIZES:
            ways = parts(kind, size)
            with at_most(1):
                times = interleaved(ways, ROUNDS)
            rows.append([kind, size, *map(times.ms, ways)])
    return table(["cell", "T, B, V, H", *ways], rows)


def measure(kind: str, size: Size, threads: int) -> Row:
    """Time all ways of one cell at one size."""
    ways: dict[str, Callable[[], object]] = {
        OURS: ours(kind, size),
        ONE_HOT: torch_step(kind, size, embedding=False),
        LOOK_UP: torch_step(kind, size, embedding=True),
        LOOP: student(kind, size),
        BARE: bare_products(kind, size),
    }
    with at_most(threads):
        return Row(kind, size, threads, interleaved(ways, ROUNDS))


@contextmanager
def at_most(threads: int) -> Iterator[None]:
    """Let numpy and PyTorch use so many threads."""
    import torch

    torch.set_num_threads(threads)
    with threadpool_limits(threads, user_api="blas"):
        yield


def marks(rows: list[Row]) -> list[Mark]:
    """Return what is asked for, each with the row that is furthest from it."""
    found = []
    for words, belongs, beside, sign, bound in ASKED:
        those = [(row.ratios()[beside], row) for row in rows if belongs(row.size)]
        ratio, row = min(those, key=lambda pair: sign * pair[0])
        limit = "at least" if sign > 0 else "at most"
        asked = f"{words}: {limit} {bound} times that of {beside}"
        met = sign * ratio >= sign * bound
        found.append(Mark(asked, f"{ratio:.2f} ({row})", met))
    return found


if __name__ == "__main__":
    sys.exit(main())
