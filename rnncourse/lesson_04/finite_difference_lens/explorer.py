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
    "are subtracted. Their sum is smallest near 1e-5 for central and 3e-8 for "
    "one-sided differences in float64. There truncation is half of rounding for "
    "central and equal to it for one-sided ones, and central ones are hundreds of "
    "times better.",
    controls={
        "eps": LogSlider("eps", 1e-12, 0.1, 1e-2, per_decade=5),
        "formula": Choice("differences", tuple(FORMULAS), "central"),
        "floats": Choice("numbers", tuple(FLOATS), "float64"),
    },
    presets={
        "too large": {"eps": 0.1},
        "just right": {"eps": 1e-5},
        "too small": {"eps": 1e-11},
        "one-sided at its best": {"eps": 10**-7.6, "formula": "one-sided"},
        "float32": {"floats": "float32"},
    },
    compute=compute,
    view=DifferencesView,
)
