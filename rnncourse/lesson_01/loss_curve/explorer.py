"""The loss curve: two losses of one probability."""

from rnncourse.exploring.controls import Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_01.loss_curve.compute import compute
from rnncourse.lesson_01.loss_curve.view import LossCurveView

loss_curve = Explorer(
    title="Loss curve",
    question="Predict first: a network is sure, and wrong. Which of the two losses "
    "corrects it?",
    claim="Cross-entropy has no ceiling: the surer and wronger, the larger the loss. "
    "It pushes the score by 1 \u2212 p: strongly where the answer is wrong. Squared "
    "error after a sigmoid pushes by 2p(1 \u2212 p)\u00b2: hardly at all where the "
    "answer is sure and wrong.",
    controls={
        "p": Slider("p of the truth", 0.001, 0.999, 0.125, step=0.001, digits=".3f")
    },
    presets={
        "sure and wrong": {"p": 0.01},
        "an even choice of two": {"p": 0.5},
        "right": {"p": 0.837},
        "sure and right": {"p": 0.99},
    },
    compute=compute,
    view=LossCurveView,
)
