"""A still picture of two ways to read a text: through a window, and step by step."""

from rnncourse.drawing import style
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.picture import Picture

__all__ = ["two_readers"]

WIDTH, HEIGHT = 840, 300
LETTER, STATE = (34, 30), (46, 34)
X, H, Y, TITLE = 54, 140, 226, 280
STEP = 84


def two_readers(text: str = "hell") -> Picture:
    """Return the picture of a window network and of an RNN that read the same text.

    Parameters
    ----------
    text : str
        Four letters.
    """
    figure = style.figure(WIDTH, HEIGHT)
    board = Diagram(figure, (0, 0, WIDTH, HEIGHT))
    _window(board, text)
    _rnn(board, text)
    board.artists()
    return Picture(
        figure,
        f"Left, a window network: the letters {', '.join(text)} stand side by side and "
        "all go into one block of hidden units, from which one answer leaves; each "
        "letter has a wire of its own. Right, an RNN: the same letters come one after "
        "the other, each into the state h, and each state goes on to the next.",
    )


def _window(board: Diagram, text: str) -> None:
    middle, wide = 196, STEP * (len(text) - 1) + STATE[0]
    board.words((middle, TITLE), "window network: all letters at once", size=11)
    board.box("hidden", (middle, H), (wide, STATE[1]), "hidden units", style.WEIGHT)
    board.box("answer", (middle, Y), LETTER, "p", style.OUTPUT)
    board.wire(
        "out", [(middle, H + STATE[1] / 2), (middle, Y - LETTER[1] / 2)], style.OUTPUT
    )
    for k, letter in enumerate(text):
        x = middle + STEP * (k - (len(text) - 1) / 2)
        board.box(f"x{k}", (x, X), LETTER, letter, style.INPUT)
        up = [(x, X + LETTER[1] / 2), (x, H - STATE[1] / 2)]
        board.wire(f"up{k}", up, style.INPUT)
        board.words((x + 18, (X + H) / 2), f"$W_{k + 1}$", style.WEIGHT)
    board.words((middle, 18), "other weights for each place", style.WEIGHT)


def _rnn(board: Diagram, text: str) -> None:
    left, last = 494, len(text) - 1
    middle = left + STEP * last / 2
    board.words((middle, TITLE), "RNN: one letter a step, and its own state", size=11)
    for k, letter in enumerate(text):
        x = left + STEP * k
        board.box(f"r{k}", (x, X), LETTER, letter, style.INPUT)
        board.box(f"h{k}", (x, H), STATE, f"$h_{k + 1}$", style.STATE)
        up = [(x, X + LETTER[1] / 2), (x, H - STATE[1] / 2)]
        board.wire(f"in{k}", up, style.INPUT)
        board.words((x + 22, (X + H) / 2), "$W_{xh}$", style.WEIGHT)
        on = [(x - STEP + STATE[0] / 2, H), (x - STATE[0] / 2, H)]
        board.wire(f"on{k}", on, style.STATE)
        board.words((x - STEP / 2 - 3, H + 15), "$W_{hh}$", style.WEIGHT)
    x = left + STEP * last
    board.words((left - STEP + 8, H), "$h_0$", style.STATE)
    board.box("said", (x, Y), LETTER, "p", style.OUTPUT)
    board.wire("say", [(x, H + STATE[1] / 2), (x, Y - LETTER[1] / 2)], style.OUTPUT)
    board.words((middle, 18), "the same weights at each step", style.WEIGHT)
