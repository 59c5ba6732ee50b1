"""The cells that are trained in the gym.

To add one, add a line to IN_THE_GYM, and its look to `figures/seeds.py`; the command
that makes the grid takes its name, and trains it alone.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import numpy as np

from rnnlib import init
from rnnlib._typing import Array, ArrayLike, Params
from rnnlib.cells import (
    Cell,
    CoupledLSTMCell,
    GRUCell,
    LSTMCell,
    MinGRUCell,
    MinLSTMCell,
    NoForgetGateLSTMCell,
    NoInputGateLSTMCell,
    NoOutputGateLSTMCell,
    NoOutputTanhLSTMCell,
    PeepholeLSTMCell,
    RNNCell,
)
from rnnlib.fast_weights import FastWeights
from rnnlib.recurrent import Layer
from rnnlib.self_attention import SelfAttention
from rnnlib.vocab import one_hot

__all__ = [
    "CELLS",
    "EVERY_CELL",
    "IN_THE_GYM",
    "LATER",
    "STARTS",
    "VARIANTS",
    "WITH_ONE",
    "parameters",
    "units_for",
]

KEY_SIZE = 16  # of the matrices as memory

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


def _open_gru(input_size: int, hidden_size: int, **options: Any) -> GRUCell:
    """Return a GRU whose z starts where f of an LSTM does."""
    cell = GRUCell(input_size, hidden_size, **options)
    cell.params["b_h"][hidden_size : 2 * hidden_size] = 1.0
    return cell


def _matrix(input_size: int, hidden_size: int, **options: Any) -> FastWeights:
    """Return a matrix as memory that is written by the delta rule."""
    return FastWeights(input_size, KEY_SIZE, hidden_size, rule="delta", **options)


class MatrixWithOne(FastWeights):
    """A matrix as memory that gets a 1 beside each input.

    Its keys and queries have no bias, so at a step without input it would ask nothing.
    """

    def __init__(self, input_size: int, hidden_size: int, **options: Any) -> None:
        super().__init__(input_size + 1, KEY_SIZE, hidden_size, rule="delta", **options)

    def forward(
        self, x: ArrayLike | None, state: Any = None, mask: ArrayLike | None = None
    ) -> tuple[Array, Any, Any]:
        """Run through x, tokens (T, B) or vectors (T, B, D), with a 1 beside each."""
        x = np.asarray(x)
        if x.ndim == 2:
            x = one_hot(x, self.input_size - 1, dtype=self.dtype)
        ones = np.ones((*x.shape[:-1], 1), x.dtype)
        return super().forward(np.concatenate([x, ones], axis=-1), state, mask)

    def backward(
        self, dh: ArrayLike, cache: Any, d_state: Any = None
    ) -> tuple[Array | None, Any, Params]:
        """Return the gradients; nobody asks for that of the 1."""
        dx, d_state, grads = super().backward(dh, cache, d_state)
        return None if dx is None else dx[..., :-1], d_state, grads


# What else lessons 11 and 12 make, at one length.
LATER: Mapping[str, Callable[..., Cell | Layer]] = {
    "minLSTM": partial(MinLSTMCell, forget_bias=4.0),
    "fast weights": _matrix,
    "self-attention": SelfAttention,
}
STARTS: Mapping[str, Callable[..., Cell]] = {
    "LSTM, bias of f 0": partial(LSTMCell, forget_bias=0.0),
    "GRU, bias of z 1": _open_gru,
}
WITH_ONE: Mapping[str, Callable[..., Layer]] = {"fast weights and a 1": MatrixWithOne}
EVERY_CELL = {**IN_THE_GYM, **VARIANTS, **STARTS, **LATER, **WITH_ONE}


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
