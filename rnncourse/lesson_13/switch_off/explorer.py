"""Switch off: a unit or a direction of the state, and what the net loses."""

from rnncourse.exploring.controls import Choice, IntSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_13.switch_off.compute import compute
from rnncourse.lesson_13.switch_off.losses import DIRECTIONS, SHOWN, UNITS
from rnncourse.lesson_13.switch_off.view import SwitchOffView

switch_off = Explorer(
    title="Switch off",
    question="Predict first: of the 24 units of this net one matters most. Will it "
    "cost more to hold that unit at its mean, or to hold a direction that no unit "
    "owns: the one by which a probe reads the quote, or the depth?",
    claim="No unit does one thing alone, so none is missed very much. The quote lies "
    "along a direction, and the net is lost without it. A direction by which something "
    "can be read is not yet one that the net needs: to hold the one by which the depth "
    "is read costs about what a random one costs.",
    controls={
        "direction": Choice("direction", tuple(reversed(DIRECTIONS)), "random"),
        "rank": IntSlider("unit, by its score", 1, UNITS, 12),
        "example": IntSlider("another text", 1, SHOWN, 1),
    },
    presets={
        "the unit that matters most": {"rank": 1},
        "read the quote": {"rank": 1, "direction": "quote, reading"},
        "move with the quote": {"rank": 1, "direction": "quote, moving"},
        "read the depth": {"rank": 1, "direction": "depth, reading"},
        "move with the depth": {"rank": 1, "direction": "depth, moving"},
    },
    compute=compute,
    view=SwitchOffView,
)
