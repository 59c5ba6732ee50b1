"""The bottleneck: how long a word fits through one state."""

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.bottleneck.compute import LENGTHS, compute
from rnncourse.lesson_10.bottleneck.view import BottleneckView

bottleneck = Explorer(
    title="Bottleneck",
    question="Predict first: 48 numbers carry nearly every word of 4 letters. Do they "
    "carry those of 12?",
    claim="Whatever the source says has to go through one state of fixed size. The "
    "longer the source, the fewer come through whole. A larger state moves the limit, "
    "and so does a longer training; attention, in lesson 11, takes another way.",
    controls={
        "length": IntSlider("word length", LENGTHS[0], LENGTHS[-1], 4),
        "draw": IntSlider("which word", 0, 20, 0),
        "hidden": Choice("state size H", ("16", "32", "48"), "48"),
    },
    presets={
        "fits": {"length": 4, "hidden": "48"},
        "too small a state": {"length": 4, "hidden": "16", "draw": 3},
        "too long a word": {"length": 12, "hidden": "48"},
    },
    compute=compute,
    view=BottleneckView,
)
