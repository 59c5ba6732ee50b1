"""Three rows of coloured numbers over a text, and a table of all answers so far."""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_13.connectivity.compute import (
    LONGEST,
    MEASURES,
    SYMBOLS,
    Connectivity,
)
from rnncourse.shared.wording import fixed, percent
from rnnlib._typing import Array

__all__ = ["ConnectivityView"]

COLOURS = matplotlib.colormaps["PuOr_r"]
FAINT = 0.7  # numbers stand on the colours, so the strongest is not the darkest
TALL, ABOVE, BELOW = len(MEASURES), -0.32, LONGEST + 0.75
PLACES = np.arange(LONGEST) + 0.5


class ConnectivityView:
    """On top a row for each measure, below the table, and right what comes next."""

    size = (840, 390)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.strip = style.sheet(figure, (150, 272, 640, 72), LONGEST, 1)
        self.strip.set_ylim(TALL, 0)
        self.strip.set_title(
            "what each symbol read did for the answer at the cursor, in nats",
            fontsize=style.TEXT + 1,
            color=style.INK,
            pad=21,
        )
        for k, name in enumerate(MEASURES):
            self.strip.text(
                -0.25, k + 0.5, name, ha="right", va="center", size=9, color=style.INK
            )
        self.below = style.panel(
            figure,
            (150, 50, 400, 186),
            title="every answer so far, its strongest symbol in full colour",
            x=("", 0, LONGEST),
            y=("answer after", LONGEST, 0),
        )
        self.below.yaxis.set_label_coords(-0.095, 0.5)
        self.below.set_xlabel("symbol that was read", labelpad=20, fontsize=style.TEXT)
        self.right = style.panel(
            figure,
            (640, 50, 170, 186),
            title="what comes next",
            x=("probability, %", 0, 100),
            y=("", len(SYMBOLS) - 0.4, -0.6),
        )
        for axes in (self.below, self.right):
            axes.set(xticks=[], yticks=[])
        self.right.set_yticks(range(len(SYMBOLS)), SYMBOLS, family="monospace", size=10)
        self.right.set_xticks([0, 50, 100])
        self.shares = Bars(self.right, range(len(SYMBOLS)), 0.7, lying=True)
        self.rows, self.cells = HeatMap(self.strip), HeatMap(self.below)
        self.numbers = Digits(self.strip, [], points=9)
        self.text = Digits(self.strip, [], points=12, bold=True)
        self.read = Digits(self.below, [], points=9)
        self.moving = (
            self.rows,
            self.cells,
            self.numbers,
            self.text,
            self.read,
            self.shares,
            *style.spines(self.below, self.right),
        )

    def draw(self, data: Connectivity) -> None:
        """Show `data`."""
        T, rows = data.read, np.array([*data.rows.values()])
        scale = np.maximum(abs(rows).max(axis=1, keepdims=True), 1e-12)
        self.rows.set_cells(_coloured(rows / scale, TALL))
        self.cells.set_cells(_coloured(data.table, LONGEST))
        places = [(x, k + 0.5) for k in range(TALL) for x in PLACES[:T]]
        self.numbers.write(places, [fixed(value, 1) for value in rows.flat])
        inks = [style.INPUT] * T + [style.DIM] * (len(data.text) - T)
        above = [(x, ABOVE) for x in PLACES[: len(data.text)]]
        answer = (LONGEST + 0.5, ABOVE)
        self.text.write(
            [*above, answer], [*data.text, f"→{data.target}"], [*inks, style.OUTPUT]
        )
        beside = [(-0.5 - 0.6 * (k % 2), PLACES[k]) for k in range(T)]
        sides = [*((x, BELOW) for x in PLACES[:T]), *beside]
        self.read.write(sides, [*data.text[:T], *data.text[:T]], style.INPUT)
        self.shares.set_heights(100 * np.asarray(data.probabilities))
        self.shares.set_facecolor(
            [
                style.OUTPUT if symbol == data.target else style.LIGHT
                for symbol in SYMBOLS
            ]
        )

    def describe(self, data: Connectivity) -> str:
        """Return what the picture shows, in words."""
        measures = "; ".join(
            f"{name} {', '.join(fixed(value, 1) for value in row)}"
            for name, row in data.rows.items()
        )
        p = data.probabilities[SYMBOLS.index(data.target)]
        return (
            f"On top the {data.read} symbols read, {' '.join(data.text[: data.read])}, "
            f"with three rows of coloured numbers: {measures}. Below, by "
            f"{data.measure}, a table with a row for the answer after each symbol. "
            f"Right, what comes next: {data.target} has {percent(p)}."
        )


def _coloured(values: Array, rows: int) -> Array:
    """Return colours of values from -1 to 1 in a table of `rows` rows, as bytes."""
    table = np.full((rows, LONGEST), np.nan)
    table[: len(values), : values.shape[1]] = values
    colours: Array = COLOURS(0.5 + FAINT * np.nan_to_num(table) / 2, bytes=True)
    colours[np.isnan(table)] = 0
    return colours
