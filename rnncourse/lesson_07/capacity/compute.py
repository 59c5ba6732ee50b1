"""How close nets of several sizes come to the entropy of the bracket language."""

from dataclasses import dataclass

import numpy as np

from rnncourse.lesson_07.nets import BRACKETS
from rnncourse.lesson_07.trials import COMPARED, SIZES, ten_runs
from rnncourse.shared.wording import fixed
from rnnlib._typing import Array

__all__ = ["Capacity", "compute"]


@dataclass(frozen=True)
class Capacity:
    """What ten seeds of each size reach.

    Attributes
    ----------
    above : dict of str to ndarray, shape (10, 4, 6)
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
        """The ten seeds of this cell and size, (10, 6)."""
        here: Array = self.above[self.cell][:, SIZES.index(self.hidden)]
        return here

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        whole, shallow, *_, deep = self.here.mean(axis=0)
        low, high = self.here[:, 0].min(), self.here[:, 0].max()
        bound = BRACKETS.entropy
        return (
            f"{self.cell}, H = {self.hidden}: {fixed(bound + whole, 3)} bits, "
            f"{fixed(whole, 3)} above the bound of {fixed(bound, 3)} (ten seeds: "
            f"{fixed(low, 3)} to {fixed(high, 3)}). With nothing open "
            f"{fixed(shallow, 3)} above, four brackets deep {fixed(deep, 3)}."
        )


def compute(*, hidden: int, cell: str) -> Capacity:
    """Look at the stored runs of one cell and one size.

    Parameters
    ----------
    hidden : int
        H, one of 8, 16, 32, 64.
    cell : str
    """
    above = {name: np.asarray(ten_runs(name)) for name in COMPARED}
    return Capacity(above, cell, int(hidden))
