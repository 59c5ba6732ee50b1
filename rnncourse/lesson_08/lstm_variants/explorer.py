"""Three LSTMs: what the variants change."""

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_08.lstm_variants.compute import VARIANTS, compute
from rnncourse.lesson_08.lstm_variants.view import LSTMVariantsView

lstm_variants = Explorer(
    title="Three LSTMs",
    question="Predict first: which gates answer when you move the old cell state, in "
    "the peephole form and in the coupled one? And which form has the fewest weights?",
    claim="The standard gates see the input and h, not the cell itself. With peepholes "
    "they see it: i and f the old one, o the new one, at the price of three weights a "
    "unit. Coupled gates write exactly where they forget, i = 1 − f, and save a "
    "quarter of the parameters.",
    controls={
        "c_prev": Slider("old cell c_prev", -3, 3, 2.0, step=0.05, colour=style.CELL),
        "x": Slider("input x", -2, 2, 1.0, step=0.05, colour=style.INPUT),
        "variant": Choice("variant", VARIANTS, "standard"),
    },
    presets={
        "standard": {"variant": "standard"},
        "peephole": {"variant": "peephole"},
        "coupled": {"variant": "coupled"},
        "peephole, cell reversed": {"variant": "peephole", "c_prev": -2.0},
    },
    compute=compute,
    view=LSTMVariantsView,
)
