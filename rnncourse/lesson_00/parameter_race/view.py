"""The picture of the parameter race."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_00.parameter_race.compute import LONGEST, ParameterRace

__all__ = ["ParameterRaceView"]

BOTTOM, HEIGHT = 84, 216
UNIT_LEFT, UNIT_WIDE, MOST = 490, 320, 10**6
ROWS = {"window": 136, "rnn": 34}
WORDS = {
    "window": "window network: T letters at once",
    "rnn": "RNN: one letter, and its own last state",
}
TICKS = {1: "1", 100: "100", 10_000: "10,000", MOST: "1 million"}
THICK, ASIDE = 30, 1.15
APART, MARGIN = 5, 16  # of a count from its point: a factor, and a length


class ParameterRaceView:
    """Left, both counts up to T; right, what a single hidden unit reads."""

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (70, BOTTOM, 350, HEIGHT),
            title="parameters of the whole network",
            x=("T, letters that are read", 0, LONGEST),
            y=("parameters", 1, 10),
        )
        style.log_axis(self.axes, 1, 9)
        (self.window,) = self.axes.plot([], [], color=style.INPUT, lw=style.LINE)
        self.window.set_label("window network")
        (self.rnn,) = self.axes.plot(
            [], [], color=style.STATE, lw=style.LINE, ls=(0, (5, 1.5))
        )
        self.rnn.set_label("RNN")
        (self.here,) = self.axes.plot([], [], color=style.LIGHT, lw=1)
        (self.points,) = self.axes.plot([], [], "o", color=style.INK, ms=6)
        style.key_below(self.axes, (self.window, self.rnn))
        self.counts = Digits(self.axes, [])
        self.reads = _Reads(figure)
        lines = (self.here, self.window, self.rnn, self.points)
        self.moving = (
            *lines,
            *style.spines(self.axes),
            self.counts,
            *self.reads.moving,
        )

    def draw(self, data: ParameterRace) -> None:
        """Show `data`."""
        both = [data.at_steps, data.rnn]
        T = data.steps
        self.window.set_data(data.lengths[:T], data.window[:T])
        self.rnn.set_data([1, T], [data.rnn, data.rnn])
        self.points.set_data([data.steps, data.steps], both)
        self.here.set_data([data.steps, data.steps], self.axes.get_ylim())
        apart = np.where(np.array(both) >= both[::-1], APART, 1 / APART)
        beside = data.steps + (MARGIN if data.steps < LONGEST / 2 else -MARGIN)
        self.counts.write(
            [(beside, size * away) for size, away in zip(both, apart, strict=True)],
            [f"{size:,}" for size in both],
            [style.INPUT, style.STATE],
        )
        self.reads.draw(data)

    def describe(self, data: ParameterRace) -> str:
        """Return what the picture shows, in words."""
        window, rnn = data.inputs
        return (
            f"Left, over the length up to T = {data.steps}, on a log axis, the "
            f"parameters of the window network, from {data.window[0]:,} to "
            f"{data.at_steps:,}, and the level line of the RNN at {data.rnn:,}. Right, "
            f"what one hidden unit reads: {window:,} numbers in the window network, "
            f"{rnn:,} in the RNN."
        )


class _Reads:
    """Two strips on one log axis: T V numbers, and V of the input beside H of h."""

    def __init__(self, figure: Figure) -> None:
        axes = self.axes = style.panel(
            figure,
            (UNIT_LEFT, BOTTOM, UNIT_WIDE, HEIGHT),
            title="what one hidden unit reads",
            x=("numbers", 1, MOST),
            y=("", 0, HEIGHT),
        )
        axes.set_xscale("log")
        axes.set_xticks(list(TICKS), list(TICKS.values()))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_yticks([])
        for row, words in WORDS.items():
            place = (ASIDE, ROWS[row] + 38)
            axes.text(*place, words, fontsize=style.TEXT, color=style.INK)
        look: dict[str, Any] = {"left": 1, "align": "edge", "alpha": 0.75}
        colours = (style.INPUT, style.INPUT, style.STATE)
        rows = (ROWS["window"], ROWS["rnn"], ROWS["rnn"])
        bars = axes.barh(rows, [0] * 3, THICK, color=colours, **look)
        self.x, self.x_t, self.h = bars
        self.x.set_label("letters, x")
        self.h.set_label("the state, h")
        style.key_below(axes, (self.x, self.h))
        self.sums = Digits(axes, [], align="left")
        self.moving = (*bars, *style.spines(axes), self.sums)

    def draw(self, data: ParameterRace) -> None:
        V, T = data.vocab_size, data.steps
        window, rnn = data.inputs
        self.x.set_width(window - 1)
        self.x_t.set_width(V - 1)
        self.h.set(x=V, width=rnn - V)
        self.sums.write(
            [(ASIDE, ROWS[row] - 14) for row in ("window", "rnn")],
            [
                f"T·V = {T} × {V:,} = {window:,}",
                f"V + H = {V:,} + {data.hidden_size} = {rnn:,}",
            ],
        )
