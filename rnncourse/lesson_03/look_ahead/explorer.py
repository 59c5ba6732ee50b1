"""Look ahead: words are tagged in one direction, or in both."""

from rnncourse.exploring.controls import Choice, Text
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_03.look_ahead.compute import DIRECTIONS, compute
from rnncourse.lesson_03.look_ahead.view import LookAheadView

look_ahead = Explorer(
    title="Look ahead",
    question="Predict first: in “the light bird falls”, when can a reader know that "
    "“light” is an adjective?",
    claim="A state knows the inputs up to its own step, the present one included, and "
    "none after it. More training cannot lift a reader of one direction above its "
    "ceiling; a second net that reads from the other end can.",
    controls={
        "sentence": Text("sentence", "the light bird falls", ("light xylophone " * 9,)),
        "direction": Choice("it reads", DIRECTIONS, DIRECTIONS[0]),
    },
    presets={
        "before the next word": {"sentence": "the light bird falls"},
        "after it": {"sentence": "the light bird falls", "direction": "both"},
        "the other meaning": {"sentence": "the light falls", "direction": "both"},
        "from the right": {
            "sentence": "the dog likes the walks",
            "direction": "right to left",
        },
        "a long one": {
            "sentence": "the cold orange follows the green square",
            "direction": "both",
        },
    },
    compute=compute,
    view=LookAheadView,
)
