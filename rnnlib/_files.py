"""Files that are replaced as a whole, or not at all."""

import glob
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

__all__ = ["replacing"]

FORGOTTEN = 3600  # seconds after which nobody is still writing


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file beside `path` for writing; at the end it takes the place of `path`.

    If the block ends with an exception, what was there before is still there. A
    symbolic link stays one, and the file that it names is replaced. The new file has
    the mode of the old one. What a killed process left beside it is removed after an
    hour.

    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> with TemporaryDirectory() as folder:
    ...     with replacing(f"{folder}/a.txt") as file:
    ...         count = file.write(b"whole")
    ...     os.listdir(folder), Path(folder, "a.txt").read_text()
    (['a.txt'], 'whole')
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    begun = f".{name}.{os.getpid()}-{threading.get_ident()}.new"
    beside = os.path.join(folder, begun)
    _clear_away(os.path.join(glob.escape(folder), glob.escape(f".{name}.") + "*.new"))
    try:
        with open(beside, "wb") as file:
            if os.path.exists(target):
                shutil.copymode(target, beside)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    finally:
        with suppress(OSError):
            os.unlink(beside)


def _clear_away(pattern: str) -> None:
    """Remove the half-written files of processes that were killed long ago."""
    for path in glob.iglob(pattern):
        with suppress(OSError):
            if time.time() - os.path.getmtime(path) > FORGOTTEN:
                os.unlink(path)
