"""The picture of the wiring board: an unrolled net whose wires are there or not."""

from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_03.wiring_board.compute import LONGEST, WiringBoard
from rnncourse.shared.wording import count

__all__ = ["WiringBoardView", "lit"]

WIDTH, HEIGHT = 840, 350
FIRST, ACROSS = 40, 72  # the first step, and from one to the next
X, Y, LOSS = 36, 254, 306
LAYERS = (94, 146, 198)  # heights
RADIUS, BOX = 13, (34, 28)
SIDE = 612  # where the words begin


class WiringBoardView:
    """Left, the net over its steps; right, its shapes and its loss.

    What a wiring does not use is faded.
    """

    size = (WIDTH, HEIGHT)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        board = self.board = Diagram(figure, (0, 0, WIDTH, HEIGHT))
        for t in range(1, LONGEST + 1):
            self._step(t, FIRST + ACROSS * (t - 1))
        board.words((SIDE, 252), "shapes, time first", align="left")
        board.words((SIDE, 130), "the loss", align="left")
        parts = board.artists()
        heads = [(SIDE, 318), (SIDE, 298), *((SIDE, y) for y in (226, 204, 182))]
        colours = (style.INK, style.INK, style.INPUT, style.STATE, style.OUTPUT)
        self.words = Digits(board.axes, heads, align="left", colour=colours)
        places = [(SIDE, 106), (SIDE, 84), (SIDE, 52), (SIDE, 34)]
        self.loss = Digits(board.axes, places, align="left")
        self.moving = (*parts, self.words, self.loss)

    def _step(self, t: int, x: float) -> None:
        board = self.board
        board.box(f"x {t}", (x, X), BOX, f"$x_{{{t}}}$", style.INPUT)
        board.box(f"p {t}", (x, Y), BOX, f"$p_{{{t}}}$", style.OUTPUT)
        board.circle(f"loss {t}", (x, LOSS), 12, f"$L_{{{t}}}$", style.INK)
        board.wire(f"loss {t}", [(x, Y + 14), (x, LOSS - 12)], style.OUTPUT)
        board.wire(f"x {t}", [(x, X + 14), (x, LAYERS[0] - RADIUS)], style.INPUT)
        for layer, y in enumerate(LAYERS, start=1):
            board.circle(f"h{layer} {t}", (x, y), RADIUS, "", style.STATE)
            self._between(layer, t, x, y)
            board.wire(f"out{layer} {t}", _way_out(layer, x, y), style.OUTPUT)
        if t < LONGEST:
            way = [(x + 17, Y), (x + 36, Y), (x + 36, X), (x + ACROSS - 17, X)]
            board.wire(f"fed {t + 1}", way, style.OUTPUT)

    def _between(self, layer: int, t: int, x: float, y: float) -> None:
        """Draw the wires of one state: to the next, to the one before, and up."""
        if t < LONGEST:
            near, far = x + RADIUS + 1, x + ACROSS - RADIUS - 1
            ahead = [(near, y + 4), (far, y + 4)]
            back = [(far, y - 5), (near, y - 5)]
            self.board.wire(f"next{layer} {t}", ahead, style.STATE)
            self.board.wire(f"back{layer} {t}", back, style.STATE)
        if layer < len(LAYERS):
            up = [(x, y + RADIUS), (x, LAYERS[layer] - RADIUS)]
            self.board.wire(f"up{layer} {t}", up, style.STATE)

    def draw(self, data: WiringBoard) -> None:
        """Show `data`."""
        used = [name for name in self.board.names if lit(name, data)]
        fed = [
            name for name in used if name.startswith("x ") and _step(name) in data.fed
        ]
        self.board.light(self.board.own(used) | dict.fromkeys(fed, style.OUTPUT))
        name, _, rest = data.pattern.partition(", ")
        shapes = data.shapes
        self.words.set_texts([name, rest, *(f"{k} {shapes[k]}" for k in "xhp")])
        mask = f"mask: True at {shapes['mask']}"
        self.loss.set_texts([data.loss, mask, *data.weights])

    def describe(self, data: WiringBoard) -> str:
        """Return what the picture shows, in words."""
        ways = "in both directions" if data.both else "from left to right"
        return (
            f"A net of {count(data.layers, 'layer')}, unrolled over "
            f"{count(data.steps, 'step')} and read {ways}. Inputs at steps "
            f"{_listed(data.inputs)}, outputs at steps {_listed(data.outputs)}, fed "
            f"back into steps {_listed(data.fed)}. "
            f"{data.pattern}; {data.loss}."
        )


def _way_out(layer: int, x: float, y: float) -> list[tuple[float, float]]:
    """Return how the wire of a layer goes up to the output, beside those above."""
    if layer == len(LAYERS):
        return [(x, y + RADIUS), (x, Y - 14)]
    side, end = ((x + 23, x + 12), (x + 18, x + 6))[layer - 1]
    return [(x + 11, y + 8), (side, y + 20), (side, Y - 32), (end, Y - 14)]


def _listed(steps: tuple[int, ...]) -> str:
    return ", ".join(map(str, steps)) or "none"


def _step(name: str) -> int:
    return int(name.split()[1])


def lit(name: str, data: WiringBoard) -> bool:
    """Return whether a part of the drawing, named as "next2 3", is used."""
    part, t = name.split()[0], _step(name)
    kind = part.rstrip("123")
    layer = int(part.removeprefix(kind) or 0)
    if t > data.steps or layer > data.layers:
        return False
    if kind in ("p", "loss"):
        return t in data.outputs
    if kind == "out":
        return t in data.outputs and layer == data.layers
    if kind == "x":
        return t in data.inputs + data.fed
    if kind == "fed":
        return t in data.fed
    if kind in ("next", "back"):
        return t < data.steps and (kind == "next" or data.both)
    return kind == "h" or layer < data.layers
