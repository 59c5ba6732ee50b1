"""The tasks of the gym, each with a dial: T, the steps it takes.

Each is scored in its own measure, and all in one: how much of the way from the chance
level to the ceiling a network has come. 0 is what an answer reaches that ignores the
input, 1 what nobody can beat.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlib._typing import Rng
from rnnlib.cells import Cell, LinearCell
from rnnlib.metrics import accuracy, bits_per_character, exact_match
from rnnlib.models import SequenceClassifier, Tagger
from rnnlib.recurrent import Layer, Recurrent, Scanned
from rnnlib.tasks import (
    Adding,
    AnBn,
    Batch,
    BracketLanguage,
    Copy,
    Echo,
    FlipFlop,
    Parity,
    TemporalOrder,
)

__all__ = ["LENGTHS", "TASKS", "TESTED", "GymTask"]

LENGTHS = (10, 30, 60, 100)
TESTED = 1000  # new sequences
LETTERS, BITS = 3, 2


def _accuracy(model: Any, batch: Batch) -> float:
    return accuracy(model.predict(batch.inputs), batch.targets, batch.mask)


def _exact_match(model: Any, batch: Batch) -> float:
    said = model.predict(batch.inputs, batch.input_mask)
    return exact_match(said, batch.targets, batch.mask)


def _loss(model: Any, batch: Batch) -> float:
    return float(model.loss(batch, gradients=False).value)


def _bits(model: Any, batch: Batch) -> float:
    return bits_per_character(_loss(model, batch))


@dataclass(frozen=True)
class GymTask:
    """A task with a dial, and how it is scored.

    Parameters
    ----------
    make : callable
        Takes T, and returns the task of `rnnlib.tasks`.
    inputs, outputs : int
        D, numbers or kinds of symbols that come in, and V, scores that come out.
    measured : callable
        Takes a model and a batch, and returns the task's own measure.
    ceiling : callable
        Takes the task, and returns the best that can be measured.
    reader : type of model
        A `Tagger` answers at each step, a `SequenceClassifier` at the end.
    loss : str
    """

    make: Callable[[int], Any]
    inputs: int
    outputs: int
    measured: Callable[[Any, Batch], float] = _accuracy
    ceiling: Callable[[Any], float] = lambda task: 1.0
    reader: type[Tagger] | type[SequenceClassifier] = Tagger
    loss: str = "cross_entropy"

    def model(self, cell: Cell | Layer, *, rng: Rng) -> Any:
        """Return an untrained model around a cell, or a layer."""
        layer: Any = cell
        if isinstance(cell, Cell):
            layer = Scanned(cell) if isinstance(cell, LinearCell) else Recurrent(cell)
        return self.reader(layer, self.outputs, rng=rng, loss=self.loss)

    def score(self, steps: int, model: Any, *, rng: Rng) -> float:
        """Return how far a model has come from chance, 0, to the ceiling, 1.

        It is tested on new sequences. Below chance the score is negative.
        """
        task = self.make(steps)
        batch = task.sample(TESTED, rng=rng, split="held_out")
        return self.share(steps, self.measured(model, batch))

    def share(self, steps: int, measured: float) -> float:
        """Return the score of what was measured."""
        task = self.make(steps)
        return (measured - task.chance) / (self.ceiling(task) - task.chance)


TASKS: Mapping[str, GymTask] = {
    "adding": GymTask(
        lambda T: Adding(T, dtype=np.float32),
        *(2, 1),
        measured=_loss,
        ceiling=lambda task: 0.0,
        reader=SequenceClassifier,
        loss="mean_squared_error",
    ),
    "copy": GymTask(lambda T: Copy(LETTERS, T - 2 * LETTERS), *(10, 10)),
    "temporal order": GymTask(TemporalOrder, *(6, 4), reader=SequenceClassifier),
    "parity, each step": GymTask(Parity, *(2, 2)),
    "parity, at the end": GymTask(lambda T: Parity(T, "at the end"), *(2, 2)),
    "echo": GymTask(lambda T: Echo(T // 5, T), *(2, 2)),
    "a^n b^n": GymTask(
        lambda T: AnBn(T // 2, beyond=T // 5), *(5, 5), measured=_exact_match
    ),
    "flip-flop": GymTask(
        lambda T: FlipFlop(BITS, T, 2 / T, np.float32), *(BITS, 2**BITS)
    ),
    "brackets": GymTask(
        BracketLanguage,
        *(7, 7),
        measured=_bits,
        ceiling=lambda task: task.entropy,
    ),
}
