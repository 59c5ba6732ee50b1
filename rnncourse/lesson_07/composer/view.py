"""A tune on a staff, and under each note how surprising it was."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnncourse.drawing import style
from rnncourse.drawing.staff import Staff
from rnncourse.lesson_07.composer.compute import Tune
from rnncourse.shared.wording import fixed

__all__ = ["ComposerView"]

MOST_BITS = 12


class ComposerView:
    """Above, the notes; below, the surprise of each, of the net and of the bigram."""

    size = (840, 318)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        title = "the tune, and a line under what is known by heart"
        self.staff = Staff(figure, (62, 174, 760, 114), title)
        self.staff.axes.set_xlabel("")
        self.axes = style.panel(
            figure,
            (62, 64, 760, 80),
            title="",
            x=("beats", *self.staff.axes.get_xlim()),
            y=("surprise, bits", 0, MOST_BITS),
        )
        self.axes.xaxis.set_major_locator(MaxNLocator(9, steps=[1, 2, 4, 8]))
        self.own = LineCollection([], colors=style.OUTPUT, linewidths=7)
        self.axes.add_collection(self.own)
        (self.key,) = self.axes.plot([], [], color=style.OUTPUT, lw=7, label="the net")
        (self.pairs,) = self.axes.plot(
            [], [], "_", color=style.INK, ms=12, mew=2, label="the bigram model"
        )
        style.key_below(self.axes, [self.key, self.pairs])
        self.moving = (
            *self.staff.moving,
            self.own,
            self.pairs,
            *style.spines(self.staff.axes, self.axes),
        )

    def draw(self, data: Tune) -> None:
        """Show `data`."""
        self.staff.draw(data)
        self.axes.set_xlim(*self.staff.axes.get_xlim())
        places = data.onsets[:-1] + 0.2
        own, pairs = np.minimum(data.surprises, MOST_BITS)
        bars = [[(x, 0), (x, bits)] for x, bits in zip(places, own, strict=True)]
        self.own.set_segments(bars)
        self.pairs.set_data(places, pairs)

    def describe(self, data: Tune) -> str:
        """Return what the picture shows, in words."""
        each = ", ".join(
            f"{symbol} {fixed(bits, 1)}"
            for symbol, bits in zip(data.symbols, data.surprises[0], strict=True)
        )
        return (
            f"Notes on a staff, over {data.onsets[-1]:g} beats, each with the net's "
            f"surprise in bits below: {each}. A number behind a letter is a length in "
            "eighths."
        )
