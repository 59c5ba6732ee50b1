"""What the measurements share: rounds that take turns, ratios, and a report."""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Protocol, TypeVar

import numpy as np
from threadpoolctl import threadpool_info

from rnncourse.explorers import explorers

__all__ = [
    "Mark",
    "Times",
    "find_torch",
    "interleaved",
    "machine",
    "of_each",
    "one_by_one",
    "publish",
    "table",
]

Row = TypeVar("Row", bound="Measured")
RESULTS = Path(__file__).with_name("results")
ROUNDS = 15
MOMENT = 0.02  # seconds


@dataclass(frozen=True)
class Mark:
    """What is asked for, what was found, and whether that is enough."""

    asked: str
    found: str
    met: bool

    def __str__(self) -> str:
        return f"* {self.asked}: {self.found}, {'met' if self.met else 'NOT MET'}"


class Measured(Protocol):
    """What was measured of one explorer."""

    @property
    def name(self) -> str:
        """Of the explorer."""

    @property
    def told(self) -> str:
        """What is said of it meanwhile."""


@dataclass(frozen=True)
class Times:
    """Seconds of each way, one number a round."""

    seconds: Mapping[str, Sequence[float]]

    def ms(self, way: str) -> float:
        """Return the median milliseconds of one way."""
        return 1e3 * median(self.seconds[way])

    def ratio(self, slower: str, faster: str) -> float:
        """Return how many times as long one takes: the median over the rounds.

        Both numbers of a round were measured within a moment of each other, so a busy
        machine slows down both.
        """
        pairs = zip(self.seconds[slower], self.seconds[faster], strict=True)
        return median(one / other for one, other in pairs)


def interleaved(
    ways: Mapping[str, Callable[[], object]], rounds: int = ROUNDS, *, warm: bool = True
) -> Times:
    """Call each way in turn, round after round.

    The first call of a round does not count: what the others left in the processor's
    cache is not its fault. Those that follow fill a moment, a short way with several.
    Where a call is a program of its own it is not `warm`: one call, and that counts.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            calls = max(1, int(MOMENT / _duration(way, 1))) if warm else 1
            seconds[name].append(_duration(way, calls))
    return Times(seconds)


def _duration(way: Callable[[], object], calls: int) -> float:
    """Return the mean seconds of so many calls."""
    start = time.perf_counter()
    for _ in range(calls):
        way()
    return (time.perf_counter() - start) / calls


def find_torch() -> Any:
    """Return PyTorch; without it, say how to install it and return None."""
    if importlib.util.find_spec("torch"):
        return importlib.import_module("torch")
    print(
        "This comparison needs PyTorch, which is not installed: "
        f'"{sys.executable}" -m pip install torch==2.13.0'
    )
    return None


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table in Markdown; floats get three digits."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(map(_cell, line))} |" for line in lines]


def publish(name: str, lines: Sequence[str], marks: Sequence[Mark]) -> int:
    """Print a report, store it in `results/`, and return 0 if all marks are met."""
    parts = ["\n".join(lines), "\n".join(map(str, marks)), machine()]
    text = "\n\n".join(filter(None, parts)) + "\n"
    RESULTS.mkdir(exist_ok=True)
    beside = RESULTS / f"{name}.md.new"
    beside.write_text(text, encoding="utf-8")
    beside.replace(RESULTS / f"{name}.md")
    print(text)
    return 0 if all(mark.met for mark in marks) else 1


def one_by_one(
    stored: str,
    names: Sequence[str],
    measure: Callable[[list[str]], Iterable[Row]],
    report: Callable[[Sequence[Row]], list[str]],
    marks: Callable[[Sequence[Row]], list[Mark]],
) -> int:
    """Measure explorers of these names, or all; return 0 if all marks are met.

    It says how far it is. Where it is stopped, by an error or by the keyboard, or where
    it was told names, what there is is printed; all of it is stored.
    """
    unknown = sorted({*names} - {*explorers()})
    if unknown:
        print(f"These are no explorers: {', '.join(unknown)}.")
        return 1
    wanted, rows = list(names or explorers()), list[Row]()
    try:
        for row in measure(wanted):
            rows.append(row)
            print(f"{len(rows)} of {len(wanted)}: {row.told}", file=sys.stderr)
    except (Exception, KeyboardInterrupt) as error:
        why = f": {error} ({type(error).__name__})" if str(error) else ""
        print(f"Stopped after {len(rows)} of {len(wanted)}{why}.", file=sys.stderr)
    if not rows:
        return 1
    if {row.name for row in rows} == {*explorers()}:
        return publish(stored, report(rows), marks(rows))
    print("\n".join([*report(rows), "", *map(str, marks(rows))]))
    whole = len(rows) == len(wanted)
    return 0 if whole and all(mark.met for mark in marks(rows)) else 1


def of_each(asked: str, most: float, found: Mapping[str, float]) -> Mark:
    """Return the mark that each of several explorers is to meet."""
    farthest = max(found, key=found.__getitem__)
    few = sum(times <= most for times in found.values())
    words = f"{few} of {len(found)}, up to {found[farthest]:.2f} ({farthest})"
    return Mark(f"{asked}, every explorer", words, few == len(found))


def machine() -> str:
    """Return processor, BLAS with its kernel and threads, and versions."""
    versions = {"Python": platform.python_version(), "numpy": np.__version__}
    used = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"Processor: {_processor()}, {os.cpu_count()} cores. {_blas()}. {used}."


def _blas() -> str:
    products = [lib for lib in threadpool_info() if lib["user_api"] == "blas"]
    words = [
        f"{lib['internal_api']} {lib['version']}, kernel {lib['architecture']}, "
        f"{lib['num_threads']} thread{'s' * (lib['num_threads'] > 1)}"
        for lib in products
    ]
    return "BLAS: " + ("; ".join(words) or "not known")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.split(":", 1)[1] for line in lines if line.startswith("model name"))
    return next((name.strip() for name in names), platform.machine())


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if value >= 99.5 else f"{value:#.3g}".rstrip(".")
