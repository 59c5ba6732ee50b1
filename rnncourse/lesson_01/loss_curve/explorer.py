"""The loss curve of lesson 01."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Control, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_01.loss_curve.compute import compute
from rnncourse.lesson_01.loss_curve.view import LossCurveView

__all__ = ["loss_curve"]

QUESTION = (
    "Predict first: a network is sure, and wrong. Which of the two losses corrects it?"
)
CLAIM = (
    "Cross-entropy has no ceiling: the surer and wronger, the larger the loss. It "
    "pushes the score by 1 \u2212 p: strongly where the answer is wrong. Squared error "
    "after a sigmoid pushes by 2p(1 \u2212 p)\u00b2: hardly at all where the answer is "
    "sure and wrong."
)
CONTROLS: dict[str, Control] = {
    "p": Slider("p of the truth", 0.001, 0.999, 0.125, step=0.001, digits=".3f"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "sure and wrong": {"p": 0.01},
    "an even choice of two": {"p": 0.5},
    "right": {"p": 0.837},
    "sure and right": {"p": 0.99},
}


def loss_curve(**start: Any) -> Explorer:
    """Return the explorer that compares two losses of one probability.

    Parameters
    ----------
    **start
        A value to open with: p.
    """
    return Explorer(
        title="Loss curve",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=LossCurveView(style.figure(840, 340)),
        start=start,
    )
