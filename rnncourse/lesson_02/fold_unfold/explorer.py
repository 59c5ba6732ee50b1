"""Fold and unfold, of lesson 02."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_02.fold_unfold.compute import LONGEST, PARTS, compute
from rnncourse.lesson_02.fold_unfold.view import HEIGHT, WIDTH, UnfoldingView

__all__ = ["fold_unfold"]

QUESTION = (
    "Predict first: a sequence twice as long. How many more parameters does the net "
    "need?"
)
CLAIM = (
    "The loop and the row of columns are one net. Every W_hh of the row is the same "
    "array, and so is every W_xh and every W_hy: the number of parameters does not "
    "depend on T. What grows with T are the states, and the work to compute them."
)
WORDS = {
    "W_xh": "W_xh, input to state",
    "W_hh": "W_hh, state to state",
    "W_hy": "W_hy, state to scores",
    "h": "h, the states",
}
CONTROLS: dict[str, Control] = {
    "part": Choice("light up", PARTS, "everything", WORDS),
    "steps": IntSlider("steps T", 1, LONGEST, 4),
    "hidden": IntSlider("hidden units H", 1, 64, 3),
}
PRESETS: dict[str, dict[str, Any]] = {
    "one step": {"steps": 1},
    "eight steps": {"steps": 8},
    "what is shared": {"steps": 8, "part": "W_hh"},
    "what grows": {"steps": 8, "part": "h"},
}


def fold_unfold(**start: Any) -> Explorer:
    """Return the explorer that draws a net as a loop and unrolled.

    Parameters
    ----------
    **start
        Values to open with: steps, hidden, part.
    """
    return Explorer(
        title="Fold and unfold",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=UnfoldingView(style.figure(WIDTH, HEIGHT)),
        start=start,
    )
