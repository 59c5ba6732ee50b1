"""The picture of teacher forcing: how the loss falls, and whether answers follow."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_10.teacher_forcing.compute import RATIOS, UPDATES, TeacherForcing
from rnncourse.shared.wording import number, percent

__all__ = ["ForcingView"]

LEAST = (-2, 1)  # decades of the loss


class ForcingView:
    """Left, the loss with the truth fed in; right, what is exact in a free run.

    The other shares are shown in grey, so that one can be compared with them.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.loss_axes = style.panel(
            figure,
            (76, 92, 310, 224),
            title="loss, with the truth fed in",
            x=("updates", 0, UPDATES),
            y=("nats a token", 0.01, 10),
        )
        style.log_axis(self.loss_axes, *LEAST, every=1)
        self.loss_axes.lines[0].remove()  # a loss of 1 is nothing special
        self.match_axes = style.panel(
            figure,
            (490, 92, 310, 224),
            title="right from end to end, running freely",
            x=("updates", 0, UPDATES),
            y=("exact, %", 0, 102),
        )
        panels = (self.loss_axes, self.match_axes)
        others = [
            axes.plot([], [], ".-", color=style.LIGHT, lw=1.6)[0]
            for axes in panels
            for _ in RATIOS
        ]
        self.other_losses, self.other_matches = others[:5], others[5:]
        (self.loss,), (self.match,) = (
            axes.plot([], [], ".-", color=colour, lw=style.LINE + 0.6)
            for axes, colour in zip(panels, (style.INK, style.OUTPUT), strict=True)
        )
        pairs = (self.loss, others[0]), (self.match, others[5])
        for axes, (line, other) in zip(panels, pairs, strict=True):
            line.set_label("this share")
            other.set_label("the others")
            style.key_below(axes, (line, other))
        self.ends = [
            Digits(axes, [], points=style.SMALL, align="left") for axes in panels
        ]
        self.moving = (
            *others,
            self.loss,
            self.match,
            *self.ends,
            *style.spines(*panels),
        )

    def draw(self, data: TeacherForcing) -> None:
        """Show `data`."""
        row, shown = RATIOS.index(data.ratio), slice(data.at)
        updates = data.updates[shown]
        for line, values in zip(self.other_losses, data.loss, strict=True):
            line.set_data(updates, values[shown])
        for line, values in zip(self.other_matches, data.match, strict=True):
            line.set_data(updates, 100 * values[shown])
        self.loss.set_data(updates, data.loss[row, shown])
        self.match.set_data(updates, 100 * data.match[row, shown])
        self._name_ends(data)

    def _name_ends(self, data: TeacherForcing) -> None:
        """Write each share where its curves end, none over another."""
        last, names = data.at - 1, [f"{ratio:g}" for ratio in RATIOS]
        losses = 10 ** style.apart(np.log10(data.loss[:, last]), 0.16)
        matches = style.apart(100 * data.match[:, last], 5.5)
        inks = [style.INK if r == data.ratio else style.WEIGHT for r in RATIOS]
        for digits, heights in zip(self.ends, (losses, matches), strict=True):
            x = data.updates[last] + 8
            digits.write([(x, height) for height in heights], names, inks)

    def describe(self, data: TeacherForcing) -> str:
        """Return what the picture shows, in words."""
        row, last = RATIOS.index(data.ratio), data.at - 1
        ends = ", ".join(
            f"{percent(found[last])} with a share of {ratio:g}"
            for ratio, found in zip(RATIOS, data.match, strict=True)
        )
        return (
            f"Left, the loss over {int(data.updates[last])} updates on a log axis, "
            f"falling to {number(data.loss[row, last])}; right, the share of exact "
            f"answers in a free run: {ends}. The share {data.ratio:g} is in colour."
        )
