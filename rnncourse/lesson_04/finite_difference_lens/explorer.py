"""The finite-difference lens: how wrong a numerical gradient is, and why."""

from rnncourse.exploring.controls import Choice, LogSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_04.finite_difference_lens.compute import FLOATS, FORMULAS, compute
from rnncourse.lesson_04.finite_difference_lens.view import DifferencesView

finite_difference_lens = Explorer(
    title="Finite-difference lens",
    question="Predict first: the smaller eps, the better the numerical gradient. True?",
    claim="Two errors add up. Truncation grows with eps: as eps for one-sided, as eps² "
    "for central differences. Rounding grows as 1/eps, because two nearly equal losses "
    "are subtracted. The sum is smallest where both are equal: near 5e-6 for central "
    "and 1e-8 for one-sided differences in float64. There central is 500 times better.",
    controls={
        "eps": LogSlider("eps", 1e-12, 0.1, 1e-2, per_decade=5),
        "formula": Choice("differences", tuple(FORMULAS), "central"),
        "floats": Choice("numbers", tuple(FLOATS), "float64"),
    },
    presets={
        "too large": {"eps": 0.1, "formula": "one-sided"},
        "just right": {"eps": 10**-5.2},
        "too small": {"eps": 1e-11},
        "one-sided at its best": {"eps": 1e-8, "formula": "one-sided"},
        "float32": {"eps": 1e-5, "floats": "float32"},
    },
    compute=compute,
    view=DifferencesView,
)
