"""The picture of the backward stepper."""

import numpy as np
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_04.backward_stepper.compute import LAST, STAGES, STEPS, Backward
from rnncourse.shared import hello
from rnncourse.shared.wording import count, fixed

__all__ = ["BackwardView"]

UNITS = range(3)
LEFT, STEP, UNIT = 116, 181, 54
LOSS, STATE, INPUT = 154, 88, 22
WIDE, HIGH, RADIUS = 150, 32, 13
GAP = 5  # from the middle of a pair of wires, one there and one back
ROWS = ("state", "scores", "loss", "next", "dh", "slope", "da")
WORDS = {
    "state": "state $h_t$",
    "scores": "$p_t - y_t$ of h e l o",
    "loss": "from the loss",
    "next": "from step $t+1$",
    "dh": "sum: $dh_t$",
    "slope": "slope $1 - h_t^2$",
    "da": "$da_t = dh_t \\cdot$ slope",
}
DONE_BY = {"loss": "meet", "next": "meet", "dh": "meet", "slope": "squash"}
DONE_BY |= {"da": "squash"}
TOP, ROW, HALF = 198, 17, 22
BOTTOM = 62


class BackwardView:
    """Above, the net and the backward pass; below, all numbers and weight gradients.

    What this move does is vermilion, what was done before is black, and what is still
    to come is not written yet.
    """

    size = (840, 396)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.net = Diagram(figure, (0, 212, 840, 184))
        self._draw_net()
        self.sheet = Diagram(figure, (0, 0, 840, 212))
        self._draw_sheet()
        axes = self.sheet.axes
        self.rows = {
            row: Digits(
                axes,
                [
                    (x + HALF, _height(row))
                    for t in range(1, STEPS + 1)
                    for x in _columns(t, 4 if row == "scores" else 3)
                ],
                points=style.SMALL,
                align="right",
            )
            for row in ROWS
        }
        self.rows["state"].set_colours(style.STATE)
        self.rows["scores"].set_colours(style.OUTPUT)
        self.weights = {
            name: Digits(
                axes,
                [
                    (x + UNIT * i, BOTTOM - ROW * n)
                    for n in range(height)
                    for i in range(3)
                ],
                points=style.SMALL,
                align="right",
            )
            for name, x, height in (("W_hh", 140, 3), ("W_xh", 448, 4), ("h_0", 714, 1))
        }
        self.moving = (
            *self.net.artists(),
            *self.rows.values(),
            *self.weights.values(),
        )

    def _draw_net(self) -> None:
        self.net.circle("h 0", (50, STATE), RADIUS + 3, "$h_0$", style.STATE)
        for t in range(1, STEPS + 1):
            x = _middle(t)
            left = x - WIDE / 2
            before = 50 + RADIUS + 3 if t == 1 else left - (STEP - WIDE)
            for name, start, end, colour, weight in (
                ("h", (before, STATE), (left, STATE), style.STATE, "W_{hh}"),
                (
                    "x",
                    (x, INPUT + RADIUS),
                    (x, STATE - HIGH / 2),
                    style.INPUT,
                    "W_{xh}",
                ),
                ("L", (x, STATE + HIGH / 2), (x, LOSS - RADIUS), style.INK, "W_{hy}"),
            ):
                aside = np.array((0, GAP) if name == "h" else (-GAP, 0))
                there, back = (
                    np.array([start, end]) + aside,
                    np.array([end, start]) - aside,
                )
                self.net.wire(f"{name}> {t}", there, colour)
                self.net.wire(f"{name}< {t}", back, style.GRADIENT, width=3)
                place = there.mean(axis=0) + 3 * aside
                self.net.words(place, f"${weight}$", style.WEIGHT, size=style.SMALL)
            self._draw_step(t)

    def _draw_step(self, t: int) -> None:
        net, x = self.net, _middle(t)
        net.box(f"h {t}", (x, STATE), (WIDE, HIGH), "", style.STATE)
        for unit, at in enumerate(_columns(t, 3)):
            net.circle(f"unit {t} {unit}", (at, STATE), 11, str(unit), style.STATE)
        letter, target = hello.INPUTS[t - 1], hello.TARGETS[t - 1]
        net.circle(f"x {t}", (x, INPUT), RADIUS, letter, style.INPUT)
        net.circle(f"L {t}", (x, LOSS), RADIUS, f"$L_{t}$", style.INK)
        net.words((x + 22, LOSS), f"target: {target}", style.TARGET, align="left")
        net.words((x + 22, INPUT), f"$x_{t}$", style.INPUT, align="left")

    def _draw_sheet(self) -> None:
        words = self.sheet.words
        for row, text in WORDS.items():
            words((6, _height(row)), text, size=style.SMALL, align="left")
        for x, text in (
            (6, "$dW_{hh}$ so far"),
            (296, "$dW_{xh}$ so far"),
            (612, "$dL/dh_0$"),
        ):
            words((x, BOTTOM), text, style.GRADIENT, align="left")
        for n, letter in enumerate(hello.VOCABULARY.symbols):
            words((388, BOTTOM - ROW * n), letter, style.INPUT)

    def draw(self, data: Backward) -> None:
        """Show `data`."""
        self.net.light(_lit(data))
        every = {
            "loss": data.from_loss,
            "next": data.from_next,
            "dh": data.dh,
            "slope": data.slope,
            "da": data.da,
        }
        p_less_y = STEPS * data.dy
        self.rows["state"].set_texts([fixed(h, 3) for h in data.h[1:].ravel()])
        self.rows["scores"].set_texts([_short(entry) for entry in p_less_y.ravel()])
        for row, numbers in every.items():
            done = [_age(data, t, DONE_BY[row]) for t in range(1, STEPS + 1)]
            ages = [age for age in done for _ in range(3)]
            self.rows[row].set_texts(
                [
                    "" if age < 0 else fixed(n, 3)
                    for n, age in zip(numbers.ravel(), ages, strict=True)
                ]
            )
            self.rows[row].set_colours([_ink(age == 0) for age in ages])
        self._show_weights(data)

    def _show_weights(self, data: Backward) -> None:
        for name, grad in data.grads.items():
            self.weights[name].set_texts([fixed(n, 3) for n in grad.ravel()])
            self.weights[name].set_colours(
                [_ink(bool(new)) for new in data.changed[name].ravel()]
            )
        arrived = data.moves == LAST
        self.weights["h_0"].set_texts(
            [fixed(n, 3) if arrived else "" for n in data.d_start]
        )
        self.weights["h_0"].set_colours(_ink(arrived))

    def describe(self, data: Backward) -> str:
        """Return what the picture shows, in words."""
        return (
            "The net that reads h, e, l, l, with three units a step, and its wires "
            f"back after {count(data.moves, 'move')}, at step {data.step}. Below, by "
            "step, the states, p - y, and so far as they are reached the two parts of "
            "dh, their sum, the slope and da; at the bottom dW_hh and dW_xh as added "
            "up so far, and dL/dh_0 at the end."
        )


def _middle(t: int) -> float:
    return LEFT + STEP * (t - 0.5)


def _columns(t: int, count: int) -> list[float]:
    gap = UNIT if count == 3 else 43
    return [_middle(t) + gap * (i - (count - 1) / 2) for i in range(count)]


def _height(row: str) -> float:
    return TOP - ROW * ROWS.index(row)


def _short(entry: float) -> str:
    """Return an entry of p - y in four characters at most.

    >>> _short(0.666), _short(-0.998)
    ('.67', '−1.0')
    """
    return fixed(entry).replace("0.", ".", 1).replace("1.00", "1.0")


def _ink(now: bool) -> str:
    return style.GRADIENT if now else style.INK


def _age(data: Backward, t: int, stage: str) -> int:
    """Return how many moves ago that was done; negative if it is still to come."""
    return data.moves - (len(STAGES) * (STEPS - t) + STAGES.index(stage) + 1)


def _lit(data: Backward) -> dict[str, str]:
    """Return the parts that are lit: the forward net, and the wires of this move."""
    lit = {"h 0": style.STATE}
    for t in range(1, STEPS + 1):
        lit |= {f"h {t}": style.STATE, f"x {t}": style.INPUT, f"L {t}": style.INK}
        lit |= {f"unit {t} {unit}": style.STATE for unit in UNITS}
        lit |= {f"h> {t}": style.STATE, f"x> {t}": style.INPUT, f"L> {t}": style.INK}
    t = data.step
    if data.stage == "meet":
        names = [f"L {t}", f"L< {t}"] + ([f"h< {t + 1}"] if t < STEPS else [])
    elif data.stage == "squash":
        names = [f"h {t}", *(f"unit {t} {unit}" for unit in UNITS)]
    elif data.stage == "spread":
        names = [f"h< {t}", f"x< {t}"] + (["h 0"] if t == 1 else [])
    else:
        names = []
    return lit | dict.fromkeys(names, style.GRADIENT)
