"""The look-ahead explorer of lesson 03."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_03.look_ahead.compute import DIRECTIONS, compute
from rnncourse.lesson_03.look_ahead.view import LookAheadView

__all__ = ["look_ahead"]

QUESTION = (
    "Predict first: in “the light bird falls”, when can a reader know that “light” is "
    "an adjective?"
)
CLAIM = (
    "A state knows the inputs up to its own step, the present one included, and none "
    "after it. More training cannot lift a reader of one direction above its ceiling; "
    "a second net that reads from the other end can."
)
CONTROLS: dict[str, Control] = {
    "sentence": Text("sentence", "the light bird falls", ("light xylophone " * 9,)),
    "direction": Choice("it reads", DIRECTIONS, DIRECTIONS[0]),
}
PRESETS: dict[str, dict[str, Any]] = {
    "before the next word": {"sentence": "the light bird falls"},
    "after it": {"sentence": "the light bird falls", "direction": "both"},
    "the other meaning": {"sentence": "the light falls", "direction": "both"},
    "from the right": {
        "sentence": "the dog likes the walks",
        "direction": "right to left",
    },
    "a long one": {
        "sentence": "the cold orange follows the green square",
        "direction": "both",
    },
}


def look_ahead(**start: Any) -> Explorer:
    """Return the explorer that tags words in one direction, or in both.

    Parameters
    ----------
    **start
        Values to open with: sentence, direction.
    """
    return Explorer(
        title="Look ahead",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=LookAheadView(style.figure(840, 340)),
        start=start,
    )
