"""The picture of the path counter."""

from collections.abc import Iterable

from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_04.path_counter.compute import LONGEST, Paths
from rnncourse.shared.wording import count, fixed

__all__ = ["PathsView"]

STEPS = range(1, LONGEST + 1)
FIRST, STEP = 34, 98
LOSS, STATE, INPUT = 184, 103, 20
RADIUS, BOX = 15, 28
TABLE = (0, 0, 510, 178)
ROW, COLUMN = 16, 55
NODES = {"x": style.INPUT, "W": style.WEIGHT, "h": style.STATE, "L": style.INK}


class PathsView:
    """Above, the unrolled net and its local slopes; below, a term for each path."""

    size = (840, 382)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.net = Diagram(figure, (0, 178, 840, 204))
        self._draw_net()
        axes = self.net.axes
        self.enter, self.onward, self.losses, self.uses = (
            Digits(axes, places, points=style.SMALL, align=align)
            for places, align in (
                ([(_at(t) - 5, INPUT + 36) for t in STEPS], "right"),
                ([(_at(t) - 48, STATE + 26) for t in STEPS], "center"),
                ([(_at(t) - 5, LOSS - 32) for t in STEPS], "right"),
                ([(_at(t) - 48, STATE - 24) for t in STEPS], "center"),
            )
        )
        self.table = Diagram(figure, TABLE)
        self._draw_table()
        self.terms = Digits(
            self.table.axes,
            [_cell(t, k) for t in STEPS for k in STEPS],
            points=style.SMALL,
            align="right",
        )
        self.sums = Diagram(figure, (520, 0, 320, 178))
        self._draw_key()
        self.lines = Digits(
            self.sums.axes,
            [(0, y) for y in (166, 148, 132, 116, 92, 74)],
            points=style.SMALL,
            align="left",
        )
        digits = (self.enter, self.onward, self.losses, self.uses)
        self.moving = (*self.net.artists(), *digits, self.terms, self.lines)

    def _draw_net(self) -> None:
        net = self.net
        net.circle("h_0", (FIRST, STATE), RADIUS, "$h_0$", style.STATE)
        for t in STEPS:
            x = _at(t)
            box = x - 48
            net.wire(
                f"from {t}",
                [(x - STEP + RADIUS, STATE), (box - BOX / 2, STATE)],
                style.STATE,
                arrow=False,
            )
            net.wire(
                f"into {t}",
                [(box + BOX / 2, STATE), (x - RADIUS, STATE)],
                style.STATE,
            )
            net.wire(f"x {t}", [(x, INPUT + RADIUS), (x, STATE - RADIUS)], style.INPUT)
            net.wire(f"L {t}", [(x, STATE + RADIUS), (x, LOSS - RADIUS)], style.INK)
            net.box(f"W_{t}", (box, STATE), (BOX, 22), "$W$", style.WEIGHT)
            net.circle(f"x_{t}", (x, INPUT), RADIUS, f"$x_{t}$", style.INPUT)
            net.circle(f"h_{t}", (x, STATE), RADIUS, f"$h_{t}$", style.STATE)
            net.circle(f"L_{t}", (x, LOSS), RADIUS, f"$L_{t}$", style.INK)

    def _draw_table(self) -> None:
        words = self.table.words
        words(
            (8, 166),
            "term of each path: enters at step $k$, ends in loss $L_t$",
            size=style.TEXT,
            align="left",
        )
        for t in STEPS:
            words((22, _cell(t, 1)[1]), f"$L_{t}$", size=style.SMALL)
            words((_cell(1, t)[0] - 20, 148), f"$k={t}$", size=style.SMALL)

    def _draw_key(self) -> None:
        for y, text in (
            (46, r"above $W$: $\partial h_t / \partial h_{t-1}$, one step on"),
            (29, r"below $W$: what this one use of $W$ does to $h_t$"),
            (12, r"beside an arrow: what it does to $h_t$, to $L_t$"),
        ):
            self.sums.words((0, y), text, style.WEIGHT, size=style.SMALL, align="left")

    def draw(self, data: Paths) -> None:
        """Show `data`."""
        lit = set(data.shown)
        there = {
            f"{letter}_{t}": colour
            for t in range(data.steps + 1)
            for letter, colour in NODES.items()
            if t or letter == "h"
        }
        self.net.light(there | dict.fromkeys(_parts(data, lit), style.GRADIENT))
        uses = {k for k, _ in lit} if data.quantity == "W_hh" else set()
        inputs = {k for k, _ in lit} if data.quantity.startswith("x") else set()
        passed = {s for k, t in lit for s in range(k + 1, t + 1)}
        if data.quantity == "h_0" and lit:
            passed |= {1}
        ends = {t for _, t in lit}
        _show(self.uses, data.enter if data.quantity == "W_hh" else (), uses)
        _show(self.enter, data.enter if data.quantity.startswith("x") else (), inputs)
        _show(self.onward, data.onward, passed)
        _show(self.losses, data.losses, ends)
        self._show_terms(data, lit)
        self.lines.set_texts(_lines(data))

    def _show_terms(self, data: Paths, lit: set[tuple[int, int]]) -> None:
        every = [(k, t) for t in STEPS for k in STEPS]
        paths = set(data.pairs)
        self.terms.set_texts(
            [
                fixed(data.terms[t - 1, k - 1], 3) if (k, t) in paths else ""
                for k, t in every
            ]
        )
        self.terms.set_colours(
            [style.GRADIENT if pair in lit else style.FADED for pair in every]
        )

    def describe(self, data: Paths) -> str:
        """Return what the picture shows, in words."""
        if not data.pairs:
            return f"A net of {data.steps} steps; no path from {data.quantity} is lit."
        shown = "all" if not data.chosen else f"number {data.chosen}"
        return (
            f"A net of one unit, unrolled over {count(data.steps, 'step')}, with the "
            f"local derivative on each wire. Of {count(len(data.pairs), 'path')} from "
            f"{data.quantity} to the losses {shown} is lit. Below, a table with the "
            f"term of each path; their sum is {fixed(data.total, 6)}."
        )


def _at(t: int) -> float:
    return FIRST + STEP * t


def _cell(t: int, k: int) -> tuple[float, float]:
    return 88 + COLUMN * (k - 1), 130 - ROW * (t - 1)


def _parts(data: Paths, lit: Iterable[tuple[int, int]]) -> set[str]:
    """Return the names of all parts that these paths go through."""
    names: set[str] = set()
    for k, t in lit:
        if data.quantity == "W_hh":
            names |= {f"W_{k}", f"into {k}"}
        elif data.quantity == "h_0":
            names |= {"h_0", "from 1", "W_1", "into 1"}
        else:
            names |= {f"x_{k}", f"x {k}"}
        for s in range(k + 1, t + 1):
            names |= {f"from {s}", f"W_{s}", f"into {s}"}
        names |= {f"h_{s}" for s in range(k, t + 1)} | {f"L {t}", f"L_{t}"}
    return names


def _show(digits: Digits, values: Iterable[float], lit: set[int]) -> None:
    """Show a number for each step that has one, bright where a path goes through."""
    texts = [fixed(value) for value in values]
    digits.set_texts(texts + [""] * (LONGEST - len(texts)))
    digits.set_colours([style.GRADIENT if t in lit else style.FADED for t in STEPS])


def _lines(data: Paths) -> list[str]:
    """Return what stands at the right: the chosen product, and the sums."""
    head, factors, product = count(len(data.pairs), "path"), [""], ""
    if data.chosen:
        k, t = data.pairs[data.chosen - 1]
        head = f"path {data.chosen} of {len(data.pairs)}: multiply along it"
        factors = [fixed(factor) for factor in data.factors]
        product = f"= {fixed(data.terms[t - 1, k - 1], 4)}"
    return [
        head,
        " × ".join(factors[:5]) + " ×" * (len(factors) > 5),
        " × ".join(factors[5:]),
        product,
        f"sum of all terms {fixed(data.total, 6):>12}",
        f"rnnlib backward  {fixed(data.gradient, 6):>12}",
    ]
