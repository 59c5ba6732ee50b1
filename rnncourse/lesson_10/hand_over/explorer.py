"""The hand-over of lesson 10."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Control, Steps, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.hand_over.compute import LONGEST, SAID_AT_MOST, compute
from rnncourse.lesson_10.hand_over.view import HandOverView

__all__ = ["hand_over"]

QUESTION = (
    "Predict first: the decoder never sees the letters. What of the word does it know "
    "when it begins to speak?"
)
CLAIM = (
    "An encoder is many to one: it reads everything into one state. A decoder is one "
    "to many: it starts from that state and from START, and reads its own words. All "
    "that it knows of the source went through the one state."
)
CONTROLS: dict[str, Control] = {
    "word": Text("word (a to h)", "badge", ("badfeedc", "h")),
    "step": Steps("step", LONGEST + SAID_AT_MOST, 5, milliseconds=600),
}
PRESETS: dict[str, dict[str, Any]] = {
    "begin to read": {"step": 1},
    "the hand-over": {"step": 5},
    "the whole answer": {"step": 18},
    "eight letters": {"word": "badfeedc", "step": 18},
    "a mistake": {"word": "feaaggge", "step": 18},
}


def hand_over(**start: Any) -> Explorer:
    """Return the explorer that follows a word through an encoder and a decoder.

    Parameters
    ----------
    **start
        Values to open with: word, step.
    """
    return Explorer(
        title="Hand-over",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=HandOverView(style.figure(840, 400)),
        start=start,
    )
