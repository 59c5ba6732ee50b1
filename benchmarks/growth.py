"""Time and memory of a training step as T, B and H double, one of them at a time.

Run it by `python3 course.py bench growth`. A character LSTM, GRU and plain RNN in
float32 on one thread: forward, back through time, clip, Adam.

What the backward pass needs of each step and row follows from the equations:

    RNN     da = dh * (1 - h**2)                                    h
    LSTM    do = dh * tanh_c, df = dc * c_prev, ...                 i f o g c tanh_c h
    GRU     dr = da_n * m, dkeep = dh * (h_prev - n), ...           r z n m h

Each is a vector of H floats; `h_prev` and `c_prev` are the h and c of the step before,
and of the start. The parameters' gradients take the tokens, too, and h_prev of all
steps. Beside what is kept, the backward pass of a whole training step is made of the
gradients of the scores (V floats a row), of h (H) and of the pre-activations of n
gates (nH), for all steps, and of the gradients of the parameters. Nothing else is
counted as needed, and each of these once.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks._peers import CELLS, Size, model, ours, text
from benchmarks._side_by_side import Mark, Times, interleaved, publish, table
from rnnlib._typing import Array

KEPT = {"LSTM": "i f o g c tanh_c h", "GRU": "r z n m h", "RNN": "h"}
STARTS = {"LSTM": "h c", "GRU": "h", "RNN": "h"}
GATES = {"LSTM": "i f o g", "GRU": "r z n", "RNN": "h"}
FLOAT, TOKEN = 4, 8  # bytes
MIDDLE = Size(T=64, B=16, V=27, H=64)
WIDE = MIDDLE._replace(V=65, H=16)
FACTORS = {"a quarter": 0.25, "half": 0.5, "middle": 1, "double": 2, "four times": 4}
ROUNDS = 11
MOST_EXPONENT, MOST_RATIO = 1.05, 1.25
ABOUT = f"""# Growth

A training step of a character model, float32, one thread, as one of T, B, H doubles
and the others stay in the middle, which is T, B, V, H = {MIDDLE}.
Exponents are fitted by least squares to the logarithms: 1 means twice as much for twice
the size.
"""
TIME = f"""
## Time, ms

Medians of {ROUNDS} rounds in which the sizes take turns.
"""
MEMORY = """
## Peak memory, MB

Of the second step of a training, as tracemalloc counts it, without the parameters and
Adam's moments. What the first step has left for the second to use again is counted.
"""
RATIO = f"""
## Peak memory over what the backward pass needs

Needed are the arrays kept for it (below), the gradients of scores, hidden states and
pre-activations of all steps, and those of the parameters; each once. With many symbols
and few units (T, B, V, H = {WIDE}) a plain RNN uses {{wide:.2f}} times that: the
scores and their gradient are there together for a moment.
"""
KEEPING = """
## Kept for the backward pass, bytes a step and row

What the cache of `Recurrent.forward` keeps alive in the middle, tokens included, beside
what the equations need.
"""


@dataclass(frozen=True)
class Row:
    """What was measured of one cell while one size doubles."""

    kind: str
    axis: str
    times: Times
    peaks: Sequence[int]

    @property
    def sizes(self) -> list[Size]:
        """The sizes, from the smallest to the largest."""
        return sizes(self.axis)

    @property
    def ms(self) -> list[float]:
        """Milliseconds of a step at each size."""
        return [self.times.ms(str(size)) for size in self.sizes]

    @property
    def ratios(self) -> list[float]:
        """How many times the memory is used that the backward pass needs."""
        pairs = zip(self.peaks, self.sizes, strict=True)
        return [peak / needed_bytes(self.kind, size) for peak, size in pairs]

    def exponent(self, values: Sequence[float]) -> float:
        """Return the exponent with which values grow with the size."""
        return exponent([getattr(size, self.axis) for size in self.sizes], values)

    def __str__(self) -> str:
        return f"{self.kind}, {self.axis}"


def main() -> int:
    """Print and store the tables; return 0 if both marks are met."""
    with threadpool_limits(1):
        rows = [measure(kind, axis) for kind in CELLS for axis in "TBH"]
        return publish("growth", report(rows), marks(rows))


def sizes(axis: str) -> list[Size]:
    """Return the sizes at which one axis doubles from one to the next."""
    middle = getattr(MIDDLE, axis)
    return [
        MIDDLE._replace(**{axis: int(middle * factor)}) for factor in FACTORS.values()
    ]


def measure(kind: str, axis: str) -> Row:
    """Time a step of each size, and take the peak of its memory."""
    times = interleaved({str(size): ours(kind, size) for size in sizes(axis)}, ROUNDS)
    return Row(kind, axis, times, [peak_of_a_step(kind, s) for s in sizes(axis)])


def peak_of_a_step(kind: str, size: Size) -> int:
    """Return the peak memory of a step, in bytes, without Adam's two moments."""
    return peak_bytes(ours(kind, size)) - 2 * FLOAT * count_of_params(kind, size)


def peak_bytes(step: Callable[[], object]) -> int:
    """Return the most bytes that are in use at any moment of the second of two calls.

    What the first call keeps for the second is in use, too.
    """
    tracemalloc.start()
    try:
        step()
        tracemalloc.reset_peak()
        step()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def count_of_params(kind: str, size: Size) -> int:
    """Return how many numbers a model learns."""
    return sum(array.size for array in model(kind, size).params.values())


def kept_bytes(kind: str, size: Size) -> int:
    """Return the bytes that the equations need of the forward pass."""
    T, B, _, H = size
    of_a_step, at_the_start = len(KEPT[kind].split()), len(STARTS[kind].split())
    return FLOAT * B * H * (T * of_a_step + at_the_start) + TOKEN * T * B


def needed_bytes(kind: str, size: Size) -> int:
    """Return the bytes of all arrays that the backward pass needs, and is made of."""
    T, B, V, H = size
    n = len(GATES[kind].split())
    of_all_steps = T * B * (V + H + n * H)  # dlogits, dh, da
    of_params = count_of_params(kind, size)
    return kept_bytes(kind, size) + FLOAT * (of_all_steps + of_params)


def held_bytes(cache: Any) -> int:
    """Return the bytes of memory that a cache keeps alive, views and all."""
    owners = [owner(field) for field in cache if isinstance(field, np.ndarray)]
    return sum({id(array): array.nbytes for array in owners}.values())


def owner(array: Array) -> Array:
    """Return the array that owns the memory of a view."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return p of the power law `values = c * sizes**p` that fits best."""
    return float(np.polyfit(np.log(sizes), np.log(values), deg=1)[0])


def report(rows: Sequence[Row]) -> list[str]:
    """Return the lines of the report."""
    wide = peak_of_a_step("RNN", WIDE) / needed_bytes("RNN", WIDE)
    return [
        *ABOUT.splitlines(),
        *TIME.splitlines(),
        "",
        *growing(rows, [row.ms for row in rows]),
        *MEMORY.splitlines(),
        "",
        *growing(rows, [[peak / 1e6 for peak in row.peaks] for row in rows]),
        *RATIO.format(wide=wide).splitlines(),
        "",
        *table(
            ["cell", "doubling", *FACTORS],
            [[row.kind, row.axis, *row.ratios] for row in rows],
        ),
        *KEEPING.splitlines(),
        "",
        *table(["cell", "kept", "needed", "kept / needed"], map(keeping, CELLS)),
    ]


def growing(rows: Sequence[Row], values: Sequence[Sequence[float]]) -> list[str]:
    """Return a table of what grows with T, B and H, and how fast."""
    return table(
        ["cell", "doubling", *FACTORS, "exponent"],
        [
            [row.kind, row.axis, *found, f"{row.exponent(found):.2f}"]
            for row, found in zip(rows, values, strict=True)
        ],
    )


def keeping(kind: str) -> list[object]:
    """Return how many bytes a cell keeps of a step and row, and needs."""
    _, _, cache = model(kind, MIDDLE).parts["recurrent"].forward(text(MIDDLE)[0])
    held, needed = held_bytes(cache), kept_bytes(kind, MIDDLE)
    rows = MIDDLE.T * MIDDLE.B
    return [kind, held / rows, needed / rows, held / needed]


def marks(rows: Sequence[Row]) -> list[Mark]:
    """Return what is asked for, each with the row that is furthest from it."""
    slowest = max((row.exponent(row.ms), str(row)) for row in rows if row.axis == "T")
    largest = max((max(row.ratios), str(row)) for row in rows)
    return [
        Mark(
            f"exponent of time in T: at most {MOST_EXPONENT}",
            "{:.2f} ({})".format(*slowest),
            slowest[0] <= MOST_EXPONENT,
        ),
        Mark(
            f"peak memory: at most {MOST_RATIO} times what the backward pass needs",
            "{:.2f} ({})".format(*largest),
            largest[0] <= MOST_RATIO,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
