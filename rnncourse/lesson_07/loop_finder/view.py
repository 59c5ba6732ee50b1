"""A text in rows, with the loop that it ends in, and how sure each letter was."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_07.figures.strip import LetterStrip
from rnncourse.lesson_07.loop_finder.compute import LENGTH, LoopFinder
from rnncourse.shared.wording import number

__all__ = ["LoopFinderView"]

COLUMNS = 80
PALE, WHITE = (204, 233, 248, 255), (255, 255, 255, 255)
ROUNDS = (PALE, (255, 236, 196, 255))
MOST_BITS = 8


class LoopFinderView:
    """Above, the text, its rounds in two colours in turn; below, the surprises."""

    size = (840, 340)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        rows = LENGTH // COLUMNS
        self.head = Digits(
            style.sheet(figure, (20, 308, 800, 24), 800, 24),
            [(0, 12)],
            align="left",
            bold=True,
        )
        self.strip = LetterStrip(figure, (20, 216, 800, 87), COLUMNS, rows, style.SMALL)
        self.axes = style.panel(
            figure,
            (62, 52, 758, 120),
            title="how surprised it is by what it has written itself",
            x=("letter of the text", 0, LENGTH),
            y=("bits", 0, MOST_BITS),
        )
        (self.line,) = self.axes.plot([], [], color=style.OUTPUT, lw=1.4)
        (self.begin,) = self.axes.plot([], [], **style.BOUND)
        self.moving = (
            self.head,
            *self.strip.moving,
            self.line,
            self.begin,
            *style.spines(self.axes),
        )

    def draw(self, data: LoopFinder) -> None:
        """Show `data`."""
        colours = np.full((LENGTH, 4), WHITE, dtype=np.uint8)
        if data.length:
            after = np.arange(LENGTH) - data.begin
            for turn, colour in enumerate(ROUNDS):
                colours[(after >= 0) & (after // data.length % 2 == turn)] = colour
        self.strip.write(data.text, colours)
        looped = f"a loop of {data.length} letters, round by round"
        self.head.set_texts([looped if data.length else "no loop"])
        self.line.set_data(
            np.arange(1, LENGTH + 1), np.minimum(data.surprises, MOST_BITS)
        )
        there = [data.begin + 0.5] * 2 if data.length else []
        self.begin.set_data(there, [0, MOST_BITS] if data.length else [])

    def describe(self, data: LoopFinder) -> str:
        """Return what the picture shows, in words."""
        if data.length:
            round_ = data.text[data.begin : data.begin + data.length]
            loop = f"from letter {data.begin + 1} on “{round_}” again and again"
        else:
            loop = "no stretch of it is repeated up to the end"
        largest = number(float(data.surprises.max()))
        return (
            f"Above, {LENGTH} letters, beginning “{data.text[:60]}”; {loop}. Below, "
            f"the surprise of each letter in bits, {largest} at most."
        )
