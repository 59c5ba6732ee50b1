"""The picture of the notation switch: one step, with its arrays as they stand."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_02.notation_switch.compute import (
    NOTATIONS,
    NotationSwitch,
    compute,
)
from rnncourse.lesson_02.spreadsheet_rnn.compute import shown
from rnnlib._typing import Array

__all__ = ["NotationView"]

WIDTH, HEIGHT = 840, 360
CELL, PITCH, LEFT, TOP = 46, 18, 22, 298
SIGNS = {"tanh": "→ tanh →"}
COLOURS = {"x": style.INPUT, "h_prev": style.STATE, "h": style.STATE, "a": style.INK}
PLAIN = {"x": "$x_t$", "h_prev": "$h_{t-1}$", "a": "$a_t$", "h": "$h_t$"}
CODE = "DejaVu Sans Mono"


class Writing(NamedTuple):
    """How a notation is laid out: two equations, and lines of arrays and signs."""

    equations: tuple[str, str]
    lines: tuple[str, ...]
    labels: dict[str, str]


class Block(NamedTuple):
    """An array on the page: its name in `arrays_of`, its left end and its middle."""

    name: str
    x: float
    y: float


WRITINGS = {
    "papers": Writing(
        (
            r"$h_t = \tanh(W_{xh}\, x_t + W_{hh}\, h_{t-1} + b_h)$",
            r"$z_t = W_{hy}\, h_t + b_y$",
        ),
        ("W_xh x + W_hh h_prev + b_h", "= a tanh h"),
        PLAIN,
    ),
    "rows": Writing(
        (
            "h = tanh(x @ W_xh + h_prev @ W_hh + b_h)",
            "z = h @ W_hy + b_y",
        ),
        ("x @ W_xh + h_prev @ W_hh + b_h", "= a tanh h"),
        {name: name for name in ("x", "h_prev", "a", "h", "W_xh", "W_hh", "b_h")},
    ),
    "Ng": Writing(
        (
            r"$a^{\langle t\rangle} = \tanh(W_{aa}\, a^{\langle t-1\rangle} "
            r"+ W_{ax}\, x^{\langle t\rangle} + b_a)$",
            r"$\hat{y}^{\langle t\rangle} = "
            r"\mathrm{softmax}(W_{ya}\, a^{\langle t\rangle} + b_y)$",
        ),
        ("W_aa h_prev + W_ax x + b_a", "= a tanh h"),
        {
            "x": r"$x^{\langle t\rangle}$",
            "h_prev": r"$a^{\langle t-1\rangle}$",
            "a": "sum",
            "h": r"$a^{\langle t\rangle}$",
        },
    ),
    "PyTorch": Writing(
        (
            "h = tanh(x @ weight_ih_l0.T + bias_ih_l0"
            " + h_prev @ weight_hh_l0.T + bias_hh_l0)",
            "z = h @ weight.T + bias",
        ),
        (
            "x @ weight_ih_l0.T + bias_ih_l0",
            "+ h_prev @ weight_hh_l0.T + bias_hh_l0",
            "= a tanh h",
        ),
        {name: name for name in ("x", "h_prev", "a", "h")},
    ),
}


class NotationView:
    """Above, the equations; left, the arrays with their numbers; right, the weights."""

    size = (WIDTH, HEIGHT)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._turn = figure.add_axes((0, 0, 0.01, 0.01))
        self._turn.set_axis_off()
        axes = Diagram(figure, (0, 0, WIDTH, HEIGHT)).axes
        self.pages = {name: Page(axes, name) for name in NOTATIONS}
        self.moving = tuple(page.numbers for page in self.pages.values())

    def draw(self, data: NotationSwitch) -> None:
        """Show `data`."""
        self._turn.set_xlim(0, 1 + [*self.pages].index(data.notation))
        for name, page in self.pages.items():
            page.show(data if name == data.notation else None)

    def describe(self, data: NotationSwitch) -> str:
        """Return what the picture shows, in words."""
        shapes = ", ".join(f"{name} {w.shape}" for name, w in data.weights.items())
        h = ", ".join(shown(data.step.h.ravel()))
        return (
            f"Step {data.t} as {data.notation} writes it. The weights: {shapes}. Input "
            f"and old state have the shapes {data.step.x.shape} and "
            f"{data.step.h_prev.shape}; the new state is {h}."
        )


class Page:
    """One notation: texts and brackets that stand still, and numbers that move."""

    def __init__(self, axes: Axes, notation: str) -> None:
        data = compute(notation=notation, t=1)
        arrays, writing = arrays_of(data), WRITINGS[notation]
        self._axes, before = axes, len(axes.texts)
        self._blocks: list[Block] = []
        self._equations(writing, data)
        top, gap = float(TOP), 44.0 if len(writing.lines) == 3 else 66.0
        for line in writing.lines:
            top = self._line(line, top, writing, arrays) - gap
        brackets = [
            bracket
            for block in self._blocks
            for bracket in _brackets(block, arrays[block.name])
        ]
        lines = LineCollection(brackets, colors=style.WEIGHT, linewidths=1)
        axes.add_collection(lines, autolim=False)
        self._still = [*axes.texts[before:], lines]
        places = [_places(block, arrays[block.name]) for block in self._blocks]
        colours = [
            COLOURS.get(block.name, style.WEIGHT)
            for block in self._blocks
            for _ in range(arrays[block.name].size)
        ]
        self.numbers = Digits(axes, np.concatenate(places), colour=colours)

    def show(self, data: NotationSwitch | None) -> None:
        """Show these numbers, or nothing."""
        for artist in self._still:
            artist.set_visible(data is not None)
        self.numbers.set_visible(data is not None)
        if data is not None:
            arrays = arrays_of(data)
            self.numbers.set_texts(
                [
                    text
                    for block in self._blocks
                    for text in _written(block.name, arrays[block.name])
                ]
            )

    def _write(
        self,
        x: float,
        y: float,
        text: str,
        colour: str = style.INK,
        size: float = style.SMALL,
    ) -> None:
        code = None if "$" in text else CODE
        self._axes.text(
            x, y, text, color=colour, fontsize=size, family=code, va="center"
        )

    def _equations(self, writing: Writing, data: NotationSwitch) -> None:
        state, scores = writing.equations
        self._write(LEFT, HEIGHT - 20, state, size=15 if "$" in state else style.TEXT)
        self._write(LEFT, HEIGHT - 46, scores, size=12 if "$" in scores else style.TEXT)
        W, b = list(data.weights.items())[-2:]
        shapes = f"with {W[0]} {W[1].shape} and {b[0]} {b[1].shape}"
        self._write(LEFT + 290, HEIGHT - 46, shapes, style.WEIGHT)

    def _line(
        self, line: str, top: float, writing: Writing, arrays: dict[str, Array]
    ) -> float:
        """Lay out arrays and signs from left to right; return where it ends."""
        signs = line.split()
        high = PITCH * max(len(_table(arrays[s])) for s in signs if s in arrays)
        x, middle = float(LEFT), top - 20 - high / 2
        for sign in signs:
            if sign not in arrays:
                written = SIGNS.get(sign, sign)
                self._write(x, middle, written, size=style.TEXT)
                x += 14 + 8 * len(written)
                continue
            rows, columns = _table(arrays[sign]).shape
            block = Block(sign, x, middle)
            self._blocks.append(block)
            label = writing.labels.get(sign) or _label(sign)
            half = PITCH * rows / 2
            colour = COLOURS.get(sign, style.WEIGHT)
            self._write(x, middle + half + 11, label, colour, style.TEXT)
            self._write(x, middle - half - 9, f"{arrays[sign].shape}", style.WEIGHT)
            x += max(columns * _cell(sign), 48) + 16
        return top - high


def arrays_of(data: NotationSwitch) -> dict[str, Array]:
    """Return every array of a step by its name in the lines of WRITINGS."""
    transposed = {f"{name}.T": array.T for name, array in data.weights.items()}
    x, h_prev, _, a, h, _ = data.step
    return {**data.weights, **transposed, "x": x, "h_prev": h_prev, "a": a, "h": h}


def _label(name: str) -> str:
    letter, _, below = name.partition("_")
    return f"${letter}_{{{below}}}$" if len(letter) == 1 else name


def _table(array: Array) -> Array:
    return np.atleast_2d(array)


def _cell(name: str) -> int:
    return 20 if name == "x" else CELL


def _places(block: Block, array: Array) -> Array:
    """Return the middle of each number of a block, row by row."""
    grid = np.indices(_table(array).shape)
    rows, columns = grid[0], grid[1]
    x = block.x + _cell(block.name) * (columns + 0.5)
    y = block.y + PITCH * ((len(rows) - 1) / 2 - rows)
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _brackets(block: Block, array: Array) -> Iterator[Array]:
    rows, columns = _table(array).shape
    right, half = block.x + _cell(block.name) * columns, PITCH * rows / 2 - 1
    for x, inwards in ((block.x - 3, 4), (right + 3, -4)):
        low, high = block.y - half, block.y + half
        yield np.array([(x + inwards, low), (x, low), (x, high), (x + inwards, high)])


def _written(name: str, array: Array) -> list[str]:
    if name == "x":
        return [f"{value:.0f}" for value in array.ravel()]
    return shown(array.ravel()).tolist()
