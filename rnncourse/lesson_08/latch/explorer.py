"""The latch: one pre-activation decides what a unit remembers."""

from rnncourse.exploring.controls import Choice, IntSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_08.latch.compute import GATES, STEPS, WORDS, compute
from rnncourse.lesson_08.latch.view import LatchView

latch = Explorer(
    title="Latch",
    question="Predict first: which gate has to close for one step, so that all is "
    "lost?",
    claim="An open input gate for one step stores; an open forget gate at every step "
    "keeps; one step of a shut forget gate erases; an open output gate shows. What is "
    "kept may stay hidden from h for as long as the output gate is shut.",
    controls={
        "a": Slider("pre-activation a", -8, 8, 6, step=0.1, digits=".1f"),
        "step": IntSlider("at step", 1, STEPS, 2),
        "gate": Choice(
            "gate", GATES, "i", {gate: f"{WORDS[gate]} {gate}" for gate in GATES}
        ),
    },
    presets={
        "store": {"gate": "i", "step": 2, "a": 6.0},
        "do not store": {"gate": "i", "step": 2, "a": -6.0},
        "store again": {"gate": "i", "step": 5, "a": 6.0},
        "keep": {"gate": "f", "step": 7, "a": 6.0},
        "keep half": {"gate": "f", "step": 7, "a": 0.0},
        "erase": {"gate": "f", "step": 7, "a": -6.0},
        "read": {"gate": "o", "step": 11, "a": 6.0},
        "read earlier": {"gate": "o", "step": 4, "a": 6.0},
    },
    compute=compute,
    view=LatchView,
)
