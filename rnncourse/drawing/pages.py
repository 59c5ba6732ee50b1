"""Pages of a picture, of which one is seen at a time."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["Page", "Pages"]


class Page(Protocol):
    """Axes that are seen together, and what moves in them."""

    @property
    def axes(self) -> Sequence[Axes]:
        """All axes of this page."""

    @property
    def moving(self) -> Sequence[Artist]:
        """What may change between frames, in the order of painting."""

    def draw(self, data: Any) -> None:
        """Let the artists show `data`."""


class Pages:
    """Pages by name; each of them has a background of its own.

    Attributes
    ----------
    moving : tuple of Artist
        Of all pages; those of a page that is not seen are not painted.
    """

    def __init__(self, figure: Figure, pages: Mapping[str, Page]) -> None:
        self._turn = figure.add_axes((0, 0, 0.01, 0.01))
        self._turn.set_axis_off()
        self._pages = pages
        self.moving = tuple(part for page in pages.values() for part in page.moving)

    def draw(self, name: str, data: Any) -> None:
        """Turn to a page, and let it show `data`."""
        page_number = 1 + [*self._pages].index(name)
        self._turn.set_xlim(0, page_number)  # by its limits a canvas knows the page
        for each, page in self._pages.items():
            for part in (*page.axes, *page.moving):
                part.set_visible(each == name)
        self._pages[name].draw(data)
