"""The parts of what a function returns, by name, and whether they are the same."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

__all__ = ["alike", "order_of", "ordered", "parts"]


def parts(
    value: Any, names: tuple[str, ...] = (), like: Any = None
) -> list[tuple[str, Any]]:
    """Return the leaves of tuples and dicts with their names.

    A list counts as a tuple where `like` has one.
    """
    return list(_leaves(value, "", names, like))


def alike(one: Any, other: Any) -> bool:
    """Return whether two observations are the same, up to rounding."""
    mine, yours = parts(one, like=other), parts(other, like=one)
    return [name for name, _ in mine] == [name for name, _ in yours] and all(
        _equal(a, b) for (_, a), (_, b) in zip(mine, yours, strict=True)
    )


def ordered(got: Any, expected: Any, order: tuple[int, ...]) -> bool:
    """Return whether all parts are right if they are taken in this order."""
    given, wanted = parts(got, like=expected), parts(expected)
    return len(given) == len(order) and all(
        _equal(given[place][1], right)
        for place, (_, right) in zip(order, wanted, strict=True)
    )


def order_of(
    given: list[tuple[str, Any]], wanted: list[tuple[str, Any]]
) -> tuple[int, ...]:
    """Return where each part stands, if all are right but in another order."""
    places = [
        [place for place, (_, mine) in enumerate(given) if _equal(mine, right)]
        for _, right in wanted
    ]
    order = [matches[0] for matches in places if len(matches) == 1]
    is_other = order != sorted(order) == list(range(len(wanted)))
    return tuple(order) if is_other else ()


def _leaves(
    value: Any, prefix: str, names: tuple[str, ...], like: Any
) -> Iterator[tuple[str, Any]]:
    if like is not None and not isinstance(like, tuple | Mapping):
        yield prefix.removesuffix("."), value
    elif isinstance(value, Mapping):
        for key in sorted(value, key=str):
            known = like[key] if isinstance(like, Mapping) and key in like else None
            yield from _leaves(value[key], f"{prefix}{key}.", (), known)
    elif isinstance(value, tuple) or (
        isinstance(value, list) and isinstance(like, tuple)
    ):
        given = names or getattr(like, "_fields", ()) or getattr(value, "_fields", ())
        known = given if len(given) == len(value) else map(str, range(len(value)))
        wanted = like if isinstance(like, tuple | list) else ()
        wanted = wanted if len(wanted) == len(value) else (None,) * len(value)
        for name, part, other in zip(known, value, wanted, strict=True):
            yield from _leaves(part, f"{prefix}{name}.", (), other)
    else:
        yield prefix.removesuffix("."), value


def _equal(one: Any, other: Any) -> bool:
    try:
        a, b = np.asarray(one), np.asarray(other)
        if a.dtype.kind in "biufc" and b.dtype.kind in "biufc":
            same = a.dtype == b.dtype and a.shape == b.shape
            return same and np.allclose(a, b, rtol=1e-7, atol=1e-10, equal_nan=True)
        return type(one) is type(other) and bool(np.all(one == other))
    except (ValueError, TypeError):  # such as lists of several lengths in a list
        both = isinstance(one, list) and isinstance(other, list)
        return both and len(one) == len(other) and all(map(_equal, one, other))
