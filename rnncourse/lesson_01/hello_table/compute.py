"""The word hello as one-hot vectors, and their product with a matrix."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared import hello
from rnncourse.shared.wording import count, percent
from rnnlib._typing import Array
from rnnlib.vocab import Vocabulary, one_hot

__all__ = ["FEWEST_LETTERS", "MOST_LETTERS", "WORD", "HelloTable", "compute"]

WORD = "hello"
FEWEST_LETTERS, MOST_LETTERS = 4, 12
_ALPHABET = Vocabulary("heloabcdfgij")


@dataclass(frozen=True)
class HelloTable:
    """The table of hello: one row per step, one column per letter of the vocabulary.

    Attributes
    ----------
    letters : str
        The vocabulary, of V letters; those of hello come first.
    x : ndarray, shape (5, V)
        The one-hot vectors.
    W : ndarray, shape (V, 3)
        The matrix that they are multiplied by.
    t : int
        The step that is looked at, from 1: row t - 1 of the table.
    k : int
        The token that is looked at, from 0: column k.
    multiplied : bool
        Whether x_t is multiplied by W.
    """

    letters: str
    x: Array
    W: Array
    t: int
    k: int
    multiplied: bool

    @property
    def terms(self) -> Array:
        """The summands of x_t @ W, (V, 3): each row of W times an entry of x_t."""
        return self.x[self.t - 1][:, None] * self.W

    @property
    def product(self) -> Array:
        """x_t @ W, (3,)."""
        product: Array = self.x[self.t - 1] @ self.W
        return product

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return f"{self._entry()}{self._count()}"

    def _entry(self) -> str:
        column, letter = self.letters[self.k], WORD[self.t - 1]
        row = f"Step {self.t} is an {letter}"
        if column != letter:
            adds = f": row {column} of W adds nothing" if self.multiplied else ""
            return f"{row}, so column {column} holds 0{adds}."
        others = f"{row}: one 1, {count(len(self.letters) - 1, 'zero')}."
        if not self.multiplied:
            return others
        return f"{others} The product is row {letter} of W, unchanged."

    def _count(self) -> str:
        if len(self.letters) == FEWEST_LETTERS:
            return ""
        zeros = int((self.x == 0).sum())
        return (
            f" The table holds {len(WORD)} ones and {zeros} zeros, "
            f"{percent(zeros / self.x.size)} zeros; with 10,000 symbols it would be "
            "49,995 zeros."
        )


def compute(
    *, position: int, letter: str, vocab_size: int, multiplied: bool
) -> HelloTable:
    """Write hello as one-hot vectors over `vocab_size` letters.

    Parameters
    ----------
    position : int
        The step that is looked at, 1 to 5.
    letter : str
        The column that is looked at, one of h, e, l, o.
    vocab_size : int
        V, from FEWEST_LETTERS to MOST_LETTERS.
    multiplied : bool
        Whether its row is multiplied by W.
    """
    vocabulary = Vocabulary(_ALPHABET.symbols[:vocab_size])
    others = np.random.default_rng(1).uniform(-1, 1, (MOST_LETTERS, 3)).round(2)
    W = np.vstack([hello.params()["W_xh"], others])[:vocab_size]
    return HelloTable(
        letters="".join(vocabulary.symbols),
        x=one_hot(vocabulary.encode(WORD), vocab_size),
        W=W,
        t=position,
        k=int(vocabulary.encode(letter)[0]),
        multiplied=multiplied,
    )
