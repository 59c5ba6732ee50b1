"""The picture of the gate desk."""

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnncourse.drawing import style
from rnncourse.lesson_08.figures.lstm_unit import COLOURS, FADED, LSTMUnit
from rnncourse.lesson_08.gate_desk.compute import GateDesk
from rnncourse.shared.wording import fixed

__all__ = ["GateDeskView"]

BARS = {
    "c_prev": "$c_{prev}$",
    "kept": "$f \\cdot c_{prev}$",
    "written": "$i \\cdot g$",
    "c": "$c$",
    "tanh_c": "$\\tanh(c)$",
    "h": "$h$",
}
AFTER = {"plus", "c", "tanh_c", "times o", "h"}
LIT = {
    "f": {"f", "times f", "kept", *AFTER},
    "i": {"i", "i box", "times i", "written", *AFTER},
    "g": {"g", "times i", "written", *AFTER},
    "o": {"o", "times o", "h"},
    "c_prev": {"c_prev", "times f", "kept", *AFTER},
}


class GateDeskView:
    """Left, the unit and its equations, with every number; right, the same as bars.

    What was moved last is lit with all that changes by it; the rest fades.
    """

    size = (840, 330)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.unit = LSTMUnit(figure)
        self.axes = style.panel(
            figure,
            (640, 56, 184, 236),
            title="kept, written, shown",
            x=("value", -4, 4),
            y=("", 5.6, -0.6),
        )
        self.axes.set_yticks(range(len(BARS)), list(BARS.values()), fontsize=style.TEXT)
        self.axes.tick_params(axis="y", length=0)
        self.axes.spines["left"].set_visible(False)
        self.axes.axvline(0, color=style.INK, lw=0.8)
        self.bars = {
            name: Rectangle((0, row - 0.3), 0, 0.6) for row, name in enumerate(BARS)
        }
        for bar in self.bars.values():
            self.axes.add_patch(bar)
        self.moving = (*self.unit.moving, *self.bars.values())

    def draw(self, data: GateDesk) -> None:
        """Show `data`."""
        lit = LIT.get(data.moved) or {*self.unit.diagram.names, *COLOURS, ""}
        values = {name: getattr(data, name) for name in COLOURS}
        self.unit.show(values, lit)
        for name, bar in self.bars.items():
            bar.set_width(values[name])
            own = style.STATE if name == "h" else style.CELL
            bar.set_facecolor(own if name in lit else FADED)

    def describe(self, data: GateDesk) -> str:
        """Return what the picture shows, in words."""
        numbers = ", ".join(
            f"{name} = {fixed(getattr(data, name))}" for name in ("i", "f", "o", "g")
        )
        kept, written, c = (fixed(n) for n in (data.kept, data.written, data.c))
        o, tanh_c, h = (fixed(n) for n in (data.o, data.tanh_c, data.h))
        return (
            f"An LSTM unit as wires, with {numbers} and c_prev = "
            f"{fixed(data.c_prev)}. Its equations: c = f * c_prev + i * g = "
            f"{kept} + {written} = {c}, and h = o * tanh(c) = {o} * {tanh_c} = {h}. "
            f"{'Lit: ' + data.moved if data.moved else 'All of it is lit'}. "
            "Right, the same numbers as bars."
        )
