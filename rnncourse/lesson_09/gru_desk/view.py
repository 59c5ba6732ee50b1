"""The picture of the GRU desk: two units that take the same step."""

from typing import Any

from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_09.gru_desk.compute import WEIGHT, GRUDesk
from rnncourse.shared.wording import fixed

__all__ = ["RESET", "UPDATE", "GRUDeskView"]

UPDATE, RESET = style.GATES["f"], style.GATES["i"]
DASHED = style.GATE_DASHES["i"]
TOP, MIDDLE, BOTTOM = 190, 128, 66  # heights: state, gates, candidate
WIDE, HIGH, SPLIT = 410, 240, 430

VALUES = {  # of the GRU: where each number stands
    "h_prev": (104, TOP + 14),
    "kept": (268, TOP + 14),
    "h": (360, TOP + 14),
    "z": (256, MIDDLE),
    "r": (118, 16),
    "seen": (106, BOTTOM + 22),
    "a_n": (178, 16),
    "n": (182, BOTTOM + 14),
    "written": (358, MIDDLE),
}
TWINS = {  # of the LSTM: the same by its own letters
    "h_prev": (72, TOP + 14),
    "kept": (194, TOP + 14),
    "h": (316, TOP + 14),
    "z": (150, MIDDLE),
    "write": (240, MIDDLE - 14),
    "n": (160, BOTTOM + 13),
    "written": (302, MIDDLE),
    "tanh_h": (390, BOTTOM + 13),
}
COLOURS = {
    **dict.fromkeys(("h_prev", "kept", "written", "h", "tanh_h"), style.STATE),
    **dict.fromkeys(("z", "write"), UPDATE),
    "r": RESET,
    "a_n": style.INPUT,
    **dict.fromkeys(("n", "seen"), style.CANDIDATE),
}
OF_CELL = dict.fromkeys(("h_prev", "kept", "written", "h"), style.CELL_INK)
AFTER = {"plus", "h", "tanh_h", "times o", "shown"}
LIT = {
    "z": {"z", "i", "write", "times z", "times n", "kept", "written", *AFTER},
    "r": {"r", "times r", "seen", "n", "tanh", "times n", "written", *AFTER},
    "a_n": {"a_n", "n", "tanh", "times n", "written", *AFTER},
    "h_prev": {"h_prev", "w", "times z", "times r", "seen", "kept"}
    | {"n", "tanh", "times n", "written", *AFTER},
}


class GRUDeskView:
    """Left a GRU unit with its numbers; right an LSTM unit that takes the same step.

    What was moved last is lit in both, with all that changes by it; the rest fades.
    """

    size = (840, 330)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.gru = Diagram(figure, (0, 76, WIDE, HIGH))
        self.lstm = Diagram(figure, (SPLIT, 76, WIDE, HIGH))
        _draw_gru(self.gru)
        _draw_lstm(self.lstm)
        self.numbers = Digits(self.gru.axes, list(VALUES.values()))
        self.twins = Digits(self.lstm.axes, list(TWINS.values()))
        sheet = style.sheet(figure, (0, 0, 840, 76), 840, 76)
        for x, y, words in (
            (16, 54, "$n = \\tanh(a_n + r \\cdot 2\\,h_{prev})$"),
            (16, 24, "$h = (1 - z) \\cdot n + z \\cdot h_{prev}$"),
            (SPLIT + 16, 54, "$c = i \\cdot g + f \\cdot c_{prev}$"),
            (SPLIT + 16, 24, "$h = o \\cdot \\tanh(c)$"),
        ):
            place: dict[str, Any] = {
                "va": "center",
                "fontsize": style.TEXT + 1,
                "color": style.INK,
            }
            sheet.text(x, y, words, **place)
        sheet.axvline(SPLIT - 12, color=style.LIGHT, lw=1)
        places = [(x, y) for x in (200, SPLIT + 160) for y in (54, 24)]
        self.sums = Digits(sheet, places, align="left")
        self.moving = (
            *self.gru.artists(),
            *self.lstm.artists(),
            self.numbers,
            self.twins,
            self.sums,
        )

    def draw(self, data: GRUDesk) -> None:
        """Show `data`."""
        every = {*self.gru.names, *self.lstm.names, *COLOURS}
        lit = LIT.get(data.moved) or every
        for diagram, digits, places, colours in (
            (self.gru, self.numbers, VALUES, COLOURS),
            (self.lstm, self.twins, TWINS, COLOURS | OF_CELL),
        ):
            diagram.light(lit & set(diagram.names))
            digits.set_texts([fixed(getattr(data, name)) for name in places])
            digits.set_colours(
                [colours[name] if name in lit else style.FADED for name in places]
            )
        self.sums.set_texts(_sums(data))

    def describe(self, data: GRUDesk) -> str:
        """Return what the picture shows, in words."""
        n, gru, lstm, shown = _sums(data)
        return (
            f"Left a GRU unit as wires, with z = {fixed(data.z)}, r = {fixed(data.r)} "
            f"and h_prev = {fixed(data.h_prev)}: n {n} and h {gru}. Right an LSTM "
            f"unit that takes the same step, with f = {fixed(data.z)}, i = "
            f"{fixed(data.write)}, g = {fixed(data.n)} and o = 1: c {lstm} and h "
            f"{shown}. {'Lit: ' + data.moved if data.moved else 'All of it is lit'}."
        )


def _sums(data: GRUDesk) -> list[str]:
    """Return the four equations below with numbers in place of their letters."""
    sign = "−" if data.kept < 0 else "+"
    mixed = f"{fixed(data.written)} {sign} {fixed(abs(data.kept))} = {fixed(data.h)}"
    return [
        f"= tanh({fixed(data.a_n + data.seen)}) = {fixed(data.n)}",
        f"= {mixed}",
        f"= {mixed}",
        f"= 1 · {fixed(data.tanh_h)}",
    ]


def _circle(draw: Diagram, name: str, x: float, y: float, sign: str = "×") -> None:
    draw.circle(name, (x, y), 12, sign, style.INK)


def _named(draw: Diagram, *labels: tuple[float, float, str, str]) -> None:
    for x, y, text, colour in labels:
        draw.words((x, y), text, colour, size=style.TEXT + 2)


def _draw_gru(draw: Diagram) -> None:
    wide: Any = {"width": 3}
    draw.words((WIDE / 2, HIGH - 12), "GRU: one state, two gates", size=style.TEXT + 1)
    draw.wire("h_prev", [(8, TOP), (202, TOP)], style.STATE, **wide)
    _circle(draw, "times z", 215, TOP)
    draw.wire("kept", [(228, TOP), (298, TOP)], style.STATE, **wide)
    _circle(draw, "plus", 311, TOP, "+")
    draw.wire("h", [(324, TOP), (404, TOP)], style.STATE, **wide)
    draw.box("z", (215, MIDDLE), (34, 28), "$z$", UPDATE)
    draw.wire("z", [(215, MIDDLE + 15), (215, TOP - 13)], UPDATE)
    draw.wire("z", [(215, MIDDLE - 15), (215, BOTTOM + 13)], UPDATE)
    draw.words((240, (MIDDLE + BOTTOM) / 2), "$1 - z$", UPDATE)
    draw.wire("h_prev", [(40, TOP), (40, MIDDLE + 14)], style.STATE)
    draw.box("w", (40, MIDDLE), (30, 26), f"{WEIGHT:g}", style.WEIGHT)
    draw.wire("w", [(40, MIDDLE - 14), (40, BOTTOM), (63, BOTTOM)], style.STATE)
    _circle(draw, "times r", 76, BOTTOM)
    draw.box("r", (76, 16), (34, 26), "$r$", RESET)
    draw.wire("r", [(76, 30), (76, BOTTOM - 13)], RESET, dashes=DASHED)
    draw.wire("seen", [(89, BOTTOM), (117, BOTTOM)], style.CANDIDATE)
    draw.box("tanh", (139, BOTTOM), (42, 26), "tanh", style.CANDIDATE)
    draw.wire("a_n", [(139, 4), (139, BOTTOM - 14)], style.INPUT)
    draw.wire("n", [(161, BOTTOM), (202, BOTTOM)], style.CANDIDATE)
    _circle(draw, "times n", 215, BOTTOM)
    way = [(228, BOTTOM), (311, BOTTOM), (311, TOP - 13)]
    draw.wire("written", way, style.STATE, **wide)
    _named(
        draw,
        (30, TOP + 15, "$h_{prev}$", style.STATE),
        (396, TOP + 15, "$h$", style.STATE),
    )


def _draw_lstm(draw: Diagram) -> None:
    cell: Any = {"colour": style.CELL, "width": 3}
    words = "an LSTM in the same step: $f = z$, $i = 1 - z$, $o = 1$"
    draw.words((WIDE / 2, HIGH - 12), words, size=style.TEXT + 1)
    draw.wire("h_prev", [(8, TOP), (97, TOP)], **cell)
    _circle(draw, "times z", 110, TOP)
    draw.wire("kept", [(123, TOP), (257, TOP)], **cell)
    _circle(draw, "plus", 270, TOP, "+")
    draw.wire("h", [(283, TOP), (404, TOP)], **cell)
    draw.box("z", (110, MIDDLE), (34, 28), "$f$", UPDATE)
    draw.wire("z", [(110, MIDDLE + 15), (110, TOP - 13)], UPDATE)
    draw.box("i", (200, MIDDLE - 14), (34, 28), "$i$", UPDATE)
    draw.wire("i", [(200, MIDDLE - 29), (200, BOTTOM + 13)], UPDATE, dashes=DASHED)
    draw.box("n", (110, BOTTOM), (42, 26), "$g$", style.CANDIDATE)
    draw.wire("n", [(132, BOTTOM), (187, BOTTOM)], style.CANDIDATE)
    _circle(draw, "times n", 200, BOTTOM)
    way = [(213, BOTTOM), (270, BOTTOM), (270, TOP - 13)]
    draw.wire("written", way, **cell)
    draw.wire("tanh_h", [(358, TOP), (358, MIDDLE + 14)], style.CELL)
    draw.box("tanh_h", (358, MIDDLE), (42, 26), "tanh", style.INK)
    draw.wire("tanh_h", [(358, MIDDLE - 14), (358, BOTTOM + 13)], style.CELL)
    _circle(draw, "times o", 358, BOTTOM)
    draw.box("o", (358, 16), (48, 26), "$o = 1$", style.GATES["o"])
    draw.wire("o", [(358, 30), (358, BOTTOM - 13)], style.GATES["o"])
    draw.wire("shown", [(371, BOTTOM), (404, BOTTOM)], style.STATE, width=3)
    _named(
        draw,
        (28, TOP + 15, "$c_{prev}$", style.CELL_INK),
        (396, TOP + 15, "$c$", style.CELL_INK),
        (396, BOTTOM - 16, "$h$", style.STATE),
    )
