"""The softmax bars: four scores become probabilities."""

from rnncourse.exploring.controls import Choice, LogSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_01.softmax_bars.compute import BESIDE, compute
from rnncourse.lesson_01.softmax_bars.view import SoftmaxBarsView


def _score(letter: str, value: float) -> Slider:
    return Slider(f"score of {letter}", -5, 5, value, step=0.1, digits=".1f")


WORDS = {"scores": "the scores", "gradient": "the gradient p \u2212 y"}


softmax_bars = Explorer(
    title="Softmax bars",
    question="Predict first: raise one score alone. What happens to the other three "
    "probabilities? And what does a high temperature do to all four?",
    claim="Softmax makes any scores positive numbers that sum to 1. Only differences "
    "matter: a shift of all scores changes nothing. A low temperature sharpens, a high "
    "one flattens.",
    controls={
        "score_h": _score("h", 1.0),
        "score_e": _score("e", 2.2),
        "score_l": _score("l", -3.0),
        "score_o": _score("o", 4.1),
        "temperature": LogSlider("temperature", 0.1, 5, 1),
        "shift": Slider("add to all four", -5, 5, 0, step=0.1, digits=".1f"),
        "beside": Choice("beside p", BESIDE, "scores", WORDS),
    },
    presets={
        "all scores 3 lower": {"shift": -3.0},
        "cold": {"temperature": 0.1},
        "hot": {"temperature": 5.0},
        "an even choice": {
            "score_h": 1.0,
            "score_e": 1.0,
            "score_l": 1.0,
            "score_o": 1.0,
        },
        "e first": {"score_e": 4.1, "score_o": 2.2},
    },
    compute=compute,
    view=SoftmaxBarsView,
)
