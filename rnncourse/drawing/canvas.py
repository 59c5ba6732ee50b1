"""A canvas that paints what stands still once, and what moves at each frame."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rnncourse.drawing.png import encode
from rnnlib._typing import Array

__all__ = ["Canvas"]


class Canvas:
    """Turns a figure into frames.

    Nearly all the time of drawing goes into ticks and text. They are painted once,
    without the moving artists, and kept as the background of every frame. There is
    one background for each set of axes limits and size of the figure, so a view may
    change between a few fixed limits. Any other change of the still parts after the
    first frame is not seen.

    Parameters
    ----------
    figure : Figure
        What is to be shown.
    moving : sequence of Artist
        What may change between frames, in the order of painting. A spine that a
        moving artist would cover belongs to them.
    """

    backgrounds_kept = 8

    def __init__(self, figure: Figure, moving: Sequence[Artist]) -> None:
        self._agg = FigureCanvasAgg(figure)
        self._moving = tuple(moving)
        self._backgrounds: dict[tuple[float, ...], Array] = {}
        for artist in moving:
            artist.set_animated(True)

    def frame(self) -> bytes:
        """Return the figure as it is now, as a PNG file."""
        return encode(self.pixels())

    def pixels(self) -> Array:
        """Return the figure as it is now, of shape (height, width, 4), in bytes."""
        background = self._background()
        renderer = self._agg.get_renderer()
        pixels = np.asarray(renderer.buffer_rgba())
        pixels[...] = background
        for artist in self._moving:
            artist.draw(renderer)
        return pixels

    def _background(self) -> Array:
        figure = self._agg.figure
        limits = (axes.viewLim.extents for axes in figure.axes)
        key = (*figure.bbox.size, figure.dpi, *np.concatenate([*limits, ()]))
        if key not in self._backgrounds:
            self._agg.draw()
            if len(self._backgrounds) == self.backgrounds_kept:
                del self._backgrounds[next(iter(self._backgrounds))]
            self._backgrounds[key] = np.array(self._agg.buffer_rgba())
        return self._backgrounds[key]
