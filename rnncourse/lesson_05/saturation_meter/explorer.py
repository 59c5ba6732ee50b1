"""The saturation meter: where an activation lets a gradient through."""

from rnncourse.exploring.controls import Choice, LogSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_05.saturation_meter.compute import compute
from rnncourse.lesson_05.saturation_meter.view import SaturationView
from rnnlib.activations import ACTIVATIONS

NAMES = {"identity": "none (linear)"}

saturation_meter = Explorer(
    title="Saturation meter",
    question="Predict first: raise the gain of the network to 10. Which share of its "
    "states is saturated then: a tenth, a half, or nearly all?",
    claim="With tanh and sigmoid the slope is largest at a = 0, where tanh has 1 and "
    "the sigmoid only 1/4, and goes to 0 for large |a|: small values learn, large "
    "values saturate. That bounds the states. It is no cure for exploding gradients, "
    "but a cause of vanishing ones. ReLU has slope 1 or 0, and never saturates above "
    "0.",
    controls={
        "a": Slider("pre-activation a", -6, 6, 0, step=0.1, digits=".1f"),
        "gain": LogSlider("network gain", 0.1, 10, 1),
        "activation": Choice("activation", tuple(ACTIVATIONS), "tanh", NAMES),
    },
    presets={
        "small values learn": {"a": 0.3, "gain": 0.2},
        "large values saturate": {"a": 4, "gain": 5.0},
        "sigmoid: a quarter at most": {"activation": "sigmoid"},
        "ReLU: many are off": {"a": -2, "activation": "relu", "gain": 1.0},
    },
    compute=compute,
    view=SaturationView,
)
