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
from rnncourse.lesson_11.forced import LOOKS

force_a_weight = Explorer(
    title="Force a weight",
    question="Predict first: this net writes a date. You take away the weight that is "
    "largest, or you put all of it on a letter that has nothing to do with the matter. "
    "Does another character come out? Try a digit of the year, then one of the day.",
    claim="A weight shows what is mixed, and not what matters. Where the looks are "
    "wide, the largest weight can be taken away and the same is written, for the "
    "states beside it know the same. Where they are narrow, its place is needed more "
    "often, and not always. And what the handed-over state holds comes out whatever is "
    "looked at. To find out what an answer depends on, change it and look.",
    controls={
        "source": Choice("date", tuple(SOURCES), next(iter(SOURCES)), width=HALF),
        "look": Choice("scores", LOOKS, LOOKS[0], width=HALF),
        "step": IntSlider("writes character", 1, 10, 10),
        "how": Choice("it looks with", HOW, OWN, width=HALF),
        "place": IntSlider("forced letter", 1, LONGEST, 1),
        "weight": Slider("its weight", 0, 1, 0.9),
    },
    presets={
        "the year, elsewhere": {"step": 3, "how": FORCE, "place": 1, "weight": 1.0},
        "the day, elsewhere": {"step": 10, "how": FORCE, "place": 1, "weight": 1.0},
        "without the largest": {"how": "without the largest"},
        "a narrow look": {"look": "dot"},
        "narrow, without it": {"look": "dot", "how": "without the largest"},
        "narrow, and needed": {
            "look": "dot",
            "how": "without the largest",
            "step": 9,
        },
        "all alike": {"how": "even"},
    },
    compute=compute,
    view=ForceAWeightView,
)
