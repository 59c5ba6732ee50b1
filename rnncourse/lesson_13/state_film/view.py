"""The picture of a film: what was read, the plane, and what each component holds."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_13.state_film.compute import (
    COMPONENTS,
    SHOWN,
    StateFilm,
    answered,
)
from rnncourse.shared.wording import count, fixed, whole_percent

__all__ = ["COLOURS", "StateFilmView"]

REACH, ROOM = 4.2, 74  # of the axes; letters of the text that is read
PALE_TO_DARK = ("#BFE3D8", "#7CC8B0", "#2FA784", "#0B7A5B", "#063F30")
SIGNED = (
    *("#5B2A86", "#8A63AE", "#B59BCB", "#D8CCE4", "#BDBDBD"),
    *("#F3D3A6", "#EBAE60", "#CC7A1E", "#8C4A08"),
)
# by net, the colour of each answer
COLOURS: dict[str, dict[float, str]] = {
    "flip-flop, 2 bits": dict(
        enumerate((style.INPUT, style.CELL, style.STATE, style.OUTPUT))
    ),
    "brackets": dict(enumerate(PALE_TO_DARK)),
    "opinion": {0: SIGNED[1], 1: SIGNED[-2]},
    "stars": dict(zip(range(-4, 5), SIGNED, strict=True)),
}
KEYS = max(map(len, COLOURS.values()))


class StateFilmView:
    """Above, what was read; left, the plane; right, the variance of each component."""

    size = (840, 360)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        strip = style.sheet(figure, (20, 328, 800, 30), 800, 30)
        self.past = Digits(strip, [(700, 15)], align="right", colour=style.FADED)
        self.now = Digits(
            strip, [(706, 15)], align="left", colour=style.INPUT, bold=True, points=12
        )
        self.plane = style.panel(
            figure,
            (64, 80, 440, 232),
            title="",
            x=("along one component", -REACH, REACH),
            y=("along another one", -REACH, REACH),
        )
        self.cloud = self.plane.scatter(
            np.zeros(SHOWN), np.zeros(SHOWN), s=16, linewidths=0, zorder=1
        )
        (self.path,) = self.plane.plot([], [], ".-", color=style.INK, lw=1, ms=4)
        (self.head,) = self.plane.plot(
            [], [], "o", ms=12, mfc="none", mec=style.INK, mew=2.2
        )
        self.names = Digits(
            style.sheet(figure, (64, 296, 440, 18), 440, 18), [(4, 9)], align="left"
        )
        sheet = style.sheet(figure, (64, 8, 440, 30), 440, 30)
        self.dots = sheet.scatter(
            [14 + 46 * k for k in range(KEYS)], [15] * KEYS, s=60, linewidths=0
        )
        self.key = Digits(sheet, [(24 + 46 * k, 15) for k in range(KEYS)], align="left")
        self.right = style.panel(
            figure,
            (588, 80, 232, 216),
            title="share of the variance",
            x=("component", 0.4, COMPONENTS + 0.6),
            y=("share", 0, 1),
        )
        self.right.set_xticks(range(1, COMPONENTS + 1))
        self.bars = Bars(self.right, range(1, COMPONENTS + 1), 0.8)
        self.moving = (
            self.past,
            self.now,
            self.cloud,
            self.path,
            self.head,
            self.names,
            self.dots,
            self.key,
            self.bars,
            *style.spines(self.plane, self.right),
        )

    def draw(self, data: StateFilm) -> None:
        """Show `data`."""
        apart = "" if data.net == "brackets" else " "
        *past, now = data.words
        self.past.set_texts([apart.join(past)[-ROOM:]])
        self.now.set_texts([now])
        colours = COLOURS[data.net]
        self.cloud.set_offsets(data.cloud)
        self.cloud.set_facecolor([colours[known] for known in data.known.tolist()])
        self.path.set_data(*data.path.T)
        self.head.set_data(*data.path[-1:].T)
        i, j = data.pair
        self.names.set_texts([f"right: component {i}, up: component {j}"])
        texts = [answered(data.net, value) for value in colours]
        none = [""] * (KEYS - len(texts))
        self.key.set_texts([*texts, *none])
        self.dots.set_facecolor([*colours.values(), *["white"] * len(none)])
        self.bars.set_heights(data.shares)
        places = range(1, COMPONENTS + 1)
        self.bars.set_facecolor(
            [style.STATE if k in data.pair else style.LIGHT for k in places]
        )

    def describe(self, data: StateFilm) -> str:
        """Return what the picture shows, in words."""
        (i, j), (x, y) = data.pair, data.path[-1]
        shares = ", ".join(map(whole_percent, data.shares))
        means = "; ".join(
            f"{answered(data.net, value)} at ({fixed(a, 1)}, {fixed(b, 1)})"
            for value in COLOURS[data.net]
            if (data.known == value).any()
            for a, b in [data.cloud[data.known == value].mean(axis=0)]
        )
        return (
            f"Left, {SHOWN} states of {data.net} on the plane of components {i} and "
            f"{j}, coloured by what is to be known, on average: {means}. A path of "
            f"{count(len(data.path), 'state')} ends at ({fixed(x)}, {fixed(y)}). "
            f"Right, bars of the share of the variance of each component: {shares}."
        )
