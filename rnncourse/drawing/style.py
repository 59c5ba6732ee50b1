"""The graphic language of the course: one colour for each quantity, one kind of panel.

Every figure takes its colours and its axes from here, so that a colour learned in an
early lesson means the same in a late one. The colours are those of Okabe and Ito
(2008), which colour-blind readers can tell apart.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from rnncourse.drawing.edges import Edges
from rnncourse.shared.colours import GREEN, GREY, ORANGE
from rnnlib._typing import Array, ArrayLike

__all__ = [
    "BOUND",
    "CANDIDATE",
    "CELL",
    "CELL_INK",
    "DIM",
    "FADED",
    "GATES",
    "GATE_DASHES",
    "GRADIENT",
    "INK",
    "INPUT",
    "LIGHT",
    "LINE",
    "NOTHING",
    "OUTPUT",
    "SMALL",
    "STATE",
    "STATE_PALE",
    "TARGET",
    "TEXT",
    "WEIGHT",
    "WIDE",
    "apart",
    "axes_at",
    "figure",
    "for_log_axis",
    "key_below",
    "log_axis",
    "magnitude_bar",
    "magnitude_colours",
    "move_band",
    "panel",
    "sheet",
    "spines",
]

INPUT = "#0072B2"
STATE = GREEN
STATE_PALE = "#CFECE3"
CELL = "#E69F00"
CELL_INK = "#946400"  # dark enough to be read as text
OUTPUT = "#CC79A7"
GRADIENT = ORANGE
TARGET = "#56B4E9"
WEIGHT = GREY
CANDIDATE = "#8a5a2b"
GATES = {"i": "#7a4fbf", "f": "#4b2a85", "o": "#9f73d9", "g": CANDIDATE}
INK = "#2b2b2b"
FADED = "#767676"  # numbers that are not spoken of, still readable
DIM = "#b8b8b8"  # lines and boxes that are not spoken of
LIGHT = "#d9d9d9"
NOTHING = "#eeeeee"

SMALL, TEXT = 9, 10  # points
LINE, WIDE = 2.0, 4.0  # a wide line shows on both sides of one that covers it
GATE_DASHES: dict[str, Any] = {
    "i": (0, (5, 2)),
    "f": "solid",
    "o": (0, (1.5, 1.5)),
    "g": (0, (6, 2, 1.5, 2)),
}
BOUND: dict[str, Any] = {"color": INK, "linewidth": 1.4, "linestyle": (0, (5, 3))}

Place = tuple[float, float, float, float]
Axis = tuple[str, float, float]

DECADES = 6
MAGNITUDES = matplotlib.colormaps["PuOr_r"]
_BYTES = MAGNITUDES(np.arange(MAGNITUDES.N), bytes=True)


def figure(width: int = 840, height: int = 340) -> Figure:
    """Return an empty white figure of that size in pixels."""
    return Figure((width / 100, height / 100), dpi=100, facecolor="white")


def axes_at(figure: Figure, place: Place) -> Axes:
    """Return new axes at `place`: left, bottom, width and height in pixels."""
    width, height = figure.bbox.size
    left, bottom, wide, high = place
    return figure.add_axes((left / width, bottom / height, wide / width, high / height))


def sheet(figure: Figure, place: Place, wide: float, high: float) -> Axes:
    """Return axes of which nothing is seen, from (0, 0) to (`wide`, `high`)."""
    axes = axes_at(figure, place)
    axes.set_axis_off()
    axes.set(xlim=(0, wide), ylim=(0, high))
    return axes


def panel(figure: Figure, place: Place, *, title: str, x: Axis, y: Axis) -> Axes:
    """Return new axes with a title, named axes, fixed limits and two spines.

    `place` is as in `axes_at`; `x` and `y` are each a name and two limits.
    """
    axes = axes_at(figure, place)
    axes.set_title(title, fontsize=TEXT + 1, color=INK, pad=8)
    axes.set_xlabel(x[0], fontsize=TEXT, color=INK)
    axes.set_ylabel(y[0], fontsize=TEXT, color=INK)
    axes.set_xlim(*x[1:])
    axes.set_ylim(*y[1:])
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(labelsize=SMALL, color=INK, labelcolor=INK, width=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set(color=INK, linewidth=0.8)
    return axes


def spines(*panels: Axes) -> tuple[Artist, ...]:
    """Return what paints the visible spines again, over what moves."""
    every = (spine for axes in panels for spine in axes.spines.values())
    return (Edges([spine for spine in every if spine.get_visible()]),)


def log_axis(axes: Axes, low: int, high: int, every: int = 2) -> None:
    """Give `axes` a vertical axis from 10^low to 10^high, ticked `every` decades."""
    axes.set_yscale("log")
    axes.set_ylim(10.0**low, 10.0**high)
    ticks = 10.0 ** np.arange(low, high + 1, every)
    axes.yaxis.set_major_locator(FixedLocator(list(ticks)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(_power_of_ten))
    axes.axhline(1, color=LIGHT, linewidth=1, zorder=0)


def _power_of_ten(value: float, _: int) -> str:
    return "1" if value == 1 else f"$10^{{{round(np.log10(value))}}}$"


def for_log_axis(values: Array, axes: Axes) -> Array:
    """Return `values` brought to within a decade of the limits of a log axis.

    What is zero or infinite is then drawn as a line that leaves the panel.
    """
    low, high = axes.get_ylim()
    return np.clip(values, low / 10, high * 10)


def move_band(band: PolyCollection, x: Array, low: Array, high: Array) -> None:
    """Let a band of `Axes.fill_between` reach from `low` to `high` at each `x`."""
    there, back = np.column_stack((x, low)), np.column_stack((x, high))[::-1]
    band.set_verts([np.concatenate((there, back))])  # set_data needs matplotlib 3.10


def apart(heights: ArrayLike, gap: float) -> Array:
    """Return the heights of labels, moved up where they would cover each other."""
    moved = np.array(heights, dtype=float)
    for lower, upper in pairwise(np.argsort(moved)):
        moved[upper] = max(moved[upper], moved[lower] + gap)
    return moved


def key_below(
    axes: Axes, handles: Sequence[Artist], *, columns: int = 2, drop: float = 44
) -> Legend:
    """Put the legend of `handles` under the axes, `drop` pixels below them."""
    height = axes.bbox.height
    return axes.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -drop / height),
        ncols=columns,
        fontsize=SMALL,
        labelcolor=INK,
        frameon=False,
        handlelength=2.2,
        columnspacing=1.6,
        borderpad=0,
    )


def magnitude_colours(values: Array) -> Array:
    """Return a colour for each of `values`: white at 1, purple below, orange above.

    The colours change with the logarithm, from 1e-6 to 1e6; nan is transparent. The
    result has one more axis, of four bytes.
    """
    with np.errstate(divide="ignore"):
        decades = np.log10(values)
    place = np.clip((decades / DECADES + 1) / 2 * len(_BYTES), 0, len(_BYTES) - 1)
    colours = _BYTES[np.nan_to_num(place).astype(np.intp)]
    colours[np.isnan(values)] = 0
    return colours


def magnitude_bar(figure: Figure, place: Place) -> Axes:
    """Put the scale of `magnitude_colours` into `figure`, at `place` in pixels."""
    bar = panel(figure, place, title="", x=("", 0, 1), y=("", 1e-6, 1e6))
    log_axis(bar, -DECADES, DECADES, every=3)
    decades = np.linspace(-DECADES, DECADES, 241)
    bar.pcolormesh(
        [0, 1],
        10.0**decades,
        decades[1:, None],
        cmap=MAGNITUDES,
        vmin=-DECADES,
        vmax=DECADES,
        rasterized=True,
    )
    bar.xaxis.set_major_locator(NullLocator())
    bar.yaxis.tick_right()
    bar.spines[:].set(visible=True, color=LIGHT, linewidth=0.8)
    return bar
