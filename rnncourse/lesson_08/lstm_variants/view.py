"""The picture of the LSTM's variants."""

from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_08.figures.lstm_unit import COLOURS, FADED, LSTMUnit
from rnncourse.lesson_08.lstm_variants.compute import (
    PEEPHOLES,
    SHOWN_SIZE,
    Variant,
    parameters,
)
from rnncourse.shared.wording import fixed

__all__ = ["LSTMVariantsView"]

Written = tuple[tuple[float, float], str, str]
ONLY = {
    "standard": {"i box", "into i"},
    "peephole": {"i box", "into i", "peep f", "peep i", "peep o"},
    "coupled": {"one less"},
}
GATES = ("f", "i", "o")
SEEN = {"f": "c_prev", "i": "c_prev", "o": "c"}
LEFT, PEEP, CLOSE = 0, 120, 248
TOP, ROW, BLOCK = 292, 19, 56


class LSTMVariantsView:
    """Left, the unit with the wires of all variants; right, what makes its gates.

    What the variant does not have is faded.
    """

    size = (840, 330)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.unit = LSTMUnit(figure, variants=True)
        sheet = Diagram(figure, (578, 0, 262, 330))
        sheet.words((0, 316), "what makes the gates", align="left", size=11)
        sheet.words((0, 86), f"parameters, D = H = {SHOWN_SIZE}", align="left", size=11)
        self.sheet = Digits(sheet.axes, [], align="left")
        self.moving = (*self.unit.moving, self.sheet)

    def draw(self, data: Variant) -> None:
        """Show `data`."""
        every = {name for wires in ONLY.values() for name in wires}
        lit = ({*self.unit.diagram.names, *COLOURS, ""} - every) | ONLY[data.variant]
        self.unit.show({name: getattr(data, name) for name in COLOURS}, lit)
        count = f"{data.variant:9} {parameters(data.variant):,}"
        written = [*self._gates(data), ((LEFT, 64), count, style.INK)]
        places, texts, inks = zip(*written, strict=True)
        self.sheet.write(places, texts, inks)

    def _gates(self, data: Variant) -> list[Written]:
        """Return place, text and colour of each part of the gates' equations."""
        written: list[Written] = []
        for block, gate in enumerate(GATES):
            y = TOP - BLOCK * block
            coupled = gate == "i" and data.variant == "coupled"
            ink = FADED if coupled else style.GATES[gate]
            peeps = style.CELL_INK if data.variant == "peephole" else FADED
            seen = SEEN[gate]
            value, by_cell = fixed(getattr(data, gate)), fixed(getattr(data, seen))
            weight = fixed(PEEPHOLES[gate])
            written += [
                ((LEFT, y), f"{gate} = σ(a_{gate}", ink),
                ((PEEP, y), f"+ w_c{gate} · {seen}", peeps),
                ((CLOSE, y), ")", ink),
            ]
            if coupled:
                written.append(
                    ((LEFT, y - ROW), f"{gate} = 1 − f = {value}", COLOURS["i"])
                )
            else:
                plain = fixed(data.plain[gate])
                written += [
                    ((LEFT, y - ROW), f"{value} = σ({plain}", ink),
                    ((PEEP, y - ROW), f"+ {weight} · {by_cell}", peeps),
                    ((CLOSE, y - ROW), ")", ink),
                ]
        return written

    def describe(self, data: Variant) -> str:
        """Return what the picture shows, in words."""
        numbers = ", ".join(
            f"{name} = {fixed(getattr(data, name))}"
            for name in ("x", "h_prev", "c_prev", "i", "f", "o", "g", "c", "h")
        )
        extra = {
            "standard": "The wires of peepholes and of coupling are faded.",
            "peephole": "Lit: wires from the old cell state to f and i, and from the "
            "new one to o.",
            "coupled": "Lit: a wire from f through 1 - f to where i acts; the box of i "
            "is faded.",
        }[data.variant]
        return f"An LSTM unit as wires, {data.variant}: {numbers}. {extra}"
