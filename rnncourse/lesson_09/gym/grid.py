"""The grid of the gym: each task, cell and length, five seeds each, and how it is made.

``python -m rnncourse.lesson_09.gym`` trains all of it anew, in about an hour of one
core. It may be interrupted at any time: what is done is kept beside the stored grid,
and the same command goes on from there. The whole grid takes the place of the stored
one in the end. Words after the command choose the entries whose names hold one of them.

All cells are trained by the same recipe and, for a seed, on the same sequences.
"""

import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

import rnnlib
from rnncourse.lesson_09.gym.cells import (
    CELLS,
    EVERY_CELL,
    IN_THE_GYM,
    LATER,
    STARTS,
    VARIANTS,
    WITH_ONE,
    parameters,
    units_for,
)
from rnncourse.lesson_09.gym.tasks import LENGTHS, TASKS, TESTED
from rnncourse.shared import recipe
from rnnlib._typing import Array
from rnnlib.storage import StorageError, read_arrays, write_arrays
from rnnlib.training.threads import blas_threads

__all__ = [
    "BLOCKS",
    "FAIR",
    "FAIR_TASKS",
    "GATE_TASKS",
    "GRID",
    "HIDDEN",
    "SEEDS",
    "SETTINGS",
    "STORED",
    "UPDATES",
    "Entry",
    "Results",
    "Run",
    "curves",
    "fair",
    "measure",
    "read_results",
    "run",
    "scores",
    "seconds",
    "stored",
    "trained",
]

STORED = Path(__file__).with_name("grid.npz")
KIND = "memory gym"
SEEDS = range(100, 105)
HIDDEN, UPDATES, BATCH, RATE, BLOCKS = 32, 400, 32, 0.01, 20
SETTINGS = {
    "hidden": HIDDEN,
    "updates": UPDATES,
    "batch": BATCH,
    "optimiser": f"Adam, rate {RATE}, falling to 0 along half a cosine",
    "clipped to": recipe.MAX_NORM,
    "dtype": "float32",
    "seeds": [*SEEDS],
    "tested on": TESTED,
}
GATE_TASKS = (("temporal order", 60), ("flip-flop", 60), ("a^n b^n", 30))
LATER_STEPS = 60
FAIR_TASKS = (("adding", 60), ("temporal order", 60), ("echo", 60))
# A run of a plain cell takes 0.31 to 0.39 of the time of one of an LSTM.
SAME_SECONDS = {"RNN": 1100, "identity ReLU": 1100}
FAIR = ("same units", "same parameters", "same seconds")

Results = dict[str, Array]  # by name, (seeds, 2 + BLOCKS): score, seconds, curve


@dataclass(frozen=True)
class Entry:
    """What is trained, once for each seed."""

    task: str
    steps: int
    cell: str
    hidden: int = HIDDEN
    updates: int = UPDATES

    @property
    def name(self) -> str:
        """What it is called; says how it differs from the usual.

        >>> Entry("adding", 60, "RNN", hidden=67).name
        'adding, T = 60, RNN, H = 67'
        """
        units = f", H = {self.hidden}" if self.hidden != HIDDEN else ""
        longer = f", {self.updates} updates" if self.updates != UPDATES else ""
        return f"{self.task}, T = {self.steps}, {self.cell}{units}{longer}"


@dataclass(frozen=True)
class Run:
    """A training, under way or done.

    Attributes
    ----------
    entry : Entry
    losses : tuple of float
        Mean of each block of updates so far; there are BLOCKS of them in the end.
    score : float or None
        Once training is over: 0 is chance, 1 the ceiling.
    progress : float
    """

    entry: Entry
    losses: tuple[float, ...]
    score: float | None
    progress: float


def fair(task: str, steps: int, cell: str, how: str) -> Entry:
    """Return the entry in which a cell is compared with the LSTM, by one of FAIR."""
    if how == "same seconds":
        return Entry(task, steps, cell, updates=SAME_SECONDS.get(cell, UPDATES))
    if how == "same parameters":
        D = TASKS[task].inputs
        units = units_for(cell, D, parameters("LSTM", D, HIDDEN))
        return Entry(task, steps, cell, hidden=units)
    return Entry(task, steps, cell)


def _grid() -> Iterator[Entry]:
    for task, steps, cell in product(TASKS, LENGTHS, IN_THE_GYM):
        yield Entry(task, steps, cell)
    for task, cell in product(TASKS, LATER):
        yield Entry(task, LATER_STEPS, cell)
    for cell in WITH_ONE:
        yield Entry("flip-flop", LATER_STEPS, cell)
    for (task, steps), cell in product(GATE_TASKS, VARIANTS):
        yield Entry(task, steps, cell)
    for cell in STARTS:
        yield Entry(*GATE_TASKS[0], cell)
    for (task, steps), cell, how in product(FAIR_TASKS, CELLS, FAIR):
        yield fair(task, steps, cell, how)


GRID = {entry.name: entry for entry in _grid()}


def run(entry: Entry, rng: np.random.Generator) -> Iterator[Run]:
    """Train a new network; yield the run so far after each update.

    The last one has a score. The weights, the sequences it learns from and those it is
    tested on are each drawn from a generator of their own: two cells that start from
    the same `rng` read the same sequences.
    """
    task = TASKS[entry.task]
    of_weights, of_data, of_test = rng.spawn(3)
    make = EVERY_CELL[entry.cell]
    cell = make(task.inputs, entry.hidden, rng=of_weights, dtype=np.float32)
    model = task.model(cell, rng=of_weights)
    means: tuple[float, ...] = ()
    block: list[float] = []
    ends = {entry.updates * k // BLOCKS for k in range(1, BLOCKS + 1)}
    losses = recipe.training(
        *(model, task.make(entry.steps), entry.updates),
        rng=of_data,
        batch_size=BATCH,
        learning_rate=RATE,
    )
    for done, loss in enumerate(losses, 1):
        block.append(loss)
        if done in ends:
            means, block = (*means, float(np.mean(block))), []
        yield Run(entry, means, None, 0.99 * done / entry.updates)
    yield Run(entry, means, task.score(entry.steps, model, rng=of_test), 1.0)


def trained(entry: Entry, seed: int) -> Array:
    """Return score, seconds of processor time and curve of one run, (2 + BLOCKS,)."""
    begin = time.process_time()
    with blas_threads(1):
        *_, last = run(entry, np.random.default_rng(seed))
    spent = time.process_time() - begin
    return np.array([last.score, spent, *last.losses], dtype=np.float32)


def measure(
    entries: Sequence[Entry],
    place: Path = STORED,
    *,
    bar: Callable[[Sequence[Any]], Iterable[Any]] = iter,
) -> None:
    """Make entries anew; put them into the grid that is stored at `place`.

    They come seed by seed, each through `bar`. After each run all runs are kept beside
    `place`; there an interrupted grid goes on, unless the settings have changed.
    """
    beside = place.with_suffix(".part.npz")
    fresh = read_results(beside)
    nothing = np.full((len(SEEDS), 2 + BLOCKS), np.nan, dtype=np.float32)
    for k, entry in bar([*product(range(len(SEEDS)), entries)]):
        rows = fresh.setdefault(entry.name, nothing.copy())
        if np.isnan(rows[k, 0]):
            rows[k] = trained(entry, SEEDS[k])
            _write(beside, fresh)
    whole = {name: rows for name, rows in fresh.items() if not np.isnan(rows).any()}
    _write(place, {**read_results(place), **whole})
    beside.unlink(missing_ok=True)


def _write(place: Path, results: Results) -> None:
    versions = {
        "rnnlib": rnnlib.__version__,
        "numpy": np.__version__,
        "Python": platform.python_version(),
    }
    header = {"settings": SETTINGS, "versions": versions}
    write_arrays(place, KIND, header, results)


def read_results(place: Path) -> Results:
    """Return the results of a file; none if there is none with the same settings."""
    try:
        header, results = read_arrays(place, KIND)
    except StorageError:
        return {}
    return results if header["settings"] == SETTINGS else {}


@cache
def stored() -> Results:
    """Return the stored grid."""
    return read_results(STORED)


def scores(entry: Entry) -> Array:
    """Return the stored scores (5,), one a seed."""
    return stored()[entry.name][:, 0]


def seconds(entry: Entry) -> Array:
    """Return the stored seconds of processor time (5,), one a seed."""
    return stored()[entry.name][:, 1]


def curves(entry: Entry) -> Array:
    """Return the stored losses (5, BLOCKS), each the mean of a block of updates."""
    return stored()[entry.name][:, 2:]
