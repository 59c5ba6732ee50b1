"""The path counter of lesson 04."""

from typing import Any

from rnncourse.drawing import style
from rnncourse.exploring.controls import (
    Choice,
    Control,
    IntSlider,
    Slider,
    Steps,
    Toggle,
)
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_04.path_counter.compute import LONGEST, QUANTITIES, compute
from rnncourse.lesson_04.path_counter.view import PathsView

__all__ = ["path_counter"]

MOST = LONGEST * (LONGEST + 1) // 2
QUESTION = "Predict first: with T steps, along how many paths does W_hh reach the loss?"
CLAIM = (
    "A gradient is a sum over paths, and each term is a product of local derivatives "
    "along one path. A weight is used at every step, so it has a path for each use k "
    "and each loss t ≥ k: T (T + 1) / 2. An input has one for each loss from its step "
    "on. The terms of all uses are added: none replaces another."
)
CONTROLS: dict[str, Control] = {
    "path": Steps("path (0: all)", MOST, 0, milliseconds=900),
    "steps": IntSlider("steps T", 1, LONGEST, 4),
    "weight": Slider("weight W_hh", -1.5, 1.5, 0.8, step=0.05),
    "quantity": Choice("from", QUANTITIES, "W_hh"),
    "last_only": Toggle("loss at the last step only", False),
}
PRESETS: dict[str, dict[str, Any]] = {
    "T = 1": {"steps": 1},
    "one path of W_hh": {"path": 8},
    "36 paths": {"steps": 8},
    "one loss": {"steps": 8, "last_only": True},
    "an input": {"steps": 8, "quantity": "x_3"},
    "the start": {"steps": 8, "quantity": "h_0"},
    "a small weight": {"steps": 8, "weight": 0.2},
}


def path_counter(**start: Any) -> Explorer:
    """Return the explorer that lights every path to the loss and adds up their terms.

    Parameters
    ----------
    **start
        Values to open with: path, steps, weight, quantity, last_only.
    """
    return Explorer(
        title="Path counter",
        question=QUESTION,
        claim=CLAIM,
        controls=CONTROLS,
        presets=PRESETS,
        compute=compute,
        view=PathsView(style.figure(840, 382)),
        start=start,
    )
