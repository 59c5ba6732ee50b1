"""The adding problem: the sum of two numbers among many."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_float_dtype, check_size
from rnnlib._typing import Array, DTypeLike, Rng
from rnnlib.tasks.base import Batch, Task

__all__ = ["Adding"]


@dataclass(frozen=True, repr=False)
class Adding(Task[Batch]):
    """Say at the end the sum of the two marked numbers.

    Each step brings a number and a mark: 1 at two steps and 0 at all others. The first
    mark is in the first half, the second in the rest. After Hochreiter and Schmidhuber
    (1997), task 4, with the numbers of Le, Jaitly and Hinton (2015).

    What is random: the numbers, uniform from 0 to 1, and both places. Always answering
    1, the mean of all sums, has a mean squared error of 1/6. The data is CC0.

    Parameters
    ----------
    steps : int
        T, at least 2.
    dtype : numpy dtype
        float64 or float32, like the model that reads it.

    Examples
    --------
    >>> batch = Adding(steps=5).sample(1, rng=np.random.default_rng(0))
    >>> batch.inputs[:, 0].round(2).T
    array([[0.64, 0.27, 0.04, 0.02, 0.81],
           [0.  , 1.  , 0.  , 0.  , 1.  ]])
    >>> batch.targets.round(2)
    array([[1.08]])
    """

    steps: int
    dtype: DTypeLike = np.float64
    measure: ClassVar[str] = "mean squared error"
    chance: ClassVar[float] = 1 / 6

    def __post_init__(self) -> None:
        check_size("steps", self.steps, minimum=2)
        check_float_dtype(self.dtype)

    def _draw(self, count: int, rng: Rng) -> Array:
        half, rows = self.steps // 2, np.arange(count)
        items = np.zeros((count, self.steps, 2))
        items[..., 0] = rng.random((count, self.steps))
        items[rows, rng.integers(0, half, size=count), 1] = 1
        items[rows, rng.integers(half, self.steps, size=count), 1] = 1
        return items

    def _assemble(self, items: list[Array]) -> Batch:
        inputs = np.stack(items, axis=1)
        sums = inputs.prod(axis=-1).sum(axis=0)[:, None]
        return Batch(inputs.astype(self.dtype), sums.astype(self.dtype))
