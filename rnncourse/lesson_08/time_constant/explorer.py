"""The time constant: how long a forget gate remembers."""

from rnncourse.drawing import style
from rnncourse.exploring.controls import IntSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_08.time_constant.compute import LONGEST, compute
from rnncourse.lesson_08.time_constant.view import TimeConstantView

time_constant = Explorer(
    title="Time constant",
    question="Predict first: with f = 0.9, after how many steps is about a third left?",
    claim="A forget gate multiplies the cell state, and its gradient along the direct "
    "path, by f at each step. After τ = −1/ln f steps 37 % is left; near 1 that is "
    "about 1/(1 − f) steps. The paths through the gates add to it, and can be larger.",
    controls={
        "bias": Slider(
            "forget bias", -3, 6, 1.0, step=0.1, digits=".1f", colour=style.GATES["f"]
        ),
        "steps": IntSlider("steps T", 10, LONGEST, 50),
    },
    presets={
        "mostly shut": {"bias": -2.0},
        "half open": {"bias": 0.0},
        "the usual start": {"bias": 1.0},
        "τ = 20": {"bias": 3.0},
        "τ = 100": {"bias": 4.6, "steps": 100},
    },
    compute=compute,
    view=TimeConstantView,
)
