"""The picture of the loss curve."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from rnncourse.drawing import style
from rnncourse.drawing.pages import Pages
from rnncourse.lesson_01.loss_curve.compute import GRID, LossCurve, pushes
from rnncourse.shared.wording import number
from rnnlib._typing import Array

__all__ = ["LossCurveView", "Panel"]

BOTTOM, HEIGHT, SIDE = 92, 204, 340
LEFT, RIGHT = 70, 484
DOTS = (0, (1, 1.5))


class Curve(NamedTuple):
    """A function of p, and its name in the key."""

    name: str
    of: Callable[[Array], Array]
    dashes: Any = "-"


class Panel(NamedTuple):
    """Curves over p in one panel: where it is, its words, its limits and its colour."""

    left: float
    title: str
    y: tuple[str, float, float]
    colour: str
    curves: tuple[Curve, ...]


LOG = Curve(r"cross-entropy $-\log p$", lambda p: -np.log(p))
SQUARE = Curve(r"squared error $(1-p)^2$", lambda p: (1 - p) ** 2, DOTS)
LOSS = Panel(LEFT, "how wrong it was", ("loss", 0, 7.2), style.INK, (LOG,))
PANELS = {
    "perplexity": (
        LOSS,
        Panel(
            RIGHT,
            "as unsure as an even choice of so many",
            ("perplexity", 1, 1500),
            style.INK,
            (Curve(r"perplexity $e^L = 1/p$", lambda p: 1 / p),),
        ),
    ),
    "push": (
        LOSS._replace(curves=(LOG, SQUARE)),
        Panel(
            RIGHT,
            "how hard it pushes the score up",
            ("push", 0, 1.08),
            style.GRADIENT,
            (
                Curve("of cross-entropy, $1-p$", lambda p: pushes(p)[0]),
                Curve("of squared error, $2p(1-p)^2$", lambda p: pushes(p)[1], DOTS),
            ),
        ),
    ),
}


class LossCurveView:
    """Left, losses over p; right, the perplexity, or what the losses send back.

    The curves reach from p = 1 down to the p that is looked at.
    """

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.pages = {name: TwoPanels(figure, *two) for name, two in PANELS.items()}
        self._pages = Pages(figure, self.pages)
        self.moving = self._pages.moving

    def draw(self, data: LossCurve) -> None:
        """Show `data`."""
        self._pages.draw(data.beside, data)

    def describe(self, data: LossCurve) -> str:
        """Return what the picture shows, in words."""
        p, loss = number(data.p, 3), number(data.loss, 3)
        left = f"Left, over p from 1 down to {p}, minus log p, which rises to {loss}"
        if data.beside == "perplexity":
            perplexity = number(data.perplexity, 3)
            return f"{left}. Right, the perplexity, which rises to {perplexity}."
        return (
            f"{left}, and the squared error, to {number(data.squared, 3)}. Right, what "
            f"each sends back to the score: {number(data.push, 3)} and "
            f"{number(data.squared_push, 3)} there."
        )


class TwoPanels:
    """One page: the panel of the losses with the slope, and the one beside it."""

    def __init__(self, figure: Figure, losses: Panel, beside: Panel) -> None:
        panels = losses, beside
        self.axes = [
            style.panel(
                figure,
                (each.left, BOTTOM, SIDE, HEIGHT),
                title=each.title,
                x=("p, probability of the right answer", 0, 1),
                y=each.y,
            )
            for each in panels
        ]
        if beside.y[0] == "perplexity":
            self.axes[1].set_yscale("log")
            self.axes[1].set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
            self.axes[1].yaxis.set_minor_locator(NullLocator())
        (self.slope,) = self.axes[0].plot([], [], color=style.GRADIENT, lw=1.4)
        self.slope.set_label(r"slope $-1/p$")
        self.curves: list[tuple[Curve, Line2D]] = []
        self.dots: list[Line2D] = []
        for panel, axes in zip(panels, self.axes, strict=True):
            for curve in panel.curves:
                (line,) = axes.plot([], [], color=panel.colour, ls=curve.dashes)
                line.set(linewidth=style.LINE, label=curve.name)
                self.curves.append((curve, line))
            self.dots += axes.plot([], [], "o", color=panel.colour, ms=8, clip_on=False)
        lines = [line for _, line in self.curves]
        count = len(losses.curves)
        style.key_below(self.axes[0], (*lines[:count], self.slope))
        style.key_below(self.axes[1], lines[count:], columns=1)
        self.moving = (self.slope, *lines, *self.dots)

    def draw(self, data: LossCurve) -> None:
        """Show `data`."""
        p = np.array([data.p, *GRID[data.p < GRID]])
        for curve, line in self.curves:
            line.set_data(p, curve.of(p))
        for axes, dots in zip(self.axes, self.dots, strict=True):
            here = [line for _, line in self.curves if line.axes is axes]
            dots.set_data(
                [data.p] * len(here), [np.asarray(line.get_ydata())[0] for line in here]
            )
        ends = np.array([data.p - 0.12, data.p + 0.12])
        self.slope.set_data(ends, data.loss + data.slope * (ends - data.p))
