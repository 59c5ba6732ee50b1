"""The bottleneck of lesson 10."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.bottleneck.compute import LENGTHS, compute
from rnncourse.lesson_10.bottleneck.view import BottleneckView

__all__ = ["bottleneck"]

QUESTION = (
    "Predict first: 48 numbers carry nearly every word of 4 letters. Do they carry "
    "those of 12?"
)
CLAIM = (
    "Whatever the source says has to go through one state of fixed size. The longer "
    "the source, the fewer come through whole. A larger state moves the limit, and so "
    "does a longer training; attention, in lesson 11, takes another way."
)
CONTROLS: dict[str, Control] = {
    "length": IntSlider("word length", LENGTHS[0], LENGTHS[-1], 4),
    "draw": IntSlider("which word", 0, 20, 0),
    "hidden": Choice("state size H", ("16", "32", "48"), "48"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "fits": {"length": 4, "hidden": "48"},
    "too small a state": {"length": 4, "hidden": "16"},
    "too long a word": {"length": 12, "hidden": "48"},
}


def bottleneck(**start: Any) -> Explorer:
    """Return the explorer that finds how long a word fits through one state.

    Parameters
    ----------
    **start
        Values to open with: length, draw, hidden.
    """
    return Explorer(
        title="Bottleneck",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=lambda hidden, **values: compute(hidden=int(hidden), **values),
        view=BottleneckView(style.figure(840, 350)),
        start=start,
    )
