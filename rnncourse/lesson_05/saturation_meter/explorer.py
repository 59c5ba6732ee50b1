"""The saturation meter of lesson 05."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, LogSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_05.saturation_meter.compute import compute
from rnncourse.lesson_05.saturation_meter.view import SaturationView
from rnnlib.activations import ACTIVATIONS

__all__ = ["saturation_meter"]

QUESTION = "Predict first: where does a unit learn, at small or at large values?"
CLAIM = (
    "With tanh and sigmoid the slope is largest at a = 0, where tanh has 1 and the "
    "sigmoid only 1/4, and goes to 0 for large |a|: small values learn, large values "
    "saturate. That bounds the states. It is no cure for exploding gradients, but a "
    "cause of vanishing ones. ReLU has slope 1 or 0, and never saturates above 0."
)
NAMES = {"identity": "none (linear)"}
CONTROLS: dict[str, Control] = {
    "a": Slider("pre-activation a", -6, 6, 0, step=0.1, digits=".1f"),
    "gain": LogSlider("network gain g", 0.1, 10, 1),
    "activation": Choice("activation", tuple(ACTIVATIONS), "tanh", NAMES),
}
PRESETS: dict[str, dict[str, Any]] = {
    "small values learn": {"a": 0.3, "gain": 0.2},
    "large values saturate": {"a": 4, "gain": 5.0},
    "sigmoid: a quarter at most": {"activation": "sigmoid"},
    "ReLU: many are off": {"a": -2, "activation": "relu", "gain": 1.0},
}


def saturation_meter(**start: Any) -> Explorer:
    """Return the explorer that shows where an activation lets a gradient through.

    Parameters
    ----------
    **start
        Values to open with: a, gain, activation.
    """
    return Explorer(
        title="Saturation meter",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=SaturationView(style.figure(840, 350)),
        start=start,
    )
