"""The beam tree of lesson 10."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Control, IntSlider, Slider, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.beam_tree.compute import DEEPEST, WIDEST, compute
from rnncourse.lesson_10.beam_tree.view import BeamView

__all__ = ["beam_tree"]

QUESTION = (
    "Predict first: at each step the most probable letter is taken. Is the whole word "
    "then the most probable one?"
)
CLAIM = (
    "A greedy choice cannot be taken back, and may shut out the most probable whole. A "
    "beam keeps a few beginnings alive. It is still a guess: with a width that keeps "
    "everything it would be exhaustive, and nobody can pay for that."
)
CONTROLS: dict[str, Control] = {
    "depth": IntSlider("depth", 1, DEEPEST, 4),
    "width": IntSlider("beam width", 1, WIDEST, 1),
    "word": Text("word (a to h)", "fcbf", ("badfeedc", "h")),
    "alpha": Slider("length alpha", 0, 1, 0, step=0.1, digits=".1f"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "greedy": {"width": 1, "depth": 5},
    "width 2 finds it": {"width": 2, "depth": 5},
    "more probable, and wrong": {"word": "bdec", "width": 5, "depth": 5},
    "alpha helps": {"word": "aadf", "width": 5, "depth": 6, "alpha": 1.0},
}


def beam_tree(**start: Any) -> Explorer:
    """Return the explorer that shows what a beam search keeps and what it drops.

    Parameters
    ----------
    **start
        Values to open with: depth, width, word, alpha.
    """
    return Explorer(
        title="Beam tree",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=BeamView(style.figure(840, 390)),
        start=start,
    )
