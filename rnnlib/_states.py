"""States as a decoder hands them on: arrays (B, ...) in tuples, lists and dicts."""

from collections.abc import Callable, Mapping
from numbers import Number
from typing import Any

import numpy as np

from rnnlib._typing import Array
from rnnlib._words import kind_of, listed

__all__ = ["batch_size", "select"]


def batch_size(state: Any) -> int | None:
    """Return B of a state, however it is nested; None if there is no array in it.

    Raises
    ------
    ValueError
        If the arrays are not of one batch size, or are in anything but tuples, lists
        and dicts.

    >>> batch_size({"h": np.zeros((2, 5)), "steps": 3})
    2
    """
    sizes: set[int] = set()
    _mapped(lambda array, axis: sizes.add(array.shape[axis]), state)
    if len(sizes) > 1:
        raise ValueError(
            f"state must hold arrays of one batch size, got {listed(sorted(sizes))}; "
            "the batch is the first axis of each"
        )
    return sizes.pop() if sizes else None


def select(state: Any, rows: Array) -> Any:
    """Return the state of some sequences of the batch, in the given order.

    >>> select({"h": np.array([[1.0], [2.0]]), "steps": 3}, np.array([1, 1]))
    {'h': array([[2.],
           [2.]]), 'steps': 3}
    """
    order = np.asarray(rows, np.intp)
    return _mapped(lambda array, axis: np.take(array, order, axis=axis), state)


def _mapped(function: Callable[[Array, int], Any], state: Any, axis: int = 0) -> Any:
    """Return a state with a function applied to each array, given its batch axis."""
    if isinstance(state, Mapping):
        return {key: _mapped(function, part) for key, part in state.items()}
    if isinstance(state, tuple | list):
        # keys and masks of an attention have time first
        late = getattr(state, "time_first", ())
        names = getattr(state, "_fields", range(len(state)))
        parts = [
            _mapped(function, part, axis=int(name in late))
            for name, part in zip(names, state, strict=True)
        ]
        return type(state)(*parts) if hasattr(state, "_fields") else type(state)(parts)
    if isinstance(state, np.ndarray) and state.ndim:
        return function(state, axis)
    if state is None or isinstance(state, Number | str | np.ndarray | np.generic):
        return state
    raise ValueError(
        "state must be made of arrays (B, ...), in tuples, lists or dicts, got "
        f"{kind_of(state)}"
    )
