"""Many changing numbers, painted from letters that were drawn once."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnnlib._typing import Array

__all__ = ["Digits"]

LETTERS = "".join(map(chr, range(32, 127))) + "−·×←→≈≤½²ᵀ∝αβγδσταφ∂"


@cache
def _glyphs(points: float, bold: bool) -> dict[str, Array]:
    """Return how opaque each pixel of each letter is, all of one height, 0 to 1."""
    figure = Figure((1, 1), dpi=100)
    agg = FigureCanvasAgg(figure)
    text = figure.text(0, 0.4, "", fontsize=points, family="DejaVu Sans Mono")
    text.set_fontweight("bold" if bold else "normal")
    width = round(points * 0.602 * 100 / 72)
    low, high = 60 - round(1.5 * points), 60 + round(0.5 * points)
    found = {}
    for letter in LETTERS:
        text.set_text(letter)
        agg.draw()
        grey = np.asarray(agg.buffer_rgba())[low:high, :width, 0]
        found[letter] = 1 - grey / 255.0
    return found


class Digits(Artist):
    """Short texts at fixed places, cheap to change: a table of numbers.

    Each letter is an image that was drawn once, so a change costs microseconds, where
    a matplotlib text costs the better part of a millisecond. All letters are equally
    wide. A letter that is not known is shown as a question mark.

    Parameters
    ----------
    axes : Axes
        Where to paint. Places are in data coordinates.
    places : array (N, 2)
        The middle of each text; with `align` "left" or "right" that end of it.
    points : float
        Size of the letters.
    colour : str or sequence of str
        One colour for all, or one for each text.
    bold : bool
    align : {"center", "left", "right"}
    """

    def __init__(
        self,
        axes: Axes,
        places: Array | Sequence[tuple[float, float]],
        *,
        points: float = style.TEXT,
        colour: str | Sequence[str] = style.INK,
        bold: bool = False,
        align: str = "center",
    ) -> None:
        super().__init__()
        self._places = np.asarray(places, dtype=float).reshape(-1, 2)
        self._axes, self._bold, self._points = axes, bold, points
        self._shift = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        self._texts: tuple[str, ...] = ("",) * len(self._places)
        self._colours: tuple[str, ...] = ()
        self.set_colours(colour)
        axes.add_artist(self)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Show other texts, one for each place."""
        if len(texts) != len(self._places):
            raise ValueError(
                f"texts must be {len(self._places)}, one a place, got {len(texts)}"
            )
        self._texts = tuple(texts)
        self.stale = True

    def write(
        self,
        places: Array | Sequence[tuple[float, float]],
        texts: Sequence[str],
        colour: str | Sequence[str] = style.INK,
    ) -> None:
        """Show these texts at these places, however many there were before."""
        self._places = np.asarray(places, dtype=float).reshape(-1, 2)
        self.set_texts(texts)
        self.set_colours(colour)

    def get_texts(self) -> tuple[str, ...]:
        """Return the texts that are shown."""
        return self._texts

    def set_colours(self, colour: str | Sequence[str]) -> None:
        """Paint in another colour, one for all or one for each text."""
        count = len(self._places)
        self._colours = (colour,) * count if isinstance(colour, str) else tuple(colour)
        self.stale = True

    def get_colours(self) -> tuple[str, ...]:
        """Return the colour of each text."""
        return self._colours

    def draw(self, renderer: RendererBase) -> None:
        """Paint the texts, whole pixels at a time, those of one height together."""
        if not self.get_visible():
            return
        lines: dict[float, list[tuple[float, Array]]] = defaultdict(list)
        places = self._axes.transData.transform(self._places).tolist()
        for (x, y), text, colour in zip(
            places, self._texts, self._colours, strict=True
        ):
            if text:
                image = _painted(text, colour, self._points, self._bold)
                lines[y].append((x - self._shift * image.shape[1], image))
        pen = renderer.new_gc()
        for y, images in lines.items():
            left, line = _side_by_side(images)
            renderer.draw_image(pen, left, round(y - len(line) / 2), line)
        pen.restore()
        self.stale = False


def _side_by_side(images: list[tuple[float, Array]]) -> tuple[int, Array]:
    """Return the left end of some images in a line, and all of them as one image."""
    begins = [round(left) for left, _ in images]
    first = min(begins)
    ends = [
        left + len(image[0]) for left, (_, image) in zip(begins, images, strict=True)
    ]
    line = np.zeros((len(images[0][1]), max(ends) - first, 4), dtype=np.uint8)
    for left, end, (_, image) in zip(begins, ends, images, strict=True):
        part = line[:, left - first : end - first]
        np.maximum(part, image, out=part)
    return first, line


@lru_cache(4096)
def _painted(text: str, colour: str, points: float, bold: bool) -> Array:
    """Return a text as an image of bytes, (height, width, 4), upside down for Agg."""
    glyphs = _glyphs(points, bold)
    opacity = np.hstack([glyphs.get(letter, glyphs["?"]) for letter in text])
    image = np.empty((*opacity.shape, 4), dtype=np.uint8)
    image[..., :3] = np.round(255 * np.array(to_rgb(colour)))
    image[..., 3] = np.round(255 * opacity)
    return image[::-1]
