"""Memory: buffers that are reused, and arrays that stay as they are."""

from collections.abc import Iterable, Sequence
from math import prod
from threading import Lock
from typing import Any
from weakref import ref

import numpy as np

from rnnlib._typing import Array, DTypeLike

__all__ = ["BufferPool", "freeze", "frozen", "kept"]

SMALL, LARGE = 2**17, 2**25  # bytes
EMPTY = np.empty(0, np.uint8)


class BufferPool:
    """Hands out arrays, and reuses their memory once the last view of them is gone.

    A training step asks for the same large arrays as the one before. Fresh memory comes
    from the system page by page, each filled with zeros, and that takes up to a third
    of such a step. So the pool keeps its buffers, and hands one out again as soon as
    nobody holds an array in it: what is still in use is never overwritten.

    Small arrays are left to numpy, which keeps their memory at hand itself. So are very
    large ones: keeping them would be a waste.

    >>> pool = BufferPool()
    >>> one = pool.empty("h", (1000, 100), np.float64)
    >>> other = pool.empty("h", (1000, 100), np.float64)
    >>> np.shares_memory(one, other)
    False
    """

    def __init__(self) -> None:
        self._buffers: dict[str, tuple[Array, ref[Array]]] = {}
        self._lock = Lock()

    def __reduce__(self) -> Any:
        return BufferPool, ()  # a copy starts with no buffers

    def empty(self, name: str, shape: Sequence[int], dtype: DTypeLike) -> Array:
        """Return an array whose entries are not set; `name` says what it is for."""
        size = prod(shape) * np.dtype(dtype).itemsize
        if not SMALL <= size <= LARGE:
            return np.empty(shape, dtype)
        with self._lock:
            buffer, last = self._buffers.get(name, (EMPTY, ref(EMPTY)))
            if last() is not None or len(buffer) < size:
                buffer = np.empty(size, np.uint8)
            # All views of an array that lies in a buffer hold that very array.
            whole = np.frombuffer(buffer.data[:size], dtype)
            self._buffers[name] = buffer, ref(whole)
        return whole.reshape(shape)


def kept(array: Array) -> Array:
    """Return what a backward pass can rely on: a copy, unless `array` is frozen.

    >>> x = np.ones(2)
    >>> view = np.broadcast_to(x, (3, 2))  # read-only, but x is not
    >>> kept(x) is x, kept(view) is view, kept(frozen(x)) is x
    (False, False, True)
    """
    owner: Any = array
    while owner is not None:  # views of views end at the array that has the memory
        if isinstance(owner, np.ndarray) and owner.flags.writeable:
            return array.copy()
        owner = getattr(owner, "base", None)
    return array


def frozen(array: Array) -> Array:
    """Return `array`, which nobody can write to any more, nor to what it is a view of.

    >>> whole = np.ones((2, 3))
    >>> row = frozen(whole[0])
    >>> whole[0] = 2
    Traceback (most recent call last):
        ...
    ValueError: assignment destination is read-only
    """
    owner: Any = array
    while owner is not None:
        if isinstance(owner, np.ndarray):
            owner.setflags(write=False)
        owner = getattr(owner, "base", None)
    return array


def freeze(cache: Iterable[Any]) -> None:
    """Make all arrays of a cache read-only; views taken of them later are, too."""
    for field in cache:
        if isinstance(field, np.ndarray):
            field.setflags(write=False)
