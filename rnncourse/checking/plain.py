"""Plain copies of what a function returned: arrays, numbers, collections of them."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Strange", "plain", "what_it_is"]

PLAIN = bool, int, float, complex, str, bytes, type(None), type(...)
OURS = "rnnlib", "rnncourse"


@dataclass(frozen=True, repr=False)
class Strange:
    """Anything else: its kind, in words, is all that is kept of it.

    >>> Strange("generator"), Strange("iterator")
    (a generator, an iterator)
    """

    kind: str

    def __repr__(self) -> str:
        """Return the kind with its article."""
        return f"{'an' if self.kind[0] in 'aeiouAEIOU' else 'a'} {self.kind}"


def plain(value: Any) -> Any:
    """Return a copy that holds no code of the learner's.

    Raises
    ------
    TypeError
        If it offers an array, and cannot make it.

    >>> plain([np.float64(1.0), {"a": (2, print)}])
    [np.float64(1.0), {'a': (2, a function (are brackets missing?))}]
    """
    kind = type(value)
    if kind in PLAIN or issubclass(kind, np.generic) or kind.__module__ in OURS:
        return value
    if kind.__module__.startswith(tuple(f"{name}." for name in OURS)):
        fields = getattr(value, "_fields", None)
        return kind(*map(plain, value)) if fields else value
    if issubclass(kind, np.ndarray):
        return _numbers(np.array(value, subok=False), kind.__name__)
    if issubclass(kind, Mapping):
        return {plain(key): plain(value[key]) for key in value}
    if issubclass(kind, tuple | list):
        parts = map(plain, value)
        return tuple(parts) if issubclass(kind, tuple) else list(parts)
    if hasattr(kind, "__array__"):
        return _as_array(value, kind.__name__)
    if inspect.isroutine(value):
        return Strange("function (are brackets missing?)")
    return Strange(kind.__name__)


def _as_array(value: Any, kind: str) -> Any:
    try:
        array = np.asarray(value)
    except Exception as error:
        raise TypeError(f"numpy cannot read a {kind}: {error}") from error
    return _numbers(array, kind)


def _numbers(array: Any, kind: str) -> Any:
    return Strange(f"{kind} of objects") if array.dtype.hasobject else array


def what_it_is(thing: Any) -> str:
    """Return what type something has; of a class, how to make one of it.

    >>> what_it_is(2.0), what_it_is(dict)
    ('of type float', 'the class dict: make one of it, dict(...)')
    """
    if isinstance(thing, type):
        return f"the class {thing.__name__}: make one of it, {thing.__name__}(...)"
    return f"of type {type(thing).__name__}"
