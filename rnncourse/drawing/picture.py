"""Still pictures of the lessons: curves that are labelled where they end."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnnlib._typing import Array, ArrayLike

__all__ = ["Picture", "curves", "ellipse"]

DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)))


class Picture:
    """A figure with a description in words, shown where a cell leaves it last.

    Parameters
    ----------
    figure : matplotlib Figure
    alt : str
        What is to be seen, for whoever does not see it.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure = figure
        self.alt = alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        file = BytesIO()
        self.figure.savefig(file, format="png", metadata={"Software": None})
        bundle = {"image/png": file.getvalue(), "text/plain": self.alt}
        return bundle, {"image/png": {"alt": self.alt}}


def curves(
    x: ArrayLike,
    named: Mapping[str, ArrayLike],
    *,
    title: str,
    x_label: str,
    y_label: str,
    alt: str,
    decades: tuple[int, int] | None = None,
    limits: tuple[float, float] = (0, 1),
    colour: str = style.GRADIENT,
) -> Picture:
    """Return curves of one quantity over `x`, named at their ends.

    Parameters
    ----------
    x : array (N,)
    named : mapping of str to array (N,)
        The curves by their names; at most four, told apart by dashes.
    alt : str
        What is to be seen, in words.
    decades : pair of int, optional
        A log axis runs from 10^low to 10^high; curves leave it where they must.
    limits : pair of float
        Those of the axis where there are no decades.
    colour : str
        The colour of the quantity, from `rnncourse.drawing.style`.
    """
    x = np.asarray(x)
    figure = style.figure(840, 330)
    axes = style.panel(
        figure,
        (70, 52, 560, 240),
        title=title,
        x=(x_label, float(x[0]), float(x[-1])),
        y=(y_label, *limits),
    )
    if decades:
        style.log_axis(axes, *decades)
    ends = []
    for dashes, values in zip(DASHES, named.values(), strict=False):
        shown = np.asarray(values)
        if decades:
            shown = style.for_log_axis(shown, axes)
        axes.plot(x, shown, color=colour, linewidth=style.LINE, linestyle=dashes)
        ends.append(np.clip(shown[-1], *axes.get_ylim()))
    for name, height in zip(named, _labels(axes, ends), strict=True):
        axes.annotate(
            name,
            (1, height),
            xycoords="axes fraction",
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.TEXT,
            color=style.INK,
            annotation_clip=False,
        )
    return Picture(figure, alt)


def _labels(axes: Axes, ends: Sequence[float]) -> Array:
    """Return how high the labels of the curves stand, as shares of the axes."""
    points = axes.transData.transform([(axes.get_xlim()[1], end) for end in ends])
    return style.apart(axes.transAxes.inverted().transform(points)[:, 1], 1 / 14)


def ellipse(W: ArrayLike, *, alt: str) -> Picture:
    """Return what a matrix makes of the circle of all vectors of length one.

    Parameters
    ----------
    W : array (2, 2)
        Rows are multiplied by it.
    alt : str
        What is to be seen, in words.
    """
    W, turn = np.asarray(W), np.linspace(0, 2 * np.pi, 181)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    _, singular_values, directions = np.linalg.svd(W)
    figure = style.figure(840, 330)
    axes = style.panel(
        figure,
        (290, 52, 240, 240),
        title="a circle, and what W makes of it",
        x=("first number", -1.6, 1.6),
        y=("second number", -1.6, 1.6),
    )
    axes.plot(*circle.T, color=style.WEIGHT, linewidth=1, linestyle="--")
    axes.fill(*(circle @ W).T, color=style.STATE_PALE, edgecolor=style.STATE)
    names = "longest", "shortest"
    for size, way, name in zip(singular_values, directions, names, strict=True):
        x, y = size * (way if way[0] > 0 else -way)
        axes.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "->", "lw": 1.6})
        axes.annotate(
            f"{name}: {size:.2f}",
            (x, y),
            xytext=(1.75, y),
            fontsize=style.TEXT,
            color=style.INK,
            va="center",
            arrowprops={"arrowstyle": "-", "color": style.LIGHT},
            annotation_clip=False,
        )
    return Picture(figure, alt)
