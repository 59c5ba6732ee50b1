"""Fold and unfold: a net drawn as a loop, and unrolled."""

from rnncourse.exploring.controls import HALF, Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_02.fold_unfold.compute import LONGEST, PARTS, compute
from rnncourse.lesson_02.fold_unfold.view import UnfoldingView

WORDS = {
    "W_xh": "W_xh, input to state",
    "W_hh": "W_hh, state to state",
    "W_hy": "W_hy, state to scores",
    "h": "h, the states",
}

fold_unfold = Explorer(
    title="Fold and unfold",
    question="Predict first: a sequence twice as long. How many more parameters does "
    "the net need?",
    claim="The loop and the row of columns are one net. Every W_hh of the row is the "
    "same array, and so is every W_xh and every W_hy: the number of parameters does "
    "not depend on T. What grows with T are the states, and the work to compute them.",
    controls={
        "part": Choice("light up", PARTS, "everything", WORDS, HALF),
        "steps": IntSlider("steps T", 1, LONGEST, 4),
        "hidden": IntSlider("hidden units H", 1, 64, 3),
    },
    presets={
        "one step": {"steps": 1},
        "eight steps": {"steps": 8},
        "what is shared": {"steps": 8, "part": "W_hh"},
        "what grows": {"steps": 8, "part": "h"},
    },
    compute=compute,
    view=UnfoldingView,
)
