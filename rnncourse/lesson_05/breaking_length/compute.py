"""At which length three cells of the same size stop learning the temporal order task.

What the explorer opens with was measured once and is stored in weights.npz.
``python -m rnncourse.lesson_05.breaking_length.compute`` measures it again, in a few
minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.shared.temporal_order import held_out_accuracy, reader, training
from rnnlib import init
from rnnlib._typing import Array, Rng
from rnnlib.cells import Cell, LSTMCell, RNNCell
from rnnlib.tasks import TemporalOrder

__all__ = [
    "BLOCK",
    "CHANCE",
    "LENGTHS",
    "NAMES",
    "SEEDS",
    "UPDATES",
    "BreakingLength",
    "Run",
    "compute",
    "measure",
    "new_cell",
    "run",
    "stored",
]

STORED = Path(__file__).with_name("weights.npz")
NAMES = {"tanh": "plain tanh RNN", "relu": "ReLU + identity", "lstm": "LSTM"}
LENGTHS = np.arange(10, 81, 5)
SEEDS = 15
HIDDEN, UPDATES, BLOCK = 16, 400, 10
FORGET_BIAS = 3.0  # at first, 0.95 of the cell state is kept at each step
SOLVED = 0.05  # mean loss of the last two blocks, in nats
CHANCE = TemporalOrder.chance
GOOD = 0.6


@dataclass(frozen=True)
class Run:
    """A training run, under way or done.

    Attributes
    ----------
    cell : str
        A key of NAMES.
    steps : int
        T, the length of the sequences.
    losses : ndarray, shape (N,)
        Mean training loss of each block of BLOCK updates so far, in nats.
    accuracy : float or None
        Accuracy on new sequences, once training is over.
    """

    cell: str
    steps: int
    losses: Array
    accuracy: float | None = None

    @property
    def updates(self) -> int:
        """How many updates were made."""
        return BLOCK * len(self.losses)

    @property
    def progress(self) -> float:
        """How much of the training is done, from 0 to 1."""
        return 1.0 if self.accuracy is not None else 0.99 * self.updates / UPDATES


@dataclass(frozen=True)
class BreakingLength:
    """What was measured before, what is looked at, and the learner's own runs.

    Attributes
    ----------
    cell, steps : str, int
        What is looked at.
    accuracies : ndarray, shape (3, 15, SEEDS)
        Of the stored runs, by cell, length and seed.
    losses : ndarray, shape (N,)
        Of the median stored run, at `cell` and `steps`.
    trained : tuple of Run
        The learner's, the last one perhaps still under way.
    """

    cell: str
    steps: int
    accuracies: Array
    losses: Array
    trained: tuple[Run, ...] = ()

    @property
    def latest(self) -> Run | None:
        """The learner's last run of what is looked at."""
        place = self.cell, self.steps
        here = (run for run in reversed(self.trained) if (run.cell, run.steps) == place)
        return next(here, None)

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return f"{NAMES[self.cell]}, T = {self.steps}: {self._here()} {self._breaks()}"

    def _here(self) -> str:
        mine = self.latest
        if mine is not None and mine.accuracy is None:
            return f"after {mine.updates} updates the loss is {mine.losses[-1]:.2f}."
        right = 100 * self.runs_here
        said = (
            f"{SEEDS} stored runs have {right.min():.0f} to {right.max():.0f} of 100 "
            f"right, {right.mean():.0f} on average."
        )
        if mine is None or mine.accuracy is None:
            return said
        return f"your run has {100 * mine.accuracy:.0f} of 100 right; {said}"

    def _breaks(self) -> str:
        length = breaking_length(self.accuracies[_row(self.cell)])
        if length is None or length > self.steps:
            return "Up to here the average is never below 60; guessing has 25."
        return f"The average falls below 60 at T = {length}; guessing has 25."

    @property
    def shown(self) -> int:
        """How many of LENGTHS are shown: those up to `steps`."""
        return _column(self.steps) + 1

    @property
    def runs_here(self) -> Array:
        """The accuracies (SEEDS,) of the stored runs that are looked at."""
        accuracies: Array = self.accuracies[_row(self.cell), _column(self.steps)]
        return accuracies


def breaking_length(accuracies: Array) -> int | None:
    """Return the first length with an average (15, SEEDS) below 60 %, if there is one.

    >>> breaking_length(np.where(LENGTHS < 40, 1.0, 0.25)[:, None])
    40
    """
    bad = np.flatnonzero(accuracies.mean(axis=1) < GOOD)
    return int(LENGTHS[bad[0]]) if bad.size else None


def new_cell(kind: str, *, rng: Rng) -> Cell:
    """Return a tanh cell, a ReLU cell that starts from the identity, or an LSTM.

    Each has HIDDEN units, and reads the six letters of the task.
    """
    D, F32 = len(TemporalOrder.symbols), np.float32
    if kind == "lstm":
        return LSTMCell(D, HIDDEN, rng=rng, forget_bias=FORGET_BIAS, dtype=F32)
    if kind == "tanh":
        return RNNCell(D, HIDDEN, rng=rng, dtype=F32)
    return RNNCell(
        D,
        HIDDEN,
        rng=rng,
        activation="relu",
        recurrent_init=init.identity,
        dtype=F32,
    )


def run(kind: str, steps: int, *, rng: Rng) -> Iterator[Run]:
    """Train a new cell, and yield the run so far after each block of updates.

    At most UPDATES are made; training ends early when the loss is near zero. Only the
    last Run that is yielded has an accuracy.
    """
    task = TemporalOrder(steps=steps)
    model = reader(new_cell(kind, rng=rng), task, rng=rng)
    losses = training(model, task, UPDATES, rng=rng)
    means: list[float] = []
    for block in zip(*[losses] * BLOCK, strict=True):
        means.append(float(np.mean(block)))
        yield Run(kind, steps, np.array(means))
        if np.mean(means[-2:]) < SOLVED:
            break
    yield Run(kind, steps, np.array(means), held_out_accuracy(model, task, rng=rng))


def measure(kind: str, steps: int, seed: int) -> Run:
    """Return a run from beginning to end, as those that are stored."""
    *_, last = run(kind, steps, rng=np.random.default_rng(seed))
    return last


@cache
def stored() -> dict[str, Array]:
    """Return what was measured: accuracies (3, 15, SEEDS) and losses (3, 15, N).

    The losses are those of the median run; they are nan after its end.
    """
    with np.load(STORED) as found:
        return dict(found)


def compute(*, cell: str, steps: int, trained: tuple[Run, ...] = ()) -> BreakingLength:
    """Return what is known about `cell` on sequences of `steps` letters.

    Parameters
    ----------
    cell : str
        A key of NAMES.
    steps : int
        T; the stored runs are those of the nearest of LENGTHS.
    trained : tuple of Run
        By the learner.
    """
    losses = stored()["losses"][_row(cell), _column(steps)]
    return BreakingLength(
        cell=cell,
        steps=steps,
        accuracies=stored()["accuracies"],
        losses=losses[~np.isnan(losses)],
        trained=trained,
    )


def _row(cell: str) -> int:
    return [*NAMES].index(cell)


def _column(steps: int) -> int:
    """Return the index of the nearest stored length."""
    return int(abs(LENGTHS - steps).argmin())


def main() -> None:
    """Measure all that is stored, and store it."""
    accuracies = np.empty((len(NAMES), len(LENGTHS), SEEDS))
    losses = np.full((len(NAMES), len(LENGTHS), UPDATES // BLOCK), np.nan)
    for i, kind in enumerate(NAMES):
        for j, steps in enumerate(LENGTHS):
            runs = [measure(kind, int(steps), seed) for seed in range(SEEDS)]
            accuracies[i, j] = [run.accuracy for run in runs]
            middle = runs[np.argsort(accuracies[i, j])[SEEDS // 2]]
            losses[i, j, : len(middle.losses)] = middle.losses
    np.savez_compressed(STORED, accuracies=accuracies, losses=losses)


if __name__ == "__main__":
    main()
