"""Messages between two processes: JSON, and behind it the bytes of arrays.

Nothing that arrives can run code: there is no pickle.
"""

import json
import struct
from collections.abc import Sequence
from typing import IO, Any

__all__ = ["MOST_BYTES", "Frame", "WireError", "read", "write"]

Frame = tuple[Any, list[bytes]]
MOST_BYTES = 2**26
HEAD = struct.Struct("<II")


class WireError(Exception):
    """What arrived is no message."""


def write(stream: IO[bytes], message: Any, blobs: Sequence[bytes]) -> None:
    """Send a message.

    Raises
    ------
    ValueError
        If it is larger than `MOST_BYTES`; then nothing is sent.
    """
    sizes = [len(blob) for blob in blobs]
    text = json.dumps([message, sizes]).encode()
    if len(text) + sum(sizes) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES // 2**20} MB")
    stream.write(HEAD.pack(len(text), sum(sizes)))
    stream.write(text)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def read(stream: IO[bytes]) -> Frame:
    """Return the next message, and the bytes behind it.

    Raises
    ------
    EOFError
        If there is none.
    WireError
        If what comes is no message.

    >>> import io
    >>> stream = io.BytesIO()
    >>> write(stream, {"a": 1}, [b"xyz"])
    >>> stream.seek(0)
    0
    >>> read(stream)
    ({'a': 1}, [b'xyz'])
    """
    length, behind = HEAD.unpack(_exactly(stream, HEAD.size))
    if length + behind > MOST_BYTES:
        raise WireError("a message too large")
    text, rest = _exactly(stream, length), memoryview(_exactly(stream, behind))
    try:
        message, sizes = json.loads(text)
        ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
        if not all(type(n) is int and n >= 0 for n in sizes) or sum(sizes) != behind:
            raise WireError("sizes that do not fit")
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError(f"no message: {error}") from error
    return message, [bytes(rest[e - n : e]) for n, e in zip(sizes, ends, strict=True)]


def _exactly(stream: IO[bytes], count: int) -> bytes:
    parts = []
    while count:
        part = stream.read(count)
        if not part:
            raise EOFError("the other side has ended")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
