"""A size looked at: what each way takes there, and what the matrix looks like."""

from dataclasses import dataclass

import numpy as np

from rnncourse.lesson_12.three_ways.times import LENGTHS, WAYS, WIDTHS, drawn, stored
from rnncourse.shared.wording import number
from rnnlib._typing import Array

__all__ = ["MOST", "ThreeWays", "compute"]

MOST = 64  # steps of the matrix that are shown


@dataclass(frozen=True)
class ThreeWays:
    """Three ways to the same states, at one length and width.

    Attributes
    ----------
    steps, width : int
        T, and how many units there are.
    times : ndarray, shape (3, lengths)
        In ms, of loop, scan and matrix, at this width; nan where it was not tried.
    apart : float
        The largest difference between the states of any two ways.
    matrix : ndarray, shape (shown, shown)
        Of the first unit: how much of b_s is left in h_t, row t, column s.
    """

    steps: int
    width: int
    times: Array
    apart: float
    matrix: Array

    @property
    def upto(self) -> int:
        """How many of LENGTHS are no longer than T."""
        return LENGTHS.index(self.steps) + 1

    @property
    def here(self) -> Array:
        """The three times at this length."""
        found: Array = self.times[:, self.upto - 1]
        return found

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        loop, scan, matrix = self.here
        shown = ", ".join(
            f"{way} {number(ms)} ms"
            for way, ms in zip(WAYS, self.here, strict=True)
            if not np.isnan(ms)
        )
        missing = ""
        if np.isnan(matrix):
            size = 8 * self.steps**2 * self.width / 2**30
            missing = f" Its matrices would take {number(size)} GiB: not tried."
        return (
            f"T = {self.steps}, width {self.width}: {shown}. The scan takes "
            f"{number(scan / loop)} times as long as the loop.{missing} The states "
            f"differ by at most {number(self.apart, 1)}."
        )


def compute(*, steps: int, width: int) -> ThreeWays:
    """Look at one size.

    Parameters
    ----------
    steps : int
        One of LENGTHS.
    width : int
        One of WIDTHS.
    """
    times, apart = stored()
    row, column = LENGTHS.index(steps), WIDTHS.index(width)
    a = drawn(min(steps, MOST), 1)[0][:, 0]
    so_far = np.cumsum(np.log(a))
    matrix = np.tri(len(a)) * np.exp(np.minimum(so_far[:, None] - so_far, 0))
    return ThreeWays(
        steps, width, times[:, :, column], float(apart[row, column]), matrix
    )
