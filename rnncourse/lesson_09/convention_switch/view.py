"""The picture of the convention switch."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_09.convention_switch.compute import STEPS, UNITS, Switch
from rnncourse.shared.wording import fixed, number

__all__ = ["ConventionSwitchView"]

COLUMNS, LARGEST = 3 * UNITS, 3.0
NAMES = {"r": "reset r", "z": "update z", "n": "candidate n"}


class ConventionSwitchView:
    """Left W_hh, as each of both libraries stores it; right what one unit does.

    Purple is below zero, orange above: a block whose sign has been changed shows the
    other colour.
    """

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.given, self.given_names, *borders = self._matrix(figure, 196)
        self.taken, self.taken_names, *more = self._matrix(figure, 40)
        sheet = style.sheet(figure, (0, 0, 420, 340), 420, 340)
        self.titles = Digits(sheet, [(30, 322), (30, 166)], align="left", bold=True)
        self.axes = style.panel(
            figure,
            (490, 70, 332, 226),
            title="the states of one unit",
            x=("step", 0.5, STEPS + 0.5),
            y=("h", -1.05, 1.05),
        )
        self.axes.axhline(0, color=style.LIGHT, lw=1, zorder=0)
        steps = np.arange(1, STEPS + 1)
        (self.before,) = self.axes.plot(
            steps, 0 * steps, color=style.STATE, lw=style.WIDE, label="as it was"
        )
        (self.after,) = self.axes.plot(
            steps, 0 * steps, "o--", color=style.INK, ms=3, label="where it has gone"
        )
        style.key_below(self.axes, (self.before, self.after), drop=40)
        self.moving = (
            self.given,
            self.taken,
            *borders,
            *more,
            self.given_names,
            self.taken_names,
            self.titles,
            self.before,
            self.after,
        )

    def _matrix(self, figure: Figure, bottom: float) -> Any:
        """Return the fields of three blocks, their names, and the lines between."""
        axes = style.axes_at(figure, (30, bottom, 378, 88))
        axes.set(xlim=(0, COLUMNS), ylim=(UNITS, 0))
        axes.set_axis_off()
        fields = axes.pcolormesh(
            np.arange(COLUMNS + 1),
            np.arange(UNITS + 1),
            np.zeros((UNITS, COLUMNS)),
            cmap="PuOr_r",
            vmin=-LARGEST,
            vmax=LARGEST,
            edgecolor="white",
        )
        places = [((block + 0.5) * UNITS, -0.42) for block in range(3)]
        lines = (axes.axvline(k * UNITS, color=style.INK, lw=1.6) for k in (1, 2))
        return fields, Digits(axes, places), *lines

    def draw(self, data: Switch) -> None:
        """Show `data`."""
        for fields, names, array, order in (
            (self.given, self.given_names, data.blocks[0], data.orders[0]),
            (self.taken, self.taken_names, data.blocks[1], data.orders[1]),
        ):
            fields.set_array(array)
            names.set_texts([NAMES[gate] for gate in order])
        self.titles.set_texts([f"W_hh of {data.given}", f"W_hh, read by {data.taken}"])
        self.before.set_ydata(data.states[0])
        self.after.set_ydata(data.states[1])

    def describe(self, data: Switch) -> str:
        """Return what the picture shows, in words."""
        first, second = (", ".join(order) for order in data.orders)
        here, there = (fixed(float(states[-1])) for states in data.states)
        return (
            f"Left, W_hh as {data.given} stores it, with the blocks {first}, over what "
            f"{data.taken} reads as {second}. Right, the states of unit {data.unit} "
            f"over {STEPS} steps, before and after: they end at {here} and {there}. "
            f"Over all units the largest difference is {number(data.apart)}."
        )
