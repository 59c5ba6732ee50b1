"""What is wrong with a number, an array, or several of them, said in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncourse.checking.patterns import pattern
from rnnlib._typing import Array

__all__ = ["Difference", "alike", "differences", "parts"]


@dataclass(frozen=True)
class Difference:
    """A part of an answer that is not as expected.

    Attributes
    ----------
    name : str
        Of the part; empty if there is only one.
    words : str
        What is wrong, in a sentence or two.
    got, expected : ndarray or None
        Given where they can be shown side by side.
    """

    name: str
    words: str
    got: Array | None = None
    expected: Array | None = None


def differences(
    got: Any, expected: Any, names: tuple[str, ...], tolerance: float
) -> list[Difference]:
    """Return each part of `got` that differs from `expected`."""
    misfit = _misfit(got, expected, names)
    if misfit:
        return [Difference("", misfit)]
    given, wanted = parts(got, names), parts(expected, names)
    order = _exchanged(given, wanted)
    if order:
        return [Difference("", order)]
    return [
        Difference(name, *difference)
        for (name, mine), (_, right) in zip(given, wanted, strict=True)
        if (difference := _difference(mine, right, tolerance)) is not None
    ]


def _exchanged(given: list[tuple[str, Any]], wanted: list[tuple[str, Any]]) -> str:
    """Return a sentence if all parts are right but in another order, else nothing."""
    places = [
        [place for place, (_, mine) in enumerate(given) if _equal(mine, right)]
        for _, right in wanted
    ]
    order = [matches[0] for matches in places if len(matches) == 1]
    if order == sorted(order) or sorted(order) != list(range(len(wanted))):
        return ""
    names = ", ".join(name for name, _ in wanted)
    return f"All parts are right, in another order than asked: {names}."


def parts(value: Any, names: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    """Return the leaves of tuples and dicts with their names."""
    return list(_leaves(value, "", names))


def alike(one: Any, other: Any) -> bool:
    """Return whether two observations are the same, up to rounding."""
    mine, yours = parts(one), parts(other)
    return [name for name, _ in mine] == [name for name, _ in yours] and all(
        _equal(a, b) for (_, a), (_, b) in zip(mine, yours, strict=True)
    )


def _leaves(
    value: Any, prefix: str, names: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield from _leaves(value[key], f"{prefix}{key}.", ())
    elif isinstance(value, tuple):
        given = names or getattr(value, "_fields", ()) or ()
        known = given if len(given) == len(value) else map(str, range(len(value)))
        for name, part in zip(known, value, strict=True):
            yield from _leaves(part, f"{prefix}{name}.", ())
    else:
        yield prefix.removesuffix("."), value


def _equal(one: Any, other: Any) -> bool:
    try:
        a, b = np.asarray(one), np.asarray(other)
        if a.dtype.kind in "biufc" and b.dtype.kind in "biufc":
            same = a.dtype == b.dtype and a.shape == b.shape
            return same and np.allclose(a, b, rtol=1e-7, atol=1e-10, equal_nan=True)
        return type(one) is type(other) and bool(np.all(one == other))
    except (ValueError, TypeError):
        return False


def _misfit(got: Any, expected: Any, names: tuple[str, ...]) -> str:
    """Return a sentence on how two answers differ in form, or nothing."""
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            keys = ", ".join(map(repr, expected))
            return f"It should return a dict with {keys}; yours returns {_kind(got)}."
        missing = [repr(key) for key in expected if key not in got]
        extra = [repr(key) for key in got if key not in expected]
        if missing:
            return f"The dict that it returns has no {', '.join(missing)}."
        return f"The dict has more than is asked: {', '.join(extra)}." if extra else ""
    if isinstance(expected, tuple):
        listed = ", ".join(names or getattr(expected, "_fields", ())) or "a tuple"
        if not isinstance(got, tuple) or len(got) != len(expected):
            count = f"{len(expected)} things ({listed})"
            one_thing = isinstance(got, list | np.ndarray) and len(got) == len(expected)
            commas = f" Write them with commas: return {listed}." if one_thing else ""
            return f"It should return {count}; yours returns {_kind(got)}.{commas}"
        each = zip(got, expected, strict=True)
        return next((word for a, b in each if (word := _misfit(a, b, ()))), "")
    if got is None:
        return "It returns None: is there a return at the end of your function?"
    if isinstance(got, tuple | Mapping) or callable(got):
        return f"It should return {_kind(expected)}; yours returns {_kind(got)}."
    return ""


def _kind(value: Any) -> str:
    """Return what a value is, in words."""
    if value is None:
        return "None: is there a return at its end?"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple):
        return f"{len(value)} things"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, int | float | np.number):
        return "a number"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _difference(
    got: Any, expected: Any, tolerance: float
) -> tuple[str] | tuple[str, Array, Array] | None:
    """Return what is wrong with one part, and both arrays if they can be shown."""
    right = np.asarray(expected)
    if right.dtype.kind not in "biufc" or isinstance(expected, str | list):
        if type(got) is type(expected) and got == expected:
            return None
        return (f"It returns {_shown(got)}; expected is {_shown(expected)}.",)
    if isinstance(got, list) or (np.ndim(expected) > 0 and np.ndim(got) == 0):
        return (f"It should be {_kind(expected)}; yours is {_kind(got)}.",)
    given = np.asarray(got)
    if given.dtype.kind not in "biufc":
        return (f"It should hold numbers; yours is {_kind(got)} of {given.dtype}.",)
    if given.shape == right.shape and _close(given, right, tolerance):
        return _dtype_difference(given, right)
    words = pattern(given, right, tolerance)
    if given.dtype.kind in "iu" and right.dtype.kind == "f":
        words += " It holds whole numbers, which cut off all decimals."
    return words, given, right


def _close(got: Array, expected: Array, tolerance: float) -> bool:
    if not np.isfinite(got).all():
        return bool(
            np.array_equal(got, expected, equal_nan=expected.dtype.kind in "fc")
        )
    if "b" in (got.dtype.kind, expected.dtype.kind):
        return bool((got == expected).all())
    scale = float(abs(expected).max(initial=0)) or 1.0
    return bool((abs(got - expected) <= tolerance * scale).all())


def _dtype_difference(got: Array, expected: Array) -> tuple[str] | None:
    counts = got.dtype.kind in "iu" and expected.dtype.kind in "iu"
    if got.dtype == expected.dtype or counts or got.ndim == 0:
        return None
    return (
        f"The values are right, but their dtype is {got.dtype}; expected is "
        f"{expected.dtype}.",
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
