"""The gate desk: you set the gates of one LSTM unit."""

from rnncourse.drawing import style
from rnncourse.exploring.controls import Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_08.gate_desk.compute import compute
from rnncourse.lesson_08.gate_desk.view import GateDeskView

gate_desk = Explorer(
    title="Gate desk",
    question="Predict first: at which f is nothing of the old cell state erased?",
    claim="f is the share of the old cell state that is kept: 1 keeps all, 0 erases. i "
    "is how much is written, g is what is written, o how much of tanh(c) is shown. "
    "Three gates and one candidate; two states: c, which is kept, and h, which is "
    "shown.",
    controls={
        "f": Slider("forget f", 0, 1, 0.9, colour=style.GATES["f"]),
        "c_prev": Slider("old cell c_prev", -3, 3, 2.0, step=0.05, colour=style.CELL),
        "i": Slider("input i", 0, 1, 0.3, colour=style.GATES["i"]),
        "g": Slider("candidate g", -1, 1, -0.5, step=0.02, colour=style.GATES["g"]),
        "o": Slider("output o", 0, 1, 0.7, colour=style.GATES["o"]),
    },
    presets={
        "keep": {"f": 1.0, "i": 0.0},
        "erase": {"f": 0.0, "i": 0.0},
        "overwrite": {"f": 0.0, "i": 1.0},
        "add up": {"f": 1.0, "i": 1.0},
        "keep in secret": {"f": 1.0, "i": 0.0, "o": 0.0},
    },
    compute=compute,
    view=GateDeskView,
    tells_moved=True,
)
