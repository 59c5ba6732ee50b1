"""Arguments as one types them by hand: rounded, and without decimal points."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case

__all__ = ["as_floats", "rounded", "typed"]

LARGEST = 100


def rounded(case: Case, name: str) -> Case | None:
    """Return the case with one of its arrays rounded, if that leaves small numbers.

    >>> rounded({"x": np.array([0.6, -1.7]), "steps": 3}, "x")
    {'x': array([ 1., -2.]), 'steps': 3}
    """
    value = case.get(name)
    if not isinstance(value, np.ndarray) or value.dtype != float:
        return None
    whole = (np.ceil if (value > 0).all() else np.rint)(value) + 0.0
    tells = 0 < abs(whole).max(initial=0) < LARGEST
    return {**case, name: whole} if tells else None


def typed(case: Case, name: str) -> Case:
    """Return a rounded case as one types it: [[1, -2]] for [[1.0, -2.0]].

    >>> typed({"x": np.array([1.0, -2.0]), "steps": 3}, "x")
    {'x': array([ 1, -2]), 'steps': 3}
    """
    return {**case, name: case[name].astype(int)}


def as_floats(value: Any) -> Any:
    """Return a value in which arrays of whole numbers have become floats.

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
