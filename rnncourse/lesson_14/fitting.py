"""What a batch has to hold where the text of a capstone fixes it."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError
from rnnlib._typing import Array

__all__ = ["check_equal", "check_lengths", "check_mask", "check_now", "check_order"]


def check_equal(mine: Any, wanted: Array, what: str, where: Any = True) -> None:
    """Raise unless an array holds what is wanted, at the places that count."""
    found = np.asarray(mine)[: len(wanted)]
    if found.shape != wanted.shape:
        raise FaultError(
            f"The {what} of three examples must have the shape {wanted.shape}, and "
            f"have {np.shape(mine)}."
        )
    off = np.argwhere((found != wanted) & where)
    if len(off):
        place = tuple(off[0].tolist())
        raise FaultError(
            f"The {what} of three examples have {found[place]} at {place}, where "
            f"{wanted[place]} is asked for."
        )


def check_lengths(mask: Any, lengths: Iterable[int], what: str) -> None:
    """Raise unless a mask is True at the steps that exist, and at no other."""
    wanted = [*lengths]
    if mask is None:
        raise FaultError(f"The batch has no {what}.")
    found = np.asarray(mask)
    exists = np.arange(max(len(found), *wanted))[:, None] < np.array(wanted)
    if found.shape != exists.shape or (found != exists).any():
        raise FaultError(
            f"The {what} of three examples counts {found.sum(axis=0).tolist()} steps, "
            f"where there are {wanted}, from the first on."
        )


def check_mask(inputs: Array, mask: Any, lengths: Iterable[int]) -> None:
    """Raise unless a mask is True at each place of a stroke, or at each move.

    Where all have as many steps, and none is padded, nothing is to be masked.
    """
    wanted, ends = np.array([*lengths]), np.reshape(inputs[-2:], (2, 3, -1))
    if (mask is None or np.all(mask)) and np.ptp(ends, axis=0).any(axis=1).all():
        return
    moves = mask is not None and np.sum(mask, axis=0).tolist() == [*(wanted - 1)]
    check_lengths(mask, wanted - 1 if moves else wanted, "`input_mask`")


def check_order(targets: Any, *values: Array) -> None:
    """Raise unless the targets are in the order of one of the arrays of values."""
    found = np.asarray(targets).ravel()
    orders = [np.argsort(one).tolist() for one in values]
    if np.argsort(found, kind="stable").tolist() not in orders:
        raise FaultError(
            f"The targets of three examples are {found.round(3).tolist()}, where the "
            f"numbers that are asked for are {values[0].tolist()}.",
            "Are they in the order of the indices?",
        )


def check_now(inputs: Array, values: Array) -> None:
    """Raise if what the net reads follows the value of another step more closely."""
    still = _likeness(inputs[1:-1], values[1:-1])
    for shift, which in ((0, "before"), (2, "after")):
        there = values[shift : len(values) - 2 + shift]
        if _likeness(inputs[1:-1], there) > still + 0.2:
            raise FaultError(
                f"What the net reads at a step is the value of the step {which}.",
                "The answer of a step is asked for when its own value has come.",
            )


def _likeness(inputs: Array, values: Array) -> float:
    """Return how closely one of the numbers of a step goes with its value."""
    rows = inputs.reshape(values.size, -1).T
    found = [np.corrcoef(row, values.ravel())[0, 1] for row in rows]
    return float(np.max(np.abs(np.nan_to_num(found))))
