"""The echo task: repeat what was heard some steps ago."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_size
from rnnlib._typing import Array, Rng
from rnnlib.tasks.base import Batch, Task

__all__ = ["Echo"]


@dataclass(frozen=True, repr=False)
class Echo(Task[Batch]):
    """Random bits go in; at each step, say the bit from `delay` steps ago.

    What is random: every bit, 0 or 1 with equal chance. Nothing is asked before the
    first echo: the mask is False there. Without memory, half of the answers are right.
    The data is CC0.

    Parameters
    ----------
    delay : int
        At least 1.
    steps : int
        T, greater than `delay`.

    Examples
    --------
    >>> batch = Echo(delay=2, steps=6).sample(1, rng=np.random.default_rng(0))
    >>> batch.inputs[:, 0], batch.targets[:, 0]
    (array([1, 1, 1, 0, 0, 0]), array([0, 0, 1, 1, 1, 0]))
    >>> batch.mask[:, 0]
    array([False, False,  True,  True,  True,  True])
    """

    delay: int
    steps: int
    symbols: ClassVar[tuple[str, ...]] = ("0", "1")
    measure: ClassVar[str] = "accuracy"
    chance: ClassVar[float] = 0.5

    def __post_init__(self) -> None:
        check_size("delay", self.delay)
        check_size("steps", self.steps, minimum=self.delay + 1)

    def _draw(self, count: int, rng: Rng) -> Array:
        return rng.integers(0, 2, size=(count, self.steps))

    def _assemble(self, items: list[Array]) -> Batch:
        bits = np.stack(items, axis=1)
        targets = np.zeros_like(bits)
        targets[self.delay :] = bits[: -self.delay]
        asked = np.arange(self.steps)[:, None] >= self.delay
        return Batch(bits, targets, np.broadcast_to(asked, bits.shape))
