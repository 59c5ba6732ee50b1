"""The picture of the look-ahead explorer."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_03.look_ahead.compute import DIRECTIONS, LONGEST, TASK, LookAhead
from rnncourse.shared.wording import whole_percent

__all__ = ["LookAheadView"]

LEFT, BOTTOM, HIGH = 84, 92, 190
BEGIN, FULL = 0.56, 0.8
TAGS = TASK.classes
WAYS = {
    "left to right": "→  reads left to right",
    "right to left": "←  reads right to left",
    "both": "→ ←  reads both ways",
}


class LookAheadView:
    """Left, the probability of each tag for each word; right, the three directions."""

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        axes = self.axes = style.panel(
            figure,
            (LEFT, BOTTOM, 470, HIGH),
            title="how probable each tag is, word by word",
            x=("", 0.5, LONGEST + 0.5),
            y=("", len(TAGS) - 0.5, -0.5),
        )
        axes.set_xticks([])
        axes.set_yticks(range(len(TAGS)), TAGS, fontsize=style.TEXT)
        axes.tick_params(axis="y", length=0)
        self.bars = Bars(
            axes,
            np.tile(np.arange(len(TAGS)), LONGEST),
            0.72,
            lying=True,
            base=np.repeat(np.arange(LONGEST) + BEGIN, len(TAGS)),
            color=style.OUTPUT,
        )
        self.words = Digits(axes, [], points=10, bold=True, colour=style.INPUT)
        self.shares = Digits(axes, [], points=style.SMALL)
        self.way = Digits(axes, [((LONGEST + 1) / 2, 4.7)], points=14)
        self._make_right()
        self.moving = (
            self.bars,
            self.words,
            self.way,
            *self.columns,
            *self.limits,
            *style.spines(self.axes, self.right_axes),
            self.shares,
            self.reached,
        )

    def _make_right(self) -> None:
        axes = self.right_axes = style.panel(
            self.figure,
            (620, BOTTOM, 200, HIGH),
            title="doubtful words right",
            x=("", -0.6, 2.6),
            y=("share", 0, 1.14),
        )
        axes.set_xticks(range(3), ["left\nto right", "right\nto left", "both"])
        axes.tick_params(axis="x", length=0, labelsize=style.TEXT)
        axes.yaxis.set_major_locator(MultipleLocator(0.5))
        self.columns = axes.bar(range(3), [0.0] * 3, 0.72, color=style.STATE)
        self.limits = [
            axes.plot([k - 0.42, k + 0.42], [1, 1], **style.BOUND)[0] for k in range(3)
        ]
        self.limits[0].set_label("ceiling, computed")
        style.key_below(axes, [self.limits[0]], drop=52)
        self.reached = Digits(axes, [], bold=True)

    def draw(self, data: LookAhead) -> None:
        """Show `data`."""
        widths = np.zeros((LONGEST, len(TAGS)))
        widths[: len(data.words)] = data.says
        self.bars.set_heights(FULL * widths.ravel())
        self.words.write([(t, 3.86) for t, _ in enumerate(data.words, 1)], data.words)
        self.words.set_colours(style.INPUT)
        unsure = [
            (t, tag)
            for t, row in enumerate(data.says)
            for tag in range(len(TAGS))
            if 0.1 < row[tag] < 0.9
        ]
        self.shares.write(
            [(t + BEGIN + FULL / 2, tag) for t, tag in unsure],
            [whole_percent(data.says[t, tag]) for t, tag in unsure],
        )
        self.way.set_texts([WAYS[data.direction]])
        for k, direction in enumerate(DIRECTIONS):
            self.columns[k].set_height(data.right[direction])
            self.columns[k].set_alpha(1 if direction == data.direction else 0.3)
            self.limits[k].set_ydata([data.ceilings[direction]] * 2)
        places = [(k, data.right[each] - 0.07) for k, each in enumerate(DIRECTIONS)]
        shares = [whole_percent(data.right[each]) for each in DIRECTIONS]
        self.reached.write(places, shares)

    def describe(self, data: LookAhead) -> str:
        """Return what the picture shows, in words."""
        tagged = ", ".join(
            f"{word}: {tag} {whole_percent(share)}"
            for word, tag, share in zip(
                data.words, data.tags, data.says.max(axis=-1, initial=0), strict=True
            )
        )
        reached = ", ".join(
            f"{each} {whole_percent(data.right[each])} of at most "
            f"{whole_percent(data.ceilings[each])}"
            for each in DIRECTIONS
        )
        return (
            f"Left, the tags that a net reading {data.direction} gives: "
            f"{tagged or 'none'}. Right, the share of doubtful words that each way of "
            f"reading tags rightly: {reached}."
        )
