"""The picture of the parameter race."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_00.parameter_race.compute import LONGEST, ParameterRace
from rnncourse.shared.wording import count

__all__ = ["ParameterRaceView"]

BOTTOM, HEIGHT = 84, 216
UNIT_LEFT, UNIT_WIDE = 484, 336
ROWS = {"window": 218, "rnn": 112}
THICK = 34
APART, MARGIN = 5, 16  # of a count from its point: a factor, and a length


class ParameterRaceView:
    """Left, both counts over T; right, what a single hidden unit reads."""

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
        self.reads = _Reads(_words(figure))
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
        self.window.set_data(data.lengths, data.window)
        self.rnn.set_data([0, LONGEST], [data.rnn, data.rnn])
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
            "Left, over the length T on a log axis, the parameters of the window "
            f"network, rising from {data.window[0]:,} to {data.window[-1]:,}, and the "
            f"level line of the RNN at {data.rnn:,}; both are marked at T = "
            f"{data.steps}. Right, what one hidden unit reads: {window:,} numbers in "
            f"{count(data.steps, 'block')} in the window network, {rnn:,} in the RNN."
        )


class _Reads:
    """Two strips to one scale: T blocks of V numbers, and one of V beside one of H."""

    def __init__(self, axes: Axes) -> None:
        self.x = Rectangle((0, ROWS["window"]), 0, THICK, color=style.INPUT, alpha=0.75)
        self.x_t = Rectangle((0, ROWS["rnn"]), 0, THICK, color=style.INPUT, alpha=0.75)
        self.h = Rectangle((0, ROWS["rnn"]), 0, THICK, color=style.STATE, alpha=0.75)
        for strip in (self.x, self.x_t, self.h):
            strip.set_linewidth(0)
            axes.add_patch(strip)
        self.cuts = LineCollection([], colors="white", linewidths=1)
        axes.add_collection(self.cuts, autolim=False)
        self.sums = Digits(axes, [], align="left")
        self.moving = (self.x, self.x_t, self.h, self.cuts, self.sums)

    def draw(self, data: ParameterRace) -> None:
        V, T = data.vocab_size, data.steps
        window, rnn = data.inputs
        pixel = UNIT_WIDE / max(window, rnn)
        self.x.set_width(window * pixel)
        self.x_t.set_width(V * pixel)
        self.h.set(x=V * pixel, width=data.hidden_size * pixel)
        places = V * pixel * np.arange(1, T)
        bottom, top = ROWS["window"], ROWS["window"] + THICK
        self.cuts.set_segments([[(x, bottom), (x, top)] for x in places])
        self.sums.write(
            [(0, bottom - 14), (0, ROWS["rnn"] - 14)],
            [
                f"T·V = {T} × {V:,} = {window:,} numbers",
                f"V + H = {V:,} + {data.hidden_size} = {rnn:,} numbers",
            ],
        )


def _words(figure: Figure) -> Axes:
    """Return axes in pixels, with what stands still beside the strips."""
    drawing = Diagram(figure, (UNIT_LEFT, 0, UNIT_WIDE, figure.bbox.height))
    top, above = BOTTOM + HEIGHT + 15, THICK + 14
    size = style.TEXT + 1
    drawing.words((UNIT_WIDE / 2, top), "what one hidden unit reads", size=size)
    for name, text in {
        "window": "window network: T letters at once",
        "rnn": "RNN: one letter, and its own last state",
    }.items():
        drawing.words((0, ROWS[name] + above), text, align="left")
    drawing.words((0, 56), "blue: letters, x", style.INPUT, align="left")
    drawing.words((150, 56), "green: the state, h", style.STATE, align="left")
    return drawing.axes
