"""The forget-bias race of lesson 08."""

from collections.abc import Iterator
from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Control, IntSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.exploring.live import Training
from rnncourse.lesson_08.forget_bias_race.compute import (
    BLOCK,
    SEEDS,
    UPDATES,
    Race,
    compute,
    run,
)
from rnncourse.lesson_08.forget_bias_race.view import ForgetBiasRaceView

__all__ = ["forget_bias_race"]

QUESTION = (
    "Predict first: three LSTMs, the same but for the forget bias. Which of them learn "
    "what happened 60 steps ago?"
)
CLAIM = (
    "What the gates forget at the start, training cannot find: no gradient comes back "
    "to say so. With bias −2 or 0 the LSTM guesses, with +1 enough comes back, and the "
    "gates open further as it learns. One number of the start decides."
)
CONTROLS: dict[str, Control] = {
    "seed": IntSlider("seed", 0, SEEDS - 1, 0),
    "update": Slider("updates shown", 0, UPDATES, UPDATES, step=BLOCK, digits=".0f"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "at first": {"update": 40},
    "a quarter": {"update": 100},
    "half": {"update": 200},
}


def forget_bias_race(**start: Any) -> Explorer:
    """Return the explorer where three LSTMs race, of forget bias −2, 0 and +1.

    Parameters
    ----------
    **start
        Values to open with: seed, update.
    """
    return Explorer(
        title="Forget-bias race",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=ForgetBiasRaceView(style.figure(840, 340)),
        start=start,
        training=Training("train all three", 5, train),
    )


def train(*, update: float, seed: int) -> Iterator[Race]:
    """Run the race of a seed again; how many updates are shown does not matter."""
    return run(seed)
