"""The softmax bars of lesson 01."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Control, LogSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_01.softmax_bars.compute import compute
from rnncourse.lesson_01.softmax_bars.view import SoftmaxBarsView

__all__ = ["softmax_bars"]

QUESTION = (
    "Predict first: raise one score alone. What happens to the other three "
    "probabilities, and what if you lower all four by 1?"
)
CLAIM = (
    "Softmax makes any scores positive numbers that sum to 1. Only differences "
    "matter: a shift of all scores changes nothing. A low temperature sharpens, a "
    "high one flattens. The gradient p \u2212 y pulls every wrong letter down and the "
    "target up, also where the target is already first."
)


def _score(letter: str, value: float) -> Slider:
    return Slider(f"score of {letter}", -5, 5, value, step=0.1, digits=".1f")


CONTROLS: dict[str, Control] = {
    "score_h": _score("h", 1.0),
    "score_e": _score("e", 2.2),
    "score_l": _score("l", -3.0),
    "score_o": _score("o", 4.1),
    "temperature": LogSlider("temperature", 0.1, 5, 1),
}
PRESETS: dict[str, dict[str, Any]] = {
    "all scores 1 lower": {
        "score_h": 0.0,
        "score_e": 1.2,
        "score_l": -4.0,
        "score_o": 3.1,
    },
    "cold": {"temperature": 0.1},
    "hot": {"temperature": 5.0},
    "an even choice": {
        "score_h": 1.0,
        "score_e": 1.0,
        "score_l": 1.0,
        "score_o": 1.0,
    },
    "already right": {"score_e": 4.1, "score_o": 2.2},
}


def softmax_bars(**start: Any) -> Explorer:
    """Return the explorer that turns four scores into probabilities.

    Parameters
    ----------
    **start
        Values to open with: score_h, score_e, score_l, score_o, temperature.
    """
    return Explorer(
        title="Softmax bars",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=SoftmaxBarsView(style.figure(840, 340)),
        start=start,
    )
