"""How an explorer fits its cell: as wide as it likes to be, or as there is room."""

from collections.abc import Callable

import ipywidgets as widgets
from traitlets import Unicode

__all__ = ["FIT", "WIDTH", "Frame", "button", "frame", "verdict", "with_room", "words"]

WIDTH, INNER = "850px", "842px"
FIT = "calc(100% - 4px)"  # all the room there is, but for margins of two pixels
TWO_LINES = "nnnn " * 44  # of INNER, and no verdict takes more at any other width


class Frame(widgets.Image):
    """An image that takes a tooltip: its words for those who cannot see it.

    In ipywidgets 8 the page asks each widget that has a tooltip for its description,
    and fails where there is none, as in its own `Image`.
    """

    description = Unicode("").tag(sync=True)


def frame(width: int, height: int) -> Frame:
    """Return a frame for that many pixels, or in proportion for fewer of them."""
    layout = widgets.Layout(
        width=f"{width + 2}px",
        max_width="100%",
        height="auto",
        flex="0 0 auto",
        margin="4px 0",
        border="1px solid var(--jp-border-color2, #bdbdbd)",
    )
    return Frame(width=width, height=height, layout=layout)


def button(
    words: str, press: Callable[[], object], icon: str = "", **layout: str
) -> widgets.Button:
    """Return a button as wide as its words; `layout` says more about its place."""
    place = {"width": "auto", "max_width": FIT, "margin": "2px", **layout}
    made = widgets.Button(description=words, icon=icon, layout=widgets.Layout(**place))
    made.on_click(lambda _: press())
    return made


def verdict() -> widgets.HTML:
    """Return a line of words that change, for `with_room`."""
    return widgets.HTML(layout=_inner(grid_area="1 / 1"))


def with_room(verdict: widgets.HTML) -> widgets.GridBox:
    """Return a verdict over words that nobody sees, as many as the longest one has.

    They keep the height the same, whatever it says and however wide the page is.
    """
    room = widgets.HTML(
        f'<div style="line-height: 20px; padding-bottom: 2px">{TWO_LINES}</div>',
        layout=_inner(grid_area="1 / 1", visibility="hidden"),
    )
    column = widgets.Layout(grid_template_columns="minmax(0, 1fr)")
    return widgets.GridBox([room, verdict], layout=column)


def words(text: str) -> widgets.HTML:
    """Return words, as HTML, that stay as they are."""
    return widgets.HTML(
        '<div style="line-height: 20px; color: var(--jp-content-font-color1)">'
        f"{text}</div>",
        layout=_inner(margin="0 2px"),
    )


def _inner(**layout: str) -> widgets.Layout:
    return widgets.Layout(width=INNER, max_width=FIT, **layout)
