"""How close nets of several sizes come to the entropy of the bracket language.

Of the plain RNN there are the ten seeds of `rnncourse.lesson_07.trials`.
``python -m rnncourse.lesson_07.capacity.compute`` trains LSTMs of all sizes with the
same seeds, and stores what they reach; it takes about five minutes.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.lesson_07.nets import BRACKETS
from rnncourse.lesson_07.trials import SIZES, above_the_bound, ten_runs
from rnncourse.shared.trials import SEEDS
from rnncourse.shared.wording import count, fixed
from rnnlib._typing import Array
from rnnlib.storage import read_arrays, write_arrays

__all__ = ["CELLS", "STORED", "Capacity", "compute"]

STORED = Path(__file__).with_name("weights.npz")
KIND, CELLS = "capacity", ("RNN", "LSTM")


@dataclass(frozen=True)
class Capacity:
    """What some seeds of each size reach.

    Attributes
    ----------
    above : dict of str to ndarray, shape (N, 4, 6)
        By cell: how many bits above the bound each seed is, by size, in all and where
        0 to 4 brackets are open.
    cell : str
    hidden : int
    """

    above: dict[str, Array]
    cell: str
    hidden: int

    @property
    def here(self) -> Array:
        """The seeds of this cell and size, (N, 6)."""
        here: Array = self.above[self.cell][:, SIZES.index(self.hidden)]
        return here

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        whole, shallow, *_, deep = self.here.mean(axis=0)
        low, high = self.here[:, 0].min(), self.here[:, 0].max()
        bound, seeds = BRACKETS.entropy, count(len(self.here), "seed")
        return (
            f"{self.cell}, H = {self.hidden}: {fixed(bound + whole, 3)} bits, "
            f"{fixed(whole, 3)} above the bound of {fixed(bound, 3)} ({seeds}: "
            f"{fixed(low, 3)} to {fixed(high, 3)}). "
            f"With nothing open {fixed(shallow, 3)} above, four brackets deep "
            f"{fixed(deep, 3)}."
        )


def compute(*, hidden: int, cell: str) -> Capacity:
    """Look at the stored runs of one cell and one size.

    Parameters
    ----------
    hidden : int
        H, one of 8, 16, 32, 64.
    cell : str
    """
    return Capacity(_stored(), cell, int(hidden))


@cache
def _stored() -> dict[str, Array]:
    """Return what is stored of each cell."""
    return {"RNN": ten_runs("RNN"), **read_arrays(STORED, KIND)[1]}


def main() -> None:
    """Train the LSTMs and store how far above the bound they are."""
    runs = np.array([above_the_bound("LSTM", seed) for seed in SEEDS])
    write_arrays(STORED, KIND, {}, {"LSTM": runs})
    print(runs.round(3).tolist())


if __name__ == "__main__":
    main()
