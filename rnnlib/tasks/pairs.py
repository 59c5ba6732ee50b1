"""Tasks with a source and a target of different lengths: sequence to sequence."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from rnnlib._checks import check_tokens
from rnnlib._typing import Array, ArrayLike
from rnnlib.batches import END, PAD, SPECIALS, Pairs
from rnnlib.tasks.base import Task
from rnnlib.vocab import Vocabulary, pad

__all__ = ["PairTask", "Pairs", "read"]


class PairTask(Task[Pairs]):
    """A task that gives `Pairs`, with a vocabulary for each side.

    A new one needs `_draw` and `_is_held_out`, as any `Task` does, the `_symbols` of
    both sides, and `_sides`, which spells out an item on both sides.
    """

    measure: ClassVar[str] = "exact match"

    @property
    @abstractmethod
    def _symbols(self) -> tuple[Sequence[str], Sequence[str]]: ...

    @abstractmethod
    def _sides(self, item: Any) -> tuple[Sequence[str], Sequence[str]]: ...

    @cached_property
    def source_vocabulary(self) -> Vocabulary:
        """PAD, START, END and the symbols of the sources."""
        return Vocabulary((*SPECIALS, *self._symbols[0]))

    @cached_property
    def target_vocabulary(self) -> Vocabulary:
        """PAD, START, END and the symbols of the targets."""
        return Vocabulary((*SPECIALS, *self._symbols[1]))

    def _assemble(self, items: list[Any]) -> Pairs:
        sources, targets = [], []
        for item in items:
            source, target = self._sides(item)
            sources.append(self.source_vocabulary.encode(source))
            targets.append(self.target_vocabulary.encode([*target, SPECIALS[END]]))
        return Pairs(*pad(sources, fill=PAD), *pad(targets, fill=PAD))


def read(tokens: ArrayLike, vocabulary: Vocabulary) -> list[str]:
    """Return each column of tokens (T, B) as text, up to its first END, without PAD.

    Words are separated by spaces, characters are not. The vocabulary must begin with
    PAD, START, END.

    Raises
    ------
    ValueError
        If a token is not in the vocabulary, or the shape is not (T, B).

    >>> vocabulary = Vocabulary((*SPECIALS, "vingt", "et", "un"))
    >>> read([[3, 5], [4, 2], [5, 4]], vocabulary)
    ['vingt et un', 'un']
    """
    tokens = check_tokens(
        "tokens",
        tokens,
        ("T", "B"),
        len(vocabulary),
        hint="for one sequence, pass tokens[:, None]",
    )
    words = any(len(symbol) > 1 for symbol in vocabulary.symbols[len(SPECIALS) :])
    return [(" " if words else "").join(_spelled(row, vocabulary)) for row in tokens.T]


def _spelled(row: Array, vocabulary: Vocabulary) -> list[str]:
    ends = np.flatnonzero(row == END)
    row = row[: ends[0]] if ends.size else row
    return [vocabulary.symbols[token] for token in row[row != PAD]]
