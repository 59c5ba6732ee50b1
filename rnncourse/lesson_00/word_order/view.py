"""The picture of the word order."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_00.word_order.compute import LONGEST, WordOrder
from rnncourse.shared.wording import whole_percent
from rnnlib._typing import Array

__all__ = ["WordOrderView"]

LEFT, SLOT = 70, 52.4
ROWS = (296, 198)
HALF = 13
BAG = (14, 36, 570, 76)
BARS_LEFT, BARS_WIDE, BARS_BOTTOM, BARS_TOP = 660, 160, 150, 336
GAP = 15
BESIDE = 1.04  # where the numbers stand, free of every bar and of the line


class WordOrderView:
    """Left, a review in two orders and the one bag; right, what is said of them."""

    size = (840, 370)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        axes = _words(figure)
        self.boxes = PolyCollection([], facecolors="white", edgecolors=style.INPUT)
        self.moves = LineCollection([], colors=style.WEIGHT, linewidths=1.2)
        for collection in (self.moves, self.boxes):
            axes.add_collection(collection, autolim=False)
        self.words, self.counts = (
            Digits(axes, [], points=style.SMALL) for _ in range(2)
        )
        self.bars_axes = _bars_panel(figure)
        heights = [row + way * GAP for row in ROWS for way in (1, -1)]
        self.bars = self.bars_axes.barh(
            heights, [0] * 4, 22, color=[style.INPUT, style.STATE] * 2, alpha=0.75
        )
        (self.even,) = self.bars_axes.plot(
            [0.5, 0.5], [BARS_BOTTOM, BARS_TOP], **style.BOUND
        )
        self.shares = Digits(self.bars_axes, [], align="left")
        self.moving = (
            self.moves,
            self.boxes,
            self.words,
            self.counts,
            *self.bars,
            self.even,
            *style.spines(self.bars_axes),
            self.shares,
        )

    def draw(self, data: WordOrder) -> None:
        """Show `data`."""
        x = LEFT + SLOT * (np.arange(LONGEST) + 0.5)
        n, count = len(data.first), len(data.bag)
        self.boxes.set_verts([_box(place, row) for row in ROWS for place in x[:n]])
        ends = zip(x[:n], x[list(data.places)], strict=True)
        self.moves.set_segments(
            [[(a, ROWS[0] - HALF), (b, ROWS[1] + HALF)] for a, b in ends]
        )
        self.words.write(
            [(place, row) for row in ROWS for place in x[:n]],
            [*data.first, *data.second],
        )
        self.counts.write(
            [(place, down) for down in (84, 62) for place in x[:count]],
            [*data.bag, *map(str, data.bag.values())],
            [style.INK] * count + [style.INPUT] * count,
        )
        self._draw_answers(data)

    def _draw_answers(self, data: WordOrder) -> None:
        both = np.column_stack([data.bag_says, data.rnn_says]).ravel()
        for bar, share in zip(self.bars, both, strict=True):
            bar.set_width(share)
        self.shares.write(
            [(BESIDE, bar.get_y() + bar.get_height() / 2) for bar in self.bars],
            list(map(whole_percent, both)),
        )

    def describe(self, data: WordOrder) -> str:
        """Return what the picture shows, in words."""
        bag = ", ".join(f"{word} {count}" for word, count in data.bag.items())
        first, second = (
            f"“{' '.join(words)}”: positive with {whole_percent(data.bag_says[k])} "
            f"by its bag of words, with {whole_percent(data.rnn_says[k])} by the RNN"
            for k, words in enumerate((data.first, data.second))
        )
        return (
            f"One review above the other, each word joined to itself. {first}. "
            f"{second}. The bag of both: {bag or 'empty'}."
        )


def _box(x: float, y: float) -> Array:
    """Return the corners of the box around a word."""
    w = SLOT / 2 - 1.5
    return np.array(
        [(x - w, y - HALF), (x + w, y - HALF), (x + w, y + HALF), (x - w, y + HALF)]
    )


def _words(figure: Figure) -> Axes:
    """Return axes in pixels over the whole figure, with what stands still."""
    drawing = Diagram(figure, (0, 0, *figure.bbox.size))
    x, y, wide, high = BAG
    size, words = style.TEXT + 1, "the bag of words of both: which words, how often"
    both = "a review, and the same words in another order"
    drawing.words((x, 348), both, size=size, align="left")
    drawing.words((x, y + high + 16), words, size=size, align="left")
    for name, row in zip(("first", "second"), ROWS, strict=True):
        drawing.words((x, row), name, align="left")
        for way, net, colour in ((1, "bag", style.INPUT), (-1, "RNN", style.STATE)):
            drawing.words((BARS_LEFT - 8, row + way * GAP), net, colour, align="right")
    outline = Rectangle((x, y), wide, high, fc="none", ec=style.INPUT, lw=1.4)
    drawing.axes.add_patch(outline)
    return drawing.axes


def _bars_panel(figure: Figure) -> Axes:
    axes = style.panel(
        figure,
        (BARS_LEFT, BARS_BOTTOM, BARS_WIDE, BARS_TOP - BARS_BOTTOM),
        title="is it a positive review?",
        x=("probability of yes", 0, 1.3),
        y=("", BARS_BOTTOM, BARS_TOP),
    )
    axes.xaxis.set_major_locator(MultipleLocator(0.5))
    axes.set_yticks([])
    return axes
