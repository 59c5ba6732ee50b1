"""Measure a class at the hub: memory, first explorer, slider, and a killed server.

Run it by `python3 course.py bench hub`, with numbers behind it for so many learners at
once; only the whole table is stored. They come in together. What a learner's browser
would send is sent without one: on the laptops of a class the browsers cost the server
nothing.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import psutil

from benchmarks._learners import Learner, hub
from benchmarks._side_by_side import Mark, publish, table
from tools.launcher.lessons import PROGRESS

AT_ONCE = ("2", "4", "12")
LESSON = "05_vanishing_and_exploding_gradients.ipynb"
QUICK = "00_why_sequences_need_memory.ipynb"
ANSWERED = (
    "from rnncourse import check",
    "def window_inputs(T, V):\n    return T * V",
    'check("00.2", window_inputs)',
)
MOVES, PAUSE = 50, 0.5  # seconds between two moves
FOR_THE_SYSTEM = 2.0  # GB that a server needs beside its learners
SPARE = 1.5  # times the memory measured: a second notebook is open
ABOUT = f"""# A class at the hub

All learners come in at the same moment. Each opens lesson 05, runs all of it, and then
moves the slider of the gradient microscope {MOVES} times, one move every {PAUSE} s.
Times are the median, and in brackets the slowest learner's; of the slider, the 95th
percentile. The first explorer counts from the click on the lesson: in the cells before
it two networks are trained. Processor time is that of a learner's server and kernel,
from their start to the end of the last cell. Memory is their proportional set size:
what they share with others is divided among them. What the learners' browsers would
send came from the same machine.
"""
HEAD = (
    *("learners", "memory of one, MB", "of hub and proxy, MB", "processor time, s"),
    *("server ready, s", "first explorer, s", "all cells, s", "slider, ms"),
)
STAGES = ("server", "explorer", "cells")
SERVER = "jupyterhub.singleuser"
PLANNED, LEARNERS_A_CORE = (30, 300), 4
PLAN = """
## For 30 and for 300

Computed, not measured. A learner gets {spare} times the memory of the last line above,
for a second notebook, and {system:g} GB are for the system and the hub. Coming in and
Run-All cost {seconds:.0f} s of processor time a learner, a move of the slider
{move:.0f} ms. With a core for every {share} learners, a class that presses Run-All in
the same moment waits as long as the last column says; one that reads hardly waits.
"""
PLAN_HEAD = ("learners", "memory, GB", "cores", "all run all at once, s")
LOST = """
## A server that is killed in the middle

The server and the kernel of a learner were killed (SIGKILL) after they had saved, and
started again from the hub's page; what was saved was compared byte by byte.
"""


@dataclass
class Visit:
    """What one learner waited for, and what they cost."""

    seconds: dict[str, float] = field(default_factory=dict)
    moves: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    processor: float = 0.0
    of_a_move: float = 0.0


@dataclass(frozen=True)
class Row:
    """A class of so many."""

    visits: list[Visit]
    overhead: float

    def cells(self) -> list[object]:
        """Return the line of the table."""
        times = [[visit.seconds[stage] for visit in self.visits] for stage in STAGES]
        moves = 1e3 * np.concatenate([visit.moves for visit in self.visits])
        return [
            len(self.visits),
            median(visit.megabytes for visit in self.visits),
            self.overhead,
            median(visit.processor for visit in self.visits),
            *(f"{median(each):.1f} ({max(each):.1f})" for each in times),
            f"{np.median(moves):.0f} ({np.percentile(moves, 95):.0f})",
        ]


def main(words: Sequence[str] = ()) -> int:
    """Print the tables, store them if they are whole; return 0 if nothing is lost."""
    if sys.platform == "win32":
        print("This measurement needs JupyterHub, which does not run on Windows.")
        return 1
    if not all(word.isdecimal() and int(word) for word in words):
        print(f"A number of learners is wanted, such as 12, not {' '.join(words)}.")
        return 1
    busy = os.getloadavg()[0]
    rows = [a_class(count) for count in map(int, words or AT_ONCE)]
    seconds, mark = kill_and_return()
    lines = report(rows, seconds, busy)
    if not words:
        return publish("hub", lines, [mark])
    print("\n".join([*lines, "", str(mark)]))
    return 0 if mark.met else 1


def a_class(count: int) -> Row:
    """Let so many learners come in at once; return what was measured."""
    with (
        TemporaryDirectory() as folder,
        hub(Path(folder), f"--learners={count}") as (address, password),
        ThreadPoolExecutor(count) as room,
    ):
        together = threading.Barrier(count, timeout=900)

        def come(number: int) -> Visit:
            try:
                with Learner(address, f"learner{number}", password) as learner:
                    return visit(learner, Path(folder), together.wait)
            except BaseException:
                together.abort()  # the others wait for this one in vain
                raise

        visits = list(room.map(come, range(count)))
        return Row(visits, megabytes(of_hub(Path(folder))))


def visit(learner: Learner, folder: Path, together: Callable[[], object]) -> Visit:
    """Come in, run the lesson and move the slider, in step with the others."""
    found = Visit()
    together()
    start = time.perf_counter()
    learner.sign_in()
    learner.start_server()
    found.seconds["server"] = time.perf_counter() - start
    together()
    start = time.perf_counter()
    for cell in learner.open(LESSON)["cells"]:
        if cell["cell_type"] == "code":
            learner.run(cell["source"])
            if "explorer" not in found.seconds and learner.explorer():
                found.seconds["explorer"] = time.perf_counter() - start
    found.seconds["cells"] = time.perf_counter() - start
    together()
    mine = of_learner(folder, learner.name)
    before = processor(mine)
    found.moves = list(drag(learner))
    together()
    found.processor, found.megabytes = before, megabytes(mine)
    found.of_a_move = (processor(mine) - before) / MOVES
    together()
    return found


def drag(learner: Learner) -> list[float]:
    """Move the first slider there and back; return the seconds of each move."""
    slider, picture = learner.explorer() or ("", "")
    state = learner.widgets[slider]
    steps = int((state["max"] - state["min"]) / state["step"])
    there = [*range(steps), *range(steps, 0, -1)]
    moves = []
    for number in range(MOVES):
        value = state["min"] + state["step"] * there[number % len(there)]
        moves.append(learner.move(slider, value, picture))
        time.sleep(PAUSE)
    return moves


def of_learner(folder: Path, name: str) -> list[psutil.Process]:
    """Return a learner's server and what it has started."""
    root = f"{folder / 'learners' / name}/"
    (server,) = (
        process
        for process in psutil.process_iter()
        if process.pid
        and any(root in word for word in command(process))
        and SERVER in command(process)
    )
    return [server, *server.children(recursive=True)]


def of_hub(folder: Path) -> list[psutil.Process]:
    """Return the hub, its proxy and its culler, without the learners."""
    for here in psutil.Process().children():
        if f"--folder={folder}" in command(here):
            (hub,) = here.children()
            own = [p for p in hub.children() if SERVER not in command(p)]
            return [here, hub, *own]
    raise LookupError(f"no hub serves {folder}")


def command(process: psutil.Process) -> list[str]:
    """Return the words that started a process; none if it has ended."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def megabytes(processes: list[psutil.Process]) -> float:
    """Return the proportional set size of some processes together."""
    return sum(process.memory_full_info().pss for process in processes) / 1e6


def processor(processes: list[psutil.Process]) -> float:
    """Return the seconds of processor time of some processes together."""
    times = [process.cpu_times() for process in processes]
    return sum(each.user + each.system for each in times)


def kill_and_return() -> tuple[float, Mark]:
    """Kill a server in the middle; return the seconds to come back, and the mark."""
    with (
        TemporaryDirectory() as folder,
        hub(Path(folder)) as (address, password),
        Learner(address, "ada", password) as learner,
    ):
        lost, seconds = kill_in_the_middle(learner, Path(folder))
    asked = "saved notebook and progress unchanged after SIGKILL of server and kernel"
    return seconds, Mark(asked, ", ".join(lost) or "both", not lost)


def kill_in_the_middle(learner: Learner, folder: Path) -> tuple[list[str], float]:
    """Return which saved files differ after a kill, and the seconds to come back."""
    learner.sign_in()
    learner.start_server()
    lesson = learner.open(QUICK)
    for source in ANSWERED:
        learner.run(source)
    lesson["cells"][-1]["source"] = "my_own_words = 'kept'"
    learner.save(QUICK, lesson)
    mine = folder / "learners" / learner.name / "my_lessons"
    saved = {file: file.read_bytes() for file in (mine / QUICK, mine / PROGRESS)}
    for process in of_learner(folder, learner.name):
        process.kill()
    start = time.perf_counter()
    learner.start_server()
    learner.open(QUICK)
    seconds = time.perf_counter() - start
    lost = [file.name for file, was in saved.items() if file.read_bytes() != was]
    return lost, seconds


def report(rows: Sequence[Row], seconds: float, busy: float) -> list[str]:
    """Return the lines of the report."""
    return [
        *ABOUT.splitlines(),
        f"Before it began, {busy:.0f} other processes were at work on the machine.",
        "",
        *table(HEAD, [row.cells() for row in rows]),
        *PLAN.format(**plan(rows[-1])).splitlines(),
        "",
        *table(PLAN_HEAD, [needed(count, rows[-1]) for count in PLANNED]),
        *LOST.splitlines(),
        f"It answered again, a kernel connected, after {seconds:.1f} s.",
    ]


def plan(row: Row) -> dict[str, float]:
    """Return what the computation for larger classes starts from."""
    return {
        "spare": SPARE,
        "system": FOR_THE_SYSTEM,
        "seconds": median(visit.processor for visit in row.visits),
        "move": 1e3 * median(visit.of_a_move for visit in row.visits),
        "share": LEARNERS_A_CORE,
    }


def needed(count: int, row: Row) -> list[object]:
    """Return what a class of so many needs, computed from one that was measured."""
    one = SPARE * median(visit.megabytes for visit in row.visits) / 1e3
    cores = -(-count // LEARNERS_A_CORE)
    seconds = median(visit.processor for visit in row.visits)
    return [count, one * count + FOR_THE_SYSTEM, cores, seconds * count / cores]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
