"""A toy that trains: updates take a millisecond, and 13 units are too many."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.figure import Figure

from rnncourse.exploring import live
from rnncourse.exploring.controls import IntSlider
from rnncourse.exploring.engine import Explorer, ExplorerWidget
from rnncourse.exploring.live import Training

UPDATES = 40


@dataclass(frozen=True)
class Learned:
    """What the toy training brings: so many updates, with so many units."""

    units: int
    updates: int

    @property
    def progress(self) -> float:
        return self.updates / UPDATES


@dataclass(frozen=True)
class Seen:
    """What the toy explorer shows: its control, and all that was trained."""

    units: int
    trained: tuple[Learned, ...]

    @property
    def verdict(self) -> str:
        return f"{self.units} units; trained: " + ", ".join(
            f"{learned.units} for {learned.updates}" for learned in self.trained
        )


class Line:
    """A picture of one line."""

    size = (200, 100)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        (self.line,) = self.figure.add_subplot().plot([0, 1], [0, 1])
        self.moving = (self.line,)

    def draw(self, data: Seen) -> None:
        updates = sum(learned.updates for learned in data.trained)
        self.line.set_ydata([0, updates / UPDATES])

    def describe(self, data: Seen) -> str:
        return f"A line after {len(data.trained)} runs."


def run(*, units: int) -> Iterator[Learned]:
    for update in range(UPDATES):
        if units == 13 and update == 5:
            raise ArithmeticError("thirteen units are too many")
        time.sleep(0.001)
        yield Learned(units, update + 1)


TOY = Explorer(
    title="Toy",
    question="What will it learn?",
    claim="Nothing.",
    controls={"units": IntSlider("units", 1, 20, 3)},
    presets={"ten": {"units": 10}},
    compute=Seen,
    view=Line,
    training=Training("train the toy", 0.5, run),
)


def toy(**opening: int) -> ExplorerWidget:
    """Return an open toy."""
    return TOY(**opening)


def parts(explorer: ExplorerWidget) -> live.Live:
    """Return the buttons of its training."""
    assert explorer.live is not None
    return explorer.live


def said(explorer: ExplorerWidget) -> str:
    """Return its verdict as plain text."""
    return re.sub("<[^>]*>", "", explorer.verdict.value)
