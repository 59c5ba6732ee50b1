"""The temporal order task: which marks came, and in which order."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_rng, check_size
from rnnlib._typing import Rng
from rnnlib.tasks.base import Batch

__all__ = ["TemporalOrder"]


@dataclass(frozen=True)
class TemporalOrder:
    """Say at the end which two marks, X or Y each, stood among distractors.

    The first mark stands in the first fifth of the sequence, the second in the third
    fifth. The answer is one of XX, XY, YX, YY, so it has to be carried over at least
    two fifths of the sequence. After Hochreiter and Schmidhuber (1997), task 6.

    What is random: the pair (all four equally often in the mean), both places, and the
    distractors. Who does not remember has chance level, 1 in 4. The data is CC0.

    Parameters
    ----------
    steps : int
        T, at least 5.

    Examples
    --------
    >>> task = TemporalOrder(steps=10)
    >>> batch = task.sample(2, rng=np.random.default_rng(0))
    >>> [" ".join(task.symbols[token] for token in row) for row in batch.inputs.T]
    ['X c b a a Y c d c c', 'c Y a a X d c c c d']
    >>> [task.classes[target] for target in batch.targets]
    ['XY', 'YX']
    """

    steps: int
    symbols: ClassVar[tuple[str, ...]] = ("a", "b", "c", "d", "X", "Y")
    classes: ClassVar[tuple[str, ...]] = ("XX", "XY", "YX", "YY")
    chance: ClassVar[float] = 0.25

    def __post_init__(self) -> None:
        check_size("steps", self.steps, minimum=5)

    def sample(self, batch_size: int, *, rng: Rng) -> Batch:
        """Return inputs, tokens (T, B), and targets (B,): the class of each pair."""
        T, B = self.steps, check_size("batch_size", batch_size)
        rng = check_rng(rng)
        tokens = rng.integers(0, 4, size=(T, B))
        first, second = rng.integers(0, 2, size=(2, B))
        columns = np.arange(B)
        tokens[rng.integers(0, T // 5, size=B), columns] = 4 + first
        place = 2 * T // 5 + rng.integers(0, T // 5, size=B)
        tokens[place, columns] = 4 + second
        return Batch(tokens, 2 * first + second)
