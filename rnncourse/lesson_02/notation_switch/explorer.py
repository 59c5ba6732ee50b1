"""The notation switch: one step of the "hello" net, written in four ways."""

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_02.notation_switch.compute import NOTATIONS, WORD, compute
from rnncourse.lesson_02.notation_switch.view import NotationView

WORDS = {
    "papers": "papers: columns",
    "rows": "this library: rows",
    "Ng": "Ng: a⟨t⟩, W_aa",
    "PyTorch": "PyTorch's names",
}

notation_switch = Explorer(
    title="Notation switch",
    question="Predict first: one step, written in four ways. Are the numbers of the "
    "new state the same in all four, or only similar?",
    claim="One step, four ways to write it. What differs is whether a vector is a "
    "column or a row, hence on which side and which way round a matrix stands, and how "
    "things are called. The numbers are the same. In Ng's notation a is the state; "
    "here, a is the sum before tanh.",
    controls={
        "t": IntSlider("step t", 1, len(WORD), 2),
        "notation": Choice("notation", tuple(NOTATIONS), "papers", WORDS),
    },
    presets={words: {"notation": name} for name, words in WORDS.items()},
    compute=compute,
    view=NotationView,
)
