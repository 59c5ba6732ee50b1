"""The picture of with and without: shares over the length, and the seeds one by one."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_11.trials import LENGTHS
from rnncourse.lesson_11.with_and_without.compute import LOOKS, WithAndWithout
from rnncourse.shared.trials import SEEDS
from rnncourse.shared.wording import span, whole_percent

__all__ = ["WithAndWithoutView"]

NAMES = ("without attention", "with attention")
COLOURS, DASHES = (style.STATE, style.OUTPUT), ((0, (5, 2)), "solid")
BOTTOM, HEIGHT = 96, 216
LONGEST = LENGTHS[-1]


class WithAndWithoutView:
    """Left, all seeds and their mean up to this length; right, each seed at it."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (66, BOTTOM, 400, HEIGHT),
            title="new words that come back whole",
            x=("length of the word", LENGTHS[0] - 0.4, LONGEST + 0.4),
            y=("exact, %", 0, 102),
        )
        self.axes.set_xticks([*LENGTHS])
        (self.unknown,) = self.axes.fill([0], [0], color=style.NOTHING, zorder=0)
        self.unknown.set_label("longer than in training")
        self.seeds = []
        self.means, self.own = [], []
        for name, colour, dashes in zip(NAMES, COLOURS, DASHES, strict=True):
            seeds = LineCollection([], colors=colour, linewidths=0.8, alpha=0.45)
            self.axes.add_collection(seeds)
            self.seeds.append(seeds)
            (mean,) = self.axes.plot([], [], color=colour, ls=dashes, lw=3, label=name)
            (own,) = self.axes.plot(
                [], [], "*", ms=11, mfc=colour, mec=style.INK, clip_on=False
            )
            self.means.append(mean)
            self.own.append(own)
        style.key_below(self.axes, [*self.means, self.unknown], columns=3)
        self.right = style.panel(
            figure,
            (560, BOTTOM, 250, HEIGHT),
            title="the ten seeds at this length",
            x=("", -0.4, 1.4),
            y=("exact, %", 0, 102),
        )
        self.right.set_xticks([0, 1], ["without", "with"])
        self.slopes = LineCollection([], colors=style.DIM, linewidths=1)
        self.right.add_collection(self.slopes)
        self.dots = [
            self.right.plot([], [], marker, color=colour, ms=7, clip_on=False)[0]
            for marker, colour in zip("o^", COLOURS, strict=True)
        ]
        (self.mine,) = self.right.plot(
            *([], [], "*-"),
            ms=13,
            color=style.INK,
            mfc=style.TARGET,
            clip_on=False,
            label="your own two",
        )
        style.key_below(self.right, [self.mine])
        self.moving = (
            self.unknown,
            *self.seeds,
            *self.means,
            *self.own,
            self.slopes,
            *self.dots,
            self.mine,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: WithAndWithout) -> None:
        """Show `data`."""
        upto = data.column + 1
        lengths = np.array(LENGTHS[:upto])
        low, high = int(data.trained) + 0.5, LONGEST + 0.4
        self.unknown.set_xy([(low, 0), (high, 0), (high, 102), (low, 102)])
        for k, exact in enumerate(100 * data.exact[:, :, :upto]):
            self.seeds[k].set_segments([np.column_stack([lengths, e]) for e in exact])
            self.means[k].set_data(lengths, exact.mean(axis=0))
            self.dots[k].set_data([k] * len(SEEDS), 100 * data.here[k])
        pairs = 100 * data.here.T
        self.slopes.set_segments([[(0, a), (1, b)] for a, b in pairs])
        own = None if data.own is None else data.own.exact
        mine = np.empty((len(LOOKS), 0)) if own is None else 100 * own[:, :upto]
        for stars, exact in zip(self.own, mine, strict=True):
            stars.set_data(lengths[: exact.size], exact)
        last = mine[:, -1:].ravel()
        self.mine.set_data(range(len(last)), last)

    def describe(self, data: WithAndWithout) -> str:
        """Return what the picture shows, in words."""
        first, here = data.exact[:, :, 0], data.here
        ends = "; ".join(
            f"{name} from {span(a)} to {span(b)}"
            for name, a, b in zip(NAMES, first, here, strict=True)
        )
        mine = ""
        if data.own is not None and data.own.exact is not None:
            shares = map(whole_percent, data.own.exact[:, data.column])
            mine = f" Two stars are your own: {' and '.join(shares)}."
        lengths = f"word lengths {LENGTHS[0]} to {data.length}"
        if not data.column:
            lengths = f"the word length {data.length} alone"
        return (
            f"Left, the shares of new words that come back whole over {lengths}, "
            "ten thin lines and their mean each: "
            f"{ends}. Shaded are lengths above {data.trained}. Right, at length "
            f"{data.length}, a line from each seed without attention to the same seed "
            f"with it.{mine}"
        )
