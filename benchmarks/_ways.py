"""An explorer's picture shown in three ways, for a notebook to be measured in."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from itertools import cycle, islice
from statistics import median
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure

from rnncourse import explorers
from rnncourse.exploring.controls import LogSlider
from rnncourse.exploring.engine import Data, ExplorerWidget, View

__all__ = [
    "HARDEST",
    "Twin",
    "kernel_numbers",
    "moves_of",
    "opened",
    "show_explorer",
    "show_ready",
    "show_with_interact",
    "show_with_ipympl",
]

MOVES, FRONT = 50, 100
HARDEST: dict[str, dict[str, Any]] = {
    "gradient_microscope": {"steps": 100, "hidden": 32},
    "eigen_picture": {"shear": 1.0},
}


class Twin:
    """Another set of an explorer's controls, and its data and view for each way.

    Parameters
    ----------
    name : str
        Of the explorer.

    Attributes
    ----------
    explorer : ExplorerWidget
        The one that it is a twin of.
    controls : dict of str to widget
    size : pair of float
        Of the picture, in inches.
    """

    def __init__(self, name: str) -> None:
        self._declared, self.explorer = getattr(explorers, name), opened(name)
        self.size = tuple(self.explorer.figure.get_size_inches())
        self.controls = {
            each: control.widget() for each, control in self._declared.controls.items()
        }
        for each, value in self.explorer.values.items():
            self.controls[each].value = value

    def view(self, figure: Figure) -> View:
        """Return new artists in a figure, painted in the explorer's order."""
        view: View = self._declared.view(figure)
        for place, artist in enumerate(view.moving):
            artist.set_zorder(FRONT + place)
        return view

    def data(self, **values: Any) -> Data:
        """Return what there is to draw after a move of the first control."""
        return self.explorer.data(next(iter(self.controls)), **values)

    def display(self, picture: ipywidgets.Widget, way: str) -> None:
        """Show the controls above a picture; the page knows it by the way's name."""
        box = ipywidgets.VBox([*self.controls.values(), picture])
        display(box.add_class(way))


def opened(name: str) -> ExplorerWidget:
    """Return an explorer, at the values where it has most to do."""
    explorer: ExplorerWidget = getattr(explorers, name)(**HARDEST.get(name, {}))
    return explorer


def show_explorer(name: str) -> None:
    """Show the explorer itself, and close what was shown before."""
    ipywidgets.Widget.close_all()
    display(opened(name))


def show_with_interact(name: str) -> None:
    """Make a new pyplot figure at each change, as `interact` does.

    `interactive_output` is the part of it that takes controls of any kind.
    """
    twin = Twin(name)

    def show(**values: Any) -> None:
        figure = plt.figure(figsize=twin.size, dpi=100)
        twin.view(figure).draw(twin.data(**values))
        plt.show()

    twin.display(ipywidgets.interactive_output(show, twin.controls), "interact")


def show_with_ipympl(name: str) -> None:
    """Keep one figure in the page, and let its artists follow the controls."""
    from ipympl.backend_nbagg import Canvas, FigureManager

    plt.switch_backend("inline")  # the import has taken pyplot over
    twin, figure = Twin(name), Figure()
    figure.set(size_inches=twin.size, dpi=100)
    canvas = Canvas(figure)
    FigureManager(canvas, 0)
    view = twin.view(figure)

    def show(_: Any = None) -> None:
        values = {each: control.value for each, control in twin.controls.items()}
        view.draw(twin.data(**values))
        canvas.draw_idle()

    for control in twin.controls.values():
        control.observe(show, "value")
    show()
    twin.display(canvas, "ipympl")


def show_ready(name: str) -> None:
    """Send a picture that is ready, at each change: no drawing can be sooner there."""
    twin = Twin(name)
    picture = opened(name).image
    ready = bytes(picture.value)
    another = cycle([ready + b" ", ready])  # a byte behind the end makes it another one

    def show(_: Any) -> None:
        picture.value = next(another)

    for control in twin.controls.values():
        control.observe(show, "value")
    twin.display(picture, "ready")


def kernel_numbers(names: Sequence[str]) -> str:
    """Return, as JSON, milliseconds of a change and bytes of a frame, by explorer."""
    return json.dumps({name: _numbers(name) for name in names})


def _numbers(name: str) -> tuple[float, int]:
    explorer, (first, values) = opened(name), moves_of(name)
    times, sizes = [], []
    for value in islice(cycle(values), MOVES):
        start = time.perf_counter()
        explorer.set(**{first: value})
        times.append(1e3 * (time.perf_counter() - start))
        sizes.append(len(explorer.image.value))
    return median(times), int(median(sizes))


def moves_of(name: str) -> tuple[str, list[Any]]:
    """Return the first control, and the values to which a learner can bring it."""
    first, control = next(iter(getattr(explorers, name).controls.items()))
    if isinstance(control, LogSlider):
        return first, [*np.geomspace(control.low, control.high, MOVES).tolist()]
    if hasattr(control, "low"):
        whole = type(control.value)
        return first, [*map(whole, np.linspace(control.low, control.high, MOVES))]
    return first, [*getattr(control, "options", control.corners())]
