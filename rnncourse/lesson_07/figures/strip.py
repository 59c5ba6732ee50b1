"""A text, one letter a cell, each cell in a colour."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnnlib._typing import Array, ArrayLike

__all__ = ["LetterStrip", "signed_colours"]

SIGNED = matplotlib.colormaps["PuOr_r"]
PALEST = 0.72  # so that a black letter can be read on the darkest cell


class LetterStrip:
    """Rows of letters; what is beyond the text is white.

    Attributes
    ----------
    axes : Axes
        From (0, 0) to (columns, rows), the first row on top.
    moving : tuple of Artist
    """

    def __init__(
        self,
        figure: Figure,
        place: tuple[float, float, float, float],
        columns: int,
        rows: int = 1,
        points: float = style.TEXT,
    ) -> None:
        self.axes = style.sheet(figure, place, columns, rows)
        self.columns, self.rows = columns, rows
        self._places = [self.place_of(n) for n in range(columns * rows)]
        self.cells, self.letters = (
            HeatMap(self.axes),
            Digits(self.axes, [], points=points),
        )
        self.moving = (self.cells, self.letters)

    def place_of(self, n: int) -> tuple[float, float]:
        """Return the middle of a cell, by its number in the text."""
        row, column = divmod(n, self.columns)
        return column + 0.5, self.rows - row - 0.5

    def write(
        self, text: Sequence[str], colours: Array, ink: str | Sequence[str] = style.INK
    ) -> None:
        """Show letters on colours (N, 4), in bytes."""
        cells = np.full((self.rows * self.columns, 4), 255, dtype=np.uint8)
        cells[: len(text)] = colours
        self.cells.set_cells(cells.reshape(self.rows, self.columns, 4))
        self.letters.write(self._places[: len(text)], text, ink)


def signed_colours(values: ArrayLike, largest: float = 1.0) -> Array:
    """Return colours (..., 4) of values from -largest to largest, white at 0."""
    scaled = np.asarray(values, dtype=float) / largest * PALEST
    colours: Array = SIGNED((np.clip(scaled, -1, 1) + 1) / 2, bytes=True)
    return colours
