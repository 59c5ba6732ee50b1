"""The picture of the look-up table: five keys around a query, and what it reads."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_11.look_up_table.compute import (
    DEGREES,
    KEYS,
    VALUES,
    LookUpTable,
)
from rnncourse.shared.wording import fixed, percent, whole_percent

__all__ = ["LookUpTableView"]

ROUND = np.stack([np.cos(np.deg2rad(KEYS)), np.sin(np.deg2rad(KEYS))], axis=1)
FAR, LARGEST = 1.6, 22.0


class LookUpTableView:
    """Left, keys on a circle, as large as their weights; right, the blended value."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        sheet = style.axes_at(figure, (10, 16, 330, 330))
        sheet.set_axis_off()
        sheet.set(xlim=(-2.1, 2.1), ylim=(-2.1, 2.1))
        turn = np.linspace(0, 2 * np.pi, 121)
        sheet.plot(np.cos(turn), np.sin(turn), color=style.LIGHT, lw=1, zorder=0)
        self.keys = [
            sheet.plot(*place, "o", color=style.OUTPUT, mec=style.INK, mew=0.8)[0]
            for place in ROUND
        ]
        (self.query,) = sheet.plot([], [], color=style.STATE, lw=3)
        (self.tip,) = sheet.plot([], [], "o", color=style.STATE, ms=9)
        names = [f"key {k}: {v:.0f}" for k, v in enumerate(VALUES, start=1)]
        self.names = Digits(sheet, FAR * ROUND + (0, 0.1), bold=True)
        self.names.set_texts(names)
        self.shares = Digits(sheet, FAR * ROUND - (0, 0.13))
        self.axes = style.panel(
            figure,
            (410, 92, 410, 224),
            title="what is read",
            x=("the query points to, degrees", 0, 360),
            y=("value", 0, 10),
        )
        self.axes.set_xticks(range(0, 361, 60))
        (self.hard,) = self.axes.plot([], [], label="hard look-up", **style.BOUND)
        (self.blends,) = self.axes.plot(
            [], [], color=style.STATE, lw=style.LINE, label="blend"
        )
        (self.values,) = self.axes.plot(
            [], [], "o", color=style.OUTPUT, mec=style.INK, label="keys"
        )
        (self.here,) = self.axes.plot(
            [], [], "D", color=style.STATE, mec=style.INK, ms=10, label="here"
        )
        lines = (self.blends, self.hard, self.values, self.here)
        style.key_below(self.axes, lines, columns=4)
        self.moving = (
            *self.keys,
            self.query,
            self.tip,
            self.names,
            self.shares,
            self.hard,
            self.blends,
            self.values,
            self.here,
            *style.spines(self.axes),
        )

    def draw(self, data: LookUpTable) -> None:
        """Show `data`."""
        for key, weight, there in zip(
            self.keys, data.weights, data.exists, strict=True
        ):
            key.set_markersize(4 + LARGEST * weight**0.5)
            key.set_markerfacecolor(style.OUTPUT if there else "white")
        inks = [style.INK if there else style.FADED for there in data.exists]
        self.names.set_colours(inks)
        self.shares.set_colours(inks)
        self.shares.set_texts(
            [
                whole_percent(weight) if there else "masked"
                for weight, there in zip(data.weights, data.exists, strict=True)
            ]
        )
        x, y = np.cos(np.deg2rad(data.angle)), np.sin(np.deg2rad(data.angle))
        self.query.set_data([0, 0.62 * x], [0, 0.62 * y])
        self.tip.set_data([0.62 * x], [0.62 * y])
        self.hard.set_data(DEGREES, data.hard)
        seen = data.angle >= DEGREES
        self.blends.set_data(DEGREES[seen], data.blends[seen])
        self.values.set_data(KEYS[data.exists], VALUES[data.exists])
        self.here.set_data([data.angle], [data.blend])

    def describe(self, data: LookUpTable) -> str:
        """Return what the picture shows, in words."""
        shares = ", ".join(
            f"key {k + 1} at {KEYS[k]:.0f} degrees with the value {VALUES[k]:.0f} "
            + (percent(data.weights[k]) if data.exists[k] else "masked")
            for k in range(len(KEYS))
        )
        seen = data.blends[data.angle >= DEGREES]
        return (
            f"Left, a query that points to {data.angle:.0f} degrees, and five keys "
            f"around it: {shares}. Right, over the angles up to there, the blend "
            f"between {fixed(seen.min())} and {fixed(seen.max())}, {fixed(data.blend)} "
            "here, beside the steps of a hard look-up."
        )
