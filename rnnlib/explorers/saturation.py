"""The saturation meter of lesson 05."""

from typing import Any

from rnnlib.activations import ACTIVATIONS
from rnnlib.computations.saturation import compute
from rnnlib.explorers.controls import Choice, Control, LogSlider, Slider
from rnnlib.explorers.engine import Explorer
from rnnlib.views import style
from rnnlib.views.saturation import SaturationView

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
