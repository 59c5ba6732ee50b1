"""The notation switch of lesson 02."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_02.notation_switch.compute import NOTATIONS, WORD, compute
from rnncourse.lesson_02.notation_switch.view import HEIGHT, WIDTH, NotationView

__all__ = ["notation_switch"]

QUESTION = (
    "Predict first: papers write W_xh x, this library x @ W_xh. Which shape has W_xh "
    "in each of them?"
)
CLAIM = (
    "One step, four ways to write it. What differs is whether a vector is a column or "
    "a row, hence on which side and which way round a matrix stands, and how things "
    "are called. The numbers are the same. In Ng's notation a is the state; here, a is "
    "the sum before tanh."
)
WORDS = {
    "papers": "papers: columns",
    "rows": "this library: rows",
    "Ng": "Ng: a⟨t⟩, W_aa",
    "PyTorch": "PyTorch's names",
}
CONTROLS: dict[str, Control] = {
    "t": IntSlider("step t", 1, len(WORD), 2),
    "notation": Choice("notation", tuple(NOTATIONS), "papers", WORDS),
}
PRESETS: dict[str, dict[str, Any]] = {
    words: {"notation": name} for name, words in WORDS.items()
}


def notation_switch(**start: Any) -> Explorer:
    """Return the explorer that writes one step of the "hello" net in four ways.

    Parameters
    ----------
    **start
        Values to open with: notation, t.
    """
    return Explorer(
        title="Notation switch",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=NotationView(style.figure(WIDTH, HEIGHT)),
        start=start,
    )
