"""The backward stepper of lesson 04."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_04.backward_stepper.compute import LAST, LEFT_OUT, compute
from rnncourse.lesson_04.backward_stepper.view import BackwardView

__all__ = ["backward_stepper"]

QUESTION = "Predict first: at which step does no gradient come from a next step?"
CLAIM = (
    "Going back, two gradients meet at each state: one from the loss of this step, one "
    "from the next step. Their sum is multiplied by the slope of tanh. The result is "
    "added to the gradients of the weights, the same arrays at each step, and sent on "
    "through W_hh to the state before."
)
CONTROLS: dict[str, Control] = {
    "moves": Steps("moves back", LAST, 4, milliseconds=1500),
    "left_out": Choice("leave out", LEFT_OUT, "nothing"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "the last step": {"moves": 1},
    "two gradients meet": {"moves": 4},
    "arrived": {"moves": LAST},
    "the next step forgotten": {"moves": LAST, "left_out": "the next step"},
    "overwritten": {"moves": LAST, "left_out": "the sum"},
}


def backward_stepper(**start: Any) -> Explorer:
    """Return the explorer that takes the backward pass of the four-letter net apart.

    Parameters
    ----------
    **start
        Values to open with: moves, left_out.
    """
    return Explorer(
        title="Backward stepper",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=BackwardView(style.figure(840, 396)),
        start=start,
    )
