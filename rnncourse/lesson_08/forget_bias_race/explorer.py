"""The forget-bias race: three LSTMs with forget bias −2, 0 and +1."""

from collections.abc import Iterator

from rnncourse.exploring.controls import IntSlider, Slider
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


def train(*, update: float, seed: int) -> Iterator[Race]:
    """Run the race of a seed again; how many updates are shown does not matter."""
    return run(seed)


forget_bias_race = Explorer(
    title="Forget-bias race",
    question="Predict first: three LSTMs, the same but for the forget bias. Which of "
    "them learn what happened 60 steps ago?",
    claim="What these gates forget before training, training does not find: too "
    "little gradient comes back to say so. With bias −2 or 0 the LSTM guesses in all "
    "ten races. With +1 enough comes back in eight of them, and the gates open "
    "further as it learns.",
    controls={
        "seed": IntSlider("seed", 0, SEEDS - 1, 0),
        "update": Slider("updates shown", 0, UPDATES, 0, step=BLOCK, digits=".0f"),
    },
    presets={
        "at first": {"update": 40},
        "a quarter": {"update": 100},
        "half": {"update": 200},
        "the end": {"update": UPDATES},
    },
    compute=compute,
    view=ForgetBiasRaceView,
    training=Training("train all three", 5, train),
)
