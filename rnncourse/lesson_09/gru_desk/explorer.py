"""The GRU desk: you set both gates of one unit, beside an LSTM that does the same."""

from rnncourse.drawing import style
from rnncourse.exploring.controls import Slider
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_09.gru_desk.compute import compute
from rnncourse.lesson_09.gru_desk.view import RESET, UPDATE, GRUDeskView

gru_desk = Explorer(
    title="GRU desk",
    question="Predict first: where must z and r stand so that nothing of the old state "
    "is left in the new one?",
    claim="One gate in place of two: z keeps, and 1 − z writes. r says how much of the "
    "old state the candidate sees, and at z = 1 does not matter. There is no output "
    "gate, no second state and no tanh behind it: all of h is shown.",
    controls={
        "z": Slider("update z", 0, 1, 0.7, colour=UPDATE),
        "h_prev": Slider("old state h_prev", -1, 1, 0.8, colour=style.STATE),
        "r": Slider("reset r", 0, 1, 0.5, colour=RESET),
        "a_n": Slider("input a_n", -3, 3, -1.5, step=0.05, colour=style.INPUT),
    },
    presets={
        "keep": {"z": 1.0},
        "overwrite": {"z": 0.0, "r": 1.0},
        "begin anew": {"z": 0.0, "r": 0.0},
        "half and half": {"z": 0.5},
        "a plain RNN": {"z": 0.0, "r": 1.0, "a_n": 0.5},
    },
    compute=compute,
    view=GRUDeskView,
    tells_moved=True,
)
