"""The free-run drift: one token of a free run is changed."""

from rnncourse.exploring.controls import Choice, IntSlider, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.free_run_drift.compute import compute
from rnncourse.lesson_10.free_run_drift.view import DriftView
from rnncourse.lesson_10.words import LONGEST

free_run_drift = Explorer(
    title="Free-run drift",
    question="Predict first: one token is changed before it is fed back. Is the rest "
    "of the answer still right?",
    claim="A decoder that runs freely reads its own mistakes. After one wrong token it "
    "is where it never was in training, and the next are often wrong, too. Up to the "
    "first mistake both lines are the same: drift costs tokens, not exact answers.",
    controls={
        "word": Text("word (a to h)", "bade", ("badfeedc", "h", "zebra crossing")),
        "flipped": IntSlider("flip step", 0, LONGEST, 0),
        "letter": Choice("flip it to", tuple("abcdefgh"), "g"),
    },
    presets={
        "nothing flipped": {"flipped": 0},
        "the first": {"flipped": 1},
        "the second": {"flipped": 2},
        "the last": {"flipped": 4},
        "it drifts by itself": {"word": "hgfeab", "flipped": 0},
    },
    compute=compute,
    view=DriftView,
    needs={"letter": "flipped"},
)
