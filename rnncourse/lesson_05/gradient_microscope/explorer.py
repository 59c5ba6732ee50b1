"""The gradient microscope: what is left of a gradient, step by step back."""

from rnncourse.exploring.controls import Choice, IntSlider, LogSlider, Slider, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_05.gradient_microscope.compute import (
    INITIALISERS,
    LONGEST,
    compute,
)
from rnncourse.lesson_05.gradient_microscope.view import MicroscopeView
from rnnlib.activations import ACTIVATIONS

NAMES = {"identity": "none (linear)"}

gradient_microscope = Explorer(
    title="Gradient microscope",
    question="Predict first: tanh never has a slope above 1. Can its gradient grow?",
    claim="Each step back multiplies the gradient by the slopes and by W_hh, and what "
    "counts is the product of all steps. With tanh, weights that can stretch may make "
    "it vanish or explode: it depends on how loud the input is. With ReLU and no bias, "
    "as here, the loudness changes nothing.",
    controls={
        "gain": Slider("gain", 0.5, 2.5, 0.9, step=0.02),
        "amplitude": LogSlider("input amplitude", 1e-3, 2, 0.1),
        "steps": IntSlider("steps T", 5, LONGEST, 60),
        "hidden": IntSlider("hidden units H", 2, 32, 32),
        "activation": Choice("activation", tuple(ACTIVATIONS), "tanh", NAMES),
        "initialiser": Choice("initialisation", tuple(INITIALISERS), "orthogonal"),
        "driven": Toggle("input is on", True),
    },
    presets={
        "vanishes": {"gain": 0.8, "amplitude": 0.1},
        "just right": {"gain": 1.0, "amplitude": 0.01},
        "tanh explodes": {"gain": 2.0, "amplitude": 0.01},
        "louder input": {"gain": 1.3, "amplitude": 1.0},
        "no input": {"gain": 1.3, "driven": False},
        "grows, then dies": {
            "gain": 0.7,
            "amplitude": 0.001,
            "initialiser": "non-normal",
        },
    },
    compute=compute,
    view=MicroscopeView,
    needs={"amplitude": "driven"},
)
