"""The picture of a free run that drifts after one token was changed."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_10.free_run_drift.compute import FreeRunDrift
from rnncourse.lesson_10.words import LONGEST

__all__ = ["DriftView"]

STEPS = LONGEST + 1


class DriftView:
    """Above, how probable the right token is; below, what is right and what is said."""

    size = (840, 380)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (150, 190, 660, 150),
            title="how probable the right token is, step by step",
            x=("", 0.5, STEPS + 0.5),
            y=("probability", 0, 1.02),
        )
        self.axes.set_xticks(range(1, STEPS + 1))
        look: dict[str, Any] = {
            "lw": style.LINE,
            "marker": "o",
            "ms": 6,
            "clip_on": False,
        }
        (self.forced,) = self.axes.plot([], [], color=style.TARGET, **look)
        (self.free,) = self.axes.plot([], [], color=style.OUTPUT, ls="--", **look)
        (self.flip,) = self.axes.plot([], [], color=style.INK, lw=1.4, ls=":")
        self.forced.set_label("reads the true tokens")
        self.free.set_label("reads its own tokens")
        self.flip.set_label("the flipped token")
        lines = (self.forced, self.free, self.flip)
        style.key_below(self.axes, lines, columns=3, drop=26)
        self.table = figure.add_axes((150 / 840, 20 / 380, 660 / 840, 116 / 380))
        self.table.set_axis_off()
        self.table.set(xlim=(0.5, STEPS + 0.5), ylim=(0, 3))
        names = ("the right answer", "said, running freely", "right?")
        for y, name in zip((2.4, 1.5, 0.6), names, strict=True):
            self.table.text(
                0.4,
                y,
                name,
                ha="right",
                va="center",
                fontsize=style.TEXT,
                color=style.INK,
            )
        self.target, self.said, self.marks = (
            Digits(
                self.table,
                [(step, y) for step in range(1, STEPS + 1)],
                points=12,
                bold=True,
                colour=colour,
            )
            for y, colour in zip(
                (2.4, 1.5, 0.6), (style.TARGET, style.OUTPUT, style.INK), strict=True
            )
        )
        digits = (self.target, self.said, self.marks)
        self.moving = (*lines, *digits, *style.spines(self.axes))

    def draw(self, data: FreeRunDrift) -> None:
        """Show `data`."""
        T = len(data.target)
        steps = np.arange(1, T + 1)
        self.forced.set_data(steps, data.forced)
        self.free.set_data(steps, data.free)
        at = [data.flipped, data.flipped] if data.flipped else []
        self.flip.set_data(at, [0, 1] if at else [])
        rest = [""] * (STEPS - T)
        pairs = zip(data.said, data.target, strict=True)
        right = ["yes" if said == wanted else "no" for said, wanted in pairs]
        self.target.set_texts([*data.target, *rest])
        self.said.set_texts([*data.said, *rest])
        self.said.set_colours(
            [
                style.INK if step == data.flipped else style.OUTPUT
                for step in range(1, STEPS + 1)
            ]
        )
        self.marks.set_texts([*right, *rest])

    def describe(self, data: FreeRunDrift) -> str:
        """Return what the picture shows, in words."""
        forced, free = (
            ", ".join(f"{share:.2f}" for share in row)
            for row in (data.forced, data.free)
        )
        return (
            f"Above, the probability of each token of {' '.join(data.target)}: "
            f"{forced} when the true tokens are read, {free} when its own are. Below, "
            f"what is said in the free run: {' '.join(data.said)}."
        )
