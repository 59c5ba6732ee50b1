"""The picture of a scan: a row for each pass, a box for each step."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_12.scan_tree.compute import (
    LONGEST,
    MOST_PASSES,
    Node,
    ScanTree,
)

__all__ = ["ScanTreeView"]

LEFT, ACROSS, BOTTOM, UP = 92, 47, 52, 66
WIDE, HIGH = 42, 24
Wire = list[tuple[float, float]]
NODES = [(t, p) for p in range(MOST_PASSES + 1) for t in range(1, LONGEST + 1)]


def place(node: Node) -> tuple[float, float]:
    """Return the middle of the box of a node, in pixels."""
    t, passes = node
    return LEFT + ACROSS * (t - 1), BOTTOM + UP * passes


class ScanTreeView:
    """Time to the right, passes upwards; a box says which steps it stands for.

    In green are those that have gone into the step that is looked at.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        axes = style.sheet(figure, (0, 0, *self.size), *self.size)
        for t in range(1, LONGEST + 1):
            x, _ = place((t, 0))
            middle: Any = {"ha": "center", "va": "center", "color": style.INK}
            axes.text(x, 22, str(t), fontsize=style.SMALL, **middle)
        axes.text(4, 22, "step t", fontsize=style.SMALL, color=style.INK, va="center")
        self.pale = LineCollection([], colors=style.LIGHT, linewidths=1.2)
        self.lit = LineCollection([], colors=style.STATE, linewidths=2.4)
        half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (WIDE / 2, HIGH / 2)
        boxes = [half + place(node) for node in NODES]
        self.boxes = PolyCollection(boxes, linewidths=1.4)
        for part in (self.pale, self.lit, self.boxes):
            axes.add_collection(part, autolim=False)
        self.ranges = Digits(axes, [place(node) for node in NODES], points=style.SMALL)
        rows = [(4, BOTTOM + UP * passes) for passes in range(MOST_PASSES + 1)]
        self.rows = Digits(axes, rows, points=style.SMALL, align="left")
        self.moving = (self.pale, self.lit, self.boxes, self.ranges, self.rows)

    def draw(self, data: ScanTree) -> None:
        """Show `data`."""
        met = data.met
        pale: list[Wire] = []
        lit: list[Wire] = []
        texts, faces, edges, inks = [], [], [], []
        for node in NODES:
            t, passes = node
            there = t <= data.steps and passes <= data.passes
            texts.append(_range(data, node) if there else "")
            inks.append(style.INK if node in met else style.FADED)
            faces.append(style.STATE_PALE if node in met else "white")
            edge = style.STATE if node in met else style.LIGHT
            edges.append(edge if there else "white")
            if there and passes:
                below = [(t, passes - 1), data.partner(node)]
                wires = [_wire(each, node) for each in below if each]
                (lit if node in met else pale).extend(wires)
        self.pale.set_segments(pale)
        self.lit.set_segments(lit)
        self.boxes.set_facecolor(faces)
        self.boxes.set_edgecolor(edges)
        self.ranges.set_texts(texts)
        self.ranges.set_colours(inks)
        made = ["inputs", *(f"pass {k}" for k in range(1, data.passes + 1))]
        self.rows.set_texts([*made, *[""] * (MOST_PASSES + 1 - len(made))])

    def describe(self, data: ScanTree) -> str:
        """Return what the picture shows, in words."""
        reach = 2**data.passes // 2
        last = (
            f"In the last of them each step was put together with the one {reach} to "
            "its left, where there is one"
            if data.passes
            else "No step has been put together with another"
        )
        first = data.first(data.t, data.passes)
        return (
            f"A row of {data.steps} boxes, one a step, and above it a row for each "
            f"pass so far: {data.passes}. {last}. In green, what has gone into step "
            f"{data.t}, which stands for steps {first} to {data.t}: "
            f"{len(data.met)} in all."
        )


def _range(data: ScanTree, node: Node) -> str:
    t, passes = node
    first = data.first(t, passes)
    return f"{first}-{t}" if first < t else str(t)


def _wire(below: Node, above: Node) -> Wire:
    (x, y), (right, top) = place(below), place(above)
    return [(x, y + HIGH / 2), (right, top - HIGH / 2)]
