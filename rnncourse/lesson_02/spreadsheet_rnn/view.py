"""The picture of the spreadsheet RNN: a table in which every number may change."""

from collections.abc import Iterable, Iterator

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_02.spreadsheet_rnn.compute import (
    LETTERS,
    REST,
    Entry,
    Sheet,
    Spreadsheet,
    shown,
)
from rnnlib._typing import Array

__all__ = ["SpreadsheetView"]

WIDTH, HEIGHT = 840, 388
UNITS, STEPS = "012", 1 + len(REST)
PITCH, GAP, TOP = 19, 7, 374
CELL = np.array([(-23, -9), (23, -9), (23, 9), (-23, 9)])
START, FIRST, ACROSS = 362, 442, 86  # middle of h_0, of step 1, and a step further
ROWS = {"x": " ", "a": UNITS, "h": UNITS, "scores": LETTERS, "p": LETTERS}
LOOKS = {
    "x": ("$x_t$", style.INPUT),
    "a": ("$a_t$", style.WEIGHT),
    "h": ("$h_t$", style.STATE),
    "scores": ("$z_t$", style.OUTPUT),
    "p": ("$p_t$", style.OUTPUT),
}
WEIGHTS = {
    "W_xh": ("$W_{xh}$", LETTERS, UNITS),
    "W_hh": ("$W_{hh}$", UNITS, UNITS),
    "b_h": ("$b_h$", "", UNITS),
    "W_hy": ("$W_{hy}$", UNITS, LETTERS),
    "b_y": ("$b_y$", "", LETTERS),
}


EQUATIONS = (
    r"$a_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h$",
    r"$h_t = \tanh(a_t)$",
    r"$z_t = h_t W_{hy} + b_y \qquad p_t = \mathrm{softmax}(z_t)$",
)


class SpreadsheetView:
    """Left, the weights; right, every number of a pass, one step a column.

    A number that reads other than in the net as it came stands on the colour of its
    quantity, and while there is any such number, all others are grey.
    """

    size = (WIDTH, HEIGHT)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        board = Diagram(figure, (0, 0, WIDTH, HEIGHT))
        self._heights = dict(_heights())
        self._places = _weight_places()
        _name_rows(board, self._heights)
        _name_weights(board, self._places)
        _recurrences(board, self._heights)
        board.artists()
        axes, numbers = board.axes, self._number_places()
        self._shades = [
            to_rgba(LOOKS[name][1], 0.2)
            for name in Sheet._fields
            for _ in range(STEPS * len(ROWS[name]))
        ]
        self.marks = PolyCollection(numbers[:, None] + CELL, linewidths=0)
        self.edited = PolyCollection([CELL], facecolors="none", linewidths=1.6)
        for cells in (self.marks, self.edited):
            axes.add_collection(cells, autolim=False)
        self.weights = Digits(axes, [*self._places.values()], points=style.SMALL)
        self.numbers = Digits(axes, numbers)
        self.letters = Digits(axes, _row(TOP - PITCH), colour=style.INPUT, bold=True)
        self.expected = Digits(
            axes, _row(self._heights["expects"][0]), colour=style.OUTPUT, bold=True
        )
        self.moving = (
            self.marks,
            self.edited,
            self.weights,
            self.numbers,
            self.letters,
            self.expected,
        )

    def _number_places(self) -> Array:
        """Return the middle of each number, in the order of `_in_order`."""
        return np.array(
            [
                (FIRST + ACROSS * t, y)
                for name in Sheet._fields
                for t in range(STEPS)
                for y in self._heights[name]
            ],
            dtype=float,
        )

    def draw(self, data: Spreadsheet) -> None:
        """Show `data`."""
        changed = data.changed
        differs = np.concatenate(
            [
                changed["x"].any(axis=1),
                *(changed[name].ravel() for name in list(ROWS)[1:]),
            ]
        )
        calm = style.WEIGHT if differs.any() else style.INK
        self.numbers.set_texts([*_vectors(data.now.x), *_texts(data.now[1:])])
        self.numbers.set_colours([style.INK if new else calm for new in differs])
        self.marks.set_facecolor(
            [
                shade if new else (1, 1, 1, 0)
                for shade, new in zip(self._shades, differs, strict=True)
            ]
        )
        place = np.array(self._places[str(data.entry)])
        self.edited.set_verts([place + 0.92 * CELL])
        self.edited.set_edgecolor(style.INK)
        self.weights.set_texts(_texts(data.params.values()))
        self.letters.set_texts([f'"{letter}"' for letter in data.word])
        best = data.now.p.argmax(axis=1)
        self.expected.set_texts([f'"{LETTERS[k]}"' for k in best])

    def describe(self, data: Spreadsheet) -> str:
        """Return what the picture shows, in words."""
        last = ", ".join(shown(data.now.h[-1]))
        first = ", ".join(shown(data.now.scores[0]))
        return (
            f"A table. Left, all weights, with a frame around {data.entry}. Right, for "
            f'the letters of "{data.word}", one column a step: inputs, '
            "pre-activations, states, scores and probabilities. The first "
            f"scores are {first}, the last states {last}; {data.changes} computed "
            "numbers are marked as changed."
        )


def _heights() -> Iterator[tuple[str, list[float]]]:
    """Yield the height of each row of numbers, group by group."""
    y = TOP - 2 * PITCH - GAP
    for name, labels in (*ROWS.items(), ("expects", " ")):
        yield name, [y - PITCH * k for k in range(len(labels))]
        y -= PITCH * len(labels) + GAP


def _row(y: float) -> list[tuple[float, float]]:
    return [(FIRST + ACROSS * t, y) for t in range(STEPS)]


def _weight_places() -> dict[str, tuple[float, float]]:
    """Return the middle of each weight, by its name in ENTRIES."""
    places, y = {}, float(TOP)
    for name, (_, rows, columns) in WEIGHTS.items():
        y -= PITCH if rows else 0
        for row in range(max(len(rows), 1)):
            for column in range(len(columns)):
                entry = Entry(name, row if rows else None, column)
                places[str(entry)] = 74.0 + 48 * column, y
            y -= PITCH
        y -= GAP
    return places


def _name_weights(board: Diagram, places: dict[str, tuple[float, float]]) -> None:
    for name, (symbol, rows, columns) in WEIGHTS.items():
        x, y = places[str(Entry(name, 0 if rows else None, 0))]
        head = y + PITCH if rows else y
        board.words((22, head), symbol, style.INK, size=style.TEXT + 1)
        for k, label in enumerate(columns if rows else ""):
            board.words(
                (x + 48 * k, head), f"→ {label}", style.WEIGHT, size=style.SMALL
            )
        for k, label in enumerate(rows):
            board.words((38, y - PITCH * k), label, style.WEIGHT, size=style.SMALL)
    for k, equation in enumerate(EQUATIONS):
        board.words((12, 52 - 20 * k), equation, style.INK, align="left")


def _name_rows(board: Diagram, heights: dict[str, list[float]]) -> None:
    board.words((296, TOP), "step $t$", style.INK)
    board.words((START, TOP), "$h_0$", style.STATE)
    for t, (x, _) in enumerate(_row(TOP), 1):
        board.words((x, TOP), f"{t}", style.INK)
    for name, (symbol, colour) in LOOKS.items():
        board.words((296, heights[name][0]), symbol, colour, size=style.TEXT + 2)
        for label, y in zip(ROWS[name], heights[name], strict=True):
            board.words((322, y), label, style.WEIGHT, size=style.SMALL)
    for y in heights["h"]:
        board.words((START, y), "0.00", style.WEIGHT, size=style.SMALL)
    board.words((300, heights["expects"][0]), "expects", style.OUTPUT)


def _recurrences(board: Diagram, heights: dict[str, list[float]]) -> None:
    low, high = heights["h"][1], heights["a"][1]
    for t, x in enumerate([START, *(x for x, _ in _row(0)[:-1])]):
        ends = (x + 26, low), (FIRST + ACROSS * t - 26, high)
        board.wire(f"W_hh {t}", ends, style.STATE, width=1.4)


def _vectors(x: Array) -> list[str]:
    return [" ".join(f"{value:.0f}" for value in row) for row in x]


def _texts(arrays: Iterable[Array]) -> list[str]:
    return [text for array in arrays for text in shown(array).ravel()]
