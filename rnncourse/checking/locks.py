"""Locks on open files, which end with their process."""

import sys
import time
from contextlib import suppress
from typing import IO

if sys.platform == "win32":
    import msvcrt
elif sys.platform != "emscripten":  # in a browser there is one process
    import fcntl

__all__ = ["is_free", "lock", "unlock"]


def lock(file: IO[bytes]) -> None:
    """Wait until nobody else holds the file, and hold it."""
    if sys.platform == "win32":
        while not is_free(file):
            time.sleep(0.01)
    elif sys.platform != "emscripten":
        with suppress(OSError):  # a network folder that knows no locks
            fcntl.flock(file, fcntl.LOCK_EX)


def is_free(file: IO[bytes]) -> bool:
    """Hold the file if nobody else does; return whether it is held now."""
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        elif sys.platform != "emscripten":
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def unlock(file: IO[bytes]) -> None:
    """Let others hold the file."""
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    elif sys.platform != "emscripten":
        with suppress(OSError):  # as in `lock`
            fcntl.flock(file, fcntl.LOCK_UN)
