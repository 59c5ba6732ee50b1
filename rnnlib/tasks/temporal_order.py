"""The temporal order task: which marks came, and in what order."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_size
from rnnlib._typing import Array, Rng
from rnnlib.tasks.base import Batch, Task

__all__ = ["TemporalOrder"]


@dataclass(frozen=True, repr=False)
class TemporalOrder(Task[Batch]):
    """Say at the end which two marks, each X or Y, were among the distractors.

    The first mark is in the first fifth of the sequence, the second in the third
    fifth. The answer is one of XX, XY, YX, YY, so it has to be carried over at least
    two fifths of the sequence. After Hochreiter and Schmidhuber (1997), task 6.

    What is random: the pair (all four equally often on average), both places, and the
    distractors. Without memory, 1 answer in 4 is right. The data is CC0.

    Parameters
    ----------
    steps : int
        T, at least 5.

    Examples
    --------
    >>> task = TemporalOrder(steps=10)
    >>> batch = task.sample(2, rng=np.random.default_rng(0))
    >>> [" ".join(task.symbols[token] for token in row) for row in batch.inputs.T]
    ['X c c b b Y a a a d', 'c Y c c X c c c c d']
    >>> [task.classes[target] for target in batch.targets]
    ['XY', 'YX']
    """

    steps: int
    symbols: ClassVar[tuple[str, ...]] = ("a", "b", "c", "d", "X", "Y")
    classes: ClassVar[tuple[str, ...]] = ("XX", "XY", "YX", "YY")
    measure: ClassVar[str] = "accuracy"
    chance: ClassVar[float] = 0.25

    def __post_init__(self) -> None:
        check_size("steps", self.steps, minimum=5)

    def _draw(self, count: int, rng: Rng) -> Array:
        T, rows = self.steps, np.arange(count)
        tokens = rng.integers(0, 4, size=(count, T))
        first, second = rng.integers(4, 6, size=(2, count))
        tokens[rows, rng.integers(0, T // 5, size=count)] = first
        tokens[rows, 2 * T // 5 + rng.integers(0, T // 5, size=count)] = second
        return tokens

    def _assemble(self, items: list[Array]) -> Batch:
        tokens = np.stack(items, axis=1)
        first, second = np.array([row[row >= 4] for row in items]).T - 4
        return Batch(tokens, 2 * first + second)
