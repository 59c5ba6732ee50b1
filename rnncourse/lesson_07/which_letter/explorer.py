"""Which letter mattered: gradient and occlusion side by side."""

from rnncourse.exploring.controls import Choice, Steps, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_07.which_letter.compute import (
    LONGEST,
    TARGETS,
    TEXT,
    compute,
)
from rnncourse.lesson_07.which_letter.view import WhichLetterView

which_letter = Explorer(
    title="Which letter mattered",
    question="Predict first: the net reads this text symbol by symbol. Which of them "
    "make it say what it says next, and will two ways to ask agree?",
    claim="The gradient tells what a tiny change at a symbol would do, whatever stands "
    "there; occlusion tells what is lost without it. Here occlusion finds the bracket "
    "that was opened long ago. They need not agree, and neither is the whole truth.",
    controls={
        "text": Text("the text", TEXT, ("{a} 12 ()", '"' * 30)),
        "read": Steps("symbols read", LONGEST, 1, low=1, milliseconds=600),
        "target": Choice("explain", TARGETS, TARGETS[0]),
    },
    presets={
        "an open bracket": {"text": "(abbabab", "read": 8, "target": ")"},
        "which of two": {"text": "[ab(a(b)b)ab", "read": 12, "target": "]"},
        "within a quote": {"text": '(ab"abba', "read": 8, "target": '"'},
        "not in a quote": {"text": '(ab"abba', "read": 8, "target": ")"},
    },
    compute=compute,
    view=WhichLetterView,
)
