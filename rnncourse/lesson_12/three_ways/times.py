"""How long each of three ways to a linear recurrence takes, and how far they differ.

``python -m rnncourse.lesson_12.three_ways`` measures anew, in a minute.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from rnnlib._typing import Array
from rnnlib.scan import recurrence, scan
from rnnlib.storage import read_arrays, write_arrays
from rnnlib.training.threads import blas_threads

__all__ = ["LENGTHS", "WAYS", "WIDTHS", "by_matrix", "drawn", "measure", "stored"]

STORED = Path(__file__).with_name("times.npz")
KIND = "three ways"
LENGTHS = (1, 4, 16, 64, 256, 1024, 4096)
WIDTHS = (1, 4, 16, 64, 256, 1024)
LARGEST = 2**22  # entries of all matrices together that are still tried
ROUNDS = 7


def by_matrix(a: Array, b: Array, h_0: Array) -> Array:
    """Return all states by one matrix (T, T) for each unit, as an attention does.

    Row t, column s holds the product of all a after step s up to step t: how much of
    b_s is left in h_t. For a between 0 and 1.

    >>> by_matrix(np.full((3, 1), 0.5), np.ones((3, 1)), np.zeros(1)).ravel()
    array([1.  , 1.5 , 1.75])
    """
    so_far = np.cumsum(np.log(a), axis=0)
    left = np.exp(np.minimum(so_far[:, None] - so_far, 0))  # (T, T, width)
    left *= np.tri(len(a))[..., None]
    h: Array = np.einsum("tsw,sw->tw", left, b) + np.exp(so_far) * h_0
    return h


WAYS: dict[str, Callable[[Array, Array, Array], Array]] = {
    "loop": recurrence,
    "scan": scan,
    "matrix": by_matrix,
}


def drawn(steps: int, width: int, seed: int = 0) -> tuple[Array, Array, Array]:
    """Return a, b and h_0: a from 0.5 to 1, the others normal."""
    rng = np.random.default_rng(seed)
    a = rng.uniform(0.5, 1, (steps, width))
    return a, rng.standard_normal((steps, width)), rng.standard_normal(width)


def measure(bar: Callable[[Sequence[Any]], Iterable[Any]] = iter) -> None:
    """Store the shortest time of several, in ms, and the largest difference."""
    shape = len(LENGTHS), len(WIDTHS)
    times, apart = np.full((len(WAYS), *shape), np.nan), np.zeros(shape)
    with blas_threads(1):
        for row, column in bar([*product(*map(range, shape))]):
            T, width = LENGTHS[row], WIDTHS[column]
            given = drawn(T, width)
            ways = dict(WAYS)
            if T * T * width > LARGEST:
                del ways["matrix"]
            found = {way: function(*given) for way, function in ways.items()}
            every = [abs(h - found["loop"]).max() for h in found.values()]
            apart[row, column] = max(every)
            for _ in range(ROUNDS):
                for k, function in enumerate(ways.values()):
                    spent = 1000 * _seconds(function, given)
                    times[k, row, column] = np.fmin(times[k, row, column], spent)
    write_arrays(STORED, KIND, {}, {"times": times, "apart": apart})


def _seconds(function: Callable[..., Array], given: tuple[Array, ...]) -> float:
    """Return the processor seconds of a call: of a short one, the mean of several."""
    calls, spent = 1, 0.0
    while spent < 0.002:
        begin = time.process_time()
        for _ in range(calls):
            function(*given)
        spent = time.process_time() - begin
        calls *= 4
    return spent / (calls // 4)


@cache
def stored() -> tuple[Array, Array]:
    """Return times in ms (ways, lengths, widths), and the largest differences."""
    arrays = read_arrays(STORED, KIND)[1]
    return arrays["times"], arrays["apart"]
