"""Diagrams of networks: boxes, circles and wires that light up or fade."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnnlib._typing import Array

__all__ = ["Diagram"]

Point = tuple[float, float]
Parts = tuple[LineCollection, PolyCollection, PolyCollection]
HEAD = 8.0  # length of an arrow's head, pixels
FADED, TINT = 0.22, 0.18


class Diagram:
    """Parts of a drawing by name; `light` shows some in colour and fades the others.

    Time runs from left to right, inputs come from below, outputs leave above. A box is
    a computation, a circle an element-wise operation, a wire carries a quantity and has
    its colour. All places are pixels, from the lower left corner. The parts are three
    collections, so that a change costs the same however many there are. Their labels
    stand still, in the background, and can be read through the translucent colours.

    Parameters
    ----------
    figure : Figure
    place : (left, bottom, width, height)
        In pixels of the figure.

    Attributes
    ----------
    axes : Axes
        Without frame, one unit a pixel: for numbers beside the wires, as `Digits`.
    """

    def __init__(self, figure: Figure, place: style.Place) -> None:
        self.axes = style.sheet(figure, place, *place[2:])
        self._colours: dict[str, str] = {}
        self._wires: list[tuple[str, Array]] = []
        self._heads: list[tuple[str, Array]] = []
        self._shapes: list[tuple[str, Array]] = []
        self._widths: list[float] = []
        self._dashes: list[Any] = []
        self._made: Parts | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All parts, in the order in which they were drawn."""
        return tuple(self._colours)

    def box(
        self, name: str, middle: Point, size: Point, label: str, colour: str
    ) -> None:
        """Draw a computation, with its symbol inside."""
        (x, y), (w, h) = middle, np.array(size) / 2
        corners = [(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h)]
        self._shape(name, np.array(corners), colour, middle, label)

    def circle(
        self, name: str, middle: Point, radius: float, label: str, colour: str
    ) -> None:
        """Draw an element-wise operation, with its symbol inside."""
        angles = np.linspace(0, 2 * np.pi, 37)[:-1]
        around = radius * np.column_stack([np.cos(angles), np.sin(angles)])
        self._shape(name, np.array(middle) + around, colour, middle, label)

    def wire(
        self,
        name: str,
        points: Sequence[Point],
        colour: str,
        *,
        width: float = style.LINE,
        arrow: bool = True,
        dashes: Any = "solid",
    ) -> None:
        """Draw a quantity on its way through `points`, with a head at the last.

        `dashes` is a line style of matplotlib: gates are told apart by it.
        """
        self._add(name, colour)
        path = np.array(points, dtype=float)
        if arrow:
            along = path[-1] - path[-2]
            along *= HEAD / np.linalg.norm(along)
            across = 0.45 * np.array([-along[1], along[0]])
            foot = path[-1] - along
            self._heads.append(
                (name, np.array([path[-1], foot + across, foot - across]))
            )
            path[-1] = foot
        self._wires.append((name, path))
        self._widths.append(width)
        self._dashes.append(dashes)

    def words(
        self,
        place: Point,
        text: str,
        colour: str = style.INK,
        *,
        size: float = style.TEXT,
        align: str = "center",
    ) -> None:
        """Write what never changes beside a part."""
        self.axes.text(
            *place, text, color=colour, fontsize=size, ha=align, va="center", zorder=5
        )

    def artists(self) -> tuple[Artist, ...]:
        """Return the moving artists, in the order of painting; all parts are lit."""
        wires, heads, shapes = (
            [points for _, points in parts]
            for parts in (self._wires, self._heads, self._shapes)
        )
        self._made = (
            LineCollection(
                wires,
                linewidths=self._widths,
                linestyles=self._dashes or "solid",
                capstyle="round",
            ),
            PolyCollection(heads, linewidths=0),
            PolyCollection(shapes, linewidths=1.4),
        )
        for collection in self._made:
            self.axes.add_collection(collection, autolim=False)
        self.light(self.names)
        return self._made

    def light(self, names: Iterable[str] | Mapping[str, str]) -> None:
        """Show these parts in their colours and fade all others.

        A mapping gives a part another colour than its own: a gradient runs back in
        vermilion along the wire that its quantity came by.

        Raises
        ------
        ValueError
            If there is no part of that name, or `artists` has not been called.
        """
        lit = dict(names) if isinstance(names, Mapping) else self.own(names)
        for name in lit:
            if name not in self._colours:
                known = ", ".join(self._colours)
                raise ValueError(f"parts are {known}, got {name!r}")
        if self._made is None:
            raise ValueError("light must come after artists, which makes the parts")
        wires, heads, shapes = self._made
        wires.set_color([self._tone(name, lit) for name, _ in self._wires])
        heads.set_facecolor([self._tone(name, lit) for name, _ in self._heads])
        edges = [self._tone(name, lit) for name, _ in self._shapes]
        shapes.set_edgecolor(edges)
        shapes.set_facecolor([(*edge, TINT) for edge in edges])

    def own(self, names: Iterable[str]) -> dict[str, str]:
        """Return the colours of parts, as they were drawn."""
        return {name: self._colours.get(name, style.INK) for name in names}

    def _tone(self, name: str, lit: Mapping[str, str]) -> tuple[float, float, float]:
        return to_rgb(lit[name]) if name in lit else _mixed(style.WEIGHT, FADED)

    def _shape(
        self, name: str, outline: Array, colour: str, middle: Point, label: str
    ) -> None:
        self._add(name, colour)
        self._shapes.append((name, outline))
        self.words(middle, label)

    def _add(self, name: str, colour: str) -> None:
        if self._made is not None:
            raise ValueError(f"{name!r} must be drawn before the artists are taken")
        self._colours.setdefault(name, colour)


def _mixed(
    colour: str | tuple[float, float, float], share: float
) -> tuple[float, float, float]:
    """Return `share` of a colour on white."""
    red, green, blue = 1 - share * (1 - np.array(to_rgb(colour)))
    return float(red), float(green), float(blue)
