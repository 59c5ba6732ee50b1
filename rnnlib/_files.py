"""Files that are replaced as a whole, or not at all."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

__all__ = ["replacing"]


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file beside `path` for writing; at the end it takes the place of `path`.

    If the block ends with an exception, what was there before is still there. A
    symbolic link stays one, and the file that it names is replaced. A file that is
    replaced hands its mode on.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with replacing(f"{folder}/a.txt") as file:
    ...         count = file.write(b"whole")
    ...     os.listdir(folder), open(f"{folder}/a.txt").read()
    (['a.txt'], 'whole')
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    beside = os.path.join(folder, f".{name}.{os.getpid()}-{threading.get_ident()}")
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
