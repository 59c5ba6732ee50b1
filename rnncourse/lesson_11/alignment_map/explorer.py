"""The alignment map: where a decoder looks while it writes."""

from rnncourse.exploring.controls import Choice, IntSlider, LogSlider, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_11.alignment_map.compute import (
    EXAMPLES,
    LOOKS,
    MOST,
    NETS,
    compute,
)
from rnncourse.lesson_11.alignment_map.view import AlignmentView

alignment_map = Explorer(
    title="Alignment map",
    question="Predict first: year, month, day, one character at a time. Where in the "
    "source does the decoder look at each of them? And must a look be narrow for the "
    "answer to be right?",
    claim="Nobody told the net where the year stands, and with dot or additive scores "
    "it looks there: the map shows which part of the answer is read off which part of "
    "the source, though the two have them in another order. Narrow looks are no "
    "condition: the scaled net looks at nearly everything at once and is right, too. "
    "What counts is that the looks differ as they did in training, and a high "
    "temperature makes them all alike.",
    controls={
        "net": Choice("task", tuple(NETS), "dates"),
        "look": Choice("scores", LOOKS, "dot"),
        "example": IntSlider("which example", 0, EXAMPLES, 0),
        "temperature": LogSlider("temperature", 0.1, 5, 1),
        "output": Steps("outputs", MOST, 0, milliseconds=500),
    },
    presets={
        "the year": {"output": 4},
        "the month": {"output": 7},
        "the whole date": {"output": MOST},
        "blurred": {"output": MOST, "temperature": 5},
        "scaled scores": {"output": MOST, "look": "scaled"},
        "number words": {"net": "number words", "output": MOST},
    },
    compute=compute,
    view=AlignmentView,
)
