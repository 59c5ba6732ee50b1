"""Words of random letters, to be repeated in a different order."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from rnnlib._checks import check_size
from rnnlib._typing import Rng
from rnnlib._words import shown
from rnnlib.tasks.base import is_held_out
from rnnlib.tasks.pairs import PairTask

__all__ = ["Reversal", "Sorting"]


@dataclass(frozen=True, repr=False)
class _Letters(PairTask):
    max_length: int
    min_length: int = 1
    alphabet: str = "abcdefgh"

    def __post_init__(self) -> None:
        check_size("min_length", self.min_length)
        check_size("max_length", self.max_length, minimum=self.min_length)
        distinct = isinstance(self.alphabet, str) and len(set(self.alphabet))
        if not distinct or distinct < len(self.alphabet):
            raise ValueError(
                "alphabet must be a text of distinct letters, got "
                f"{shown(self.alphabet)}; "
                'write "abcdefgh"'
            )

    @property
    def _symbols(self) -> tuple[str, str]:
        return self.alphabet, self.alphabet

    def _draw(self, count: int, rng: Rng) -> list[str]:
        letters = np.array(list(self.alphabet))
        lengths = rng.integers(self.min_length, self.max_length + 1, size=count)
        drawn = letters[rng.integers(0, len(letters), size=(count, self.max_length))]
        rows = zip(drawn, lengths, strict=True)
        return ["".join(row[:length]) for row, length in rows]

    def _is_held_out(self, item: str) -> bool:
        return is_held_out(item)

    def _share_of_shortest(self) -> float:
        """Return the probability of any one word of the shortest length."""
        lengths = self.max_length - self.min_length + 1
        return float(1 / (lengths * len(self.alphabet) ** self.min_length))


@dataclass(frozen=True, repr=False)
class Reversal(_Letters):
    """Spell a word backwards.

    What is random: the length, uniform from `min_length` to `max_length`, and each
    letter. The word decides whether it is held out, whatever the lengths are. Chance
    level is how often the best constant answer, a shortest word, is right. The data is
    CC0.

    Parameters
    ----------
    max_length, min_length : int
        At least 1.
    alphabet : str
        Distinct letters.

    Examples
    --------
    >>> from rnnlib.tasks import read
    >>> task = Reversal(max_length=5)
    >>> pairs = task.sample(3, rng=np.random.default_rng(0))
    >>> read(pairs.source, task.source_vocabulary)
    ['ccaaa', 'bgfh', 'ehf']
    >>> read(pairs.target, task.target_vocabulary)
    ['aaacc', 'hfgb', 'fhe']
    """

    @property
    def chance(self) -> float:
        """Probability of any one word of the shortest length."""
        return self._share_of_shortest()

    def _sides(self, item: str) -> tuple[Sequence[str], Sequence[str]]:
        return item, item[::-1]


@dataclass(frozen=True, repr=False)
class Sorting(_Letters):
    """Spell the letters of a word in alphabetical order.

    What is random: the length, uniform from `min_length` to `max_length`, and each
    letter, so that some occur more than once. The word decides whether it is held out.
    Chance level is how often the best constant answer, the most frequent one among
    the shortest, is right. The data is CC0.

    Parameters
    ----------
    max_length, min_length : int
        At least 1.
    alphabet : str
        Distinct letters, in the order of sorting.

    Examples
    --------
    >>> from rnnlib.tasks import read
    >>> task = Sorting(max_length=5)
    >>> pairs = task.sample(3, rng=np.random.default_rng(0))
    >>> read(pairs.source, task.source_vocabulary)
    ['ccaaa', 'bgfh', 'ehf']
    >>> read(pairs.target, task.target_vocabulary)
    ['aaacc', 'bfgh', 'efh']
    """

    @property
    def chance(self) -> float:
        """Probability of the most frequent answer among the shortest."""
        each, more = divmod(self.min_length, len(self.alphabet))
        same = factorial(each) ** len(self.alphabet) * (each + 1) ** more
        return float(factorial(self.min_length) / same * self._share_of_shortest())

    def _sides(self, item: str) -> tuple[Sequence[str], Sequence[str]]:
        return item, sorted(item, key=self.alphabet.index)
