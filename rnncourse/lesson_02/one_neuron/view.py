"""The picture of one neuron's memory."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.lesson_02.one_neuron.compute import RANGES, STEPS, OneNeuron
from rnncourse.shared.wording import number

__all__ = ["OneNeuronView"]

BOTTOM, HEIGHT = 92, 218


class OneNeuronView:
    """Left, the state over time; right, the map from the old state to the new one.

    Each activation has axes of its own range.
    """

    size = (840, 350)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.time = style.panel(
            figure,
            (66, BOTTOM, 404, HEIGHT),
            title="what becomes of the pulse",
            x=("step $t$", -0.5, STEPS + 0.5),
            y=("state $h_t$", *RANGES["tanh"]),
        )
        self.map = style.panel(
            figure,
            (560, BOTTOM, HEIGHT + 20, HEIGHT),
            title="where a state leads, without input",
            x=("old state $h_{t-1}$", *RANGES["tanh"]),
            y=("new state $h_t$", *RANGES["tanh"]),
        )
        for axes in (self.time, self.map):
            axes.axhline(0, color=style.LIGHT, lw=1, zorder=0)
        self._draw_time()
        self._draw_map()
        spines = style.spines(self.time, self.map)
        left = self.quiet, self.pulse, self.h
        right = self.curve, self.cobweb, self.start, self.pushing, self.resting
        self.moving = (*left, *right, *spines)

    def _draw_time(self) -> None:
        t = np.arange(STEPS + 1)
        (self.pulse,) = self.time.plot([1, 1], [0, 1], color=style.INPUT, lw=style.WIDE)
        self.pulse.set_label("pulse $x_t = 1$")
        (self.h,) = self.time.plot(t, 0 * t, "o-", color=style.STATE, lw=1.4, ms=4)
        self.h.set_label("state $h_t$")
        (self.quiet,) = self.time.plot(t, 0 * t, **style.BOUND)
        self.quiet.set_label("without the pulse")
        style.key_below(self.time, (self.h, self.pulse, self.quiet), columns=3)

    def _draw_map(self) -> None:
        ends = [-10, 10]
        (diagonal,) = self.map.plot(ends, ends, color=style.WEIGHT, lw=1)
        diagonal.set_label("$h_t = h_{t-1}$")
        (self.curve,) = self.map.plot([], [], color=style.STATE, lw=style.LINE)
        self.curve.set_label(r"$\phi(w h_{t-1} + b)$")
        (self.cobweb,) = self.map.plot([], [], color=style.INK, lw=0.9)
        self.cobweb.set_label("its walk from there")
        (self.start,) = self.map.plot([], [], "o", color=style.INK, ms=5)
        (self.resting,) = self.map.plot([], [], "o", color=style.STATE, ms=9)
        self.resting.set(label="rests here", markeredgecolor=style.INK, clip_on=False)
        (self.pushing,) = self.map.plot([], [], "o", color="white", ms=9)
        self.pushing.set(label="leaves here", markeredgecolor=style.INK, clip_on=False)
        keys = self.curve, self.resting, self.cobweb, self.pushing
        style.key_below(self.map, keys)

    def draw(self, data: OneNeuron) -> None:
        """Show `data`."""
        low, high = RANGES[data.activation]
        self.time.set_ylim(low, high)
        self.map.set(xlim=(low, high), ylim=(low, high))
        far = 10 * high
        self.pulse.set_data([data.pulse] * 2, [0, min(high, 1)])
        self.h.set_ydata(np.clip(data.h, -far, far))
        self.quiet.set_ydata(np.clip(data.quiet, -far, far))
        self.curve.set_data(data.places, data.curve)
        self.cobweb.set_data(*np.clip(data.cobweb, -far, far).T)
        self.start.set_data(*np.clip(data.cobweb[:1], -far, far).T)
        rests = np.append(data.resting, data.neutral)
        for dots, found in ((self.resting, rests), (self.pushing, data.pushing)):
            seen = found[found <= high]
            dots.set_data(seen, seen)

    def describe(self, data: OneNeuron) -> str:
        """Return what the picture shows, in words."""
        resting, neutral, pushing = (
            ", ".join(number(round(float(h), 3) + 0.0) for h in found) or "none"
            for found in (data.resting, data.neutral, data.pushing)
        )
        either = f"; that do neither: {neutral}" if data.neutral.size else ""
        return (
            f"Left, the state over {STEPS} steps with a pulse at step {data.pulse}: it "
            f"{data.fate}. Right, the new state over the old one, with the diagonal. "
            f"Fixed points that draw states in: {resting}; that states leave: "
            f"{pushing}{either}."
        )
