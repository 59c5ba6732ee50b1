"""The neuron strip: what a single unit follows in a text."""

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_07.brackets import FEATURES
from rnncourse.lesson_07.neuron_strip.compute import UNITS, compute
from rnncourse.lesson_07.neuron_strip.view import NeuronStripView

neuron_strip = Explorer(
    title="Neuron strip",
    question="Predict first: nobody has told this net that brackets nest. Will one of "
    "its 32 units follow how deep they are, and how closely?",
    claim="What helps to foretell the next symbol is found in the state, though it was "
    "never a target. Some units go closely with the depth, others with the quote; a "
    "number beside the colour says how closely, and none of them does one thing alone.",
    controls={
        "by": Choice("sorted by", FEATURES, "quote"),
        "rank": IntSlider("rank", 1, UNITS, 8),
        "example": IntSlider("another text", 1, 20, 1),
    },
    presets={
        "follows the depth": {"by": "depth", "rank": 1},
        "follows the quote": {"by": "quote", "rank": 1},
        "knows where it is": {"by": "position", "rank": 1},
        "knows nothing of it": {"by": "depth", "rank": 32},
    },
    compute=compute,
    view=NeuronStripView,
)
