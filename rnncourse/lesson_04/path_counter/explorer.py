"""The path counter: every path to the loss, and the sum of their terms."""

from rnncourse.exploring.controls import Choice, IntSlider, Slider, Steps, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_04.path_counter.compute import LONGEST, QUANTITIES, compute
from rnncourse.lesson_04.path_counter.view import PathsView

MOST = LONGEST * (LONGEST + 1) // 2

path_counter = Explorer(
    title="Path counter",
    question="Predict first: with 4 steps, along how many paths does W_hh reach the "
    "loss? And with 8 steps?",
    answer="10 with 4 steps, 36 with 8.",
    claim="A gradient is a sum over paths, and each term is a product of local "
    "derivatives along one path. A weight is used at every step, so it has a path for "
    "each use k and each loss t ≥ k: T (T + 1) / 2. An input has one for each loss "
    "from its step on. The terms of all uses are added: none replaces another.",
    controls={
        "path": Steps("path (0: all)", MOST, 0, milliseconds=900),
        "steps": IntSlider("steps T", 1, LONGEST, 2),
        "weight": Slider("weight W_hh", -1.5, 1.5, 0.8, step=0.05),
        "quantity": Choice("from", QUANTITIES, "W_hh"),
        "last_only": Toggle("loss at the last step only", False),
    },
    presets={
        "T = 1": {"steps": 1},
        "one path of W_hh": {"steps": 4, "path": 8},
        "eight steps": {"steps": 8},
        "one loss": {"steps": 8, "last_only": True},
        "an input": {"steps": 8, "quantity": "x_3"},
        "the initial state": {"steps": 8, "quantity": "h_0"},
        "a small weight": {"steps": 8, "weight": 0.2},
    },
    compute=compute,
    view=PathsView,
)
