"""The picture of truncated BPTT: what was learned, and what the gradient reaches."""

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_06.tau_and_delay.compute import (
    CHANCE,
    DELAYS,
    LEARNED,
    TAUS,
    UPDATES,
    TauAndDelay,
)
from rnncourse.shared.wording import whole_percent

__all__ = ["TauView"]

COLOURS = colormaps["PuRd"]
DARK = 0.8
BOTTOM, HEIGHT = 92, 224


class TauView:
    """Left, the accuracy by tau and delay; right, what is reached and what is missing.

    In the left panel the ring is at what is looked at; on and below the line the
    gradient of no answer comes to its bit.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (70, BOTTOM, 400, HEIGHT),
            title=f"right answers after {UPDATES} updates, %",
            x=(r"steps of a chunk, $\tau$", -0.5, len(TAUS) - 0.5),
            y=("delay of the echo", -0.5, len(DELAYS) - 0.5),
        )
        for axis, values in ((self.axes.xaxis, TAUS), (self.axes.yaxis, DELAYS)):
            axis.set_major_locator(FixedLocator(range(len(values))))
            axis.set_major_formatter(FixedFormatter([f"{value}" for value in values]))
        self.map = HeatMap(self.axes)
        self.numbers = Digits(self.axes, [], points=style.SMALL)
        border = [sum(delay < tau for delay in DELAYS) - 0.5 for tau in TAUS]
        (self.border,) = self.axes.plot(
            np.repeat(np.arange(len(TAUS) + 1) - 0.5, 2)[1:-1],
            np.repeat(border, 2),
            **style.BOUND,
            label="below: the gradient comes to the bit",
        )
        (self.ring,) = self.axes.plot(
            [], [], "s", ms=25, mfc="none", mec=style.INK, mew=2
        )
        (self.own,) = self.axes.plot(
            [], [], "D", ms=6, mfc=style.TARGET, mec=style.INK, label="your own run"
        )
        style.key_below(self.axes, (self.border, self.own))
        self.shares = style.panel(
            figure,
            (560, BOTTOM, 260, HEIGHT),
            title="what the cut does to the gradient",
            x=(r"steps of a chunk, $\tau$", 0, TAUS[-1] + 1),
            y=("%", 0, 104),
        )
        (self.reached,) = self.shares.plot(
            [], [], "o-", color=style.GRADIENT, lw=style.LINE, ms=5
        )
        (self.missing,) = self.shares.plot(
            [], [], "s", color=style.WEIGHT, lw=style.LINE, ms=5, ls=(0, (5, 2))
        )
        self.reached.set(label="answers that reach their bit", clip_on=False)
        self.missing.set(label="gradient that is missing, untrained", clip_on=False)
        (self.at,) = self.shares.plot([0, 0], [0, 104], color=style.INK, lw=1, ls=":")
        style.key_below(self.shares, (self.reached, self.missing), columns=1)
        self.moving = (
            self.map,
            self.numbers,
            self.border,
            self.ring,
            self.own,
            self.at,
            self.reached,
            self.missing,
            *style.spines(self.axes, self.shares),
        )

    def draw(self, data: TauAndDelay) -> None:
        """Show `data`."""
        means = data.accuracies.mean(axis=-1).T  # a row a delay
        shade = np.clip((means - CHANCE) / (1 - CHANCE), 0, 1)
        self.map.set_cells(COLOURS(0.85 * shade[::-1], bytes=True))
        places = [(x, y) for y in range(len(DELAYS)) for x in range(len(TAUS))]
        inks = ["white" if dark else style.INK for dark in (shade > DARK).ravel()]
        texts = [f"{100 * mean:.0f}" for mean in means.ravel()]
        self.numbers.write(places, texts, inks)
        self.border.set_visible(data.mode != "whole")
        self.ring.set_data([data.row], [data.column])
        mine = [
            (TAUS.index(run.tau) + 0.3, DELAYS.index(run.delay) + 0.25)
            for run in data.trained
            if run.mode == data.mode and run.accuracy is not None
        ]
        self.own.set_data(*np.reshape(mine, (-1, 2)).T)
        self.reached.set_data(TAUS, 100 * data.reached)
        self.missing.set_data(TAUS, 100 * data.missing)
        self.at.set_xdata([data.tau] * 2)

    def describe(self, data: TauAndDelay) -> str:
        """Return what the picture shows, in words."""
        learned = [
            f"{delay} from τ = {TAUS[row.argmax()]}" if row.any() else f"{delay} never"
            for delay, row in zip(
                DELAYS, data.accuracies.mean(axis=-1).T > LEARNED, strict=True
            )
        ]
        return (
            f"Left, a map of right answers by τ and delay; learned are delays "
            f"{', '.join(learned)}. Marked: τ = {data.tau}, delay {data.delay}, "
            f"{whole_percent(data.here.mean())}. Right, by τ, the share of answers "
            f"whose gradient reaches the bit, {whole_percent(data.reached[data.row])} "
            f"here, and of the gradient that is missing before training, "
            f"{whole_percent(data.missing[data.row])}."
        )
