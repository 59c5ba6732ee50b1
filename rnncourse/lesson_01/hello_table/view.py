"""The picture of the hello table."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_01.hello_table.compute import WORD, HelloTable

__all__ = ["HelloTableView"]

LEFT, WIDE = 64, 392
TOP, BOTTOM = 268, 56
FACTORS, NAMES, RIGHT = 566, 604, 822
COLUMNS = (662, 726, 790)
HEADS, SUM = 286, 32


class HelloTableView:
    """Left, hello as rows of zeros and ones; right, W, and one row times W.

    Columns and rows stand closer the more letters the vocabulary has.
    """

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        drawing = Diagram(figure, (0, 0, 840, 340))
        axes = drawing.axes
        drawing.words((14, 320), "hello, one row a step", size=11, align="left")
        drawing.words((546, 320), "W, one row a letter", size=11, align="left")
        drawing.words((30, HEADS), "step", size=style.SMALL)
        drawing.words((COLUMNS[1], HEADS), "rows of W", style.WEIGHT, size=style.SMALL)
        axes.plot([540, RIGHT], [50, 50], color=style.INK, linewidth=1)
        self.row, self.picked = (_band(axes, style.INPUT) for _ in range(2))
        self.column, self.looked_at = (_band(axes, style.WEIGHT) for _ in range(2))
        self.names, self.table = (Digits(axes, [], bold=True) for _ in range(2))
        self.product, self.sum = (Digits(axes, [], bold=bold) for bold in (False, True))
        bands = (self.row, self.picked, self.column, self.looked_at)
        self.moving = (
            *bands,
            self.names,
            self.table,
            self.product,
            self.sum,
        )

    def draw(self, data: HelloTable) -> None:
        """Show `data`."""
        self._draw_table(data)
        self._draw_product(data)

    def _draw_table(self, data: HelloTable) -> None:
        T, V = data.x.shape
        step, gap = min(90, WIDE / V), (TOP - BOTTOM) / T
        x = LEFT + step * (np.arange(V) + 0.5)
        y = TOP - gap * (np.arange(T) + 0.5)
        entries = data.x.astype(int).ravel()
        self.names.write(
            [*((across, HEADS) for across in x), *((30, down) for down in y)],
            [*data.letters, *(f"{t} {letter}" for t, letter in enumerate(WORD, 1))],
            [style.INPUT if k == data.k else style.INK for k in range(V)]
            + [style.INPUT if t == data.t else style.INK for t in range(1, T + 1)],
        )
        self.table.write(
            [(across, down) for down in y for across in x],
            [str(entry) for entry in entries],
            [style.INPUT if entry else style.WEIGHT for entry in entries],
        )
        self.row.set_bounds(8, y[data.t - 1] - gap / 2, LEFT - 8 + step * V, gap)
        self.column.set_bounds(x[data.k] - step / 2, BOTTOM, step, 244)

    def _draw_product(self, data: HelloTable) -> None:
        V = len(data.letters)
        gap = min(42, (TOP - BOTTOM) / V)
        y = TOP - gap * (np.arange(V) + 0.5)
        hot = data.x[data.t - 1].astype(int) * data.multiplied
        columns = (FACTORS, NAMES, *COLUMNS)
        rows = [
            (f"{entry} ×" if data.multiplied else "", letter, *map(_signed, row))
            for entry, letter, row in zip(hot, data.letters, data.W, strict=True)
        ]
        self.product.write(
            [(across, down) for down in y for across in columns],
            [text for row in rows for text in row],
            [style.INPUT if entry else style.WEIGHT for entry in hot for _ in columns],
        )
        for band, k in ((self.picked, hot.argmax()), (self.looked_at, data.k)):
            band.set_bounds(540, y[k] - gap / 2, RIGHT - 540, gap)
        self.picked.set_visible(data.multiplied)
        summed = [f"x_{data.t} @ W", *map(_signed, data.product)]
        self.sum.write(
            [(FACTORS + 10, SUM), *((across, SUM) for across in COLUMNS)],
            summed if data.multiplied else [""] * 4,
            style.INPUT,
        )

    def describe(self, data: HelloTable) -> str:
        """Return what the picture shows, in words."""
        product = ", ".join(map(_signed, data.product))
        times = f", each times its entry of x_{data.t}, and their sum: {product}"
        times = times if data.multiplied else ""
        return (
            f"Left, a table of {len(WORD)} rows, one a step of hello, and "
            f"{len(data.letters)} columns, one a letter: in each row a single 1, in "
            f"the column of its letter, and zeros elsewhere. Step {data.t} and "
            f"column {data.letters[data.k]} are lit. Right, the rows of W{times}."
        )


def _band(axes: Axes, colour: str) -> Rectangle:
    band = Rectangle((0, 0), 1, 1, color=colour, alpha=0.14, linewidth=0)
    axes.add_patch(band)
    return band


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "\u2212")
