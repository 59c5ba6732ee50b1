"""Spines that lie over what moves, painted from what was drawn once."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.spines import Spine

from rnnlib._typing import Array

__all__ = ["Edges"]

Image = tuple[int, int, Array]  # left, bottom, (height, width, 4) upside down


class Edges(Artist):
    """Spines that stand still above moving artists, cheap to paint again.

    A spine is drawn once and then laid over each frame as an image, which takes a
    tenth of the time. Colours and widths are those of the first frame.

    Parameters
    ----------
    spines : sequence of Spine
    """

    def __init__(self, spines: Sequence[Spine]) -> None:
        super().__init__()
        self._spines = tuple(spines)
        self._painted: dict[tuple[float, ...], list[Image]] = {}

    def set_animated(self, b: bool) -> None:
        """Say whether the spines are painted by this artist alone."""
        super().set_animated(b)
        for spine in self._spines:
            spine.set_animated(b)

    def set_zorder(self, level: float) -> None:
        """Say where a drawing of the whole figure paints the spines."""
        super().set_zorder(level)
        for spine in self._spines:
            spine.set_zorder(level)

    def draw(self, renderer: RendererBase) -> None:
        """Paint the spines where their axes are now."""
        if not self.get_visible():
            return
        width, height = map(int, renderer.get_canvas_width_height())
        bounds = (spine.axes.bbox.bounds for spine in self._spines)
        key = (width, height, *np.concatenate([*bounds, ()]))
        if key not in self._painted:
            self._painted[key] = [
                _image(spine, width, height) for spine in self._spines
            ]
        pen = renderer.new_gc()
        for left, bottom, image in self._painted[key]:
            renderer.draw_image(pen, left, bottom, image)
        pen.restore()
        self.stale = False


def _image(spine: Spine, width: int, height: int) -> Image:
    """Return a spine as it looks on a figure of so many pixels, and where it is."""
    renderer = RendererAgg(width, height, spine.figure.dpi)
    spine.draw(renderer)
    pixels = np.array(renderer.buffer_rgba())
    rows, columns = np.nonzero(pixels[..., 3])
    top, end, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    return left, height - end, pixels[top:end, left:right][::-1]
