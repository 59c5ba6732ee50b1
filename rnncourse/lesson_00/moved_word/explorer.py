"""The moved word: a word goes to where it never was in training."""

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_00.moved_word.compute import ASKED, TRAINED_ON, compute
from rnncourse.lesson_00.moved_word.hidden_word import POSITIONS
from rnncourse.lesson_00.moved_word.view import MovedWordView

PLACES = {"first ten": "began at steps 1 to 10", "all": "began at all steps, 1 to 21"}

moved_word = Explorer(
    title="Moved word",
    question="Predict first: in training “cat” began at steps 1 to 10. Move it on, to "
    "step 11 and further. Which of the two networks still finds it?",
    claim="A window network has other weights for each place, so what it learns about "
    "one place says nothing about the next. An RNN has one set of weights for all "
    "places: what it learns at one it can use at all. It can, and need not: asked only "
    "at the end, it may learn the place together with the word.",
    controls={
        "position": IntSlider("“cat” at step", 1, POSITIONS, 5),
        "text": IntSlider("other letters", 1, 20, 2),
        "trained": Choice("in training", tuple(TRAINED_ON), "first ten", PLACES),
        "asked": Choice("RNN was asked", ASKED, "after each letter"),
    },
    presets={
        "where it was": {"position": 5},
        "where it never was": {"position": 15},
        "trained at all places": {"position": 15, "trained": "all"},
        "asked only at the end": {"position": 15, "asked": "only at the end"},
    },
    compute=compute,
    view=MovedWordView,
)
