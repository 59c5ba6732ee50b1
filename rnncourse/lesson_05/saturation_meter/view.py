"""The picture of the saturation meter."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_05.saturation_meter.compute import (
    BINS,
    GRID,
    MEANS,
    RANGES,
    SaturationMeter,
)
from rnncourse.shared.wording import number, percent

__all__ = ["SaturationView"]

HEIGHTS = {
    "tanh": (-1.2, 1.2),
    "sigmoid": (-0.1, 1.1),
    "relu": (-1, 6),
    "identity": (-6, 6),
}
BOTTOM, HEIGHT = 92, 224
MOST = 65.0


class SaturationView:
    """Left, a unit on its curve, with the slope; right, where a network's states lie.

    Each activation has axes of its own range.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.curves = style.panel(
            figure,
            (70, BOTTOM, 330, HEIGHT),
            title="one unit: its state and the slope there",
            x=("pre-activation $a$", GRID[0], GRID[-1]),
            y=("value", *HEIGHTS["tanh"]),
        )
        self.curves.axhline(0, color=style.LIGHT, lw=1, zorder=0)
        self.curves.axvline(0, color=style.LIGHT, lw=1, zorder=0)
        (self.curve,) = self.curves.plot(GRID, GRID, color=style.STATE, lw=style.LINE)
        self.curve.set_label(r"state $h = \phi(a)$")
        (self.slope,) = self.curves.plot(
            GRID, GRID, color=style.GRADIENT, lw=style.LINE
        )
        self.slope.set_label(r"slope $\phi'(a)$, what a gradient is multiplied by")
        (self.at,) = self.curves.plot([0, 0], [0, 0], color=style.INK, lw=1, ls=":")
        (self.dots,) = self.curves.plot([0, 0], [0, 0], "o", color=style.INK, ms=7)
        self.dots.set_clip_on(False)
        style.key_below(self.curves, (self.curve, self.slope), columns=1)
        self.histogram = style.panel(
            figure,
            (480, BOTTOM, 340, HEIGHT),
            title="states of 32 units over 60 steps",
            x=("state $h$", *RANGES["tanh"]),
            y=("states, %", 0, MOST),
        )
        self.states, self.saturated = (
            self.histogram.stairs(np.zeros(BINS), fill=True, color=colour, label=label)
            for colour, label in (
                (style.STATE_PALE, "slope above 10 % of its peak"),
                (style.STATE, "below 10 %: saturated"),
            )
        )
        (self.here,) = self.histogram.plot([0, 0], [0, MOST], color=style.INK, lw=1)
        self.here.set(linestyle=":", label="unit at left", clip_on=False)
        bars = (self.states, self.saturated)
        style.key_below(self.histogram, (*bars, self.here))
        spines = style.spines(self.curves, self.histogram)
        lines = (self.curve, self.slope, self.at, self.dots, self.here)
        self.moving = (*bars, *lines, *spines)

    def draw(self, data: SaturationMeter) -> None:
        """Show `data`."""
        low, high = RANGES[data.activation]
        bottom, top = HEIGHTS[data.activation]
        self.curves.set_ylim(bottom, top)
        self.histogram.set_xlim(low, high)
        self.curve.set_ydata(data.curve)
        self.slope.set_ydata(data.slopes)
        self.at.set_data([data.a, data.a], [bottom, top])
        self.dots.set_data([data.a, data.a], [data.h, data.slope])
        self.here.set_xdata([np.clip(data.h, low, high)] * 2)
        self.states.set_data(100 * data.all_shares, data.edges)
        self.saturated.set_data(100 * data.saturated_shares, data.edges)

    def describe(self, data: SaturationMeter) -> str:
        """Return what the picture shows, in words."""
        return (
            f"Left, the curve of {data.activation} and its slope, marked at a = "
            f"{number(data.a)}, where the state is {number(data.h)} and the slope "
            f"{number(data.slope)}. Right, a histogram of the states of a network, of "
            f"which {percent(data.saturated)} are {MEANS[data.activation]}."
        )
