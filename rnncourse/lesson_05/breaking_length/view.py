"""The picture of the breaking length."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnncourse.drawing import style
from rnncourse.lesson_05.breaking_length.compute import (
    BLOCK,
    CHANCE,
    LENGTHS,
    NAMES,
    UPDATES,
    BreakingLength,
)
from rnnlib._typing import Array

__all__ = ["BreakingLengthView"]

LOOKS = {
    "tanh": (style.STATE, "o", "-", -0.8),
    "relu": (style.WEIGHT, "s", (0, (5, 2)), 0.0),
    "lstm": (style.CELL, "^", (0, (1, 1.2)), 0.8),
}  # colour, marker, dashes, and how far its stored runs stand aside
OWN: dict[str, Any] = {
    "markersize": 10,
    "markeredgecolor": style.INK,
    "markeredgewidth": 1.2,
}
BOTTOM, HEIGHT = 92, 224
HIGHEST_LOSS = 1.6


class BreakingLengthView:
    """Left, right answers over the length; right, how the loss fell in one run.

    A cell has the colour of what carries its memory: h, the identity in W_hh, or c.
    Small marks are stored runs, the line goes through their means; large ones with an
    edge are the learner's own.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (70, BOTTOM, 400, HEIGHT),
            title=f"right answers after {UPDATES} updates, 16 units",
            x=("length of the sequences, $T$", LENGTHS[0] - 2, LENGTHS[-1] + 3),
            y=("right, %", 0, 104),
        )
        bound = self.axes.axhline(100 * CHANCE, **style.BOUND, label="guessing")
        self.marks = {kind: self._marks(kind) for kind in NAMES}
        self.means = {kind: self._means(kind) for kind in NAMES}
        self.own = {kind: self._own(kind) for kind in NAMES}
        (self.at,) = self.axes.plot([0, 0], [0, 104], color=style.INK, lw=1, ls=":")
        (self.ring,) = self.axes.plot(
            [], [], "o", ms=13, mfc="none", mec=style.INK, mew=1.4, clip_on=False
        )
        mine = Line2D([], [], ls="", marker="o", **OWN, mfc=style.STATE)
        mine.set_label("your own runs")
        style.key_below(self.axes, [*self.means.values(), mine, bound], columns=3)
        self.curve = style.panel(
            figure,
            (550, BOTTOM, 270, HEIGHT),
            title="how the loss fell",
            x=("updates", 0, UPDATES),
            y=("loss, nats", 0, HIGHEST_LOSS),
        )
        bound = self.curve.axhline(-np.log(CHANCE), **style.BOUND, label="guessing")
        self.middle, self.mine = (
            self.curve.plot([], [], color=style.INK, lw=width, label=words)[0]
            for width, words in ((1, "stored run"), (style.LINE + 0.6, "your run"))
        )
        style.key_below(self.curve, (self.middle, self.mine, bound), columns=2)
        stored = (*self.marks.values(), *self.means.values())
        dots = (*stored, self.at, *self.own.values(), self.ring)
        spines = style.spines(self.axes, self.curve)
        self.moving = (*dots, self.middle, self.mine, *spines)

    def _marks(self, kind: str) -> Line2D:
        """Return the marks of a cell's stored runs, still without a place."""
        colour, marker, *_ = LOOKS[kind]
        look: dict[str, Any] = {
            "marker": marker,
            "ms": 3,
            "color": colour,
            "alpha": 0.45,
        }
        return self.axes.plot([], [], ls="", **look)[0]

    def _means(self, kind: str) -> Line2D:
        """Return the line of the means of a cell's stored runs."""
        colour, marker, dashes, _ = LOOKS[kind]
        (line,) = self.axes.plot(
            [],
            [],
            color=colour,
            marker=marker,
            ms=4,
            lw=style.LINE,
            ls=dashes,
            label=NAMES[kind],
        )
        return line

    def _own(self, kind: str) -> Line2D:
        colour, marker, *_ = LOOKS[kind]
        (marks,) = self.axes.plot([], [], ls="", marker=marker, color=colour, **OWN)
        marks.set_clip_on(False)
        return marks

    def draw(self, data: BreakingLength) -> None:
        """Show `data`."""
        lengths = LENGTHS[: data.shown]
        for kind, found in zip(NAMES, 100 * data.accuracies, strict=True):
            here = found[: data.shown]
            beside = np.repeat(lengths + LOOKS[kind][-1], here.shape[1])
            self.marks[kind].set_data(beside, here.ravel())
            self.means[kind].set_data(lengths, here.mean(axis=1))
        for kind, marks in self.own.items():
            done = [
                (run.steps, 100 * run.accuracy)
                for run in data.trained
                if run.cell == kind and run.accuracy is not None
            ]
            marks.set_data(*np.reshape(done, (-1, 2)).T)
        self.at.set_xdata([data.steps] * 2)
        self.ring.set_data([data.steps], [100 * data.runs_here.mean()])
        self.middle.set_data(*_over_updates(data.losses))
        latest = data.latest
        self.mine.set_data(*_over_updates(latest.losses if latest else np.empty(0)))

    def describe(self, data: BreakingLength) -> str:
        """Return what the picture shows, in words."""
        own = "".join(
            f" {NAMES[run.cell]}, T = {run.steps}: {100 * run.accuracy:.0f} %."
            for run in data.trained
            if run.accuracy is not None
        )
        means = data.accuracies.mean(axis=-1)
        ends = "; ".join(
            f"{name} from {100 * first:.0f} to {100 * last:.0f}"
            for name, first, last in zip(
                NAMES.values(), *means.T[[0, data.shown - 1]], strict=True
            )
        )
        return (
            f"Left, the share of right answers over the length T from {LENGTHS[0]} to "
            f"{data.steps}, in percent: {ends}; guessing has 25. Right, over the "
            f"updates, the loss of {NAMES[data.cell]} at T = {data.steps}, which ends "
            f"at {data.losses[-1]:.2f}."
        ) + (f" Your runs:{own}" if own else "")


def _over_updates(losses: Array) -> tuple[Array, Array]:
    """Return where the means of blocks stand in the right panel."""
    middles = BLOCK * (np.arange(len(losses)) + 0.5)
    return middles, np.minimum(losses, HIGHEST_LOSS)
