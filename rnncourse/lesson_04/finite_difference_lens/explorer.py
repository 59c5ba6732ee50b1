"""The finite-difference lens of lesson 04."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import Choice, Control, LogSlider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_04.finite_difference_lens.compute import FLOATS, FORMULAS, compute
from rnncourse.lesson_04.finite_difference_lens.view import DifferencesView

__all__ = ["finite_difference_lens"]

QUESTION = "Predict first: the smaller eps, the better the numerical gradient. True?"
CLAIM = (
    "Two errors add up. Truncation grows with eps: as eps for one-sided, as eps² for "
    "central differences. Rounding grows as 1/eps, because two nearly equal losses are "
    "subtracted. The sum is smallest where both are equal: near 5e-6 for central and "
    "1e-8 for one-sided differences in float64. There central is 500 times better."
)
CONTROLS: dict[str, Control] = {
    "eps": LogSlider("eps", 1e-12, 0.1, 1e-2, per_decade=5),
    "formula": Choice("differences", tuple(FORMULAS), "central"),
    "floats": Choice("numbers", tuple(FLOATS), "float64"),
}
PRESETS: dict[str, dict[str, Any]] = {
    "too large": {"eps": 0.1, "formula": "one-sided"},
    "just right": {"eps": 10**-5.2},
    "too small": {"eps": 1e-11},
    "one-sided at its best": {"eps": 1e-8, "formula": "one-sided"},
    "float32": {"eps": 1e-5, "floats": "float32"},
}


def finite_difference_lens(**start: Any) -> Explorer:
    """Return the explorer that shows how wrong a numerical gradient is, and why.

    Parameters
    ----------
    **start
        Values to open with: eps, formula, floats.
    """
    return Explorer(
        title="Finite-difference lens",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=DifferencesView(style.figure(840, 360)),
        start=start,
    )
