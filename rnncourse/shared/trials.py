"""What ten seeds say of a claim about training: measured once, and stored."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnnlib._typing import Array, ArrayLike
from rnnlib.storage import read_arrays, write_arrays

__all__ = ["SEEDS", "Trials", "about"]

SEEDS = range(100, 110)
KIND = "ten seeds"


@dataclass(frozen=True)
class Trials:
    """Experiments that take longer than a cell may, each made with the same seeds.

    Parameters
    ----------
    place : Path
        The file that holds all results.
    experiments : mapping of str to callable
        By name: takes a seed, and returns a number or an array.
    """

    place: Path
    experiments: Mapping[str, Callable[[int], ArrayLike]]

    def __call__(self, name: str) -> Array:
        """Return the stored results of an experiment, (10, ...), one row a seed."""
        return read_arrays(self.place, KIND)[1][name]

    def of_100(self, name: str) -> str:
        """Return in words how many of 100 answers each of the ten has right, sorted.

        Where an experiment returns an array, the share is its first number.
        """
        shares = self(name).reshape(len(SEEDS), -1)[:, 0]
        return " ".join(f"{share:.0f}" for share in np.sort(100 * shares))

    def again(self, name: str, seed: int) -> Array:
        """Return the result of an experiment for one seed, measured anew."""
        return np.asarray(self.experiments[name](seed))

    def measure(self) -> None:
        """Run the experiments that the command line names, or all, and store them."""
        for name in sys.argv[1:] or [*self.experiments]:
            found = np.array([self.again(name, seed) for seed in SEEDS])
            others = read_arrays(self.place, KIND)[1] if self.place.exists() else {}
            write_arrays(self.place, KIND, {}, {**others, name: found})
            print(f"{name}: {found.tolist()}")


def about(share: float) -> str:
    """Return a share in words, to the nearest quarter: so far all processors agree.

    >>> about(0.236), about(0.993)
    ('about 25 of 100', 'about 100 of 100')
    """
    return f"about {25 * round(4 * share)} of 100"
