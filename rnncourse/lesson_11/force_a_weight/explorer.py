"""Force a weight: make the decoder look elsewhere, and see what it writes."""

from rnncourse.exploring.controls import HALF, Choice, IntSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_11.force_a_weight.compute import (
    FORCE,
    HOW,
    LONGEST,
    OWN,
    SOURCES,
    compute,
)
from rnncourse.lesson_11.force_a_weight.view import ForceAWeightView

force_a_weight = Explorer(
    title="Force a weight",
    question="Predict first: this net writes a date. You take away the weight that is "
    "largest, or you put all of it on a letter that has nothing to do with the matter. "
    "Does another character come out? Try a digit of the year, then one of the day.",
    claim="A weight shows what is mixed, and not what matters. The year comes out, "
    "nearly whatever is looked at: the handed-over state holds it. For the digits of "
    "the day attention is needed, yet hardly ever the one place with the largest "
    "weight, whose neighbours know the same. To find out what an answer depends on, "
    "change it and look.",
    controls={
        "source": Choice("date", tuple(SOURCES), next(iter(SOURCES)), width=HALF),
        "how": Choice("it looks with", HOW, OWN, width=HALF),
        "step": IntSlider("writes character", 1, 10, 10),
        "place": IntSlider("forced letter", 1, LONGEST, 1),
        "weight": Slider("its weight", 0, 1, 0.9),
    },
    presets={
        "the year, elsewhere": {"step": 3, "how": FORCE, "place": 1, "weight": 1.0},
        "the day, elsewhere": {"step": 10, "how": FORCE, "place": 1, "weight": 1.0},
        "without the largest": {"step": 10, "how": "without the largest"},
        "the day, all alike": {"step": 10, "how": "even"},
    },
    compute=compute,
    view=ForceAWeightView,
)
