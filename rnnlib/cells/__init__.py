"""Recurrent cells: one step of a recurrence, forward and backward."""

from rnnlib.cells.base import Cell, cache_at, choose_state, stacked_preactivation
from rnnlib.cells.gru import GRUCache, GRUCell, GRUState
from rnnlib.cells.lstm import LSTMCache, LSTMCell, LSTMState
from rnnlib.cells.rnn import RNNCache, RNNCell, RNNState

__all__ = [
    "Cell",
    "GRUCache",
    "GRUCell",
    "GRUState",
    "LSTMCache",
    "LSTMCell",
    "LSTMState",
    "RNNCache",
    "RNNCell",
    "RNNState",
    "cache_at",
    "choose_state",
    "stacked_preactivation",
]
