"""Memory and time of a move after a thousand moves, and of a cell run thirty times.

Run it by `python3 course.py bench memory`, with names behind it for some explorers
alone; only the whole table is stored, and what was measured before it was stopped is
printed. Each explorer has a kernel of its own. Time is that of a processor, over that
of a peer which takes turns with it: a small picture, always the same, made a PNG.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty
from statistics import median
from typing import Any

from jupyter_client.manager import KernelManager

from benchmarks._side_by_side import Mark, of_each, one_by_one, table

MOVES, HUNDREDS, RUNS = 100, 10, 30
MOST = 1.05  # times what it was
SECONDS = 120
HEAD = (
    *("explorer", "memory after 100 moves, MB", "after 1000 / after 100"),
    *("a move, ms", "time of a move, last 300 / second 300"),
    *("memory after 30 runs / after 3", "time of a run, last 9 / second 9"),
    "widgets after 30 runs / after 1",
)
SETUP = """import time
from statistics import median
from benchmarks._moved import Moved, memory, peer, widgets
from rnncourse.explorers import {name}
{name}()
moved = Moved({name!r})"""
Tell = Callable[[str, str, str], Any]


@dataclass(frozen=True)
class Row:
    """What was seen of one explorer: after each hundred moves, and after each run."""

    name: str
    moved: Sequence[tuple[float, float, int]]  # ms of a move and of the peer, bytes
    runs: Sequence[tuple[float, float, int, int]]  # of a run; and widgets

    def grown(self) -> list[float]:
        """Return memory and time of a move, and memory and time of a run, over before.

        The widgets of a cell come last.
        """
        size, run_size = (
            [each[2] for each in them] for them in (self.moved, self.runs)
        )
        moves, runs = (
            [ms / of for ms, of, *_ in them] for them in (self.moved, self.runs)
        )
        widgets = [each[3] for each in self.runs]
        return [
            size[-1] / size[0],
            median(moves[-3:]) / median(moves[1:4]),
            run_size[-1] / run_size[2],
            median(runs[-9:]) / median(runs[3:12]),
            widgets[-1] / widgets[0],
        ]

    @property
    def told(self) -> str:
        """What is said of it meanwhile."""
        return f"{self.name}, at most {max(self.grown()):.3f} times what it was"

    def cells(self) -> list[object]:
        """Return the row of the table."""
        moves, run = self.grown()[:2], self.grown()[2:]
        megabytes = self.moved[0][2] / 1e6
        return [self.name, megabytes, moves[0], self.moved[-1][0], moves[1], *run]


def measure(names: Sequence[str]) -> Iterator[Row]:
    """Yield what was seen of each explorer, in a kernel of its own."""
    for name in names:
        with kernel() as tell:
            tell(SETUP.format(name=name), "setup", "0")
            moved = [
                tell(f"seen = moved.move({MOVES})", "moves", "seen")
                for _ in range(HUNDREDS)
            ]
            run = f"begun = time.thread_time()\n{name}()"
            took = "1e3 * (time.thread_time() - begun)"
            seen = f"({took}, median(peer() for _ in range(5)), memory(), widgets())"
            yield Row(name, moved, [tell(run, "cell", seen) for _ in range(RUNS)])


@contextmanager
def kernel() -> Iterator[Tell]:
    """Start a kernel; yield what runs code in it, as a cell, and returns a value."""
    manager = KernelManager(kernel_name="python3", transport_encryption="auto")
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=SECONDS)

    def tell(code: str, cell: str, value: str) -> Any:
        content = {"code": code, "silent": False, "store_history": True}
        content |= {"user_expressions": {"value": value}, "stop_on_error": True}
        message = client.session.msg("execute_request", content)
        message["metadata"]["cellId"] = cell
        client.shell_channel.send(message)
        asked = message["header"]["msg_id"]
        while True:
            reply = client.get_shell_msg(timeout=SECONDS)
            if reply["parent_header"].get("msg_id") == asked:
                break
        with suppress(Empty):  # frames that nobody fetches would wait in the kernel
            while True:
                client.get_iopub_msg(timeout=0.1)
        content = reply["content"]
        if content["status"] != "ok":
            raise RuntimeError(f"{code}: {content.get('evalue', content['status'])}")
        return ast.literal_eval(
            content["user_expressions"]["value"]["data"]["text/plain"]
        )

    try:
        yield tell
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def report(rows: Sequence[Row]) -> list[str]:
    """Return the lines of the report."""
    return [
        *("# A thousand moves", ""),
        *table(HEAD, [row.cells() for row in rows]),
        "",
        "Memory is the resident part of a kernel, after its garbage was collected.",
        f"Moves: {MOVES * HUNDREDS} of the first control, through 20 of its values",
        f"again and again. Runs: the cell that opens the explorer, {RUNS} times.",
        "Times are a processor's, over those of a peer that takes turns with them.",
    ]


def marks(rows: Sequence[Row]) -> list[Mark]:
    """Return what is asked for, and the explorer that is farthest from it."""
    asked = (
        *("memory after 1000 moves over that after 100", "time of a move"),
        *("memory after 30 runs of its cell over that after 3", "time of a run"),
        "widgets after 30 runs over those after 1",
    )
    grown = {row.name: row.grown() for row in rows}
    return [
        of_each(
            f"{words}: at most {MOST:g}",
            MOST,
            {name: found[place] for name, found in grown.items()},
        )
        for place, words in enumerate(asked)
    ]


def main(names: Sequence[str] = ()) -> int:
    """Print the table, and store it if it is whole; return 0 if all marks are met."""
    return one_by_one("memory", names, measure, report, marks)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
