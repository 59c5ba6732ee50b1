"""What a cell has shown is closed when the cell is run again."""

from typing import Any

import ipywidgets as widgets
from IPython import get_ipython

__all__ = ["OfCell"]

_runs_of: dict[Any, dict[str, str]] = {}  # by widget: the last run of each of its cells


class OfCell(widgets.VBox):
    """A box that belongs to the cells that made it or show it.

    Each run of a cell would otherwise leave its widgets and pictures behind for ever:
    ipywidgets keeps all that are open, and IPython what cells have returned. Where
    nobody says which cell is running, as outside a notebook, nothing is closed.
    """

    def __init__(self, children: Any, **options: Any) -> None:
        super().__init__(children, **options)
        _remember(self)

    def close(self) -> None:
        """Take it off the page, with all that is in it."""
        if self.comm is not None:
            super().close()
            _close_parts(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        _remember(self)
        return super()._repr_mimebundle_(**options)


def running() -> tuple[str | None, str]:
    """Return which cell is running, None if nobody knows it, and which run it is."""
    kernel = getattr(get_ipython(), "kernel", None)
    request: dict[str, Any] = getattr(kernel, "get_parent", dict)()
    cell = request.get("metadata", {}).get("cellId")
    return cell, request.get("header", {}).get("msg_id", "")


def _remember(widget: OfCell) -> None:
    (cell, run), shell = running(), get_ipython()
    if cell is None or shell is None:
        return
    if close_former not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", close_former)
    _runs_of.setdefault(widget, {})[cell] = run


def close_former(_: Any = None) -> None:
    """Close what only earlier runs of the cell that has just run have shown."""
    cell, run = running()
    for widget, runs in list(_runs_of.items()):
        if runs.get(str(cell), run) != run:
            del runs[str(cell)]
        if not runs:
            del _runs_of[widget]
            widget.close()


def _close_parts(widget: Any) -> None:
    """Close what is in a widget, and what says how it looks; it then holds nothing."""
    looks = getattr(widget, "layout", None), getattr(widget, "style", None)
    for part in (*getattr(widget, "children", ()), *filter(None, looks)):
        _close_parts(part)
        part.close()
    if getattr(widget, "children", ()):
        widget.children = ()
