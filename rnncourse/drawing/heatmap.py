"""A heat map that is cheap to repaint."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase

from rnnlib._typing import Array

__all__ = ["HeatMap"]


class HeatMap(Artist):
    """Coloured cells that fill the axes, the first row on top.

    Each pixel of the axes takes the colour of the cell it lies in. There is nothing to
    resample, which is what makes `imshow` slow.

    Parameters
    ----------
    axes : Axes
        Where to paint. Where a cell is transparent, their face colour shows.
    """

    def __init__(self, axes: Axes) -> None:
        super().__init__()
        self._box = axes.bbox
        self._cells = np.zeros((1, 1, 4), dtype=np.uint8)
        axes.add_artist(self)

    def set_cells(self, cells: Array) -> None:
        """Show other colours: bytes, of shape (rows, columns, 4)."""
        self._cells = cells
        self.stale = True

    def get_cells(self) -> Array:
        """Return the colours that are shown."""
        return self._cells

    def draw(self, renderer: RendererBase) -> None:
        """Paint the cells, whole pixels at a time."""
        if not self.get_visible():
            return
        left, bottom, width, height = (round(side) for side in self._box.bounds)
        rows, columns, _ = self._cells.shape
        across = np.arange(width) * columns // width
        down = np.arange(height)[::-1] * rows // height  # images are painted upwards
        cells = np.ascontiguousarray(self._cells).view(np.uint32)  # a number a pixel
        image = cells[:, across][down].view(np.uint8)
        pen = renderer.new_gc()
        renderer.draw_image(pen, left, bottom, image)
        pen.restore()
        self.stale = False
