"""Connectivity: a cursor in a text, and the symbols that reach its answer."""

from rnncourse.exploring.controls import Choice, Steps, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_13.connectivity.compute import LONGEST, MEASURES, TEXT, compute
from rnncourse.lesson_13.connectivity.view import ConnectivityView

connectivity = Explorer(
    title="Connectivity",
    question="Predict first: the cursor stands behind a symbol, and the net says what "
    "comes next. Which symbols does that answer come from, how far back do they lie, "
    "and will three ways to ask agree?",
    claim="An answer may come from a symbol that was read long ago. Occlusion and "
    "integrated gradients point at what the answer rests on; the gradient says what a "
    "small change at a symbol would do, and is spread over many that are not needed. "
    "Where the three disagree, ask what each of them has asked.",
    controls={
        "text": Text("the text", TEXT, ("{a} 12 ()", '"' * 30)),
        "measure": Choice("table by", tuple(MEASURES), "gradient"),
        "read": Steps("cursor behind", LONGEST, 1, low=1, milliseconds=600),
    },
    presets={
        "an open bracket": {"text": "(abbabab", "read": 8, "measure": "occlusion"},
        "a bracket far back": {
            "text": "[ab(a(b)b)ab",
            "read": 12,
            "measure": "occlusion",
        },
        "within a quote": {"text": '(ab"abba', "read": 8, "measure": "occlusion"},
        "all by gradient": {"read": 17},
        "all by occlusion": {"read": 17, "measure": "occlusion"},
    },
    compute=compute,
    view=ConnectivityView,
)
