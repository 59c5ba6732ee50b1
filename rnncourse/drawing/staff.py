"""Five lines, and notes on them, each as wide as it lasts."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnncourse.drawing import style
from rnnlib._typing import Array

__all__ = ["FRAMES", "Staff", "height", "notes_on_staff"]

FRAMES = (32, 64, 128)  # beats that the axis may have
LETTERS = "CDEFGAB"
LINES = range(2, 11, 2)  # E, G, B, D, F: places above middle C
LOWEST, HIGHEST = -6, 12


class Melody(Protocol):
    """Notes, and the beats at which they begin."""

    @property
    def symbols(self) -> Sequence[str]:
        """The notes as they are typed, the given one first."""

    @property
    def onsets(self) -> Array:
        """The beat at which each note begins, and that at which the last one ends."""

    @property
    def copied(self) -> tuple[int, int]:
        """Beginning and end of the longest stretch that is in a learned tune."""


def height(symbol: str) -> int:
    """Return the place of a note on the staff: middle C is 0, D is 1, `B,` is -1.

    >>> height("C2"), height("D"), height("G,3"), height("c")
    (0, 1, -3, 7)
    """
    letter = symbol[0]
    octave = letter.islower() - ("," in symbol)
    return LETTERS.index(letter.upper()) + 7 * octave


class Staff:
    """A panel with a staff.

    The given note has the colour of an input, what the network wrote has that of an
    output; what it knows by heart has a line below.

    Attributes
    ----------
    axes : Axes
    keys : list of Artist
        For a legend.
    moving : tuple of Artist
        Without the spines.
    """

    def __init__(
        self, figure: Figure, place: tuple[float, float, float, float], title: str
    ) -> None:
        axes = self.axes = style.panel(
            figure,
            place,
            title=title,
            x=("beats", -1, FRAMES[0]),
            y=("", LOWEST, HIGHEST),
        )
        axes.xaxis.set_major_locator(MaxNLocator(9, steps=[1, 2, 4, 8]))
        axes.set_yticks([-3, 0, 4, 7], ["G,", "C", "G", "c"])
        for line in LINES:
            axes.axhline(line, color=style.INK, linewidth=0.7, zorder=0)
        axes.axhline(0, color=style.LIGHT, linewidth=0.7, zorder=0)
        self.notes = LineCollection([], linewidths=9, capstyle="butt")
        self.heads = axes.scatter([], [], s=70, zorder=3)
        self.copied = LineCollection([], colors=style.WEIGHT, linewidths=3)
        axes.add_collection(self.notes)
        axes.add_collection(self.copied)
        self.keys: list[Artist] = [
            axes.plot([], [], color=colour, lw=width, label=words)[0]
            for colour, width, words in (
                (style.INPUT, 8, "the note that was given"),
                (style.OUTPUT, 8, "what the network wrote"),
                (style.WEIGHT, 3, "known by heart"),
            )
        ]
        self.moving = (self.notes, self.heads, self.copied)

    def draw(self, melody: Melody) -> None:
        """Show a melody, in a frame that it fits into."""
        places, spans = notes_on_staff(melody)
        colours = [style.INPUT, *[style.OUTPUT] * (len(places) - 1)]
        self.axes.set_xlim(-1, next(f for f in FRAMES if melody.onsets[-1] <= f))
        shown = zip(spans, places, strict=True)
        self.notes.set_segments(
            [[(begin, y), (end - 0.12, y)] for (begin, end), y in shown]
        )
        self.notes.set_color(colours)
        self.notes.set_alpha(0.45)
        self.heads.set_offsets(np.column_stack([[b + 0.15 for b, _ in spans], places]))
        self.heads.set_color(colours)
        first, last = melody.copied
        under = [(spans[first][0], LOWEST + 0.8), (spans[last - 1][1], LOWEST + 0.8)]
        self.copied.set_segments([under])


def notes_on_staff(melody: Melody) -> tuple[list[int], list[tuple[float, float]]]:
    """Return the height of each note, and from which beat to which it lasts."""
    spans = [(float(begin), float(end)) for begin, end in pairwise(melody.onsets)]
    return [height(symbol) for symbol in melody.symbols], spans
