"""A text in columns and chunks: who reads what, and where the state comes from."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import count
from rnnlib._typing import Array

__all__ = ["BATCHES", "TEXT", "TEXT_LENGTH", "ChunkGrid", "compute"]

TEXT_LENGTH = 192
BATCHES, STEPS = (1, 2, 3, 4, 6, 8), (4, 8, 16, 32)
TEXT = (
    "a long text is cut into columns. each column is read from its first letter to its "
    "last, a chunk at a time. the state goes on from chunk to chunk, and the gradient "
    "stops where the chunk begins..."
)[:TEXT_LENGTH]
SHUFFLED = 8


@dataclass(frozen=True)
class ChunkGrid:
    """One update of an epoch: what each row of the batch reads.

    Letters are counted from 1.

    Attributes
    ----------
    batch_size, steps : int
        B, and tau.
    order : ndarray of int, shape (N,)
        Which chunk of its column each update reads, counted from 0.
    update : int
        Which update is looked at, counted from 1, at most N.
    """

    batch_size: int
    steps: int
    order: Array
    update: int

    @property
    def width(self) -> int:
        """How many letters a column has."""
        return TEXT_LENGTH // self.batch_size

    def letters(self, chunk: int, row: int = 0) -> tuple[int, int]:
        """Return the first and the last letter of a chunk, counted from 1."""
        start = row * self.width
        last = min((chunk + 1) * self.steps, self.width)
        return start + chunk * self.steps + 1, start + last

    @property
    def now(self) -> int:
        """The chunk that is read."""
        return int(self.order[self.update - 1])

    @property
    def before(self) -> int | None:
        """The chunk whose last state is at hand, if there is one."""
        return int(self.order[self.update - 2]) if self.update > 1 else None

    def fits(self, update: int) -> bool:
        """Return whether the state at hand belongs to what an update reads."""
        if self.order[update - 1] == 0 or update == 1:
            return self.order[update - 1] == 0
        return bool(self.order[update - 1] == self.order[update - 2] + 1)

    @property
    def wrong(self) -> int:
        """In how many updates the state at hand does not belong to what is read."""
        return sum(not self.fits(n) for n in range(2, len(self.order) + 1))

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        first, last = self.letters(self.now)
        return (
            f"Update {self.update} of {len(self.order)}: row 1 reads letters {first} "
            f"to {last}. {self._state(first)} {self._epoch()}"
        )

    def _state(self, first: int) -> str:
        if self.now == 0:
            return "Its column begins there, so the state is zeros."
        if self.before is None:
            return f"There is no state yet that has read letter {first - 1}: zeros."
        _, end = self.letters(self.before)
        if self.fits(self.update):
            return f"The state at hand has just read letter {end}: carry it."
        return f"The state at hand has just read letter {end}: wrong to carry."

    def _epoch(self) -> str:
        if not self.wrong:
            return "In no update of this order is it wrong to carry."
        return f"In {count(self.wrong, 'update')} of this order it is wrong to carry."


def compute(*, batch_size: int, steps: int, shuffle: bool, update: int) -> ChunkGrid:
    """Cut the text into `batch_size` columns, and these into chunks.

    Parameters
    ----------
    batch_size : int
        B, the number of columns: the rows of a batch.
    steps : int
        tau, the number of letters of a chunk.
    shuffle : bool
        Whether the chunks are read in a random order.
    update : int
        Which update is looked at; at most the last one.
    """
    chunks = -(-(TEXT_LENGTH // batch_size) // steps)
    order = np.arange(chunks)
    if shuffle:
        order = np.random.default_rng(SHUFFLED).permutation(chunks)
    return ChunkGrid(batch_size, steps, order, min(update, chunks))
