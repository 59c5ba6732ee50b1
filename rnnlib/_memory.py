"""Memory that is used again once no array in it is left."""

from collections.abc import Sequence
from math import prod
from threading import Lock
from typing import Any
from weakref import ref

import numpy as np

from rnnlib._typing import Array, DTypeLike

__all__ = ["Memory"]

SMALL, LARGE = 2**17, 2**25  # bytes


class Memory:
    """Hands out arrays, and their memory again when the last view of them is gone.

    A training step asks for the same large arrays as the one before. The system gives
    fresh memory out page by page and fills it with zeros, which takes up to a third of
    such a step. So a block stays here, and is handed out again as soon as nobody holds
    an array in it: what somebody still looks at is never overwritten.

    Small arrays are left to numpy, which keeps their memory at hand itself, and so are
    very large ones, which it would be a waste to keep.

    >>> memory = Memory()
    >>> kept = memory.empty("h", (1000, 100), np.float64)
    >>> other = memory.empty("h", (1000, 100), np.float64)
    >>> np.shares_memory(kept, other)
    False
    """

    def __init__(self) -> None:
        self._blocks: dict[str, tuple[Array, ref[Array]]] = {}
        self._lock = Lock()

    def __reduce__(self) -> Any:
        return Memory, ()  # a copy starts with blocks of its own

    def empty(self, name: str, shape: Sequence[int], dtype: DTypeLike) -> Array:
        """Return an array whose entries are not set; `name` says what it is for."""
        size = prod(shape) * np.dtype(dtype).itemsize
        if not SMALL <= size <= LARGE:
            return np.empty(shape, dtype)
        with self._lock:
            block, user = self._blocks.get(name, (None, None))
            if block is None or user is None or user() is not None or len(block) < size:
                block = np.empty(size, np.uint8)
            # All views of an array that lies in a buffer hold that very array.
            whole = np.frombuffer(block.data[:size], dtype)
            self._blocks[name] = block, ref(whole)
        return whole.reshape(shape)
