"""The convention switch: one GRU's weights in the hands of another library."""

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_09.convention_switch.compute import (
    CONVENTIONS,
    HOW,
    UNITS,
    compute,
)
from rnncourse.lesson_09.convention_switch.view import ConventionSwitchView

NAMES = tuple(CONVENTIONS)
WORDS = {"copied": "copied as they are"}

convention_switch = Explorer(
    title="Convention switch",
    question="Predict first: between which two of the four can no conversion keep the "
    "states as they are?",
    claim="The order of the blocks is a matter of sorting, and whether z keeps or "
    "writes is a matter of sign: neither loses anything. On which side of the product "
    "r sits makes two kinds of cell, and no weights turn one into the other.",
    controls={
        "given": Choice("weights from", NAMES, "PyTorch"),
        "taken": Choice("go to", NAMES, "PyTorch"),
        "how": Choice("they are", HOW, "copied", WORDS),
        "unit": IntSlider("shown: unit", 1, UNITS, 1),
    },
    presets={
        "copied to Keras": {"taken": "Keras"},
        "converted to Keras": {"taken": "Keras", "how": "converted"},
        "z means the opposite": {"given": "Cho 2014", "taken": "Chung 2014"},
        "z turned round": {
            "given": "Cho 2014",
            "taken": "Chung 2014",
            "how": "converted",
        },
        "r on the other side": {"taken": "Cho 2014", "how": "converted"},
    },
    compute=compute,
    view=ConventionSwitchView,
)
