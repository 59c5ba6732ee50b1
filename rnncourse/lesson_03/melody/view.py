"""A melody as notes on a staff."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnncourse.drawing import style
from rnncourse.lesson_03.melody.compute import Melody

__all__ = ["MelodyView", "height"]

FRAMES = (32, 64, 128)  # beats that the axis may have
LETTERS = "CDEFGAB"
STAFF = range(2, 11, 2)  # E, G, B, D, F: places above the middle C
LOWEST, HIGHEST = -6, 12


def height(symbol: str) -> int:
    """Return the place of a note on the staff: the middle C is 0, D is 1, B, is -1.

    >>> height("C2"), height("D"), height("G,3"), height("c")
    (0, 1, -3, 7)
    """
    letter = symbol[0]
    octave = letter.islower() - ("," in symbol)
    return LETTERS.index(letter.upper()) + 7 * octave


class MelodyView:
    """Notes on the five lines of a staff, each as wide as it is long.

    The seed has the colour of an input, what the network wrote that of an output; what
    it knows by heart has a line below.
    """

    size = (840, 300)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        axes = self.axes = style.panel(
            figure,
            (58, 78, 760, 186),
            title="the melody, one note after the other",
            x=("beats", -1, FRAMES[0]),
            y=("", LOWEST, HIGHEST),
        )
        axes.xaxis.set_major_locator(MaxNLocator(9, steps=[1, 2, 4, 8]))
        axes.set_yticks([-3, 0, 4, 7], ["G,", "C", "G", "c"])
        for line in STAFF:
            axes.axhline(line, color=style.INK, linewidth=0.7, zorder=0)
        axes.axhline(0, color=style.LIGHT, linewidth=0.7, zorder=0)
        self.notes = LineCollection([], linewidths=9, capstyle="butt")
        self.heads = axes.scatter([], [], s=70, zorder=3)
        self.copied = LineCollection([], colors=style.WEIGHT, linewidths=3)
        axes.add_collection(self.notes)
        axes.add_collection(self.copied)
        keys = [
            axes.plot([], [], color=colour, lw=width, label=words)[0]
            for colour, width, words in (
                (style.INPUT, 8, "the note that was given"),
                (style.OUTPUT, 8, "what the network wrote"),
                (style.WEIGHT, 3, "known by heart"),
            )
        ]
        style.key_below(axes, keys, columns=3, drop=42)
        self.moving = (self.notes, self.heads, self.copied, *style.spines(axes))

    def draw(self, data: Melody) -> None:
        """Show `data`."""
        places, spans = notes_on_staff(data)
        colours = [style.INPUT, *[style.OUTPUT] * (len(places) - 1)]
        self.axes.set_xlim(-1, next(f for f in FRAMES if data.onsets[-1] <= f))
        shown = zip(spans, places, strict=True)
        self.notes.set_segments(
            [[(begin, y), (end - 0.12, y)] for (begin, end), y in shown]
        )
        self.notes.set_color(colours)
        self.notes.set_alpha(0.45)
        self.heads.set_offsets(np.column_stack([[b + 0.15 for b, _ in spans], places]))
        self.heads.set_color(colours)
        first, last = data.copied
        under = [(spans[first][0], LOWEST + 0.8), (spans[last - 1][1], LOWEST + 0.8)]
        self.copied.set_segments([under])

    def describe(self, data: Melody) -> str:
        """Return what the picture shows, in words."""
        return (
            f"Notes on a staff, over {data.onsets[-1]:g} beats: "
            f"{' '.join(data.symbols)}. A number is a length in eighths."
        )


def notes_on_staff(data: Melody) -> tuple[list[int], list[tuple[float, float]]]:
    """Return the height of each note, and from which beat to which it lasts."""
    spans = [(float(begin), float(end)) for begin, end in pairwise(data.onsets)]
    return [height(symbol) for symbol in data.symbols], spans
