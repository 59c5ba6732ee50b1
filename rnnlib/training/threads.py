"""How many threads the matrix products use while something trains.

The products of small recurrent networks are so short that two BLAS threads mostly
wait for each other. Where other programs are busy they wait long: an update then takes
five times as long as on one thread. So training uses one, unless it is told otherwise.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from rnnlib._checks import check_size

__all__ = ["blas_threads", "limit_blas_threads"]

_lock = threading.Lock()
_holders: list[int] = []
_limits: list[Any] = []


def blas_threads(count: int | None = 1) -> AbstractContextManager[None]:
    """Let products use `count` threads inside the block; None leaves it as it is.

    BLAS has one number for the whole process, so blocks are counted: the first to begin
    sets it, in whichever thread, and the last to end puts back what was there before.

    Raises
    ------
    ValueError
        If `count` is not a positive whole number.

    Examples
    --------
    >>> import numpy as np
    >>> with blas_threads(1):
    ...     product = np.ones((2, 2)) @ np.ones((2, 2))
    """
    if count is not None:
        check_size("count", count)
    return _held(count)


@contextmanager
def _held(count: int | None) -> Iterator[None]:
    """Hold a number of threads while the block runs."""
    if count is None:
        yield
        return
    with _lock:
        if not _holders:
            _limits.append(_limit(count))
        _holders.append(count)
    try:
        yield
    finally:
        with _lock:
            _holders.pop()
            if not _holders:
                _limits.pop().restore_original_limits()


def limit_blas_threads(count: int = 1) -> None:
    """Let all products of this process use `count` threads from now on.

    A notebook can no longer set OPENBLAS_NUM_THREADS once numpy is loaded; this can.

    Raises
    ------
    ValueError
        If `count` is not a positive whole number.
    """
    check_size("count", count)
    with _lock:
        _limit(count)


def _limit(count: int) -> Any:
    from threadpoolctl import threadpool_limits

    return threadpool_limits(count, user_api="blas")
