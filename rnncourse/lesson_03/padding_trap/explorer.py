"""The padding trap: a net reads a review and the padding after it."""

from rnncourse.exploring.controls import HALF, Choice, IntSlider, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_03.padding_trap.compute import (
    FILLERS,
    MOST_PADDING,
    REVIEWS,
    compute,
)
from rnncourse.lesson_03.padding_trap.view import PaddingTrapView

padding_trap = Explorer(
    title="Padding trap",
    question="Predict first: put steps that mean nothing after a review. Can they "
    "change what the net says of it?",
    claim="This net has never met padding: without a mask it reads it as if it were "
    "words, and its last state is no longer that of the review. "
    "With a mask the state passes over the padding unchanged, and nothing that the "
    "padding holds matters.",
    controls={
        "review": Choice("review", REVIEWS, REVIEWS[2], width=HALF),
        "filler": Choice("padding holds", tuple(FILLERS), "<pad>"),
        "padding": IntSlider("padded steps", 0, MOST_PADDING, 0),
        "masked": Toggle("with a mask", False),
    },
    presets={
        "no padding": {"padding": 0},
        "turned over": {"padding": 8},
        "one step is enough": {"padding": 1, "review": REVIEWS[1]},
        "garbage": {"padding": 7, "review": REVIEWS[0], "filler": list(FILLERS)[1]},
        "the mask": {
            "padding": 7,
            "review": REVIEWS[0],
            "filler": list(FILLERS)[1],
            "masked": True,
        },
    },
    compute=compute,
    view=PaddingTrapView,
)
