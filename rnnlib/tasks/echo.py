"""The echo task: repeat what was heard some steps ago."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_rng, check_size
from rnnlib._typing import Rng
from rnnlib.tasks.base import Batch

__all__ = ["Echo"]


@dataclass(frozen=True)
class Echo:
    """Random bits go in; at each step, say the bit of `delay` steps ago.

    What is random: every bit, 0 or 1 with equal chance. Before the first echo nothing
    is asked: the mask is False there. Who does not remember is right every second
    time. The data is CC0. After the memory tasks of Jaeger (2001).

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
    chance: ClassVar[float] = 0.5

    def __post_init__(self) -> None:
        check_size("delay", self.delay)
        check_size("steps", self.steps, minimum=self.delay + 1)

    def sample(self, batch_size: int, *, rng: Rng) -> Batch:
        """Return inputs, targets and mask, each (T, B)."""
        shape = (self.steps, check_size("batch_size", batch_size))
        bits = check_rng(rng).integers(0, 2, size=shape)
        targets = np.zeros(shape, dtype=bits.dtype)
        targets[self.delay :] = bits[: -self.delay]
        asked = np.broadcast_to(np.arange(self.steps)[:, None] >= self.delay, shape)
        return Batch(bits, targets, asked)
