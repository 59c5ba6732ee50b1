"""Recurrent cells: one step of a recurrence, forward and backward."""

from rnnlib.cells.base import Cell
from rnnlib.cells.caches import cache_at, carry_over, choose_state, steps_of
from rnnlib.cells.conventions import convert_gru
from rnnlib.cells.gru import GRUCache, GRUCell, GRUState
from rnnlib.cells.lstm import LSTMCache, LSTMCell, LSTMState
from rnnlib.cells.lstm_fewer_gates import (
    CoupledLSTMCache,
    CoupledLSTMCell,
    NoForgetGateLSTMCache,
    NoForgetGateLSTMCell,
    NoInputGateLSTMCache,
    NoInputGateLSTMCell,
    NoOutputGateLSTMCache,
    NoOutputGateLSTMCell,
)
from rnnlib.cells.lstm_variants import (
    CoupledPeepholeLSTMCell,
    NoOutputTanhLSTMCache,
    NoOutputTanhLSTMCell,
    PeepholeLSTMCell,
)
from rnnlib.cells.mingru import (
    LinearCell,
    MinGRUCache,
    MinGRUCell,
    MinLSTMCache,
    MinLSTMCell,
    MinState,
)
from rnnlib.cells.one_product import stacked_preactivation
from rnnlib.cells.rnn import RNNCache, RNNCell, RNNState

__all__ = [
    "Cell",
    "CoupledLSTMCache",
    "CoupledLSTMCell",
    "CoupledPeepholeLSTMCell",
    "GRUCache",
    "GRUCell",
    "GRUState",
    "LSTMCache",
    "LSTMCell",
    "LSTMState",
    "LinearCell",
    "MinGRUCache",
    "MinGRUCell",
    "MinLSTMCache",
    "MinLSTMCell",
    "MinState",
    "NoForgetGateLSTMCache",
    "NoForgetGateLSTMCell",
    "NoInputGateLSTMCache",
    "NoInputGateLSTMCell",
    "NoOutputGateLSTMCache",
    "NoOutputGateLSTMCell",
    "NoOutputTanhLSTMCache",
    "NoOutputTanhLSTMCell",
    "PeepholeLSTMCell",
    "RNNCache",
    "RNNCell",
    "RNNState",
    "cache_at",
    "carry_over",
    "choose_state",
    "convert_gru",
    "stacked_preactivation",
    "steps_of",
]
