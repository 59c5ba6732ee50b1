"""The look-up table: a query among five keys, soft or hard."""

from rnncourse.drawing import style
from rnncourse.exploring.controls import THIRD, Choice, LogSlider, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_11.look_up_table.compute import NOBODY, compute
from rnncourse.lesson_11.look_up_table.view import LookUpTableView

look_up_table = Explorer(
    title="Look-up table",
    question="Predict first: the query points between keys 1 and 2, whose values "
    "are 2 and 9. What is read? And if it is made ten times as long?",
    claim="Attention is a look-up table with soft edges. What is read is a mean of the "
    "values, weighted by how well each key fits, so it moves a little when the query "
    "turns a little: that is where a gradient comes from. The longer the query, the "
    "closer it comes to a hard look-up, in which nothing moves but at the edges.",
    controls={
        "angle": Slider(
            "query, degrees", 0, 360, 0, step=1, digits=".0f", colour=style.STATE
        ),
        "sharpness": LogSlider("its length", 0.1, 100, 1, per_decade=20),
        "hidden": Choice("masked key", (NOBODY, *"12345"), NOBODY, width=THIRD),
    },
    presets={
        "between 1 and 2": {"angle": 57.0, "sharpness": 10.0},
        "nearly hard": {"angle": 57.0, "sharpness": 100.0},
        "no matter where": {"angle": 57.0, "sharpness": 0.1},
        "the best one masked": {"angle": 97.0, "sharpness": 10.0, "hidden": "2"},
    },
    compute=compute,
    view=LookUpTableView,
)
