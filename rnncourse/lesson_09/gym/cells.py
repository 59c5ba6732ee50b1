"""The cells that are trained in the gym.

To add one, add a line to IN_THE_GYM, and its look to `figures/seeds.py`; the command
that makes the grid takes its name, and trains it alone.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial

import numpy as np

from rnnlib import init
from rnnlib.cells import (
    Cell,
    CoupledLSTMCell,
    GRUCell,
    LSTMCell,
    MinGRUCell,
    NoForgetGateLSTMCell,
    NoInputGateLSTMCell,
    NoOutputGateLSTMCell,
    NoOutputTanhLSTMCell,
    PeepholeLSTMCell,
    RNNCell,
)

__all__ = ["CELLS", "EVERY_CELL", "IN_THE_GYM", "VARIANTS", "parameters", "units_for"]

CELLS: Mapping[str, Callable[..., Cell]] = {
    "RNN": RNNCell,
    "identity ReLU": partial(RNNCell, activation="relu", recurrent_init=init.identity),
    "LSTM": LSTMCell,
    "GRU": GRUCell,
}
# Those of lesson 12 stand beside the cells that lesson 09 compares.
IN_THE_GYM: Mapping[str, Callable[..., Cell]] = {
    **CELLS,
    "minGRU": partial(MinGRUCell, forget_bias=4.0),
}
VARIANTS: Mapping[str, Callable[..., Cell]] = {
    "LSTM": LSTMCell,
    "no input gate": NoInputGateLSTMCell,
    "no forget gate": NoForgetGateLSTMCell,
    "no output gate": NoOutputGateLSTMCell,
    "no output tanh": NoOutputTanhLSTMCell,
    "coupled": CoupledLSTMCell,
    "peephole": PeepholeLSTMCell,
}
EVERY_CELL = {**IN_THE_GYM, **VARIANTS}


@cache
def parameters(cell: str, inputs: int, units: int) -> int:
    """Return how many parameters a cell has.

    >>> parameters("LSTM", 6, 32), parameters("RNN", 6, 32)
    (4992, 1248)
    """
    made = EVERY_CELL[cell](inputs, units, rng=np.random.default_rng(0))
    return sum(array.size for array in made.params.values())


@cache
def units_for(cell: str, inputs: int, allowed: int) -> int:
    """Return the largest number of units with at most `allowed` parameters.

    >>> units_for("RNN", 6, parameters("LSTM", 6, 32))
    67
    """
    units = 1
    while parameters(cell, inputs, units + 1) <= allowed:
        units += 1
    return units
