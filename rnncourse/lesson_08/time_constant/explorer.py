"""The time constant: how long a forget gate remembers."""

from rnncourse.drawing import style
from rnncourse.exploring.controls import IntSlider, LogSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_08.time_constant.compute import LONGEST, compute
from rnncourse.lesson_08.time_constant.view import TimeConstantView

time_constant = Explorer(
    title="Time constant",
    question="Predict first: with forget bias 0, who has more of the gradient left "
    "after 50 steps, the LSTM or the plain RNN? Does the loudness of the input matter?",
    claim="A forget gate multiplies the cell state, and its gradient along the direct "
    "path, by f at each step. After τ = −1/ln f steps 37 % is left; near 1 that is "
    "about 1/(1 − f) steps. The paths through the gates join it: far back most may "
    "come by them. How much a plain RNN has left depends on how loud its input is.",
    controls={
        "bias": Slider(
            "forget bias", -3, 6, 1.0, step=0.1, digits=".1f", colour=style.GATES["f"]
        ),
        "steps": IntSlider("steps T", 10, LONGEST, 50),
        "amplitude": LogSlider("input amplitude", 0.1, 10, 1),
    },
    presets={
        "mostly shut": {"bias": -2.0},
        "half open": {"bias": 0.0},
        "half open, loud input": {"bias": 0.0, "amplitude": 10**0.5},
        "the usual bias": {"bias": 1.0},
        "τ = 20": {"bias": 3.0},
        "τ = 100": {"bias": 4.6, "steps": 100},
    },
    compute=compute,
    view=TimeConstantView,
)
