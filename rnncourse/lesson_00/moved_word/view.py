"""The picture of the moved word."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from rnncourse.drawing import style
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_00.moved_word.compute import EVERYWHERE, MovedWord
from rnncourse.lesson_00.moved_word.hidden_word import STEPS, WORD
from rnncourse.shared.wording import percent, whole_percent
from rnnlib._typing import Array

__all__ = ["MovedWordView", "answered"]

LEFT, WIDE = 74, 506
EDGES = np.arange(STEPS + 1) + 0.5
TICKS = (1, 5, 10, 15, 20)
CHANCE = 0.5


class MovedWordView:
    """Above, one text, letter by letter; below, how often each network is right.

    Letters and positions share one axis, so that a result stands under the place it
    is for. The curves reach as far as the word has moved. An RNN that was asked only at
    the end has no answer before it.
    """

    size = (840, 400)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._make_text()
        self._make_accuracy()
        self._make_answers()
        self.moving = (
            self.place,
            self.letters,
            self.rnn_says,
            self.trained,
            self.here,
            self.chance,
            self.window,
            self.rnn,
            *self.bars,
            *style.spines(self.says_axes, self.axes, self.bar_axes),
            self.shares,
        )

    def _make_text(self) -> None:
        axes = self.says_axes = style.panel(
            self.figure,
            (LEFT, 286, WIDE, 44),
            title="one text, and what the RNN says when it is asked",
            x=("", EDGES[0], EDGES[-1]),
            y=("RNN", 0, 1),
        )
        axes.set_title(axes.get_title(), fontsize=style.TEXT + 1, pad=34)
        axes.set_xticks([])
        axes.set_yticks([0, 1], ["no", "yes"])
        self.rnn_says = axes.stairs(
            np.zeros(STEPS), EDGES, fill=True, color=style.STATE, alpha=0.75
        )
        self.place = Rectangle(
            (0, 1.18), len(WORD), 0.56, color=style.INPUT, alpha=0.2, clip_on=False
        )
        axes.add_patch(self.place)
        places = [(t, 1.47) for t in range(1, STEPS + 1)]
        self.letters = Digits(axes, places, points=11, bold=True)

    def _make_accuracy(self) -> None:
        axes = self.axes = style.panel(
            self.figure,
            (LEFT, 92, WIDE, 148),
            title="right answers, by the place of the word",
            x=(f"step at which “{WORD}” begins", EDGES[0], EDGES[-1]),
            y=("share right", 0, 1.08),
        )
        axes.set_xticks(TICKS)
        axes.yaxis.set_major_locator(MultipleLocator(0.5))
        self.trained = Rectangle((0, 0), 1, 1.08, color=style.NOTHING, linewidth=0)
        axes.add_patch(self.trained)
        (self.here,) = axes.plot([], [], color=style.INPUT, lw=18, alpha=0.15)
        self.here.set_solid_capstyle("butt")
        (self.chance,) = axes.plot(EDGES[[0, -1]], [CHANCE] * 2, **style.BOUND)
        look: dict[str, Any] = {"lw": style.LINE, "ms": 5}
        (self.rnn,) = axes.plot([], [], "s--", color=style.STATE, **look)
        (self.window,) = axes.plot([], [], "o-", color=style.INPUT, **look)
        self.window.set_label("window network")
        self.rnn.set_label("RNN")
        self.chance.set_label("guessing")
        self.trained.set_label("where it was in training")
        key = (self.window, self.rnn, self.chance, self.trained)
        style.key_below(axes, key, columns=4)

    def _make_answers(self) -> None:
        axes = self.bar_axes = style.panel(
            self.figure,
            (660, 92, 150, 238),
            title=f"is “{WORD}” in this text?",
            x=("answer at the end", -0.6, 1.6),
            y=("probability of yes", 0, 1.14),
        )
        axes.yaxis.set_major_locator(MultipleLocator(0.5))
        axes.set_xticks([0, 1], ["window", "RNN"], fontsize=style.TEXT)
        axes.tick_params(axis="x", length=0)
        colours = [style.INPUT, style.STATE]
        self.bars = axes.bar([0, 1], [0, 0], 0.55, color=colours, alpha=0.75)
        self.shares = Digits(axes, [])

    def draw(self, data: MovedWord) -> None:
        """Show `data`."""
        self.letters.set_texts(data.text)
        at, count = data.position, len(WORD)
        inside = range(at, at + count)
        self.letters.set_colours(
            [style.INPUT if t in inside else style.INK for t in range(1, STEPS + 1)]
        )
        self.place.set_x(at - 0.5)
        self.rnn_says.set_data(answered(data))
        self.here.set_data([at, at], [0, 1.08])
        self.trained.set(x=data.trained_on[0] - 0.5, width=len(data.trained_on))
        self.window.set_data(EVERYWHERE[:at], data.window[:at])
        self.rnn.set_data(EVERYWHERE[:at], data.rnn[:at])
        answers = [data.window_says, float(data.rnn_says[-1])]
        for bar, share in zip(self.bars, answers, strict=True):
            bar.set_height(share)
        self.shares.write(
            [(k, share + 0.05) for k, share in enumerate(answers)],
            list(map(whole_percent, answers)),
        )

    def describe(self, data: MovedWord) -> str:
        """Return what the picture shows, in words."""
        at, steps = data.position, data.trained_on
        window, rnn = (percent(right[at - 1]) for right in (data.window, data.rnn))
        return (
            f"Above, the text {data.text}, with “{WORD}” at step {at}, and the RNN's "
            f"answer, at the end {whole_percent(data.rnn_says[-1])}; the window "
            f"network says {whole_percent(data.window_says)}. Below, the share of "
            f"right answers over the step at which the word begins, up to step {at}: "
            f"there the window network is right in {window}, the RNN in {rnn}. In "
            f"training it began at steps {steps[0]} to {steps[-1]}."
        )


def answered(data: MovedWord) -> Array:
    """Return what the RNN says where it was asked in training, and 0 elsewhere."""
    says = data.rnn_says.copy()
    if data.asked == "only at the end":
        says[:-1] = 0
    return says
