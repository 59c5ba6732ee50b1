"""The picture of a flip-flop net: its flow, its points, and a path through them."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_13.memories.compute import MOST_WAYS, Memories
from rnncourse.lesson_13.memories.search import SEARCHES
from rnncourse.shared.wording import count, fixed
from rnnlib._typing import Array

__all__ = ["MemoriesView"]

REACH, LONGEST, HEAD = 1.95, 0.4, 0.07
KINDS = ("stable", "1 way out", "2 ways out", "3 ways out")
MARKS: tuple[dict[str, Any], ...] = (
    {"marker": "o", "ms": 11, "mfc": style.STATE, "mec": style.INK},
    {"marker": "D", "ms": 7.5, "mfc": "white", "mec": style.INK, "mew": 1.6},
    {"marker": "s", "ms": 7.5, "mfc": "white", "mec": style.GRADIENT, "mew": 1.8},
    {"marker": "*", "ms": 13, "mfc": "white", "mec": style.GRADIENT, "mew": 1.6},
)
LINES: tuple[dict[str, Any], ...] = (
    {"color": style.STATE, "lw": 3},
    {"color": style.INK, "lw": 1.8, "ls": (0, (5, 2))},
    {"color": style.GRADIENT, "lw": 1.8, "ls": (0, (1.5, 1.5))},
    {"color": style.GRADIENT, "lw": 1.4, "ls": "solid"},
)
UP = ("the rest, where it is widest", "bit 2", "bit 2; bit 3 goes slanting")


def arrow_lines(starts: Array, ends: Array) -> Array:
    """Return arrows as lines (N, 5, 2): to the end, and to both sides of the head."""
    way = ends - starts
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    way = way / length * np.minimum(length, LONGEST)
    across = way[:, ::-1] * [1, -1]
    tip, back = starts + way, way / np.linalg.norm(way, axis=-1, keepdims=True) * HEAD
    side = across / np.linalg.norm(across, axis=-1, keepdims=True) * HEAD / 2
    corners = starts, tip, tip - back + side, tip, tip - back - side
    return np.stack(corners, axis=1)


class MemoriesView:
    """Left, states in the plane of the bits; right, how many points are known."""

    size = (840, 360)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.plane = style.panel(
            figure,
            (56, 90, 330, 234),
            title="",
            x=("bit 1: from 0 (left) to 1 (right)", -REACH, REACH),
            y=("", -REACH, REACH),
        )
        self.upwards = Digits(
            style.sheet(figure, (60, 306, 320, 18), 320, 18), [(2, 9)], align="left"
        )
        self.plane.set_xticks([-1, 0, 1])
        self.plane.set_yticks([-1, 0, 1])
        self.up = Digits(
            style.sheet(figure, (16, 330, 410, 22), 410, 22),
            [(205, 11)],
            points=style.TEXT,
        )
        self.arrows = LineCollection([], colors=style.DIM, linewidths=1)
        self.plane.add_collection(self.arrows, autolim=False)
        self.drawn = 0
        self.points = [
            self.plane.plot([], [], ls="none", label=name, **mark)[0]
            for name, mark in zip(KINDS, MARKS, strict=True)
        ]
        (self.push,) = self.plane.plot([], [], color=style.INPUT, lw=3)
        (self.path,) = self.plane.plot([], [], ".-", color=style.STATE, lw=1.6, ms=6)
        (self.end,) = self.plane.plot(
            [], [], "o", ms=15, mfc="none", mec=style.INPUT, mew=2
        )
        style.key_below(self.plane, self.points, columns=2, drop=40)
        self.right = style.panel(
            figure,
            (470, 90, 344, 234),
            title="points that are known",
            x=("searches so far", 0, SEARCHES),
            y=("how many", 0, 13),
        )
        self.lines = [
            self.right.plot([], [], ds="steps-post", label=name, **look)[0]
            for name, look in zip(KINDS, LINES, strict=True)
        ]
        for line in self.lines:
            line.set_clip_on(False)
        style.key_below(self.right, self.lines, columns=2, drop=40)
        self.moving = (
            self.up,
            self.upwards,
            self.arrows,
            self.push,
            self.path,
            *self.points,
            self.end,
            *self.lines,
            *style.spines(self.plane, self.right),
        )

    def draw(self, data: Memories) -> None:
        """Show `data`."""
        self.up.set_texts([f"K = {data.bits}: where a step takes a state"])
        self.upwards.set_texts([f"up: {UP[data.bits - 1]}"])
        if self.drawn != data.bits:
            self.arrows.set_segments([*arrow_lines(data.starts, data.ends)])
            self.drawn = data.bits
        for ways, points in enumerate(self.points):
            points.set_data(*data.points[data.ways == ways].T)
        self.push.set_data(*data.path[:2].T)
        self.path.set_data(*data.path[1:].T)
        self.end.set_data(*data.path[-1:].T)
        searches = np.arange(len(data.counts))
        for line, counts in zip(self.lines, data.counts.T, strict=True):
            line.set_data(searches, counts)

    def describe(self, data: Memories) -> str:
        """Return what the picture shows, in words."""
        known = data.counts[-1]
        found = ", ".join(
            f"{known[ways]} with {count(ways, 'way')} out"
            for ways in range(1, MOST_WAYS + 1)
        )
        x, y = (fixed(number) for number in data.path[-1])
        return (
            f"Left, a plane with {SEARCHES} arrows that show where a step takes a "
            f"state; upwards {UP[data.bits - 1]}. On it the points that "
            f"{data.searches} searches have found: {known[0]} stable, {found}; and the "
            f"path of the state after the pulse, which ends at ({x}, {y}), ringed. "
            "Right, how many points of each kind were known after each search."
        )
