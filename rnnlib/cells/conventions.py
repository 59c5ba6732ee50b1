"""From one convention of the GRU to another, where the two are equivalent."""

import numpy as np

from rnnlib._checks import check_choice, check_flag, check_kind
from rnnlib._nesting import check_params
from rnnlib._typing import Array
from rnnlib.cells.gru import GRUCell

__all__ = ["convert_gru"]


def convert_gru(cell: GRUCell, *, reset: str, z_writes: bool) -> GRUCell:
    """Return a GRU of the given convention that computes what `cell` computes.

    Parameters
    ----------
    cell : GRUCell
    reset : {"after", "before"}
        Where r sits; it must be as in `cell`.
    z_writes : bool
        Whether z says how much is written, or how much is kept.

    Raises
    ------
    ValueError
        If r sits on the other side of the product, which no weights make up for, or a
        parameter is not finite.

    Examples
    --------
    >>> cell = GRUCell(2, 3, rng=np.random.default_rng(0))
    >>> other = convert_gru(cell, reset="after", z_writes=True)
    >>> x, state = np.ones((1, 2)), cell.initial_state(1)
    >>> (one, keeps), (two, writes) = cell.forward(x, state), other.forward(x, state)
    >>> bool(np.allclose(one.h, two.h)), bool(np.allclose(keeps.z, 1 - writes.z))
    (True, True)
    """
    check_kind("cell", cell, GRUCell, "only a GRU has these conventions")
    after = check_choice("reset", reset, ("after", "before")) == "after"
    z_writes = check_flag("z_writes", z_writes)
    if after != cell.reset_after:
        own = "after" if cell.reset_after else "before"
        raise ValueError(
            f"reset must be {own!r}, as in the cell, got {reset!r}; no weights make "
            "the two equal, so train a cell of the other kind"
        )
    check_params(cell.params)
    options = {**cell.config(), "z_writes": z_writes}
    converted = GRUCell(**options, rng=np.random.default_rng(0))
    turned = z_writes != cell.z_writes
    for name, array in cell.params.items():
        has_z = turned and name != "b_hn"
        converted.params[name][...] = z_negated(array) if has_z else array
    return converted


def z_negated(array: Array) -> Array:
    """Return an array with the second of its three blocks negated."""
    r, z, n = np.split(array, 3, axis=-1)
    return np.concatenate([r, -z, n], axis=-1)
