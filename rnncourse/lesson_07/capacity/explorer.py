"""Capacity: units, cells, and the entropy that nobody gets under."""

from rnncourse.exploring.controls import Choice, Stops
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_07.capacity.compute import CELLS, compute
from rnncourse.lesson_07.capacity.view import CapacityView
from rnncourse.lesson_07.trials import SIZES

capacity = Explorer(
    title="Capacity",
    question="Predict first: the number of units is doubled, three times. How much of "
    "the distance to the best possible loss goes away each time, and where is it lost?",
    claim="The entropy of this language is known, so that one can say how much is "
    "left to learn. More units come closer. A symbol costs most where four brackets "
    "are open, several times as much as with none. But that is one symbol in 25: "
    "nearly half of all that is lost, or more, is lost with at most one open.",
    controls={
        "hidden": Stops("units H", SIZES, SIZES[0]),
        "cell": Choice("cell", tuple(CELLS), "LSTM"),
    },
    presets={
        "a small RNN": {"cell": "RNN", "hidden": 8},
        "a large RNN": {"cell": "RNN", "hidden": 64},
        "twice the units": {"cell": "LSTM", "hidden": 16},
        "a large LSTM": {"cell": "LSTM", "hidden": 64},
    },
    compute=compute,
    view=CapacityView,
)
