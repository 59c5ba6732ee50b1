"""The free-run drift of lesson 10."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, IntSlider, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.free_run_drift.compute import compute
from rnncourse.lesson_10.free_run_drift.view import DriftView
from rnncourse.lesson_10.hand_over.compute import LONGEST

__all__ = ["free_run_drift"]

QUESTION = (
    "Predict first: one token is changed before it is fed back. Is the rest of the "
    "answer still right?"
)
CLAIM = (
    "A decoder that runs freely reads its own mistakes. After one wrong token it is "
    "where it never was in training, and the next are often wrong, too. Fed with the "
    "truth, it would not have noticed: a good loss does not promise a good answer."
)
CONTROLS: dict[str, Control] = {
    "word": Text("word (a to h)", "bade", ("badfeedc", "h")),
    "flipped": IntSlider("flip step", 0, LONGEST, 2),
    "letter": Choice("flip it to", tuple("abcdefgh"), "g"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "nothing flipped": {"flipped": 0},
    "the first": {"flipped": 1},
    "the last": {"flipped": 4},
    "it drifts by itself": {"word": "hgfeab", "flipped": 0},
}


def free_run_drift(**start: Any) -> Explorer:
    """Return the explorer that changes one token of a free run.

    Parameters
    ----------
    **start
        Values to open with: word, flipped, letter.
    """
    return Explorer(
        title="Free-run drift",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=DriftView(style.figure(840, 380)),
        start=start,
    )
