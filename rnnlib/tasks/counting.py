"""The language a^n b^n: ending at the right place takes counting."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_size
from rnnlib._typing import Rng
from rnnlib.tasks.base import END, PAD, SPECIALS, START, Batch, Task
from rnnlib.vocab import pad

__all__ = ["AnBn"]


@dataclass(frozen=True, repr=False)
class AnBn(Task[Batch]):
    """Predict the next symbol of n a's followed by n b's, wherever it is certain.

    After START an `a` is certain, and after the first `b` so is the rest: the other b's
    and END. How many a's will come cannot be known, so the mask is False there. After
    Gers and Schmidhuber (2001).

    What is random: n, uniform from 1 to `max_n`. Longer strings, up to n = `max_n +
    beyond`, are held out: a network that has learned to count gets them right. A string
    is right if each certain symbol is. No constant answer gets any right; the current
    symbol alone is enough for n = 1 only, one in `max_n`. The data is CC0.

    Parameters
    ----------
    max_n : int
        The largest n of the training set, at least 1.
    beyond : int
        How far n may exceed `max_n` in the held-out set, at least 1.

    Examples
    --------
    >>> task = AnBn(max_n=3)
    >>> batch = task.sample(1, rng=np.random.default_rng(0))
    >>> [task.symbols[token] for token in batch.inputs[:, 0]]
    ['<start>', 'a', 'a', 'a', 'b', 'b', 'b']
    >>> [task.symbols[token] for token in batch.targets[batch.mask]]
    ['a', 'b', 'b', '<end>']
    """

    max_n: int
    beyond: int = 2
    symbols: ClassVar[tuple[str, ...]] = (*SPECIALS, "a", "b")
    measure: ClassVar[str] = "exact match"
    chance: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        check_size("max_n", self.max_n)
        check_size("beyond", self.beyond)

    def _draw(self, count: int, rng: Rng) -> list[int]:
        n = rng.integers(1, self.max_n + self.beyond + 1, size=count)
        return [int(each) for each in n]

    def _is_held_out(self, item: int) -> bool:
        return item > self.max_n

    def _assemble(self, items: list[int]) -> Batch:
        a, b = self.symbols.index("a"), self.symbols.index("b")
        strings = [np.array([START] + n * [a] + n * [b] + [END]) for n in items]
        inputs, exists = pad([string[:-1] for string in strings], fill=PAD)
        targets, _ = pad([string[1:] for string in strings], fill=PAD)
        certain = exists & ((inputs == START) | (inputs == b))
        return Batch(inputs, targets, certain, exists)
