"""The parity task: whether the number of ones is odd."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_choice, check_size
from rnnlib._typing import Array, Rng
from rnnlib.tasks.base import Batch, Task

__all__ = ["Parity"]


@dataclass(frozen=True, repr=False)
class Parity(Task[Batch]):
    """Say whether an odd number of ones has come so far: 1 for odd, 0 for even.

    Two units can do it, at any length. Learning it is another matter: easy where the
    answer is asked for at each step, hard where it is asked for only at the end. The
    data is the same for both; they differ in the mask alone.

    What is random: every bit, 0 or 1 with equal chance. Chance level is one half, even
    for a reader who misses only one bit. The data is CC0.

    Parameters
    ----------
    steps : int
        T, at least 1.
    asked : {"each step", "at the end"}
        Where the mask is True.

    Examples
    --------
    >>> batch = Parity(steps=6).sample(1, rng=np.random.default_rng(0))
    >>> batch.inputs[:, 0], batch.targets[:, 0]
    (array([1, 1, 1, 0, 0, 0]), array([1, 0, 1, 1, 1, 1]))
    >>> Parity(3, asked="at the end").sample(1, rng=np.random.default_rng(0)).mask.T
    array([[False, False,  True]])
    """

    steps: int
    asked: str = "each step"
    symbols: ClassVar[tuple[str, ...]] = ("0", "1")
    measure: ClassVar[str] = "accuracy"
    chance: ClassVar[float] = 0.5

    def __post_init__(self) -> None:
        check_size("steps", self.steps)
        check_choice("asked", self.asked, ("each step", "at the end"))

    def _draw(self, count: int, rng: Rng) -> Array:
        return rng.integers(0, 2, size=(count, self.steps))

    def _assemble(self, items: list[Array]) -> Batch:
        bits = np.stack(items, axis=1)
        mask = np.ones(bits.shape, dtype=bool)
        mask[:-1] = self.asked == "each step"
        return Batch(bits, bits.cumsum(axis=0) % 2, mask)
