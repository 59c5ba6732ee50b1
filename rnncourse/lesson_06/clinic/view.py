"""The picture of the clinic: the loss, and three instruments."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnncourse.drawing import style
from rnncourse.lesson_06.clinic.compute import SICK, WELL, Clinic
from rnncourse.lesson_06.clinic.runs import BLOCK, UPDATES
from rnncourse.shared.wording import number, whole_percent
from rnnlib._typing import Array

__all__ = ["ClinicView"]

INSTRUMENTS: dict[str, tuple[str, str, Any]] = {
    "gradient_norm": ("norm of the gradient", style.GRADIENT, "-"),
    "saturated": ("saturated share", style.STATE, (0, (5, 2))),
    "update_ratio": ("step over weights", style.WEIGHT, (0, (1, 1.2))),
}
BOTTOM, HEIGHT = 100, 206
LEAST = 1.2e-4


class ClinicView:
    """Left, how the loss went; right, what the instruments show.

    With the cause switched off the sick run stays behind it, in grey.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.loss_axes = self._panel((66, BOTTOM, 330, HEIGHT), "loss", "nats", -4, 3)
        self.loss_axes.lines[0].remove()  # a loss of 1 is nothing special
        self.axes = self._panel((486, BOTTOM, 330, HEIGHT), "instruments", "", -4, 2)
        (self.guessing,) = self.loss_axes.plot([0, UPDATES], [1, 1], **style.BOUND)
        self.guessing.set_label("guessing")
        self.old = {"loss": self._line(self.loss_axes, style.DIM, "-", 1.6)}
        self.old |= {
            kind: self._line(self.axes, style.DIM, dashes, 1.6)
            for kind, (_, _, dashes) in INSTRUMENTS.items()
        }
        self.new = {"loss": self._line(self.loss_axes, style.INK, "-", style.LINE)}
        self.new["loss"].set_label("this run")
        for kind, (words, colour, dashes) in INSTRUMENTS.items():
            self.new[kind] = self._line(self.axes, colour, dashes, style.LINE)
            self.new[kind].set_label(words)
        (self.own,) = self.loss_axes.plot(
            [], [], "o", ms=3.5, color=style.INK, label="your own"
        )
        self.old["loss"].set_label("with the cause")
        handles = (self.new["loss"], self.old["loss"], self.own, self.guessing)
        style.key_below(self.loss_axes, handles)
        style.key_below(self.axes, [self.new[kind] for kind in INSTRUMENTS])
        self.moving = (
            self.guessing,
            *self.old.values(),
            *self.new.values(),
            self.own,
            *style.spines(self.loss_axes, self.axes),
        )

    def _panel(
        self, place: style.Place, title: str, unit: str, low: int, high: int
    ) -> Axes:
        axes = style.panel(
            self.figure,
            place,
            title=title,
            x=("updates", 0, UPDATES),
            y=(unit, 0.1, 1),
        )
        style.log_axis(axes, low, high, every=1)
        return axes

    def _line(self, axes: Axes, colour: str, dashes: Any, width: float) -> Line2D:
        return axes.plot([], [], color=colour, ls=dashes, lw=width)[0]

    def draw(self, data: Clinic) -> None:
        """Show `data`."""
        shown = WELL if data.healed else SICK
        for kind, found in data.curves.items():
            self.new[kind].set_data(data.updates, _within(found[shown]))
            sick = found[SICK] if data.healed else found[SICK, :0]
            self.old[kind].set_data(data.updates[: len(sick)], _within(sick))
        self.guessing.set_ydata([-np.log(data.chance)] * 2)
        mine = data.latest
        losses = mine.chart.loss if mine else np.empty(0)
        middles = BLOCK * (np.arange(len(losses)) + 0.5)
        self.own.set_data(middles, _within(losses))

    def describe(self, data: Clinic) -> str:
        """Return what the picture shows, in words."""
        row = WELL if data.healed else SICK
        ends = {kind: found[row, [0, -1]] for kind, found in data.curves.items()}
        loss, norm, ratio = (
            " to ".join(map(number, ends[kind]))
            for kind in ("loss", "gradient_norm", "update_ratio")
        )
        share = " to ".join(map(whole_percent, ends["saturated"]))
        who = "the healthy twin of patient" if data.healed else "patient"
        return (
            f"On log axes over {UPDATES} updates, {who} {data.patient}, seed "
            f"{data.seed}, from first to last: loss {loss}; norm of the gradient "
            f"{norm}; saturated share {share}; step over weights {ratio}."
        )


def _within(values: Array) -> Array:
    """Return values with what is smaller than the axis put at its lower edge."""
    return np.maximum(values, LEAST)
