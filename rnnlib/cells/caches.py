"""Caches of one step and of many steps, and the gates inside them."""

from itertools import repeat
from typing import Any

import numpy as np

from rnnlib._typing import Array
from rnnlib._words import kind_of, shown

__all__ = [
    "by_gate",
    "cache_at",
    "carry_over",
    "choose_state",
    "squash",
    "steps_of",
]

# As arrays, which numpy multiplies by faster than by numbers of Python.
HALF = {np.dtype(kind): np.array(0.5, kind) for kind in "fdD"}


def cache_at(cache: Any, t: int | slice) -> Any:
    """Return the part of a sequence's cache that belongs to step `t`, or to a slice.

    Raises
    ------
    ValueError
        If the cache has no such step.

    >>> from rnnlib import Recurrent, RNNCell
    >>> cell = RNNCell(1, 2, rng=np.random.default_rng(0))
    >>> h, state, cache = Recurrent(cell).forward(np.ones((3, 1, 1)))
    >>> bool((cache_at(cache, 2).h == h[2]).all())
    True
    """
    try:
        return type(cache)(
            *[field[t] if isinstance(field, np.ndarray) else field for field in cache]
        )
    except (IndexError, TypeError):
        raise ValueError(
            f"cache must be that of a sequence with a step {shown(t)}, got "
            f"{kind_of(cache)}"
        ) from None


def steps_of(record: Any) -> list[Any]:
    """Split the cache of a sequence, or its slopes, into one for each step.

    >>> from rnnlib import Recurrent, RNNCell
    >>> cell = RNNCell(1, 2, rng=np.random.default_rng(0))
    >>> h, state, cache = Recurrent(cell).forward(np.ones((3, 1, 1)))
    >>> [step.h.shape for step in steps_of(cache)]
    [(1, 2), (1, 2), (1, 2)]
    """
    fields = [f if isinstance(f, np.ndarray) else repeat(f) for f in record]
    return list(map(type(record)._make, zip(*fields, strict=False)))


def by_gate(stacked: Array, hidden_size: int) -> Array:
    """View an array (..., B, nH) as (..., n, B, H): a matrix for each gate.

    >>> by_gate(np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), 2).tolist()
    [[[1, 2], [5, 6]], [[3, 4], [7, 8]]]
    """
    parts = stacked.reshape((*stacked.shape[:-1], -1, hidden_size))
    return parts.swapaxes(-3, -2)


def squash(a: Array, sigmoids: int) -> None:
    """Turn pre-activations (n, B, H) into gates, in place: sigmoids first, then tanh.

    A sigmoid is `0.5 * tanh(0.5 * a) + 0.5`, so one tanh serves all.

    >>> a = np.array([[0.0], [2.0], [2.0]])
    >>> squash(a, sigmoids=2)
    >>> a.ravel().round(4)
    array([0.5   , 0.8808, 0.964 ])
    """
    gates, half = a[:sigmoids], HALF[a.dtype]
    gates *= half
    np.tanh(a, out=a)
    gates *= half
    gates += half


def carry_over(cache: Any) -> None:
    """Copy the old state over the new one wherever the step does not exist."""
    missing = ~cache.mask[:, None]
    np.copyto(cache.h, cache.h_prev, where=missing)
    if hasattr(cache, "c"):
        np.copyto(cache.c, cache.c_prev, where=missing)


def choose_state(exists: Array, new: Any, old: Any) -> Any:
    """Return the new state where the step exists, and the old one where it does not.

    Shapes: exists (..., B), each array of both states (..., B, H).

    >>> from rnnlib import RNNState
    >>> new, old = RNNState(np.ones((2, 1))), RNNState(np.zeros((2, 1)))
    >>> choose_state(np.array([True, False]), new, old).h.ravel()
    array([1., 0.])
    """
    rows = exists[..., None]
    return type(new)(*(np.where(rows, n, o) for n, o in zip(new, old, strict=True)))
