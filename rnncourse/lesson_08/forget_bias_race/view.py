"""The picture of the forget-bias race."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_08.forget_bias_race.compute import (
    BLOCK,
    FIRST_MARK,
    GUESSING,
    NAMES,
    SECOND_MARK,
    STEPS,
    UPDATES,
    ForgetBiasRace,
)
from rnncourse.shared.wording import number, whole_percent

__all__ = ["ForgetBiasRaceView"]

DASHES: tuple[dict[str, Any], ...] = (
    {"linestyle": (0, (1, 1.4)), "linewidth": 2.6},
    {"linestyle": (0, (5, 2)), "linewidth": 2.2},
    {"linestyle": "solid", "linewidth": 2.4},
)
HIGHEST = 1.7
BOTTOM, HEIGHT = 92, 216


class ForgetBiasRaceView:
    """Left, the losses of the three; right, how far back their forget gates reach."""

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (62, BOTTOM, 306, HEIGHT),
            title="who learns?",
            x=("updates", 0, UPDATES),
            y=("loss, nats", 0, HIGHEST),
        )
        bound = self.axes.axhline(GUESSING, **style.BOUND, label="guessing: 25 % right")
        self.right = style.panel(
            figure,
            (510, BOTTOM, 314, HEIGHT),
            title="how far back do the forget gates reach?",
            x=("steps back, $T - k$ (shaded: 2nd and 1st mark)", 0, STEPS),
            y=("product of the $f$", 0, 1),
        )
        style.log_axis(self.right, -12, 0, every=3)
        for near, far in (SECOND_MARK, FIRST_MARK):
            self.right.axvspan(near, far, color=style.NOTHING, zorder=0)
        self.losses = [
            self.axes.plot([], [], color=style.INK, label=f"bias {name}", **dash)[0]
            for name, dash in zip(NAMES, DASHES, strict=True)
        ]
        self.reach = [
            self.right.plot(
                [], [], color=style.GATES["f"], label=f"bias {name}", **dash
            )[0]
            for name, dash in zip(NAMES, DASHES, strict=True)
        ]
        style.key_below(self.axes, [*self.losses, bound], columns=2)
        style.key_below(self.right, self.reach, columns=3)
        self.ends = Digits(self.axes, [], points=style.SMALL, align="left")
        self.moving = (
            *self.losses,
            *self.reach,
            self.ends,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: ForgetBiasRace) -> None:
        """Show `data`."""
        updates = BLOCK * np.arange(1, data.blocks + 1)
        for line, losses in zip(self.losses, data.losses, strict=True):
            line.set_data(updates, np.minimum(losses, HIGHEST))
        for line, reach in zip(self.reach, data.reach, strict=True):
            shown = style.for_log_axis(reach, self.right)
            line.set_data(np.arange(STEPS + 1), shown)
        self._write_ends(data)

    def _write_ends(self, data: ForgetBiasRace) -> None:
        """Write the accuracies where the curves end, none over another."""
        if data.accuracies is None:
            self.ends.write([], [])
            return
        heights = style.apart(data.losses[:, -1], 0.12)
        self.ends.write(
            [(data.updates + 6, height) for height in heights],
            [
                f"{name}: {whole_percent(accuracy)}"
                for name, accuracy in zip(NAMES, data.accuracies, strict=True)
            ],
        )

    def describe(self, data: ForgetBiasRace) -> str:
        """Return what the picture shows, in words."""
        if data.blocks:
            pairs = zip(NAMES, data.losses[:, -1], strict=True)
            losses = ", ".join(f"{name} at {loss:.2f}" for name, loss in pairs)
        else:
            losses = "none of them yet"
        pairs = zip(NAMES, data.reach[:, STEPS], strict=True)
        reach = ", ".join(f"{name} {number(share)}" for name, share in pairs)
        return (
            f"Left, the losses over {data.updates} updates of three LSTMs by their "
            f"forget bias: {losses}; a dashed line at {GUESSING:.2f} is guessing. "
            "Right, on a log axis over the steps back, the product of the forget "
            f"gates, which ends after {STEPS} steps at: {reach}; shaded are the places "
            "of the two marks."
        )
