"""An LSTM unit as wires: the drawing, the numbers beside it, and its two equations."""

from collections.abc import Iterable, Mapping

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.shared.wording import fixed

__all__ = ["COLOURS", "FADED", "LSTMUnit"]

FADED = style.FADED
COLOURS = {
    **style.GATES,
    **dict.fromkeys(("c_prev", "kept", "written", "c", "tanh_c"), style.CELL_INK),
    "h": style.STATE,
}
LINE, GATE, MEET = 205, 60, 130  # heights: cell state, gates, where i meets g
PLACES = {"f": 132, "i": 222, "g": 302, "o": 470}
WORDS = {"f": "forget", "i": "input", "g": "candidate", "o": "output"}
VALUES = {
    "c_prev": (78, LINE + 13),
    "kept": (196, LINE + 13),
    "c": (330, LINE + 13),
    "f": (154, 112),
    "i": (243, 93),
    "g": (332, 112),
    "o": (492, 100),
    "written": (288, 166),
    "tanh_c": (428, MEET - 12),
    "h": (503, MEET + 14),
}
LETTERS = {  # of the equations: what is written, where, and the quantity it stands for
    "c": ((30, "c"),),
    "f": ((90, "f"),),
    "c_prev": ((155, "c_prev"),),
    "i": ((228, "i"),),
    "g": ((291, "g"),),
    "h": ((370, "h"),),
    "o": ((430, "o"),),
    "tanh_c": ((507, "tanh(c)"),),
    "": ((60, "="), (116, "·"), (200, "+"), (256, "·"), (400, "="), (456, "·")),
}
SUMS = {"kept": 116, "written": 262}
ROWS = (66, 43, 20)


class LSTMUnit:
    """Draws one unit into a figure, 560 x 330 pixels from its lower left corner.

    Parameters
    ----------
    figure : Figure
    variants : bool
        Draw what the gates look at, too, with the wires of peepholes and coupling.
    """

    def __init__(self, figure: Figure, *, variants: bool = False) -> None:
        self.diagram = Diagram(figure, (0, 90, 560, 240))
        self._draw_cell()
        self._draw_gates(variants)
        if variants:
            self._draw_variants()
        self.numbers = Digits(self.diagram.axes, list(VALUES.values()))
        sheet = Diagram(figure, (0, 0, 560, 90)).axes
        written = [(name, *part) for name, parts in LETTERS.items() for part in parts]
        self._letters = [name for name, *_ in written]
        self.equation = Digits(sheet, [(x, ROWS[0]) for _, x, _ in written], bold=True)
        self.equation.set_texts([text for *_, text in written])
        self.below = Digits(sheet, [])
        self._below = [((x, ROWS[1]), name, text) for name, x, text in written]
        self._below += [((x, ROWS[2]), name, "") for name, x in SUMS.items()]
        self._below += [((60, ROWS[2]), "", "="), ((200, ROWS[2]), "", "+")]
        self.moving: tuple[Artist, ...] = (
            *self.diagram.artists(),
            self.numbers,
            self.equation,
            self.below,
        )

    def _draw_cell(self) -> None:
        draw, cell = self.diagram, style.CELL
        draw.wire("c_prev", [(8, LINE), (118, LINE)], cell, width=3)
        draw.circle("times f", (132, LINE), 13, "×", style.INK)
        draw.wire("kept", [(146, LINE), (248, LINE)], cell, width=3)
        draw.circle("plus", (262, LINE), 13, "+", style.INK)
        draw.circle("times i", (262, MEET), 13, "×", style.INK)
        draw.wire("written", [(262, MEET + 14), (262, LINE - 14)], cell, width=3)
        draw.wire("c", [(276, LINE), (552, LINE)], cell, width=3)
        draw.wire("tanh_c", [(400, LINE), (400, 176)], cell)
        draw.box("tanh_c", (400, 160), (50, 28), "tanh", style.INK)
        draw.wire("tanh_c", [(400, 145), (400, MEET), (456, MEET)], cell)
        draw.circle("times o", (470, MEET), 13, "×", style.INK)
        draw.wire("h", [(484, MEET), (552, MEET)], style.STATE, width=3)
        for x, y, text, colour in (
            (30, LINE + 14, "$c_{prev}$", style.CELL_INK),
            (540, LINE + 13, "$c$", style.CELL_INK),
            (543, MEET - 14, "$h$", style.STATE),
        ):
            draw.words((x, y), text, colour, size=style.TEXT + 2)

    def _draw_gates(self, variants: bool) -> None:
        draw = self.diagram
        ways = {
            "f": [[(132, 78), (132, LINE - 14)]],
            "i": [[(222, 78), (222, MEET)], [(222, MEET), (248, MEET)]],
            "g": [[(302, 78), (302, MEET), (276, MEET)]],
            "o": [[(470, 78), (470, MEET - 14)]],
        }
        for gate, x in PLACES.items():
            colour, dashes = style.GATES[gate], style.GATE_DASHES[gate]
            *before, last = ways[gate]
            for way in before:
                draw.wire("i box", way, colour, arrow=False, dashes=dashes)
            draw.wire(gate, last, colour, dashes=dashes)
            squash = "\\tanh" if gate == "g" else "\\sigma"
            name = "i box" if gate == "i" else gate
            label = f"${squash}$" if variants else f"${gate}$"
            draw.box(name, (x, GATE), (44, 34), label, colour)
            words = f"${gate}$" if variants else WORDS[gate]
            aside = -30 if gate == "o" else 30
            place = (x + aside, GATE) if variants else (x, GATE - 29)
            draw.words(place, words, colour, size=style.TEXT)

    def _draw_variants(self) -> None:
        draw = self.diagram
        draw.wire("x", [(8, 14), (470, 14)], style.INPUT, arrow=False)
        draw.wire("h_prev", [(8, 20), (470, 20)], style.STATE, arrow=False)
        for gate, x in PLACES.items():
            name = "into i" if gate == "i" else "into"
            draw.wire(name, [(x, 17), (x, 42)], style.INK)
        peep = {
            "peep f": [(70, LINE), (70, GATE), (110, GATE)],
            "peep i": [(70, 96), (207, 96), (207, 78)],
            "peep o": [(528, LINE), (528, GATE), (493, GATE)],
        }
        for name, way in peep.items():
            draw.wire(name, way, style.CELL)
        draw.wire("one less", [(132, MEET), (163, MEET)], style.GATES["f"])
        draw.circle("one less", (177, MEET), 13, "1−", style.GATES["f"])
        draw.wire("one less", [(191, MEET), (222, MEET)], style.GATES["i"], arrow=False)
        draw.words((40, 34), "$x$, $h_{prev}$", style.INK)

    def show(self, values: Mapping[str, float], lit: Iterable[str]) -> None:
        """Write the values by their letters, and light some parts.

        `values` has i, f, o, g, c_prev, kept, written, c, tanh_c and h.
        """
        lit = set(lit)
        self.diagram.light(lit & set(self.diagram.names))
        self.numbers.set_texts([fixed(values[name]) for name in VALUES])
        self.numbers.set_colours([ink(name, lit) for name in VALUES])
        self.equation.set_colours([ink(name, lit) for name in self._letters])
        self.below.write(
            [place for place, _, _ in self._below],
            [fixed(values[name]) if name else sign for _, name, sign in self._below],
            [ink(name, lit) for _, name, _ in self._below],
        )


def ink(name: str, lit: set[str]) -> str:
    """Return the colour of a quantity's letter and number: its own, or faded."""
    return COLOURS.get(name, style.INK) if name in lit else FADED
