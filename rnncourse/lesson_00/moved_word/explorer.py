"""The moved word of lesson 00."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_00.moved_word.compute import ASKED, TRAINED_ON, compute
from rnncourse.lesson_00.moved_word.hidden_word import POSITIONS
from rnncourse.lesson_00.moved_word.view import MovedWordView

__all__ = ["moved_word"]

QUESTION = (
    "Predict first: “cat” moves from position 9 to position 10. Which of the two "
    "curves will fall?"
)
CLAIM = (
    "A window network has other weights for each place, so what it learns about one "
    "place says nothing about the next. An RNN has one set of weights for all places: "
    "what it learns at one it can use at all. It can, and need not: asked only at the "
    "end, it may learn the place together with the word."
)
PLACES = {"first ten": "positions 0 to 9", "all": "all positions, 0 to 20"}
CONTROLS: dict[str, Control] = {
    "position": IntSlider("position of “cat”", 0, POSITIONS - 1, 4),
    "text": IntSlider("other letters", 1, 20, 2),
    "trained": Choice("in training", tuple(TRAINED_ON), "first ten", PLACES),
    "asked": Choice("RNN was asked", ASKED, "after each letter"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "where it was": {"position": 4},
    "where it never was": {"position": 15},
    "trained at all places": {"position": 15, "trained": "all"},
    "asked only at the end": {"position": 15, "asked": "only at the end"},
}


def moved_word(**start: Any) -> Explorer:
    """Return the explorer that moves a word to where it never was in training.

    Parameters
    ----------
    **start
        Values to open with: position, text, trained, asked.
    """
    return Explorer(
        title="Moved word",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=MovedWordView(style.figure(840, 400)),
        start=start,
    )
