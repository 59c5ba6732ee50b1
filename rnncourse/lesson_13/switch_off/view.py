"""What each unit costs, where it costs it, and a text symbol by symbol."""

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.lesson_13.switch_off.compute import LENGTH, SwitchOff
from rnncourse.lesson_13.switch_off.losses import DIRECTIONS, PLACES, UNITS
from rnncourse.shared.wording import fixed

__all__ = ["SwitchOffView"]

COLOURS = matplotlib.colormaps["PuOr_r"]
MOST, LIMIT, FAINT = 3.0, 1.05, 0.8  # bits more that a symbol costs, a unit, a colour
RANKS, GROUPS = np.arange(1, UNITS + 1), np.arange(len(PLACES))
MIDDLES = np.arange(LENGTH) + 0.5


class SwitchOffView:
    """Left all units by their score, right where it hurts, below one text."""

    size = (840, 390)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.left = style.panel(
            figure,
            (66, 172, 320, 184),
            title="loss without it",
            x=("unit, by its score", 0, UNITS + 1),
            y=("bits per symbol more", 0, LIMIT),
        )
        self.right = style.panel(
            figure,
            (470, 172, 350, 184),
            title="where it is lost",
            x=("in a quote, or brackets open outside quotes", -0.6, 6.6),
            y=("bits per symbol more", -0.1, 1.8),
        )
        self.right.set_xticks(GROUPS, ["all", "quote", "0", "1", "2", "3", "4"])
        self.right.axhline(0, color=style.INK, lw=0.8)
        self.strip = style.sheet(figure, (92, 26, 728, 44), LENGTH, 1)
        self.strip.set_ylim(2, 0)
        self.strip.set_title(
            "one text: purple symbols cost less than before, orange ones up to 3 bits "
            "more",
            fontsize=style.TEXT,
            color=style.INK,
            pad=20,
        )
        for k, word in enumerate(("unit", "direction")):
            self.strip.text(-0.4, k + 0.5, word, ha="right", va="center", size=9)
        self.units = Bars(self.left, RANKS, 0.7, color=style.STATE_PALE)
        self.chosen = Bars(self.left, RANKS, 0.7, color=style.STATE)
        (self.level,) = self.left.plot([0, UNITS + 1], [0, 0], color=style.CELL, lw=2.4)
        self.where_unit = Bars(self.right, GROUPS - 0.2, 0.36, color=style.STATE)
        self.where_direction = Bars(self.right, GROUPS + 0.2, 0.36, color=style.CELL)
        self.cells = HeatMap(self.strip)
        self.text = Digits(self.strip, [], points=11, bold=True)
        self.moving = (
            self.units,
            self.chosen,
            self.level,
            self.where_unit,
            self.where_direction,
            self.cells,
            self.text,
            *style.spines(self.left, self.right),
        )
        handles = [
            Line2D([], [], color=style.STATE, lw=6, label="the unit held"),
            Line2D([], [], color=style.CELL, lw=2.4, label="the direction held"),
        ]
        self.left.legend(
            handles=handles,
            loc="upper right",
            fontsize=style.SMALL,
            labelcolor=style.INK,
            frameon=False,
        )

    def draw(self, data: SwitchOff) -> None:
        """Show `data`."""
        self.units.set_heights(data.scores)
        self.chosen.set_heights(np.where(data.rank == RANKS, data.scores, 0))
        self.level.set_ydata([data.direction_losses[0]] * 2)
        self.where_unit.set_heights(data.unit_losses)
        self.where_direction.set_heights(data.direction_losses)
        costs = np.stack([data.unit_costs, data.direction_costs])
        shares = np.clip(costs / MOST, -1, 1)
        self.cells.set_cells(COLOURS(0.5 + FAINT * shares / 2, bytes=True))
        self.text.write([(x, -0.3) for x in MIDDLES], data.text)

    def describe(self, data: SwitchOff) -> str:
        """Return what the picture shows, in words."""
        pairs = zip(PLACES, data.unit_losses, data.direction_losses, strict=True)
        each = "; ".join(f"{p} {fixed(a)} and {fixed(b)}" for p, a, b in pairs)
        worst = int(data.direction_costs.argmax())
        return (
            f"Left a bar for each unit, sorted, from {fixed(data.scores[0], 3)} to "
            f"{fixed(data.scores[-1], 3)} bits, number {data.rank} of them coloured, "
            f"and a line for {DIRECTIONS[data.direction]}. Right, by place, bars for "
            f"unit and direction: {each}. Below, a text of {LENGTH} symbols with a "
            f"coloured row for each; along the direction symbol {worst + 1}, "
            f"“{data.text[worst]}”, costs most."
        )
