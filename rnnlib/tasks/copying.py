"""The copy task: repeat a whole word, long after it was heard."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_size
from rnnlib._typing import Array, Rng
from rnnlib.tasks.base import Batch, Task

__all__ = ["Copy"]

BLANK, GO = 8, 9


@dataclass(frozen=True, repr=False)
class Copy(Task[Batch]):
    """Hear some letters, wait through the blanks, and repeat the letters at the call.

    The sequence is `length` letters, `delay` blanks, the call `>` and blanks until all
    letters are repeated, the first of them at the call itself. Each letter is due
    `length + delay` steps after it was heard. After Hochreiter and Schmidhuber
    (1997), in the form of Arjovsky, Shah and Bengio (2016).

    What is random: the letters, each one of eight. Chance level is 1 in 8, since only
    the letters are asked for: the mask is False elsewhere. The data is CC0.

    Parameters
    ----------
    length : int
        Letters, at least 1.
    delay : int
        Blanks before the call, at least 0.

    Examples
    --------
    >>> task = Copy(length=3, delay=2)
    >>> batch = task.sample(1, rng=np.random.default_rng(0))
    >>> "".join(task.symbols[token] for token in batch.inputs[:, 0])
    'gfe__>__'
    >>> "".join(task.symbols[token] for token in batch.targets[batch.mask])
    'gfe'
    """

    length: int
    delay: int
    symbols: ClassVar[tuple[str, ...]] = (*"abcdefgh", "_", ">")
    measure: ClassVar[str] = "accuracy"
    chance: ClassVar[float] = 1 / 8

    def __post_init__(self) -> None:
        check_size("length", self.length)
        check_size("delay", self.delay, minimum=0)

    def _draw(self, count: int, rng: Rng) -> Array:
        return rng.integers(0, 8, size=(count, self.length))

    def _assemble(self, items: list[Array]) -> Batch:
        letters = np.stack(items, axis=1)
        n, call = self.length, self.length + self.delay
        inputs = np.full((call + n, len(items)), BLANK)
        targets, mask = inputs.copy(), np.zeros(inputs.shape, dtype=bool)
        inputs[:n], inputs[call] = letters, GO
        targets[call:], mask[call:] = letters, True
        return Batch(inputs, targets, mask)
