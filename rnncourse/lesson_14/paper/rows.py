"""Claims that can be tried in ten minutes, each with its setting and its control."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rnnlib import init
from rnnlib._typing import Rng
from rnnlib.cells import Cell, LSTMCell, RNNCell

__all__ = ["HIGH", "LOW", "ROWS", "Row", "make_cell"]

HIGH, LOW = 0.9, 0.5  # learned, and not learned: four answers, chance is a quarter
COMMON = {
    "hidden_size": 32,
    "updates": 600,
    "batch_size": 32,
    "learning_rate": 0.003,
    "clip_norm": 1.0,
}


@dataclass(frozen=True, eq=False)
class Row:
    """A claim on the temporal order task, and what would have to be otherwise.

    Parameters
    ----------
    claim : str
    paper : str
        Who made it first, and when.
    setting : mapping
        With it the net should learn: more than `HIGH` of the answers are right.
    change : mapping
        The one thing that is changed for the control, which should not: at most `LOW`.
    """

    claim: str
    paper: str
    setting: Mapping[str, Any]
    change: Mapping[str, Any]

    @property
    def control(self) -> dict[str, Any]:
        """The setting of the control."""
        return {**self.setting, **self.change}


ROWS = {
    "length": Row(
        "A tanh network whose recurrent weights begin orthogonal learns the temporal "
        "order of 20 steps, and does not learn that of 60.",
        "Bengio, Simard and Frasconi, Learning long-term dependencies with gradient "
        "descent is difficult, 1994",
        {
            "cell": "RNNCell",
            "activation": "tanh",
            "recurrent_init": "orthogonal",
            "steps": 20,
            **COMMON,
        },
        {"steps": 60},
    ),
    "identity": Row(
        "A ReLU network learns the temporal order of 60 steps if its recurrent weights "
        "begin as the identity, and does not if they begin as Gaussian noise.",
        "Le, Jaitly and Hinton, A simple way to initialize recurrent networks of "
        "rectified linear units, 2015",
        {
            "cell": "RNNCell",
            "activation": "relu",
            "recurrent_init": "identity",
            "steps": 60,
            **COMMON,
        },
        {"recurrent_init": "gaussian"},
    ),
    "forget bias": Row(
        "An LSTM learns the temporal order of 60 steps if the bias of its forget gate "
        "begins at 1, and does not if it begins at -2.",
        "Gers, Schmidhuber and Cummins, Learning to forget, 2000",
        {"cell": "LSTMCell", "forget_bias": 1.0, "steps": 60, **COMMON},
        {"forget_bias": -2.0},
    ),
}


def make_cell(setting: Mapping[str, Any], input_size: int, *, rng: Rng) -> Cell:
    """Return the cell of a setting, untrained.

    >>> import numpy as np
    >>> make_cell(ROWS["identity"].setting, 6, rng=np.random.default_rng(0))
    RNNCell(6, 32, activation='relu')
    """
    size = setting["hidden_size"]
    if setting["cell"] == "LSTMCell":
        bias = setting["forget_bias"]
        return LSTMCell(input_size, size, rng=rng, forget_bias=bias)
    return RNNCell(
        input_size,
        size,
        rng=rng,
        activation=setting["activation"],
        recurrent_init=getattr(init, setting["recurrent_init"]),
    )
