"""What a wrong array looks like: transposed, late by a step, twice too large."""

from collections.abc import Callable, Iterator

import numpy as np

from rnnlib._typing import Array

__all__ = ["NO_PATTERN", "pattern"]

NO_PATTERN = "entries are right."


def pattern(got: Array, expected: Array, tolerance: float) -> str:
    """Return in a sentence or two how a wrong array differs from the right one."""
    if got.dtype.kind == "b" or expected.dtype.kind == "b":
        got, expected = got.astype(int), expected.astype(int)

    def same(one: Array, other: Array) -> bool:
        if one.shape != other.shape or not one.size:
            return False
        scale = float(abs(other).max()) or 1.0
        return bool((abs(one - other) <= tolerance * scale).all())

    if not np.isfinite(got).all() and got.shape == expected.shape:
        place = tuple(map(int, np.argwhere(~np.isfinite(got))[0]))
        at = f"holds {got[place]} at {list(place)}" if place else f"is {got[place]}"
        return f"It {at}, where a number is expected."
    if got.shape != expected.shape:
        return _shape(got, expected, same)
    tries = (_whole, _scaled, _in_time, _some)
    return next(
        (word for each in tries for word in each(got, expected, same)),
        _right(got, expected, tolerance),
    )


Same = Callable[[Array, Array], bool]


def _shape(got: Array, expected: Array, same: Same) -> str:
    """Say how a wrong shape may have come about."""
    head = f"Its shape is {got.shape}; expected is {expected.shape}."
    if same(got.T, expected):
        return f"{head} It is the transpose of what is expected."
    if got.size == expected.size and same(got.reshape(expected.shape), expected):
        return f"{head} The numbers are right, the axes are not."
    for axis in range(got.ndim if got.size else 0):
        for name, reduced in ("sum", got.sum(axis)), ("mean", got.mean(axis)):
            if same(reduced, expected):
                return f"{head} A {name} over axis {axis} is still to be taken."
    for axis in range(expected.ndim):
        for name, reduced in ("sum", expected.sum(axis)), ("mean", expected.mean(axis)):
            if same(got, reduced):
                return f"{head} It is already a {name} over axis {axis}, which is kept."
    return head


def _whole(got: Array, expected: Array, same: Same) -> Iterator[str]:
    """Say what is true of all entries at once."""
    if not got.any():
        yield "All of it is zero: was it filled?"
    if got.ndim == 2 and same(got.T, expected):
        yield "It is the transpose of what is expected."
    if same(-got, expected):
        yield "All of it has the wrong sign."


def _scaled(got: Array, expected: Array, same: Same) -> Iterator[str]:
    """Say by which factor, or by how much, all entries are off."""
    if not expected.any():
        return
    power = float((expected * expected.conj()).real.sum())
    factor = float((got * expected.conj()).real.sum()) / power
    if got.size < 2 and not _is_count(factor):
        return
    if factor and same(got / factor, expected):
        yield (
            f"{'Every entry' if got.size > 1 else 'It'} is {_factor(factor)} the "
            "expected one: is there a mean in place of a sum, or a factor too many or "
            "too few?"
        )
    if np.ptp(expected) and same(got - (got - expected).mean(), expected):
        yield (
            f"Every entry is off by the same {(got - expected).mean():.3g}: is "
            "something added twice, or not at all?"
        )


def _is_count(factor: float) -> bool:
    """Return whether a factor, or its inverse, is a whole number above 1."""
    if factor <= 0:
        return False
    larger = max(factor, 1 / factor)
    return round(larger) > 1 and abs(larger - round(larger)) < 1e-6


def _factor(factor: float) -> str:
    inverse = 1 / factor
    if abs(factor) < 1 and abs(inverse - round(inverse)) < 1e-6:
        return f"1/{round(inverse)} of"
    return f"{factor:.4g} times"


def _in_time(got: Array, expected: Array, same: Same) -> Iterator[str]:
    """Say what is wrong along the first axis, which is time in sequences."""
    if got.ndim < 2 or len(got) < 2:
        return
    if same(got[::-1], expected):
        yield "The first axis runs the other way round: last step first."
    if len(got) < 3:
        return
    if same(got[1:], expected[:-1]):
        yield "Everything comes one step too late along the first axis."
    if same(got[:-1], expected[1:]):
        yield "Everything comes one step too early along the first axis."
    wrong = [t for t in range(len(got)) if not same(got[t], expected[t])]
    if wrong == [0]:
        yield "All is right but the first entry of the first axis: what comes before?"
    if wrong == [len(got) - 1]:
        yield "All is right but the last entry of the first axis: what comes after?"
    if 1 < len(wrong) < len(got):
        axis = "Along the first axis it is right"
        if wrong == list(range(wrong[0], len(got))):
            yield f"{axis} up to {wrong[0] - 1}, and not after."
        if wrong == list(range(wrong[-1] + 1)):
            yield f"{axis} from {wrong[-1] + 1} on, and not before."


def _some(got: Array, expected: Array, same: Same) -> Iterator[str]:
    """Say which rows, columns or blocks alone are wrong."""
    if got.ndim == 1 and got.size > 1:
        count = sum(same(a[None], b[None]) for a, b in zip(got, expected, strict=True))
        if count == len(got) - 1:
            yield "All entries but one are right."
    for axis in range(got.ndim if got.ndim > 1 else 0):
        pairs = zip(
            np.moveaxis(got, axis, 0), np.moveaxis(expected, axis, 0), strict=True
        )
        wrong = [k for k, (a, b) in enumerate(pairs) if not same(a, b)]
        if len(wrong) == 1 and got.shape[axis] > 1:
            name = ("row", "column")[axis] if got.ndim == 2 else f"index of axis {axis}"
            yield f"All is right but one {name}: number {wrong[0]}, counted from 0."
    error = np.linalg.norm(got - expected) / (np.linalg.norm(expected) or 1.0)
    if 0 < error < 1e-4 and expected.dtype.kind in "fc":
        yield (
            f"It is nearly right, off by {error:.0e} of its size: is it rounded, in "
            "float32, or is a small number added?"
        )


def _right(got: Array, expected: Array, tolerance: float) -> str:
    scale = float(abs(expected).max()) or 1.0
    count = int((abs(got - expected) <= tolerance * scale).sum())
    return f"{count} of {got.size} entries are right." if got.size > 1 else ""
