"""What all tasks share: the form of a batch."""

from typing import NamedTuple

from rnnlib._typing import Array

__all__ = ["Batch"]


class Batch(NamedTuple):
    """Sequences, what is asked of them, and which of the answers count.

    Attributes
    ----------
    inputs : integer tokens (T, B) or floats (T, B, D)
    targets : integer array (T, B) or (B,)
    mask : bool array (T, B), or None
        True where an answer is asked for. None: everywhere.
    """

    inputs: Array
    targets: Array
    mask: Array | None = None
