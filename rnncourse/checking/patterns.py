"""What a wrong array looks like: transposed, late by a step, twice too large."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlib._typing import Array

__all__ = ["Pair", "pattern"]

IN_TIME = "backwards", "late", "early", "first", "last", "head", "tail"
TINY = 1e-15  # less than what is lost beside 1
ALL_BUT = "All is right but the {} entry of the first axis"
Found = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Pair:
    """What an answer returned in one case, and what is expected there.

    Attributes
    ----------
    got, expected : ndarray
    tolerance : float
    counts : collection of int
        The sizes in this case, and their products: what a mean may have divided by.
    """

    got: Array
    expected: Array
    tolerance: float
    counts: frozenset[int] = frozenset()

    def same(self, one: Array, other: Array) -> bool:
        """Return whether two arrays are the same, up to the tolerance."""
        if one.shape != other.shape or not one.size:
            return False
        scale = float(abs(other).max()) or 1.0
        return bool((abs(one - other) <= self.tolerance * scale).all())


def pattern(pairs: Sequence[Pair]) -> tuple[str, int] | None:
    """Return what all wrong cases have in common, and the last that shows it.

    Nothing is returned if no pattern explains them all; a case that is too small to
    show a pattern does not speak against it.

    >>> X = np.arange(6.0).reshape(2, 3)
    >>> pattern([Pair(-X, X, 1e-6), Pair(X - 1, 1 - X, 1e-6)])
    ('All of it has the wrong sign.', 1)
    >>> pattern([Pair(-X, X, 1e-6), Pair(X + 1, X, 1e-6)])
    """
    found = [dict(_found(pair)) for pair in pairs]
    possible = [{*seen, *_unseen(p)} for seen, p in zip(found, pairs, strict=True)]
    for key in dict.fromkeys(key for seen in found for key in seen):
        if all(key in keys for keys in possible):
            shown = max(n for n, seen in enumerate(found) if key in seen)
            alone = len(pairs) == 1 and pairs[0].got.size == 1
            return None if alone else (found[shown][key], shown)
    return None


def _found(pair: Pair) -> Found:
    """Yield the patterns of one case by a short name, each with its sentence."""
    got, expected = pair.got, pair.expected
    if got.dtype.kind == "b" or expected.dtype.kind == "b":
        got, expected = got.astype(int), expected.astype(int)
        pair = Pair(got, expected, pair.tolerance, pair.counts)
    if not np.isfinite(got).all():
        return
    kinds: tuple[Callable[[Pair], Found], ...] = (_shape,)
    if got.shape == expected.shape:
        kinds = (_whole, _scaled, _in_time, _some)
    for kind in kinds:
        yield from kind(pair)


def _unseen(pair: Pair) -> set[str]:
    """Return the patterns that a case is too small to show."""
    same_shape = pair.got.shape == pair.expected.shape
    short = same_shape and (pair.got.ndim < 2 or len(pair.got) < 3)
    return set(IN_TIME) if short else set()


def _shape(pair: Pair) -> Found:
    """Say how a wrong shape may have come about."""
    got, expected, same = pair.got, pair.expected, pair.same
    if same(got.T, expected):
        yield "transpose", "It is the transpose of what is expected."
    elif got.size == expected.size and same(got.reshape(expected.shape), expected):
        yield "axes", "The numbers are right, the axes are not."
    for axis in range(got.ndim if got.size else 0):
        for name, reduced in ("sum", got.sum(axis)), ("mean", got.mean(axis)):
            if same(reduced, expected):
                words = f"A {name} over axis {axis} is still to be taken."
                yield f"no {name} {axis}", words
    for axis in range(expected.ndim):
        for name, reduced in ("sum", expected.sum(axis)), ("mean", expected.mean(axis)):
            if same(got, reduced):
                words = f"It is already a {name} over axis {axis}, which is kept."
                yield f"{name} {axis}", words


def _whole(pair: Pair) -> Found:
    """Say what is true of all entries at once."""
    got, expected, same = pair.got, pair.expected, pair.same
    if got.size > 1 and not got.any():
        largest = float(abs(expected).max(initial=0))
        yield (
            "zero",
            "All of it is zero: was it filled? (An array of whole numbers cuts off all "
            "decimals.)"
            if largest > TINY
            else f"All of it is zero; expected are numbers of up to {largest:.1e}. Is "
            "something as small as that lost beside a 1, or cut off?",
        )
    if got.ndim == 2 and same(got.T, expected):
        yield "transpose", "It is the transpose of what is expected."
    if same(-got, expected):
        yield "sign", f"{'All of it' if got.size > 1 else 'It'} has the wrong sign."


def _scaled(pair: Pair) -> Found:
    """Say by which factor, or by how much, all entries are off."""
    got, expected, same = pair.got, pair.expected, pair.same
    if not expected.any():
        return
    power = float((expected * expected.conj()).real.sum())
    factor = float((got * expected.conj()).real.sum()) / power
    if abs(factor - 1) > 1e-5 and factor and same(got / factor, expected):
        entry = "Every entry" if got.size > 1 else "It"
        words = f"{entry} is {_factor(factor)} the expected one"
        yield f"times {factor:.6g}", f"{words}: is there a factor too many or too few?"
        for times, one, other in (1 / factor, "mean", "sum"), (factor, "sum", "mean"):
            if abs(times - round(times)) < 1e-6 and round(times) in pair.counts - {1}:
                question = (
                    f"does a {one} stand where a {other} should, of all of it or along "
                    "one axis?"
                )
                yield f"{one} for {other}", f"{words}: {question}"
    if np.ptp(expected) and same(got - (got - expected).mean(), expected):
        yield (
            "offset",
            f"Every entry is off by the same {(got - expected).mean():.3g}: is "
            "something added twice, or not at all?",
        )


def _factor(factor: float) -> str:
    inverse = 1 / factor
    if abs(factor) < 1 and abs(inverse - round(inverse)) < 1e-6:
        return f"1/{round(inverse)} of"
    digits = 4 if abs(factor - 1) > 1e-3 else 8
    return f"{factor:.{digits}g} times"


def _in_time(pair: Pair) -> Found:
    """Say what is wrong along the first axis, which is time in sequences alone."""
    got, expected, same = pair.got, pair.expected, pair.same
    if got.ndim < 2 or len(got) < 3:
        return
    if same(got[::-1], expected):
        yield (
            "backwards",
            "The first axis runs the other way round: what is last comes first.",
        )
    if same(got[1:], expected[:-1]):
        yield "late", "Everything comes one place too late along the first axis."
    if same(got[:-1], expected[1:]):
        yield "early", "Everything comes one place too early along the first axis."
    right = [same(a, b) for a, b in zip(got, expected, strict=True)]
    axis, count = "Along the first axis it is right", right.count(True)
    if right == [False] + [True] * count:
        yield "first", f"{ALL_BUT.format('first')}: what is different there?"
    if right == [True] * count + [False]:
        yield "last", f"{ALL_BUT.format('last')}: what is different there?"
    if count and right == sorted(right, reverse=True):
        words = (
            f"up to index {count - 1}, and not after"
            if count > 1
            else "at index 0 alone"
        )
        yield "head", f"{axis} {words}."
    if count and right == sorted(right):
        yield "tail", f"{axis} from index {len(right) - count} on, and not before."


def _some(pair: Pair) -> Found:
    """Say which rows, columns or blocks alone are wrong."""
    got, expected, same = pair.got, pair.expected, pair.same
    if got.ndim == 1 and got.size > 1:
        count = sum(same(a[None], b[None]) for a, b in zip(got, expected, strict=True))
        if count == len(got) - 1:
            yield "one entry", "All entries but one are right."
    for axis in range(got.ndim if got.ndim > 1 else 0):
        pairs = zip(
            np.moveaxis(got, axis, 0), np.moveaxis(expected, axis, 0), strict=True
        )
        wrong = [k for k, (a, b) in enumerate(pairs) if not same(a, b)]
        if len(wrong) == 1 and got.shape[axis] > 1:
            name = ("row", "column")[axis] if got.ndim == 2 else f"index of axis {axis}"
            words = f"All is right but one {name}: number {wrong[0]}, counted from 0."
            yield f"one of axis {axis}", words
    with np.errstate(over="ignore"):
        error = np.linalg.norm(got - expected) / (np.linalg.norm(expected) or 1.0)
    if 0 < error < 1e-4 and expected.dtype.kind in "fc":
        yield (
            "nearly",
            f"It is nearly right, off by {error:.0e} of its size: is it rounded, "
            "computed in float32 or cut off at a limit, or is a small number added?",
        )
