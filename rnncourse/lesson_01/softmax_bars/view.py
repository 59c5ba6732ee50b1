"""The picture of the softmax bars."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_01.softmax_bars.compute import LETTERS, TARGET, SoftmaxBars
from rnnlib._typing import Array

__all__ = ["SoftmaxBarsView"]

BOTTOM, HEIGHT, SIDE = 84, 212, 330
BAR = 0.56


class SoftmaxBarsView:
    """Left, the probabilities beside the target; right, what the loss says to each."""

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.left = _panel(
            figure, 70, "p = softmax(score / temperature)", "p, probability", (0, 1.12)
        )
        self.right = _panel(
            figure,
            494,
            "what the loss says to each score",
            "p \u2212 y, gradient of the loss",
            (-1.3, 1.3),
        )
        self.right.axhline(0, color=style.INK, linewidth=0.8)
        places = np.arange(len(LETTERS))
        target = self.left.bar(
            [TARGET], [1], BAR + 0.16, facecolor="none", edgecolor=style.TARGET
        )
        target[0].set(linewidth=2, label="y, the target")
        self.p = self.left.bar(places, places, BAR, color=style.OUTPUT)
        self.gradient = self.right.bar(places, places, BAR, color=style.GRADIENT)
        self.p[0].set_label("p, the probabilities")
        style.key_below(self.left, (self.p[0], target[0]))
        self.p_numbers = Digits(self.left, [])
        self.gradient_numbers = Digits(self.right, [])
        self.moving = (
            *self.p,
            *self.gradient,
            *style.spines(self.left, self.right),
            self.p_numbers,
            self.gradient_numbers,
        )

    def draw(self, data: SoftmaxBars) -> None:
        """Show `data`."""
        _show(self.p, self.p_numbers, data.p, 0.05)
        _show(self.gradient, self.gradient_numbers, data.gradient, 0.1)

    def describe(self, data: SoftmaxBars) -> str:
        """Return what the picture shows, in words."""
        p, gradient = (
            ", ".join(
                f"{letter} {value:.3f}"
                for letter, value in zip(LETTERS, values, strict=True)
            )
            for values in (data.p, data.gradient)
        )
        return (
            f"Left, bars of the probabilities: {p}; the target {LETTERS[TARGET]} is "
            f"outlined up to 1. Right, bars of p minus y: {gradient}."
        )


def _panel(
    figure: Figure, left: float, title: str, y: str, limits: tuple[float, float]
) -> Axes:
    axes = style.panel(
        figure,
        (left, BOTTOM, SIDE, HEIGHT),
        title=title,
        x=("letter that comes next", -0.6, len(LETTERS) - 0.4),
        y=(y, *limits),
    )
    names = [
        f"{letter} (target)" if k == TARGET else letter
        for k, letter in enumerate(LETTERS)
    ]
    axes.set_xticks(range(len(LETTERS)), names)
    axes.tick_params(axis="x", length=0)
    return axes


def _show(bars: BarContainer, numbers: Digits, values: Array, above: float) -> None:
    for bar, value in zip(bars, values, strict=True):
        bar.set_height(value)
    away = values + np.where(values < 0, -above, above)
    numbers.write(
        np.column_stack([np.arange(len(values)), away]),
        [f"{value:.3f}".replace("-", "\u2212") for value in values],
    )
