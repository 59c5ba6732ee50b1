"""Recurrent cells: one step of a recurrence, forward and backward."""

from rnnlib.cells.base import Cell, cache_at
from rnnlib.cells.rnn import RNNCache, RNNCell, RNNState

__all__ = ["Cell", "RNNCache", "RNNCell", "RNNState", "cache_at"]
