"""The picture of capacity: bits above the bound, by size and by depth."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_07.capacity.compute import CELLS, Capacity
from rnncourse.lesson_07.trials import SIZES
from rnncourse.shared.wording import fixed

__all__ = ["CapacityView"]

LOOKS = {
    "RNN": (style.STATE, ":", "o"),
    "LSTM": (style.CELL, "-", "^"),
}
MOST_BITS, MOST_DEEP = 0.3, 0.8
WIDTH = 0.12
DEPTHS = np.arange(5)


class CapacityView:
    """Left, the mean of each cell over the sizes; right, one of them by depth."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (72, 92, 320, 214),
            title="above the entropy of the language",
            x=("units H", -0.4, len(SIZES) - 0.6),
            y=("bits a symbol", 0, MOST_BITS),
        )
        self.axes.set_xticks(range(len(SIZES)), [str(H) for H in SIZES])
        self.right = style.panel(
            figure,
            (478, 92, 340, 214),
            title="by how many brackets are open",
            x=("open brackets", -0.6, 4.6),
            y=("bits a symbol", 0, MOST_DEEP),
        )
        self.right.set_xticks(DEPTHS)
        self.means = {
            cell: self.axes.plot(
                [], [], color=colour, ls=dash, marker=mark, lw=2, ms=6, label=cell
            )[0]
            for cell, (colour, dash, mark) in LOOKS.items()
        }
        (self.seeds,) = self.axes.plot([], [], ".", color=style.INK, ms=5)
        (self.ring,) = self.axes.plot(
            [], [], "o", mfc="none", mec=style.INK, ms=15, mew=1.4
        )
        self.bars = self.right.bar(DEPTHS, np.zeros(5), 0.6, color=style.DIM)
        (self.deep_seeds,) = self.right.plot(
            [], [], ".", color=style.INK, ms=5, label="one seed"
        )
        self.bars[0].set_label("mean")
        style.key_below(self.axes, [*self.means.values()])
        style.key_below(self.right, [self.bars[0], self.deep_seeds])
        self.numbers = Digits(self.right, [], points=style.SMALL)
        self.moving = (
            *self.means.values(),
            self.seeds,
            self.ring,
            *self.bars,
            self.deep_seeds,
            self.numbers,
            *style.spines(self.axes, self.right),
        )

    def draw(self, data: Capacity) -> None:
        """Show `data`."""
        at = SIZES.index(data.hidden)
        for cell in CELLS:
            heights = data.above[cell][:, : at + 1, 0].mean(axis=0)
            self.means[cell].set_data(range(at + 1), np.minimum(heights, MOST_BITS))
        spread = np.linspace(-WIDTH, WIDTH, len(data.here))
        self.seeds.set_data(at + spread, np.minimum(data.here[:, 0], MOST_BITS))
        self.ring.set_data([at], [data.here[:, 0].mean()])
        means = data.here[:, 1:].mean(axis=0)
        for bar, height in zip(self.bars, means, strict=True):
            bar.set_height(height)
        places = (DEPTHS[:, None] + 2 * spread).ravel()
        seeds = np.minimum(data.here[:, 1:].T.ravel(), MOST_DEEP)
        self.deep_seeds.set_data(places, seeds)
        tops = np.minimum(data.here[:, 1:].max(axis=0), MOST_DEEP) + 0.035
        self.numbers.write(
            np.column_stack([DEPTHS, tops]), [fixed(mean, 2) for mean in means]
        )

    def describe(self, data: Capacity) -> str:
        """Return what the picture shows, in words."""
        at = SIZES.index(data.hidden)
        means = {c: data.above[c][:, : at + 1, 0].mean(axis=0) for c in CELLS}
        sizes = "; ".join(
            f"{cell} " + ", ".join(fixed(bits, 3) for bits in found)
            for cell, found in means.items()
        )
        deep = ", ".join(fixed(mean, 2) for mean in data.here[:, 1:].mean(axis=0))
        return (
            f"Left, bits above the bound for up to {data.hidden} units: {sizes}. "
            f"Right, bars for the {data.cell} with {data.hidden} units where 0 to 4 "
            f"brackets are open: {deep}; dots are the seeds."
        )
