"""What a self-attention carries from call to call: a table that grows."""

from typing import Any, NamedTuple

import numpy as np

from rnnlib._checks import as_array, check_array, check_finite, check_kind
from rnnlib._typing import Array

__all__ = ["Table", "check_table"]


class Table(NamedTuple):
    """What a self-attention remembers: all that was read, so it grows with each step.

    Attributes
    ----------
    h : array (B, H)
        What came out at the last step.
    keys, values : array (S, B, H)
        Of the S steps so far.
    exists : bool array (S, B)
        Which of them exist.
    """

    h: Array
    keys: Array
    values: Array
    exists: Array

    @property
    def time_first(self) -> tuple[str, ...]:
        """The fields whose batch is the second axis."""
        return "keys", "values", "exists"


def check_table(
    name: str,
    table: Any,
    like: Table,
    lengths: tuple[int, ...] | None = None,
) -> Table:
    """Return `table` if it fits beside the empty table `like`, in one of `lengths`."""
    fix = "start from initial_state(batch_size)"
    found: Table = check_kind(name, table, Table, fix)
    B, H = like.h.shape
    S = as_array(f"{name}.keys", found.keys).shape[:1]
    if lengths is not None and S not in [(length,) for length in lengths]:
        raise ValueError(
            f"{name}.keys must hold all {lengths[-1]} steps, or none, got "
            f"{' '.join(map(str, S))}"
        )
    shapes = {"h": (B, H), "keys": (*S, B, H), "values": (*S, B, H)}
    for field, shape in shapes.items():
        each = f"{name}.{field}"
        check_array(each, getattr(found, field), shape, dtype=like.h.dtype)
    check_finite(f"{name}.h", found.h)
    exists = as_array(f"{name}.exists", found.exists)
    if exists.dtype != np.bool_ or exists.shape != (*S, B):
        raise ValueError(
            f"{name}.exists must be booleans of shape {(*S, B)}, got {exists.dtype} of "
            f"shape {exists.shape}; {fix}"
        )
    return found
