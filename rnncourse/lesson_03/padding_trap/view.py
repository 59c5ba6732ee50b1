"""The picture of the padding trap."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_03.padding_trap.compute import MOST_PADDING, PaddingTrap
from rnncourse.shared.wording import whole_percent
from rnnlib._typing import Array

__all__ = ["PaddingTrapView"]

LONGEST = 17
LEFT, BOTTOM, CELL, HIGH = 62, 112, 27, 160
STEPS = np.arange(MOST_PADDING + 1)  # the padded ones


class PaddingTrapView:
    """Left, the state after each word and padded step; right, the answers so far."""

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        axes = self.map_axes = style.panel(
            figure,
            (LEFT, BOTTOM, CELL * LONGEST, HIGH),
            title="the state of the network, one column a step",
            x=("", 0.5, LONGEST + 0.5),
            y=("unit", 16.5, 0.5),
        )
        axes.set_xticks([])
        axes.set_yticks([1, 8, 16])
        self.map = HeatMap(axes)
        self.words = Digits(axes, [], points=style.SMALL)
        (self.end,) = axes.plot([], [], color=style.INK, lw=style.LINE, clip_on=False)
        self.axes = style.panel(
            figure,
            (610, BOTTOM, 210, HIGH),
            title="is it a positive review?",
            x=("padded steps", -0.3, MOST_PADDING + 0.3),
            y=("probability", -0.04, 1.1),
        )
        self.axes.yaxis.set_major_locator(MultipleLocator(0.5))
        (self.half,) = self.axes.plot([0, MOST_PADDING], [0.5, 0.5], **style.BOUND)
        (self.without,) = self.axes.plot(
            STEPS, STEPS, "o--", color=style.WEIGHT, lw=1.6, ms=4, label="without mask"
        )
        (self.told,) = self.axes.plot(
            STEPS, STEPS, color=style.OUTPUT, lw=style.WIDE, label="with mask"
        )
        (self.here,) = self.axes.plot([], [], "o", color=style.OUTPUT, ms=11, mec="k")
        style.key_below(self.axes, (self.told, self.without), columns=1)
        self.moving = (
            self.map,
            self.words,
            self.end,
            self.half,
            self.told,
            self.without,
            self.here,
            *style.spines(self.map_axes, self.axes),
        )

    def draw(self, data: PaddingTrap) -> None:
        """Show `data`."""
        T = len(data.words)
        self.map.set_cells(_cells(data))
        shown = [(word, style.INPUT) for word in data.words]
        shown += [(word, style.WEIGHT) for word in data.padding]
        self._write(shown)
        self.end.set_data([T + 0.5, T + 0.5], [16.5, 0.5])
        n = len(data.padding)
        self.told.set_data(STEPS[: n + 1], data.with_mask[: n + 1])
        self.without.set_data(STEPS[: n + 1], data.without_mask[: n + 1])
        self.here.set_data([n], [data.says])

    def _write(self, shown: list[tuple[str, str]]) -> None:
        """Write each word under its column, in three rows by turns."""
        texts, places, colours = [], [], []
        for t, (word, colour) in enumerate(shown, start=1):
            texts.append(word)
            places.append((t, 18.2 + 1.9 * ((t - 1) % 3)))
            colours.append(colour)
        self.words.write(places, texts, colours)

    def describe(self, data: PaddingTrap) -> str:
        """Return what the picture shows, in words."""
        held, n = " ".join(data.padding) or "nothing", len(data.padding)
        return (
            "Left, the 16 units of the state after each word of "
            f"“{' '.join(data.words)}” and then over the padding, which holds {held}. "
            "Right, the probability of a positive review over the number of padded "
            f"steps, up to {n}: there it is {whole_percent(data.with_mask[n])} with a "
            f"mask, {whole_percent(data.without_mask[n])} without. Now it is "
            f"{whole_percent(data.says)}."
        )


def _cells(data: PaddingTrap) -> Array:
    """Return the states as colours, purple to orange, transparent after the last."""
    H = data.states.shape[1]
    cells = np.zeros((H, LONGEST, 4), dtype=np.uint8)
    colours = style.MAGNITUDES((data.states.T + 1) / 2, bytes=True)
    cells[:, : colours.shape[1]] = colours
    return cells
