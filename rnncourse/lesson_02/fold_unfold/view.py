"""The picture of a recurrent net as a loop, and unrolled over its steps."""

from matplotlib.figure import Figure
from matplotlib.text import Text

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.lesson_02.fold_unfold.compute import LONGEST, Unfolding
from rnncourse.shared.wording import count

__all__ = ["ABSENT", "UnfoldingView", "tone"]

WIDTH, HEIGHT = 840, 344
LOOP, FIRST, ACROSS = 84, 238, 72  # middle of the loop, of h_0, and a step further
X, W_XH, H, W_HY, Y = 66, 116, 172, 228, 278  # heights
NODE, TALL, WEIGHT, WEIGHT_BETWEEN = (28, 28), (32, 52), (34, 22), (30, 22)
ABSENT = "white"
COLOURS = {"x": style.INPUT, "h": style.STATE, "z": style.OUTPUT}
Point = tuple[float, float]


class UnfoldingView:
    """Left, the net with its loop; right, the same net with one column a step.

    What is looked at has its colour and all else is grey. Steps after T are absent.
    """

    size = (WIDTH, HEIGHT)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._page = figure.add_axes((0, 0, 0.01, 0.01))
        self._page.set_axis_off()
        self.board = Diagram(figure, (0, 0, WIDTH, HEIGHT))
        self._labels: list[tuple[int, Text]] = []
        self._loop()
        self._box("h", 0, (FIRST, H), NODE)
        for t in range(1, LONGEST + 1):
            self._step(t)
        middle, top = FIRST + ACROSS * LONGEST / 2, HEIGHT - 18
        for x, words in ((LOOP, "as a loop"), (middle, "unrolled, one column a step")):
            self.board.words((x, top), words, size=style.TEXT + 1)
        parts = self.board.artists()
        places = [(LOOP + 10, 22), (middle, 22)]
        self.counts = Digits(self.board.axes, places, bold=True)
        self.moving = (*parts, self.counts)

    def _box(self, kind: str, t: int | str, middle: Point, size: Point) -> None:
        label = f"$W_{{{kind[2:]}}}$" if "_" in kind else f"${kind}_{{{t}}}$"
        colour = COLOURS.get(kind, style.WEIGHT)
        self.board.box(f"{kind} {t}", middle, size, label, colour)
        if isinstance(t, int):
            self._labels.append((t, self.board.axes.texts[-1]))

    def _wire(self, kind: str, t: int | str, *points: Point, arrow: bool) -> None:
        self.board.wire(f"{kind} {t}", points, COLOURS[kind], arrow=arrow)

    def _column(self, t: int | str, x: float, size: Point) -> None:
        """Draw one step, from its input up to its output."""
        self._box("x", t, (x, X), NODE)
        self._box("W_xh", t, (x, W_XH), WEIGHT)
        self._box("h", t, (x, H), size)
        self._box("W_hy", t, (x, W_HY), WEIGHT)
        self._box("z", t, (x, Y), NODE)
        node, half, weight = NODE[1] / 2, size[1] / 2, WEIGHT[1] / 2
        self._wire("x", t, (x, X + node), (x, W_XH - weight), arrow=False)
        self._wire("x", t, (x, W_XH + weight), (x, H - half), arrow=True)
        self._wire("h", t, (x, H + half), (x, W_HY - weight), arrow=False)
        self._wire("z", t, (x, W_HY + weight), (x, Y - node), arrow=True)

    def _loop(self) -> None:
        self._column("t", LOOP, TALL)
        right, turn = LOOP + TALL[0] / 2, LOOP + 74
        top, bottom, weight = H + 18, H - 18, WEIGHT[1] / 2
        self._box("W_hh", "t", (turn, H), WEIGHT)
        out = (right, top), (turn, top), (turn, H + weight)
        back = (turn, H - weight), (turn, bottom), (right, bottom)
        self._wire("h", "t", *out, arrow=False)
        self._wire("h", "t", *back, arrow=True)

    def _step(self, t: int) -> None:
        x = FIRST + ACROSS * t
        self._column(t, x, NODE)
        middle, before = x - ACROSS / 2, x - ACROSS + NODE[0] / 2
        self._box("W_hh", t, (middle, H), WEIGHT_BETWEEN)
        half = WEIGHT_BETWEEN[0] / 2
        self._wire("h", t, (before, H), (middle - half, H), arrow=False)
        self._wire("h", t, (middle + half, H), (x - NODE[0] / 2, H), arrow=True)

    def draw(self, data: Unfolding) -> None:
        """Show `data`."""
        self._page.set_xlim(0, data.steps)  # a background for each T: labels are in it
        for t, label in self._labels:
            label.set_visible(t <= data.steps)
        self.board.light({name: tone(name, data) for name in self.board.names})
        self.counts.set_texts(
            [
                count(data.parameters, "parameter"),
                f"{count(data.parameters, 'parameter')}, and {data.steps} × "
                f"{data.hidden} = {count(data.states, 'number')} of state",
            ]
        )

    def describe(self, data: Unfolding) -> str:
        """Return what the picture shows, in words."""
        times = count(data.steps, "time")
        return (
            "Left, one step, with a wire that leads from the state back into it "
            f"through W_hh. Right, the same step drawn {times} in a row, each state "
            f"handed to the next. In colour on both sides: {data.part}. "
            f"{count(data.parameters, 'parameter')} and {count(data.states, 'number')} "
            "of state."
        )


def tone(name: str, data: Unfolding) -> str:
    """Return the colour of a part of the drawing, named as "W_hh 3"."""
    kind, place = name.split()
    if place != "t" and int(place) > data.steps:
        return ABSENT
    if data.part not in ("everything", kind):
        return style.DIM
    return COLOURS.get(kind, style.INK if data.part == kind else style.WEIGHT)
