"""The picture of a beam search: a tree in which few branches are kept."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_10.beam_tree.compute import (
    DEEPEST,
    SHOWN,
    WIDEST,
    BeamTree,
    Branch,
)
from rnncourse.shared.wording import count, fixed, percent

__all__ = ["BeamView"]

ROWS = WIDEST * SHOWN + 1
LEFT, STEP, TOP, ROW = 70, 126, 332, 19.5  # pixels
LETTER, SHARE = 5, 78  # from the end of a line to the letter and to the number
Place = tuple[float, float]


class BeamView:
    """Each column is a depth, the most probable on top; what is kept is in colour."""

    size = (840, 390)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.sheet(figure, (0, 0, *self.size), *self.size)
        slots = [
            (LEFT + STEP * d, TOP - ROW * r)
            for d in range(DEEPEST)
            for r in range(ROWS)
        ]
        self.branches = LineCollection([], capstyle="round")
        self.axes.add_collection(self.branches, autolim=False)
        self.letters = Digits(
            self.axes,
            [(x + LETTER, y) for x, y in slots],
            points=11,
            bold=True,
            align="left",
        )
        self.shares = Digits(
            self.axes, [(x + SHARE, y) for x, y in slots], points=9, align="right"
        )
        for depth in range(DEEPEST):
            self.axes.text(
                LEFT + STEP * depth + LETTER,
                TOP + 26,
                f"depth {depth + 1}",
                ha="left",
                fontsize=style.SMALL,
                color=style.WEIGHT,
            )
        self.axes.text(
            30,
            8,
            "letter, and the probability of all up to it; in colour: kept; thick: the "
            "answer",
            fontsize=style.SMALL,
            color=style.INK,
        )
        self.score = Digits(self.axes, [(820, 14)], points=9, align="right")
        self.root = Digits(self.axes, [(34, TOP)], points=10, bold=True)
        self.root.set_texts(["START"])
        self.moving = (
            self.branches,
            self.letters,
            self.shares,
            self.root,
            self.score,
        )

    def draw(self, data: BeamTree) -> None:
        """Show `data`."""
        ends: dict[tuple[str, ...], Place] = {(): (58, TOP)}
        lines, colours, widths = [], [], []
        letters, shares = ([""] * (DEEPEST * ROWS) for _ in range(2))
        tones = [style.INK] * (DEEPEST * ROWS)
        for depth, level in enumerate(data.levels):
            for row, branch in enumerate(level[:ROWS]):
                slot = depth * ROWS + row
                x, y = LEFT + STEP * depth, TOP - ROW * row
                tone, width = _look(branch, data)
                lines.append([ends[branch.tokens[:-1]], (x, y)])
                colours.append(to_rgba(tone))
                widths.append(width)
                letters[slot] = branch.tokens[-1]
                shares[slot] = _share(branch)
                tones[slot] = tone if branch.kept else style.WEIGHT
                ends[branch.tokens] = (x + SHARE + 4, y)
        self.branches.set_segments(lines)
        self.branches.set_color(colours)
        self.branches.set_linewidth(widths)
        self.letters.set_texts(letters)
        self.letters.set_colours(tones)
        self.shares.set_texts(shares)
        self.shares.set_colours(tones)
        best, length = data.best, len(data.best.tokens)
        shown = f"{fixed(best.log_probability)} / {length}^{data.alpha:.1f}"
        self.score.set_texts([f"score {shown} = {fixed(best.score)}"])

    def describe(self, data: BeamTree) -> str:
        """Return what the picture shows, in words."""
        kept = [sum(branch.kept for branch in level) for level in data.levels]
        looked = sum(map(len, data.levels))
        return (
            f"A tree that grows from START to the right, {count(len(kept), 'level')} "
            f"deep; {sum(kept)} of {looked} branches are kept, at each depth "
            f"{', '.join(map(str, kept))}. The thick one spells "
            f"{' '.join(data.answer)}, with probability "
            f"{percent(float(np.exp(data.best.log_probability)))}."
        )


def _look(branch: Branch, data: BeamTree) -> tuple[str, float]:
    """Return the colour and the width of a branch."""
    if not branch.kept:
        return style.LIGHT, 1.0
    answer = data.answer[: len(branch.tokens)] == branch.tokens
    return style.OUTPUT, 4.0 if answer else 1.8


def _share(branch: Branch) -> str:
    share = 100 * np.exp(branch.log_probability)
    if share >= 9.5:
        return f"{share:.0f}%"
    return f"{share:.1f}%" if share >= 0.05 else "<0.1%"
