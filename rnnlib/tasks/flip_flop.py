"""The flip-flop task: bits that are set by pulses and held in between."""

from dataclasses import dataclass
from itertools import pairwise, product
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_float_dtype, check_number, check_size
from rnnlib._typing import Array, DTypeLike, Rng
from rnnlib.tasks.base import Batch, Task

__all__ = ["FlipFlop"]


@dataclass(frozen=True, repr=False)
class FlipFlop(Task[Batch]):
    """Hold some bits: a pulse of 1 sets a bit, one of -1 clears it, 0 leaves it.

    The first step brings a pulse for each bit. What all bits are now, one of 2^K
    classes, is asked for at the steps without any pulse, where only memory knows it; a
    network that does it has 2^K states to rest in. After Sussillo and Barak (2013), who
    use three bits.

    What is random: at each later step each bit receives a pulse with probability
    `rate`; up and down are equally likely. Without memory, 1 answer in 2^K is right.
    The data is CC0.

    Parameters
    ----------
    bits : int
        K, from 1 to 8.
    steps : int
        T, at least 2.
    rate : float
        From 0 to 0.5: a bit is held for 1 / rate steps on average.
    dtype : numpy dtype
        float64 or float32, like the model that reads it.

    Examples
    --------
    >>> task = FlipFlop(bits=2, steps=7, rate=0.2)
    >>> batch = task.sample(1, rng=np.random.default_rng(2))
    >>> batch.inputs[:, 0].T
    array([[ 1.,  0., -1.,  0.,  0.,  0.,  1.],
           [-1.,  0.,  0.,  0.,  0.,  0.,  0.]])
    >>> [task.classes[target] for target in batch.targets[batch.mask]]
    ['10', '00', '00', '00']
    """

    bits: int
    steps: int
    rate: float = 0.1
    dtype: DTypeLike = np.float64
    measure: ClassVar[str] = "accuracy"

    def __post_init__(self) -> None:
        if check_size("bits", self.bits) > 8:
            raise ValueError(f"bits must be at most 8, got {self.bits}")
        check_size("steps", self.steps, minimum=2)
        if check_number("rate", self.rate, at_least=0) > 0.5:
            raise ValueError(
                f"rate must be at most 0.5, got {self.rate}; nothing is asked for at a "
                "step with a pulse"
            )
        check_float_dtype(self.dtype)

    @property
    def classes(self) -> tuple[str, ...]:
        """What the bits may be, all at once, in the order of their numbers."""
        return tuple(map("".join, product("01", repeat=self.bits)))

    @property
    def chance(self) -> float:
        """The accuracy of the same answer at all times."""
        return 0.5**self.bits

    def _draw(self, count: int, rng: Rng) -> Array:
        shape = count, self.steps, self.bits
        pulses = rng.choice((-1, 1), size=shape)
        pulses[:, 1:] *= rng.random(shape)[:, 1:] < self.rate
        return pulses

    def _assemble(self, items: list[Array]) -> Batch:
        pulses = np.stack(items, axis=1)
        held = pulses.copy()
        for before, now in pairwise(held):
            np.copyto(now, before, where=now == 0)
        quiet = (pulses == 0).all(axis=-1)
        targets = (held > 0) @ (1 << np.arange(self.bits)[::-1])
        return Batch(pulses.astype(self.dtype), targets, quiet)
