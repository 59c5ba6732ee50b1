"""The picture of a training film: two losses, and what the net makes of names."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_07.training_film.compute import (
    DRAWN,
    LISTS,
    SHOWN,
    UPDATES,
    TrainingFilm,
    baselines,
)
from rnncourse.shared.wording import fixed

__all__ = ["TrainingFilmView"]

MOST_BITS = 5
COPY = "a copy"


class TrainingFilmView:
    """Left, both losses over the updates; right, names of the checkpoint."""

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.axes = style.panel(
            figure,
            (58, 100, 400, 208),
            title="how surprised it is by names",
            x=("updates", 0, UPDATES[-1]),
            y=("bits a letter", 0, MOST_BITS),
        )
        (self.bigram,) = self.axes.plot([], [], **style.BOUND, label="bigram, held out")
        (self.train,) = self.axes.plot(
            [], [], ".--", color=style.INK, lw=style.LINE, label="names it was shown"
        )
        (self.held_out,) = self.axes.plot(
            [], [], "o-", color=style.INK, lw=style.LINE, ms=5, label="held-out names"
        )
        (self.now,) = self.axes.plot([], [], color=style.TARGET, lw=6, alpha=0.45)
        (self.lowest,) = self.axes.plot(
            [], [], "o", mfc="none", mec=style.GRADIENT, ms=13, mew=2, label="lowest"
        )
        keys = [self.train, self.held_out, self.bigram, self.lowest]
        style.key_below(self.axes, keys)
        self.sheet = style.sheet(figure, (500, 40, 330, 286), 330, 286)
        self.head = Digits(self.sheet, [(0, 268)], align="left", bold=True)
        self.names = Digits(self.sheet, [], align="left", points=11)
        self.marks = Digits(self.sheet, [], align="left", points=style.SMALL)
        self.moving = (
            self.now,
            self.bigram,
            self.train,
            self.held_out,
            self.lowest,
            self.head,
            self.names,
            self.marks,
            *style.spines(self.axes),
        )

    def draw(self, data: TrainingFilm) -> None:
        """Show `data`."""
        film, shown = data.film, data.at + 1
        updates = np.array(UPDATES[:shown])
        for line, losses in zip(
            (self.train, self.held_out), film.losses[:shown].T, strict=True
        ):
            line.set_data(updates, losses)
        self.bigram.set_data([0, UPDATES[-1]], [baselines(film.of)[1]] * 2)
        self.now.set_data([UPDATES[data.at]] * 2, [0, MOST_BITS])
        self.lowest.set_data([updates[data.best]], [film.losses[data.best, 1]])
        self._write_names(data)

    def _write_names(self, data: TrainingFilm) -> None:
        film = data.film
        copied, held_out, new = (int(count) for count in film.novelty[data.at])
        self.head.set_texts(
            [f"of {DRAWN}: {copied} copies, {new} new, {held_out} held out"]
        )
        heights = [236 - 30 * n for n in range(SHOWN)]
        names = film.names[data.at]
        self.names.write([(0, y) for y in heights], names)
        known = set(LISTS[film.of].names())
        marks = [COPY if name in known else "" for name in names]
        self.marks.write([(240, y) for y in heights], marks, style.GRADIENT)

    def describe(self, data: TrainingFilm) -> str:
        """Return what the picture shows, in words."""
        film, best, at = data.film, data.best, data.at
        return (
            f"Left, two curves over {UPDATES[at]} updates: the loss "
            f"on names it was shown ends at {fixed(film.losses[at, 0])} bits, that on "
            f"held-out names is lowest, {fixed(film.losses[best, 1])}, after "
            f"{UPDATES[best]} updates and ends at {fixed(film.losses[at, 1])}. Right, "
            f"names made after {UPDATES[at]}: {', '.join(film.names[at])}."
        )
