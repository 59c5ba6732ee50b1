"""A text in the colours of a unit, its value below, and all units by rank."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_07.figures.strip import LetterStrip, signed_colours
from rnncourse.lesson_07.neuron_strip.compute import LENGTH, UNITS, NeuronStrip
from rnncourse.shared.wording import fixed

__all__ = ["NeuronStripView"]

MOST = 3.6  # standard deviations
STEPS = np.arange(LENGTH)


class NeuronStripView:
    """Above, the text; left, unit and feature over it; right, all units by rank."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.strip = LetterStrip(figure, (62, 286, 520, 26), LENGTH)
        self.head = Digits(
            style.sheet(figure, (62, 318, 520, 20), 520, 20), [(0, 10)], align="left"
        )
        self.axes = style.panel(
            figure,
            (62, 92, 520, 178),
            title="",
            x=("symbol of the text", -0.5, LENGTH - 0.5),
            y=("from its mean, in σ", -MOST, MOST),
        )
        self.axes.axhline(0, color=style.LIGHT, lw=1, zorder=0)
        (self.feature,) = self.axes.plot(
            [],
            [],
            color=style.TARGET,
            lw=2,
            ds="steps-mid",
            label="the feature",
        )
        (self.line,) = self.axes.plot(
            [], [], ".-", color=style.STATE, lw=style.LINE, label="the unit"
        )
        self.right = style.panel(
            figure,
            (664, 92, 158, 220),
            title="all units, sorted",
            x=("rank", 0.2, UNITS + 0.8),
            y=("correlation", -1, 1),
        )
        self.right.set_xticks([1, 16, 32])
        self.right.axhline(0, color=style.INK, lw=0.8)
        self.bars = Bars(self.right, range(1, UNITS + 1), 0.8)
        style.key_below(self.axes, [self.line, self.feature])
        self.moving = (
            *self.strip.moving,
            self.head,
            self.feature,
            self.line,
            self.bars,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: NeuronStrip) -> None:
        """Show `data`."""
        scaled = np.clip(data.scaled, -MOST, MOST)
        self.strip.write(data.text, signed_colours(scaled, MOST))
        r = fixed(data.correlations[data.rank - 1])
        self.head.set_texts([f"unit {data.unit}: r = {r} with the {data.by}"])
        self.line.set_data(STEPS, scaled)
        self.feature.set_data(STEPS, np.clip(data.feature, -MOST, MOST))
        self.bars.set_heights(data.correlations)
        ranks = range(1, UNITS + 1)
        self.bars.set_facecolor(
            [style.STATE if rank == data.rank else style.LIGHT for rank in ranks]
        )

    def describe(self, data: NeuronStrip) -> str:
        """Return what the picture shows, in words."""
        values = ", ".join(
            f"{symbol} {fixed(value, 1)}"
            for symbol, value in zip(data.text, data.values, strict=True)
        )
        first, last = fixed(data.correlations[0]), fixed(data.correlations[-1])
        return (
            f"A text of {LENGTH} symbols, each in the colour of unit {data.unit}, "
            f"purple below and orange above its mean: {values}. Right, 32 bars of the "
            f"correlation with the {data.by}, from {first} down to {last}."
        )
