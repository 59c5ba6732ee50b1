"""Dicts of arrays: their checks, and keys that carry a path, as in `encoder.0.W_xh`."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from rnnlib._checks import NotFiniteError, check_array, check_floats, is_float
from rnnlib._norms import all_finite
from rnnlib._typing import Array, Params
from rnnlib._words import kind_of, listed, shown

__all__ = [
    "check_arrays",
    "check_own_weights",
    "check_params",
    "check_same_keys",
    "joined",
    "part",
]


def joined(parts: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """Return one dict with keys `name.key`, given one dict for each name."""
    return {
        f"{name}.{key}": array
        for name, inner in parts.items()
        for key, array in inner.items()
    }


def part(params: Mapping[str, Array], name: str) -> dict[str, Array]:
    """Return the parameters of one part, with its name removed from the keys."""
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): array
        for key, array in params.items()
        if key.startswith(prefix)
    }


def check_params(params: Params) -> None:
    """Raise if any parameter holds NaN or infinity."""
    for name, array in params.items():
        if not all_finite(array):
            raise NotFiniteError(
                f"parameter {name} must be finite, got NaN or infinity; "
                "lower the learning rate, clip the gradient, or load saved parameters"
            )


def check_arrays(name: str, value: Any) -> Mapping[str, Array]:
    """Return `value` if it is a dict of float arrays."""
    if not isinstance(value, Mapping):
        raise ValueError(
            f"{name} must be a dict of arrays, got {kind_of(value)}; "
            'write {"W_hh": array}'
        )
    for key, array in value.items():
        if not isinstance(array, np.ndarray):
            raise ValueError(
                f"{name}[{shown(key)}] must be an array, got {kind_of(array)}; "
                "convert it with np.asarray"
            )
        if not is_float(array.dtype):
            check_floats(f"{name}[{shown(key)}]", array)
    return value


def check_same_keys(
    name: str, found: Mapping[str, Any], expected: Mapping[str, Array]
) -> None:
    """Raise unless `found` has the keys, shapes and dtypes of `expected`."""
    if _same_forms(found, expected):
        return
    check_arrays(name, found)
    if set(found) != set(expected):
        missing = [key for key in expected if key not in found]
        unknown = [key for key in found if key not in expected]
        fixes = [
            f"; {verb} {listed(keys)}"
            for verb, keys in (("add", missing), ("leave out", unknown))
            if keys and len(missing) < len(expected)
        ]
        raise ValueError(
            f"{name} must have the keys [{listed(sorted(expected))}], got "
            f"[{listed(sorted(found, key=str))}]{''.join(fixes)}"
        )
    for key, array in expected.items():
        check_array(f"{name}[{key!r}]", found[key], array.shape, dtype=array.dtype)


def check_own_weights(names: str, kind: str, parts: Sequence[Any]) -> None:
    """Raise if two of the parts have a parameter in common."""
    weights = [array for each in parts for array in each.params.values()]
    if any(np.shares_memory(one, other) for one, other in combinations(weights, 2)):
        raise ValueError(
            f"{names} must not share weights, got the same ones twice; make a second "
            f"{kind}, with weights of its own"
        )


def _same_forms(found: Any, expected: Mapping[str, Array]) -> bool:
    """Return whether keys, shapes and dtypes are equal: a quick test."""
    return (
        isinstance(found, Mapping)
        and found.keys() == expected.keys()
        and all(
            isinstance(found[key], np.ndarray)
            and found[key].shape == array.shape
            and found[key].dtype == array.dtype
            for key, array in expected.items()
        )
    )
