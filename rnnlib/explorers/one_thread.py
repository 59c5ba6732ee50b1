"""One thread for matrix products, while a small network trains."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["one_thread", "threads"]

FOLDERS = ("../numpy.libs", ".dylibs")
NAME = "scipy_openblas_{}_num_threads64_"


@contextmanager
def one_thread() -> Iterator[None]:
    """Let numpy's products use one thread inside the block.

    OpenBLAS shares a product among all cores, and its threads wait for each other by
    spinning. With the small products of a lesson, beside a browser that needs a core,
    training then takes ten to thirty times as long. Where numpy comes with another
    library, nothing is changed.
    """
    before = threads()
    if before is None:
        yield
        return
    setter = _function("set")
    setter(1)
    try:
        yield
    finally:
        setter(before)


def threads() -> int | None:
    """Return how many threads OpenBLAS uses; None if it is not the one of numpy."""
    getter = _function("get")
    return None if getter is None else int(getter())


def _function(verb: str) -> Any:
    package = Path(np.__file__).parent
    for folder in FOLDERS:
        for file in sorted((package / folder).glob("*scipy_openblas64_*")):
            return getattr(ctypes.CDLL(str(file)), NAME.format(verb), None)
    return None
