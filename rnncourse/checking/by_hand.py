"""A case as one types it by hand: rounded, and without decimal points."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case

__all__ = ["as_floats", "rounded", "typed"]

LARGEST = 100
WEIGHTS, STARTS = ("W_", "b_"), ("_prev", "_0")


def rounded(case: Case) -> Case | None:
    """Return the case with whole numbers in place of its floats, where that tells.

    What is given at the start is rounded, and what goes beyond -1 and 1. Weights stay,
    and so do states, gates and probabilities: nobody types those.

    >>> rounded({"x": np.array([0.6, -1.7]), "steps": 3})
    {'x': array([ 1., -2.]), 'steps': 3}
    """
    whole = {
        name: (np.ceil if (value > 0).all() else np.rint)(value) + 0.0
        for name, value in case.items()
        if _is_array(value) and not name.startswith(WEIGHTS)
        if name.endswith(STARTS) or abs(value).max(initial=0) > 1
    }
    tells = all(0 < abs(value).max() < LARGEST for value in whole.values())
    return {**case, **whole} if whole and tells else None


def typed(case: Case) -> Case:
    """Return a rounded case as one types it: [[1, -2]] for [[1.0, -2.0]].

    >>> typed({"x": np.array([1.0, -2.0]), "steps": 3})
    {'x': array([ 1, -2]), 'steps': 3}
    """
    whole = {
        name: value.astype(int)
        for name, value in case.items()
        if _is_array(value) and (value == np.rint(value)).all()
    }
    return {**case, **whole}


def as_floats(value: Any) -> Any:
    """Return something with all arrays of whole numbers in it as floats.

    >>> as_floats((np.array([1, 2]), 3))
    (array([1., 2.]), 3)
    """
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value.astype(float)
    if isinstance(value, Mapping):
        return {key: as_floats(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(as_floats, value))
    return value


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == float
