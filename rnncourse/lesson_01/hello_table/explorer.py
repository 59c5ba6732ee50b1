"""The hello table of lesson 01."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_01.hello_table.compute import MOST_LETTERS, WORD, compute
from rnncourse.lesson_01.hello_table.view import HelloTableView

__all__ = ["hello_table"]

QUESTION = (
    "Predict first: a row holds one 1. What is left of W when that row is multiplied "
    "by it?"
)
CLAIM = (
    "A one-hot vector has a single 1, at the token that it encodes, and zeros "
    "elsewhere. Multiplied by W it gives one row of W, unchanged: the product is a "
    "look-up. The vectors grow with the vocabulary, their ones do not."
)
CONTROLS: dict[str, Control] = {
    "position": IntSlider("step t", 0, len(WORD) - 1, 2),
    "vocab_size": IntSlider("vocabulary V", 4, MOST_LETTERS, 4),
    "letter": Choice("letter", ("h", "e", "l", "o"), "l"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "the first letter": {"position": 0, "letter": "h"},
    "the same letter again": {"position": 3, "letter": "l"},
    "multiplied by 0": {"position": 1, "letter": "o"},
    "more letters": {"position": 4, "letter": "o", "vocab_size": MOST_LETTERS},
}


def hello_table(**start: Any) -> Explorer:
    """Return the explorer that shows hello as one-hot vectors, and what they pick.

    Parameters
    ----------
    **start
        Values to open with: position, vocab_size, letter.
    """
    return Explorer(
        title="Hello table",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=HelloTableView(style.figure(840, 340)),
        start=start,
    )
