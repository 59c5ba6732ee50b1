"""A still picture of what follows what: a table of letter pairs."""

from collections.abc import Sequence

from matplotlib.ticker import FixedLocator

from rnncourse.drawing import style
from rnncourse.drawing.picture import Picture
from rnnlib._typing import Array

__all__ = ["pair_table"]

SIDE, BOTTOM = 320, 46
BLANK = "␣"


def pair_table(table: Array, symbols: Sequence[str], after: str) -> Picture:
    """Return the table as a map, and one of its rows as bars.

    Parameters
    ----------
    table : array (V, V)
        Row i holds the probabilities of what follows symbol i.
    symbols : sequence of str
        A blank is shown as ␣.
    after : str
        The symbol whose row is shown.
    """
    figure = style.figure(840, 410)
    V, row = len(symbols), list(symbols).index(after)
    names = [BLANK if symbol == " " else symbol for symbol in symbols]
    left = style.panel(
        figure,
        (64, BOTTOM, SIDE, SIDE),
        title="every row: what follows this letter?",
        x=("the next letter", -0.5, V - 0.5),
        y=("the letter that has just been read", V - 0.5, -0.5),
    )
    left.imshow(table, cmap="Purples", vmin=0, vmax=1, aspect="auto")
    left.axhspan(row - 0.5, row + 0.5, fc="none", ec=style.INK, lw=1.4)
    right = style.panel(
        figure,
        (470, BOTTOM, 350, SIDE),
        title=f"the marked row: what follows “{names[row]}”",
        x=("the next letter", -0.6, V - 0.4),
        y=("probability", 0, 1),
    )
    right.bar(range(V), table[row], 0.7, color=style.OUTPUT)
    for axis in (left.xaxis, left.yaxis, right.xaxis):
        axis.set_major_locator(FixedLocator(range(V)))
        axis.set_ticklabels(names)
        axis.set_tick_params(length=0)
    best = int(table[row].argmax())
    return Picture(
        figure,
        f"A table of {V} rows and columns, one a letter; the darker, the more "
        f"probable. Beside it the row of “{names[row]}” as bars: most probable is "
        f"“{names[best]}” with {table[row, best]:.2f}.",
    )
