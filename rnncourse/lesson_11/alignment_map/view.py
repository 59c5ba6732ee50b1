"""The picture of the alignment map: a matrix of weights, and wires of one output."""

import matplotlib
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_11.alignment_map.compute import (
    MOST,
    AlignmentMap,
    quoted,
    width,
)
from rnncourse.shared.wording import number, whole_percent
from rnnlib._typing import Array

__all__ = ["AlignmentView"]

SHADES = (
    255
    * matplotlib.colors.LinearSegmentedColormap.from_list(
        "weights", ["white", style.OUTPUT, "#4d1f3a"]
    )(np.linspace(0, 1, 256))
).astype(np.uint8)
LEFT, BOTTOM, WIDE, ROW = 92, 62, 364, 24
TALL = MOST * ROW
RIGHT, RIGHT_WIDE = 474, 360
NEAR, FAR = 0.17, 0.86  # heights of the two ends of a wire


class AlignmentView:
    """Left, a row for each output; right, where the last of them looks."""

    size = (840, 354)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.map = style.sheet(figure, (LEFT, BOTTOM, WIDE, TALL), 1, 1)
        self.map.set_title(
            "how much of each look goes where", fontsize=style.TEXT + 1, color=style.INK
        )
        self.cells = HeatMap(self.map)
        self.map.plot([0, 0, 1, 1, 0], [0, 1, 1, 0, 0], color=style.LIGHT, lw=1)
        beside = style.sheet(figure, (0, BOTTOM, LEFT - 6, TALL), 1, MOST)
        self.said = Digits(
            beside,
            [(1, MOST - row - 0.5) for row in range(MOST)],
            points=style.SMALL,
            align="right",
        )
        self.read = Digits(self.map, [], points=style.SMALL)
        self.wires = style.sheet(
            figure, (RIGHT, BOTTOM - 30, RIGHT_WIDE, TALL + 30), 1, 1
        )
        self.wires.set_title(
            "the wires of the last output", fontsize=style.TEXT + 1, color=style.INK
        )
        self.lines = LineCollection([], colors=style.OUTPUT, capstyle="round")
        self.wires.add_collection(self.lines)
        self.below = Digits(self.wires, [], points=style.SMALL)
        self.above = Digits(self.wires, [(0.5, 0.92)], points=13, bold=True)
        self._scale(figure)
        self.moving = (
            self.cells,
            self.said,
            self.read,
            self.lines,
            self.below,
            self.above,
            *self.map.lines,
        )

    def _scale(self, figure: Figure) -> None:
        """Draw the scale of the weights."""
        axes = style.panel(
            figure, (LEFT + 110, 24, 140, 8), title="", x=("", 0, 100), y=("", 0, 1)
        )
        axes.set_xticks([0, 50, 100], ["0", "50", "100 %"])
        axes.set_yticks([])
        axes.pcolormesh(
            np.linspace(0, 100, 101),
            [0, 1],
            np.linspace(0, 1, 100)[None],
            cmap=matplotlib.colors.ListedColormap(SHADES / 255),
            rasterized=True,
        )
        axes.text(-6, 0.5, "weight", ha="right", va="center", fontsize=style.SMALL)
        axes.text(118, 0.5, "x: a wrong output", va="center", fontsize=style.SMALL)

    def draw(self, data: AlignmentMap) -> None:
        """Show `data`."""
        S = len(data.source)
        shades = np.zeros((MOST, S), dtype=np.intp)
        shown = data.weights[: data.output]
        shades[: data.output] = np.rint(255 * shown)
        self.cells.set_cells(SHADES[shades])
        names = [
            said if right else f"x {said}"
            for said, right in zip(data.said, data.right, strict=False)
        ]
        inks = [style.OUTPUT if right else style.GRADIENT for right in data.right]
        rest = MOST - len(names)
        self.said.set_texts([*names, *[""] * rest])
        self.said.set_colours([*inks, *[style.INK] * rest])
        middles = (np.arange(S) + 0.5) / S
        places = np.column_stack([middles, np.full(S, -0.04)])
        self.read.write(places, data.source, style.INPUT)
        self._draw_wires(data, middles)

    def _draw_wires(self, data: AlignmentMap, middles: Array) -> None:
        weights = np.zeros(len(middles)) if data.row is None else data.row
        self.lines.set_segments([[(x, NEAR), (0.5, FAR)] for x in middles])
        self.lines.set_linewidth(list(12 * weights))
        self.lines.set_alpha(list(np.where(weights > 0.01, 0.85, 0.0)))
        strong = weights >= 0.05
        inks = [style.INPUT if here else style.FADED for here in strong]
        places = np.column_stack([middles, np.full(len(middles), 0.12)])
        self.below.write(places, data.source, inks)
        text = "" if data.row is None else data.said[data.output - 1]
        self.above.set_texts([text.replace(" ", "_")])

    def describe(self, data: AlignmentMap) -> str:
        """Return what the picture shows, in words."""
        text = " ".join(data.source) if len(data.source) < 8 else "".join(data.source)
        if data.row is None:
            return (
                f"Left, an empty map: its columns are “{text}”, its rows are to be the "
                "outputs. Right, the same source without wires."
            )
        looks = "; ".join(
            f"{quoted(said)} {whole_percent(row.max())} on place {row.argmax() + 1}"
            for said, row in zip(data.said[: data.output], data.weights, strict=False)
        )
        strong = [
            f"{quoted(data.source[s])} {whole_percent(data.row[s])}"
            for s in np.argsort(-data.row)[:3]
        ]
        wrong = [str(n) for n, right in enumerate(data.right, start=1) if not right]
        marked = ""
        if wrong:
            marked = f" An x marks outputs that are wrong: {', '.join(wrong)}."
        return (
            f"Left, a map with the places of “{text}” as columns and "
            f"{data.output} outputs as rows, with the largest weight of each: {looks}."
            f"{marked} Right, wires from the source to "
            f"{quoted(data.said[data.output - 1])}; the thickest come from "
            f"{', '.join(strong)}. The look is as wide as {number(width(data.row))} "
            "places."
        )
