"""The picture of the softmax bars."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.pages import Pages
from rnncourse.lesson_01.softmax_bars.compute import LETTERS, TARGET, SoftmaxBars
from rnncourse.shared.wording import fixed
from rnnlib._typing import Array

__all__ = ["SoftmaxBarsView"]

BOTTOM, HEIGHT, SIDE = 84, 212, 330
LEFT, RIGHT = 70, 494
BAR = 0.56
PLACES = np.arange(len(LETTERS))
OUTLINE: dict[str, Any] = {
    "facecolor": "none",
    "edgecolor": style.TARGET,
    "linewidth": 2,
}


class Bars(NamedTuple):
    """A panel of four bars: its words, its limits, its colour, decimals of numbers."""

    title: str
    y: tuple[str, float, float]
    colour: str
    decimals: int = 3


P = Bars("p = softmax(z / temperature)", ("p, probability", 0, 1.12), style.OUTPUT)
SCORES = Bars("scores", ("z, score", -12, 12), style.OUTPUT, 1)
GRADIENT = Bars(
    "p \u2212 y, the gradient",
    ("gradient by z / temperature", -1.3, 1.3),
    style.GRADIENT,
)
PANELS = {"scores": (SCORES, P), "gradient": (P, GRADIENT)}


class SoftmaxBarsView:
    """The probabilities, and beside them the scores or what the loss says to each."""

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.pages = {name: TwoPanels(figure, *two) for name, two in PANELS.items()}
        self._pages = Pages(figure, self.pages)
        self.moving = self._pages.moving

    def draw(self, data: SoftmaxBars) -> None:
        """Show `data`."""
        self._pages.draw(data.beside, data)

    def describe(self, data: SoftmaxBars) -> str:
        """Return what the picture shows, in words."""
        scores, p, gradient = (
            ", ".join(
                f"{letter} {fixed(value, decimals)}"
                for letter, value in zip(LETTERS, values, strict=True)
            )
            for values, decimals in ((data.scores, 1), (data.p, 3), (data.gradient, 3))
        )
        if data.beside == "scores":
            return f"Left, bars of the scores: {scores}. Right, the probabilities: {p}."
        return (
            f"Left, bars of the probabilities: {p}; the target {LETTERS[TARGET]} is "
            f"outlined up to 1. Right, bars of p minus y: {gradient}."
        )


class TwoPanels:
    """One page: two panels of bars, the target outlined where the gradient is shown."""

    def __init__(self, figure: Figure, left: Bars, right: Bars) -> None:
        self.panels = left, right
        told = right is GRADIENT
        self.axes = [
            _panel(figure, place, bars, told)
            for place, bars in zip((LEFT, RIGHT), self.panels, strict=True)
        ]
        self.bars = [
            axes.bar(PLACES, 0 * PLACES, BAR, color=bars.colour)
            for axes, bars in zip(self.axes, self.panels, strict=True)
        ]
        self.numbers = [Digits(axes, []) for axes in self.axes]
        if told:
            target = self.axes[0].bar([TARGET], [1], BAR + 0.16, **OUTLINE)
            target[0].set_label("y, the target")
            self.bars[0][0].set_label("p, the probabilities")
            style.key_below(self.axes[0], (self.bars[0][0], target[0]))
        every = [bar for bars in self.bars for bar in bars]
        self.moving = (*every, *style.spines(*self.axes), *self.numbers)

    def draw(self, data: SoftmaxBars) -> None:
        """Show `data`."""
        shown = {SCORES: data.scores, P: data.p, GRADIENT: data.gradient}
        for panel, bars, numbers in zip(
            self.panels, self.bars, self.numbers, strict=True
        ):
            for bar, value in zip(bars, shown[panel], strict=True):
                bar.set_height(value)
            _write(numbers, panel, shown[panel])


def _panel(figure: Figure, left: float, bars: Bars, told: bool) -> Axes:
    axes = style.panel(
        figure,
        (left, BOTTOM, SIDE, HEIGHT),
        title=bars.title,
        x=("letter that comes next", -0.6, len(LETTERS) - 0.4),
        y=bars.y,
    )
    names = [*LETTERS]
    if told:
        names[TARGET] += " (target)"
    axes.set_xticks(PLACES, names)
    axes.tick_params(axis="x", length=0)
    if bars.y[1] < 0:
        axes.axhline(0, color=style.INK, linewidth=0.8)
    return axes


def _write(numbers: Digits, panel: Bars, values: Array) -> None:
    """Write each number above its bar, or below where that hangs down."""
    _, low, high = panel.y
    away = 0.045 * (high - low)
    numbers.write(
        np.column_stack([PLACES, values + np.where(values < 0, -away, away)]),
        [fixed(float(value), panel.decimals) for value in values],
    )
