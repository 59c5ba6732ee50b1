"""The picture of the latch."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_08.latch.compute import GATES, STEPS, WORDS, Latch
from rnncourse.shared.wording import fixed
from rnnlib._typing import Array

__all__ = ["LatchView"]

LEFT, WIDTH = 120, 690
ROW = 26
LOWEST = 2.2


class LatchView:
    """Above, what each gate does at each step; below, the states that come of it.

    The deeper the colour of a field, the more a gate lets through. The field that was
    set has a frame.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.table = style.panel(
            figure,
            (LEFT, 214, WIDTH, ROW * len(GATES)),
            title="what the gates let through, step by step",
            x=("", 0.5, STEPS + 0.5),
            y=("", len(GATES) - 0.5, -0.5),
        )
        self.table.set_xticks([])
        self.table.set_yticks(
            range(len(GATES)), [f"{WORDS[gate]} ${gate}$" for gate in GATES]
        )
        self.table.tick_params(length=0)
        self.table.spines[:].set_visible(False)
        for label, gate in zip(self.table.get_yticklabels(), GATES, strict=True):
            label.set(color=style.GATES[gate], fontsize=style.TEXT)
        places = [(t + 1, row) for row in range(len(GATES)) for t in range(STEPS)]
        self.fields = self.table.pcolormesh(
            np.arange(STEPS + 1) + 0.5,
            np.arange(len(GATES) + 1) - 0.5,
            np.zeros((len(GATES), STEPS, 3)),
            edgecolor="white",
        )
        self.numbers = Digits(self.table, places, points=style.SMALL)
        self.frame = Rectangle((0, 0), 1, 1, fill=False)
        self.frame.set(edgecolor=style.INK, linewidth=2.4, clip_on=False)
        self.table.add_patch(self.frame)
        self.axes = style.panel(
            figure,
            (LEFT, 46, WIDTH, 150),
            title="",
            x=("step", 0.5, STEPS + 0.5),
            y=("value", -LOWEST, LOWEST),
        )
        self.axes.set_xticks(range(1, STEPS + 1))
        self.axes.axhline(0, color=style.LIGHT, lw=1, zorder=0)
        steps = np.arange(1, STEPS + 1)
        (self.c,) = self.axes.plot(steps, steps, "o-", color=style.CELL, lw=style.LINE)
        (self.h,) = self.axes.plot(steps, steps, "s-", color=style.STATE, lw=style.LINE)
        self.axes.legend(
            handles=(self.c, self.h),
            labels=("cell state $c$", "hidden state $h$"),
            loc="lower left",
            ncols=2,
            fontsize=style.SMALL,
            frameon=False,
        )
        self.moving = (
            self.fields,
            self.numbers,
            self.frame,
            self.c,
            self.h,
        )

    def draw(self, data: Latch) -> None:
        """Show `data`."""
        values = np.array([getattr(data, gate) for gate in GATES])
        self.fields.set_array(_shades(values))
        self.numbers.set_texts([fixed(value) for value in values.ravel()])
        self.frame.set_xy((data.step - 0.5, GATES.index(data.gate) - 0.5))
        self.c.set_ydata(data.c)
        self.h.set_ydata(data.h)

    def describe(self, data: Latch) -> str:
        """Return what the picture shows, in words."""
        states = (
            f"{name} is " + ", ".join(fixed(value) for value in values)
            for name, values in (("c", data.c), ("h", data.h))
        )
        return (
            f"A table of i, f, o and g over {STEPS} steps, framed where {data.gate} is "
            f"{fixed(data.value)} at step {data.step}. Below, over the steps, "
            f"{'; '.join(states)}."
        )


def _shades(values: Array) -> Array:
    """Return a colour for each field, from white at 0 to the gate's own, pale."""
    own = np.array([to_rgb(style.GATES[gate]) for gate in GATES])
    share = 0.45 * np.abs(values)[..., None]
    return np.asarray(1 - share * (1 - own[:, None]))
