"""The beam tree: what a beam search keeps, and what it drops."""

from rnncourse.exploring.controls import IntSlider, Slider, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.beam_tree.compute import DEEPEST, WIDEST, compute
from rnncourse.lesson_10.beam_tree.view import BeamView

beam_tree = Explorer(
    title="Beam tree",
    question="Predict first: at each step the most probable letter is taken. Is the "
    "whole word then the most probable one?",
    claim="A greedy choice cannot be taken back, and may shut out the most probable "
    "whole. A beam keeps a few beginnings alive. It is still a guess: with a width "
    "that keeps everything it would be exhaustive, which for long answers nobody can "
    "pay for.",
    controls={
        "depth": IntSlider("depth", 1, DEEPEST, 4),
        "width": IntSlider("beam width", 1, WIDEST, 1),
        "word": Text("word (a to h)", "fcbf", ("badfeedc", "h", "zebra crossing")),
        "alpha": Slider("length alpha", 0, 1, 0, step=0.1, digits=".1f"),
    },
    presets={
        "greedy": {"width": 1, "depth": 5},
        "one wider": {"width": 2, "depth": 5},
        "more probable, and wrong": {"word": "bdec", "width": 5, "depth": 5},
        "alpha helps": {"word": "aadf", "width": 5, "depth": 6, "alpha": 1.0},
    },
    compute=compute,
    view=BeamView,
)
