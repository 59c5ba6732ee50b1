"""The loss curve: what a guess costs, and what two losses send back."""

from rnncourse.exploring.controls import Choice, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_01.loss_curve.compute import BESIDE, compute
from rnncourse.lesson_01.loss_curve.view import LossCurveView

WORDS = {"perplexity": "the perplexity", "push": "the push to a score"}

loss_curve = Explorer(
    title="Loss curve",
    question="Predict first: p, the probability of the truth, falls from 0.5 to 0.01. "
    "By how much does the loss grow?",
    answer="By ln 50, that is 3.91.",
    claim="Cross-entropy has no ceiling: the surer and wronger, the larger the loss. "
    "Each time p is halved, the same is added to it, and the perplexity is doubled.",
    controls={
        "p": Slider("p of the truth", 0.001, 0.999, 0.5, step=0.001, digits=".3f"),
        "beside": Choice("beside it", BESIDE, "perplexity", WORDS),
    },
    presets={
        "an even choice of eight": {"p": 0.125},
        "sure and wrong": {"p": 0.01},
        "right": {"p": 0.837},
        "sure and right": {"p": 0.99},
    },
    compute=compute,
    view=LossCurveView,
)
