"""Products use one thread while something trains, and then as many as before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from rnnlib.training.threads import blas_threads, limit_blas_threads

SETUP = """
import json, threading
import numpy as np
from threadpoolctl import threadpool_info
from rnnlib import SGD, RNNCell, Recurrent, SequenceClassifier, fit
from rnnlib.tasks import TemporalOrder
from rnnlib.training.threads import blas_threads, limit_blas_threads

seen = []

def look():
    blas = [lib for lib in threadpool_info() if lib["user_api"] == "blas"]
    seen.append(max([lib["num_threads"] for lib in blas], default=None))

def train(**options):
    rng, task = np.random.default_rng(0), TemporalOrder(steps=5)
    model = SequenceClassifier(Recurrent(RNNCell(6, 4, rng=rng)), 4, rng=rng)
    def batches():
        look()
        yield task.sample(2, rng=rng)
    fit(model, batches(), SGD(0.1), progress=False, **options)

look()
"""
OVERLAP = """
begun, ends = ([threading.Event(), threading.Event()] for _ in range(2))
def hold(number):
    with blas_threads(1):
        begun[number].set()
        ends[number].wait(30)
holders = [threading.Thread(target=hold, args=(number,)) for number in (0, 1)]
for holder, event in zip(holders, begun):
    holder.start()
    event.wait(30)
for number in ORDER:
    look()
    ends[number].set()
    holders[number].join()
"""


def seen_by(code: str) -> list[Any]:
    """Return how many threads BLAS has at the looks of a program that may use two."""
    run = subprocess.run(
        [sys.executable, "-c", f"{SETUP}{code}\nlook()\nprint(json.dumps(seen))"],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    before, *seen = json.loads(run.stdout)
    if before is None:
        return []  # a BLAS that cannot be told, as Apple's
    return ["as before" if number == before else number for number in seen]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("with blas_threads(1): look()", [1, "as before"]),
        ("with blas_threads(None): look()", ["as before", "as before"]),
        ("try:\n with blas_threads(1): 1 / 0\nexcept Exception: pass", ["as before"]),
        ("train()", [1, "as before"]),
        ("train(blas_threads=None)", ["as before", "as before"]),
        ("train(blas_threads=2)", ["as before", "as before"]),
        ("limit_blas_threads(1)", [1]),
        ("limit_blas_threads(1)\ntrain()", [1, 1]),
        (OVERLAP.replace("ORDER", "(0, 1)"), [1, 1, "as before"]),
        (OVERLAP.replace("ORDER", "(1, 0)"), [1, 1, "as before"]),
    ],
    ids=[
        "a block",
        "a block that asks for nothing",
        "an error",
        "fit",
        "fit that asks for nothing",
        "fit with large batches",
        "a whole process",
        "fit in such a process",
        "two that overlap, first in first out",
        "two that overlap, first in last out",
    ],
)
def test_products_use_the_threads_of_the_block_and_then_as_many_as_before(
    code: str, expected: list[Any]
) -> None:
    assert seen_by(code) in (expected, [])


@pytest.mark.parametrize("count", [0, -1, 1.5, "one", True])
def test_a_number_of_threads_is_a_positive_whole_number(count: Any) -> None:
    with pytest.raises(ValueError, match="count must be"), blas_threads(count):
        pass
    with pytest.raises(ValueError, match="count must be"):
        limit_blas_threads(count)
