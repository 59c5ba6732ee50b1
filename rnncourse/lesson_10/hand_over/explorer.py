"""The hand-over: a word goes through an encoder and a decoder."""

from rnncourse.exploring.controls import Steps, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.hand_over.compute import SAID_AT_MOST, compute
from rnncourse.lesson_10.hand_over.view import HandOverView
from rnncourse.lesson_10.words import LONGEST

hand_over = Explorer(
    title="Hand-over",
    question="Predict first: the decoder never sees the letters. What of the word does "
    "it know when it begins to speak?",
    claim="An encoder is many to one: it reads everything into one state. A decoder is "
    "one to many: it starts from that state and from START, and reads its own words. "
    "All that it knows of the source went through the one state.",
    controls={
        "word": Text("word (a to h)", "badge", ("badfeedc", "h", "zebra crossing")),
        "step": Steps("step", LONGEST + SAID_AT_MOST, 1, milliseconds=600),
    },
    presets={
        "begin to read": {"step": 1},
        "the hand-over": {"step": 5},
        "the whole answer": {"step": 18},
        "eight letters": {"word": "badfeedc", "step": 18},
        "a mistake": {"word": "feaaggge", "step": 18},
    },
    compute=compute,
    view=HandOverView,
)
