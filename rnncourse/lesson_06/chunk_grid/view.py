"""The picture of the chunk grid: the whole text, and what is read now."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_06.chunk_grid.compute import (
    BATCHES,
    STEPS,
    TEXT,
    TEXT_LENGTH,
    ChunkGrid,
)

__all__ = ["GridView"]

BOTTOM, HEIGHT = 92, 216
SHADES = (style.NOTHING, style.DIM, style.INPUT, style.STATE, style.GRADIENT)
UNREAD, READ, NOW, GOOD, BAD = range(5)
WORDS = (
    "not read yet",
    "read before",
    "read now",
    "state: fits",
    "state: wrong",
)
MOST = BATCHES[-1]


class GridView:
    """Left, a row for each row of the batch, time to the right; right, its letters."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (60, BOTTOM, 400, HEIGHT),
            title=f"{TEXT_LENGTH} letters, cut into rows",
            x=("share of a row", 0, 1),
            y=("row of the batch", 1, 0),
        )
        self.axes.set_yticks([])
        self.map = HeatMap(self.axes)
        self.lines = [
            self.axes.axhline(0, color="white", lw=2) for _ in range(MOST - 1)
        ]
        swatches = [
            Patch(color=shade, label=words)
            for shade, words in zip(SHADES, WORDS, strict=True)
        ]
        style.key_below(self.axes, swatches, columns=3)
        self.text = style.panel(
            figure,
            (500, BOTTOM, 324, HEIGHT),
            title="what each row reads now",
            x=("step of the chunk", 0.5 - 6, STEPS[-1] + 0.5),
            y=("", MOST + 0.5, 0.5),
        )
        self.text.set_xticks([1, 8, 16, 24, 32])
        self.text.set_yticks([])
        self.text.spines["left"].set_visible(False)
        self.letters = Digits(self.text, [], points=style.TEXT)
        self.moving = (
            self.map,
            *self.lines,
            self.letters,
            *style.spines(self.axes, self.text),
        )

    def draw(self, data: ChunkGrid) -> None:
        """Show `data`."""
        B, width = data.batch_size, data.width
        cells = np.full((B, width), UNREAD)
        for chunk in data.order[: data.update - 1]:
            cells[:, self._columns(data, chunk)] = READ
        cells[:, self._columns(data, data.now)] = NOW
        if data.before is not None and data.now != 0:
            end = self._columns(data, data.before).stop
            mark = slice(max(end - max(width // 60, 1), 0), end)
            cells[:, mark] = GOOD if data.fits(data.update) else BAD
        colours = np.array([[*(255 * np.array(to_rgb(s))), 255] for s in SHADES])
        self.map.set_cells(colours.round().astype(np.uint8)[cells])
        for n, line in enumerate(self.lines, start=1):
            line.set_ydata([n / B] * 2)
            line.set_visible(n < B)
        self._write(data)

    def _columns(self, data: ChunkGrid, chunk: int) -> slice:
        first, last = data.letters(chunk)
        return slice(first - 1, last)

    def _write(self, data: ChunkGrid) -> None:
        """Write the letters of each row, and those that the state at hand saw last."""
        places: list[tuple[float, float]] = []
        texts: list[str] = []
        inks: list[str] = []
        for row in range(data.batch_size):
            first, last = data.letters(data.now, row)
            for step, letter in enumerate(TEXT[first - 1 : last], start=1):
                places.append((step, row + 1))
                texts.append("·" if letter == " " else letter)
                inks.append(style.INPUT)
            if data.before is not None and data.now != 0:
                _, end = data.letters(data.before, row)
                places.append((-2.5, row + 1))
                texts.append(TEXT[max(end - 4, 0) : end].replace(" ", "·") + "→")
                fits = data.fits(data.update)
                inks.append(style.STATE if fits else style.GRADIENT)
        self.letters.write(places, texts, inks)

    def describe(self, data: ChunkGrid) -> str:
        """Return what the picture shows, in words."""
        rows = [data.letters(data.now, row) for row in range(data.batch_size)]
        read = ", ".join(f"{first} to {last}" for first, last in rows)
        return (
            f"Left, {data.batch_size} rows of {data.width} letters in chunks of "
            f"{data.steps}; update {data.update} of {len(data.order)} reads letters "
            f"{read}. Right, these letters, with those before them that the state at "
            "hand has read last."
        )
