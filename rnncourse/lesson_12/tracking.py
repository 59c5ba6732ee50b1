"""Tasks in which a state has to be tracked, the cells that try, and their test.

Whoever tracks a state is right at any length. So a network learns from sequences of 20
steps, and is tested on sequences that are many times as long.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncourse.shared import recipe
from rnnlib._typing import Array, Rng
from rnnlib.cells import LSTMCell, MinGRUCell, RNNCell
from rnnlib.models import Tagger
from rnnlib.recurrent import Recurrent, Scanned
from rnnlib.tasks import Batch, Parity

__all__ = [
    "CELLS",
    "HIDDEN",
    "STEPS",
    "TASKS",
    "TESTED",
    "TIMES",
    "UPDATES",
    "Cups",
    "shares",
    "tracker",
    "tracking",
]

HIDDEN, UPDATES, TESTED = 16, 1000, 200
STEPS = 20  # in training
TIMES = (1, 2, 5, 10, 20, 50, 100)  # as long, in the test
SWAPS = np.array([[1, 0, 2], [0, 2, 1]])  # by move: where it takes what was at 0, 1, 2


@dataclass(frozen=True)
class Cups:
    """Say under which of three cups the pea is; it begins under the left one.

    At each step nothing happens (0), the left cup and the middle one change places (1),
    or the middle one and the right one do (2), each with equal chance. It matters what
    came first, so it is not enough to count.

    Parameters
    ----------
    steps : int

    Examples
    --------
    >>> batch = Cups(5).sample(1, rng=np.random.default_rng(0))
    >>> batch.inputs[:, 0], batch.targets[:, 0]
    (array([2, 1, 1, 0, 0]), array([0, 1, 0, 0, 0]))
    """

    steps: int

    def sample(self, batch_size: int, *, rng: Rng) -> Batch:
        """Return a batch; the targets are 0, 1 and 2 from left to right."""
        moves = rng.integers(0, 3, size=(self.steps, batch_size))
        place = np.zeros(batch_size, int)
        places = np.empty_like(moves)
        for t, move in enumerate(moves):
            place = np.where(move == 0, place, SWAPS[move - 1, place])
            places[t] = place
        return Batch(moves, places)


# by name: what makes the task of a length, the kinds of input, the kinds of answer
TASKS: Mapping[str, tuple[Callable[[int], Any], int, int]] = {
    "parity": (Parity, 2, 2),
    "three cups": (Cups, 3, 3),
}


def _scanned(size: int, *, rng: Rng, signed: bool) -> Scanned:
    cell = MinGRUCell(size, HIDDEN, rng=rng, signed=signed, dtype=np.float32)
    return Scanned(cell)


CELLS: Mapping[str, Callable[..., Recurrent]] = {
    "a in (0, 1)": lambda size, rng: _scanned(size, rng=rng, signed=False),
    "a in (-1, 1)": lambda size, rng: _scanned(size, rng=rng, signed=True),
    "tanh RNN": lambda size, rng: Recurrent(
        RNNCell(size, HIDDEN, rng=rng, dtype=np.float32)
    ),
    "LSTM": lambda size, rng: Recurrent(
        LSTMCell(size, HIDDEN, rng=rng, dtype=np.float32)
    ),
}


def tracker(task: str, cell: str, *, rng: Rng) -> Tagger:
    """Return an untrained network that answers at each step."""
    _, inputs, answers = TASKS[task]
    return Tagger(CELLS[cell](inputs, rng), answers, rng=rng)


def tracking(model: Tagger, task: str, *, rng: Rng) -> Iterator[float]:
    """Train by the recipe of the course; yield the loss of each update."""
    make = TASKS[task][0]
    return recipe.training(model, make(STEPS), UPDATES, rng=rng)


def shares(model: Tagger, task: str, *, rng: Rng) -> Array:
    """Return the accuracy in the last 20 steps of sequences TIMES as long."""
    batch = TASKS[task][0](STEPS * TIMES[-1]).sample(TESTED, rng=rng)
    right = model.predict(batch.inputs) == batch.targets
    return np.array([right[STEPS * (n - 1) : STEPS * n].mean() for n in TIMES])
