"""Surgery: a state is moved along a direction, and the net writes on."""

from rnncourse.exploring.controls import HALF, Choice, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_13.surgery.compute import DIRECTIONS, MOST, TEXTS, compute
from rnncourse.lesson_13.surgery.view import SurgeryView

surgery = Explorer(
    title="Surgery",
    question="Predict first: you move the state along the direction of a probe with "
    "R² = 0.92, until it reads one open bracket more. Will the net close one more? And "
    "if you go from the mean of few open brackets to that of many?",
    claim="That a number can be read from a state does not say that the net reads it "
    "there. One bracket more along this probe's direction changes what the probe reads "
    "and hardly what comes next. One more from the mean of few open brackets to that "
    "of many changes both. What a net uses is found by changing it.",
    controls={
        "text": Choice("text", TEXTS, "([a", width=HALF),
        "way": Choice("direction", DIRECTIONS, DIRECTIONS[0], width=HALF),
        "shift": Slider("moved by", -MOST, MOST, 0.0, step=0.1, digits=".1f"),
    },
    presets={
        "the probe, +1": {"shift": 1.0},
        "the probe, +3": {"shift": 3.0},
        "the means, +1": {"way": DIRECTIONS[1], "shift": 1.0},
        "the means, −2": {"way": DIRECTIONS[1], "shift": -2.0},
        "at random, +1": {"way": DIRECTIONS[2], "shift": 1.0},
    },
    compute=compute,
    view=SurgeryView,
)
