"""The picture of an encoder that hands one state over to a decoder."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_10.hand_over.compute import SAID_AT_MOST, UNITS, HandOver
from rnncourse.lesson_10.words import LONGEST
from rnncourse.shared.wording import percent
from rnnlib._typing import Array

__all__ = ["HandOverView"]

COLUMNS = LONGEST + SAID_AT_MOST
WIDE, STRIP, LEFT = 43, 20, 52
LOW, HIGH = 58, 154  # the strips of states, in pixels of the diagram
ABSENT = "white"


class HandOverView:
    """Above, the states in the order of time; below, what the decoder would say."""

    size = (840, 400)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.diagram = Diagram(figure, (0, 190, 840, 210))
        self.middles = [LEFT + WIDE * (n + 0.5) for n in range(COLUMNS)]
        for n, x in enumerate(self.middles):
            self.diagram.wire(f"in {n}", [(x, LOW - 24), (x, LOW - 2)], style.INPUT)
            self.diagram.wire(f"out {n}", [(x, HIGH + 2), (x, HIGH + 24)], style.OUTPUT)
            if n:
                path = [(x - WIDE + STRIP / 2 + 2, 106), (x - STRIP / 2 - 2, 106)]
                self.diagram.wire(f"on {n}", path, style.STATE)
        place = (LEFT, 190 + LOW, COLUMNS * WIDE, HIGH - LOW)
        self.states = HeatMap(style.sheet(figure, place, 1, 1))
        ends = (
            [(x, LOW - 36) for x in self.middles],
            [(x, HIGH + 36) for x in self.middles],
        )
        self.read, self.written = (
            Digits(self.diagram.axes, places, points=10, bold=True, colour=colour)
            for places, colour in zip(ends, (style.INPUT, style.OUTPUT), strict=True)
        )
        self.diagram.words((2, LOW - 36), "fed in", style.WEIGHT, size=9, align="left")
        self.diagram.words((2, HIGH + 36), "said", style.WEIGHT, size=9, align="left")
        self.bars_axes = style.panel(
            figure,
            (70, 42, 500, 112),
            title="what the decoder would say next",
            x=("token", -0.6, 8.6),
            y=("probability", 0, 1),
        )
        self.bars_axes.set_xticks(range(9), [*"abcdefgh", "END"])
        self.bars_axes.set_yticks([0, 0.5, 1])
        self.bars = self.bars_axes.bar(np.arange(9), np.zeros(9), color=style.OUTPUT)
        self._scale(figure)
        self.moving = (
            *self.diagram.artists(),
            self.states,
            self.read,
            self.written,
            *self.bars,
            *style.spines(self.bars_axes),
        )

    def _scale(self, figure: Figure) -> None:
        """Draw the scale of the states."""
        axes = style.panel(
            figure,
            (626, 78, 160, 12),
            title="a strip: the 48 units of a state",
            x=("", -1, 1),
            y=("", 0, 1),
        )
        axes.set_xticks([-1, 0, 1])
        axes.set_yticks([])
        axes.text(0, -4.4, "black arrow: the state that is", ha="center", fontsize=9)
        axes.text(0, -6.2, "handed over to the decoder", ha="center", fontsize=9)
        steps = np.linspace(-1, 1, 129)
        axes.pcolormesh(
            steps,
            [0, 1],
            steps[None, 1:],
            cmap="PuOr_r",
            vmin=-1,
            vmax=1,
            rasterized=True,
        )

    def draw(self, data: HandOver) -> None:
        """Show `data`."""
        S, shown = len(data.word), data.step
        tokens = [*data.word, "START", *data.said[:-1]]
        fed = [token if n < shown else "" for n, token in enumerate(tokens)]
        said = [data.said[n - S] if S <= n < shown else "" for n in range(COLUMNS)]
        self.read.set_texts([*fed, *[""] * (COLUMNS - len(fed))])
        self.read.set_colours(
            [style.INPUT if n < S else style.OUTPUT for n in range(COLUMNS)]
        )
        self.written.set_texts(said)
        self.states.set_cells(_strips(data.states[:shown]))
        self.diagram.light(self._lit(S, len(tokens), shown))
        self._show_probabilities(data)

    def _lit(self, S: int, last: int, shown: int) -> dict[str, str]:
        """Return the colour of each wire: those to come fade, others are not there."""
        lit = {}
        for n in range(COLUMNS):
            into = style.INPUT if n < S else style.OUTPUT
            for name, colour, exists in (
                (f"in {n}", into, True),
                (f"out {n}", style.OUTPUT, n >= S),
                (f"on {n}", style.STATE, n > 0),
            ):
                if name not in self.diagram.names:
                    continue
                if n >= last or not exists:
                    lit[name] = ABSENT
                elif n < shown:
                    lit[name] = style.INK if name == f"on {S}" else colour
        return lit

    def _show_probabilities(self, data: HandOver) -> None:
        """Set the bars to the decoder's step, or to nothing while it waits."""
        row = data.step - len(data.word) - 1
        order = [*range(3, 11), data.symbols.index("END")]
        heights = data.probabilities[row][order] if row >= 0 else np.zeros(9)
        for bar, height in zip(self.bars, heights, strict=True):
            bar.set_height(height)

    def describe(self, data: HandOver) -> str:
        """Return what the picture shows, in words."""
        S = len(data.word)
        spoken = " ".join(data.said[: max(data.step - S, 0)]) or "nothing yet"
        row = data.step - S - 1
        best = (
            f" Below, bars of the next token's probability, the highest "
            f"{percent(float(data.probabilities[row].max()))}."
            if row >= 0
            else " Below, no bars yet."
        )
        return (
            f"From left to right {min(data.step, S)} of {S} encoder states that read "
            f"“{data.word}”, each a strip of {UNITS} coloured cells, then the "
            f"decoder's, which has said {spoken}.{best}"
        )


def _strips(states: Array) -> Array:
    """Return the colours of all columns, transparent beside the strips."""
    cells = np.zeros((UNITS, COLUMNS * WIDE, 4), dtype=np.uint8)
    colours = style.MAGNITUDES((states.T + 1) / 2, bytes=True)
    for n in range(len(states)):
        start = WIDE * n + (WIDE - STRIP) // 2
        cells[:, start : start + STRIP] = colours[:, n, None]
    return cells
