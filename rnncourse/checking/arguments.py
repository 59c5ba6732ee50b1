"""Whether a function has changed its arguments, and how to say it."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case

__all__ = ["drawn_from", "how_changed", "is_same"]


def how_changed(case: Case, given: Case) -> str:
    """Return a sentence on the first argument that is not as it was given, or none."""
    for name, value in case.items():
        if not is_same(value, given[name]):
            if isinstance(value, Mapping) and value.keys() != given[name].keys():
                return (
                    f"Your function puts entries into its argument {name}, or takes "
                    "some out, and others still need it as it is: work on a copy, "
                    f"dict({name})."
                )
            if _nearly(value, given[name]):
                return (
                    f"Your function writes into its argument {name}, and leaves it "
                    "changed in the last digits, as rounding does where something is "
                    "moved and moved back, or divided by what should be 1: work on a "
                    f"copy, {name}.copy()."
                )
            listed = isinstance(value, list)
            place = name if listed else _first_change(name, value, given[name])
            return (
                f"Your function changes its argument {place}, which others still need: "
                f"{_new_one(place, value)}"
            )
    return ""


def drawn_from(case: Case, given: Case) -> frozenset[str]:
    """Return the names of the random generators that have moved on."""
    return frozenset(
        name
        for name, rng in case.items()
        if isinstance(rng, np.random.Generator)
        and rng.bit_generator.state != given[name].bit_generator.state
    )


def _first_change(name: str, one: Any, other: Any) -> str:
    """Return in code the first array inside an argument that has changed."""
    params = getattr(one, "params", None)
    if params is not None:
        return _first_change(f"{name}.params", params, other.params)
    parts: Iterable[tuple[str, Any, Any]] = ()
    if isinstance(one, Mapping) and one.keys() == other.keys():
        parts = ((f'{name}["{key}"]', one[key], other[key]) for key in one)
    elif isinstance(one, tuple | list) and len(one) == len(other):
        fields = getattr(one, "_fields", None)
        names = (
            [f"{name}.{field}" for field in fields]
            if fields
            else [f"{name}[{k}]" for k in range(len(one))]
        )
        parts = zip(names, one, other, strict=True)
    changed = next((part for part in parts if not is_same(*part[1:])), None)
    return _first_change(*changed) if changed else name


def _new_one(place: str, value: Any) -> str:
    """Return what to do with an argument instead of changing it."""
    if isinstance(value, list):
        return f"make a new list, such as sorted({place}) or {place}[:]"
    instead = f"make a new array ({place} + ...) in place of {place} += ..."
    return (
        f"{instead}, and put it into a new dict."
        if isinstance(value, Mapping)
        else f"{instead} or {place}[...] = ..."
    )


def _nearly(one: Any, other: Any) -> bool:
    """Return whether an array is unchanged, up to rounding."""
    arrays = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
    floats = arrays and one.dtype.kind == "f" and one.shape == other.shape
    return floats and np.allclose(one, other, rtol=1e-9, atol=1e-12)


def is_same(one: Any, other: Any) -> bool:
    """Return whether two arguments hold the same; random generators may move on."""
    if isinstance(one, np.random.Generator):
        return True
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(
            is_same(value, other[key]) for key, value in one.items()
        )
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, np.ndarray):
        kind = one.dtype.kind in "fc"
        return np.array_equal(one, other, equal_nan=kind)
    params = getattr(one, "params", None)
    if params is not None:
        return is_same(params, other.params)
    simple = isinstance(one, int | float | str | bytes | None)
    return one == other if simple else True
