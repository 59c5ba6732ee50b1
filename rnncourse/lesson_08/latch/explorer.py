"""The latch of lesson 08."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, IntSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_08.latch.compute import GATES, STEPS, WORDS, compute
from rnncourse.lesson_08.latch.view import LatchView

__all__ = ["latch"]

QUESTION = "Predict first: which gate has to close for one step, so that all is lost?"
CLAIM = (
    "An open input gate for one step stores; an open forget gate at every step keeps; "
    "one step of a shut forget gate erases; an open output gate shows. What is kept "
    "may stay hidden from h for as long as the output gate is shut."
)
CONTROLS: dict[str, Control] = {
    "a": Slider("pre-activation a", -8, 8, 6, step=0.1, digits=".1f"),
    "step": IntSlider("at step", 1, STEPS, 2),
    "gate": Choice(
        "gate", GATES, "i", {gate: f"{WORDS[gate]} {gate}" for gate in GATES}
    ),
}
PRESETS: dict[str, dict[str, Any]] = {
    "store": {"gate": "i", "step": 2, "a": 6.0},
    "do not store": {"gate": "i", "step": 2, "a": -6.0},
    "store again": {"gate": "i", "step": 5, "a": 6.0},
    "keep": {"gate": "f", "step": 7, "a": 6.0},
    "keep half": {"gate": "f", "step": 7, "a": 0.0},
    "erase": {"gate": "f", "step": 7, "a": -6.0},
    "read": {"gate": "o", "step": 11, "a": 6.0},
    "read earlier": {"gate": "o", "step": 4, "a": 6.0},
}


def latch(**start: Any) -> Explorer:
    """Return the explorer where one pre-activation decides what a unit remembers.

    Parameters
    ----------
    **start
        Values to open with: gate, step, a.
    """
    return Explorer(
        title="Latch",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=LatchView(style.figure(840, 350)),
        start=start,
    )
