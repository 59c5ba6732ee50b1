"""Teacher forcing: what a decoder is fed in training."""

from rnncourse.exploring.controls import Slider, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_10.teacher_forcing.compute import SLICE, UPDATES, compute
from rnncourse.lesson_10.teacher_forcing.view import ForcingView

teacher_forcing = Explorer(
    title="Teacher forcing",
    question="Predict first: in use, a decoder reads its own words. Should it read its "
    "own words in training, too?",
    claim="Teacher forcing feeds the true previous token in training. Every step then "
    "has a sensible past to learn from, and here that is by far the quickest way. What "
    "counts in the end is the free run, so that is what must be measured: the loss "
    "alone does not tell it.",
    controls={
        "ratio": Slider("share of truth", 0, 1, 0.5, step=0.25),
        "done": Steps(
            "updates", UPDATES, 3 * SLICE, low=SLICE, milliseconds=300, step=SLICE
        ),
    },
    presets={
        "the truth alone": {"ratio": 1.0, "done": UPDATES},
        "half and half": {"ratio": 0.5, "done": UPDATES},
        "its own words alone": {"ratio": 0.0, "done": UPDATES},
    },
    compute=compute,
    view=ForcingView,
)
