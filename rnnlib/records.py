"""What a model is given: a `Batch` of sequences, or `Pairs` of sources and targets."""

from typing import NamedTuple

from rnnlib._typing import Array

__all__ = ["END", "PAD", "SPECIALS", "START", "Batch", "Pairs"]

PAD, START, END = 0, 1, 2
SPECIALS = ("<pad>", "<start>", "<end>")


class Batch(NamedTuple):
    """Sequences, what is asked of them, and which of the answers count.

    Attributes
    ----------
    inputs : integer tokens (T, B) or floats (T, B, D)
    targets : integers (T, B) or (B,), or floats (B, D)
    mask : bool array (T, B), or None
        True where an answer is asked for. None: everywhere.
    input_mask : bool array (T, B), or None
        True where a step exists, False in the padding. None: everywhere.
    """

    inputs: Array
    targets: Array
    mask: Array | None = None
    input_mask: Array | None = None


class Pairs(NamedTuple):
    """Sources and targets side by side, time first, each with the mask of what exists.

    A source holds its symbols and nothing else. A target holds its symbols and then
    END. What the decoder reads is the target one step later: START first, and the last
    token left out. All padding is PAD. These three are the tokens 0, 1 and 2 of every
    vocabulary here: `rnnlib.tasks.PAD`, `START`, `END`.

    Attributes
    ----------
    source : integer tokens (S, B)
    source_mask : bool array (S, B)
    target : integer tokens (T, B)
    target_mask : bool array (T, B)
        True up to and including END.
    """

    source: Array
    source_mask: Array
    target: Array
    target_mask: Array
