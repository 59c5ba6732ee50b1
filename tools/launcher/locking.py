"""One start at a time: a lock that the system takes back when its holder ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file while the block runs; say who holds it while waiting."""
    with open(path, "a+b") as file:
        waiting = False
        while not _lock(file):
            if not waiting:
                print(
                    f"Another start is at work{_holder(file)}; this one waits for it."
                )
            waiting = True
            time.sleep(0.2)
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
            _unlock(file)


def _holder(file: IO[bytes]) -> str:
    """Return the process that wrote itself into the lock file, in words."""
    try:
        file.seek(0)
        number = file.read(20).decode()
    except OSError:  # on Windows what is locked cannot be read
        return ""
    return f" (process {number})" if number else ""


def _lock(file: IO[bytes]) -> bool:
    """Return whether nobody else holds the lock; where none can be, nobody does."""
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # it is held by another start
        return False
    except OSError:  # a network folder that knows no locks
        return True
    return True


def _unlock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        with suppress(OSError):  # as in `_lock`
            fcntl.flock(file, fcntl.LOCK_UN)
