"""The parameter race: the weights of a window network and of an RNN, counted."""

from rnncourse.exploring.controls import IntSlider, Stops
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_00.parameter_race.compute import LONGEST, compute
from rnncourse.lesson_00.parameter_race.view import ParameterRaceView

SIZES = (2, 5, 10, 27, 50, 100, 200, 500, 1000, 2000, 5000)

parameter_race = Explorer(
    title="Parameter race",
    question="Predict first: the text gets twice as long. Which of the two networks "
    "must grow, and by how much?",
    claim="A window network has weights of its own for each place: its first layer has "
    "T·V·H of them, and the next longer text needs another network. An RNN uses the "
    "same weights at each step, H·(V + H + 1) at any length. It pays with H·H weights "
    "for its memory, so it is the larger one only where T is below 1 + H/V.",
    controls={
        "steps": IntSlider("letters read T", 1, LONGEST, 1),
        "vocab": Stops("vocabulary V", SIZES, 27),
        "hidden": IntSlider("hidden units H", 4, 256, 64),
    },
    presets={
        "one word": {"steps": 5},
        "a line of text": {"steps": 80},
        "words, not letters": {"steps": 20, "vocab": 5000},
        "the window is smaller": {"steps": 3, "vocab": 2, "hidden": 64},
    },
    compute=compute,
    view=ParameterRaceView,
)
