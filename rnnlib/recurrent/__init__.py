"""A cell over a sequence and back through time; both directions, several layers."""

from rnnlib.recurrent.bidirectional import Bidirectional
from rnnlib.recurrent.layer import Recurrent
from rnnlib.recurrent.scanned import Scanned
from rnnlib.recurrent.stacked import (
    Layer,
    Stacked,
    check_causal,
    check_layer,
    run,
)

__all__ = [
    "Bidirectional",
    "Layer",
    "Recurrent",
    "Scanned",
    "Stacked",
    "check_causal",
    "check_layer",
    "run",
]
