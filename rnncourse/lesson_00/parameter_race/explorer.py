"""The parameter race of lesson 00."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Control, IntSlider, Stops
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_00.parameter_race.compute import LONGEST, compute
from rnncourse.lesson_00.parameter_race.view import ParameterRaceView

__all__ = ["parameter_race"]

QUESTION = (
    "Predict first: the text gets twice as long. Which of the two networks must grow, "
    "and by how much?"
)
CLAIM = (
    "A window network has weights of its own for each place: its first layer has T·V·H "
    "of them, and the next longer text needs another network. An RNN uses the same "
    "weights at each step, H·(V + H + 1) at any length. It pays with H·H weights for "
    "its memory, so it is the larger one only where T is below 1 + H/V."
)
SIZES = (2, 5, 10, 27, 50, 100, 200, 500, 1000, 2000, 5000)
CONTROLS: dict[str, Control] = {
    "steps": IntSlider("letters read T", 1, LONGEST, 20),
    "vocab": Stops("vocabulary V", SIZES, 27),
    "hidden": IntSlider("hidden units H", 4, 256, 64),
}
PRESETS: dict[str, dict[str, Any]] = {
    "one word": {"steps": 5},
    "a line of text": {"steps": 80},
    "words, not letters": {"steps": 20, "vocab": 5000},
    "the window is smaller": {"steps": 3, "vocab": 2, "hidden": 64},
}


def parameter_race(**start: Any) -> Explorer:
    """Return the explorer that counts the parameters of a window network and an RNN.

    Parameters
    ----------
    **start
        Values to open with: steps, vocab, hidden.
    """
    return Explorer(
        title="Parameter race",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=ParameterRaceView(style.figure(840, 340)),
        start=start,
    )
