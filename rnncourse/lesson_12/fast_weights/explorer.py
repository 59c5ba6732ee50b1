"""Fast weights: a matrix as memory, and three ways to write into it."""

from rnncourse.exploring.controls import Choice, IntSlider, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_12.fast_weights.compute import KEYS, MOST, RULES, compute
from rnncourse.lesson_12.fast_weights.view import FastWeightsView

fast_weights = Explorer(
    title="Fast weights",
    question="Predict first: a matrix of 16 × 16 numbers keeps pairs of a key and a "
    "value of 16 bits. From how many pairs on do bits come back wrong? And if a key is "
    "written a second time with a new value, which rule recalls the new one?",
    claim="Up to 16 keys at right angles are recalled exactly, and no more: a matrix "
    "has so many rows. Random keys blur each other long before. The sum keeps the old "
    "value of a key beside the new one; the delta rule takes it out first. A table "
    "recalls all pairs and grows with each of them; of one key with two values it "
    "recalls a mixture.",
    controls={
        "pairs": IntSlider("pairs n", 1, MOST, 1),
        "keys": Choice("keys", KEYS, "random"),
        "rule": Choice(
            "written by",
            RULES,
            "sum",
            {"decay": "sum with decay", "softmax": "a table, softmax"},
        ),
        "again": Toggle("write the first key again", False),
    },
    presets={
        "16 at right angles": {"pairs": 16, "keys": "at right angles"},
        "one more": {"pairs": 17, "keys": "at right angles"},
        "16 random keys": {"pairs": 16},
        "a table": {"pairs": 64, "rule": "softmax"},
        "again, sum": {"pairs": 8, "again": True},
        "again, delta": {"pairs": 8, "again": True, "rule": "delta"},
    },
    compute=compute,
    view=FastWeightsView,
)
