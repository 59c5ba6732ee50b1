"""Files of arrays and a header: written as a whole, and looked into before unpacked."""

import json
import os
import zipfile
from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from rnnlib._files import replacing
from rnnlib._typing import Array, Params
from rnnlib._words import plain, shown

__all__ = [
    "FORMAT",
    "StorageError",
    "check_path",
    "look_into",
    "read_arrays",
    "under",
    "write_arrays",
]

FORMAT, READS = 2, (1, 2)  # what is written, and what can be read
SMALL, GROWS = 2**24, 100  # what may be unpacked: bytes, or times the size of the file


class StorageError(ValueError):
    """A file that is not what it should be; nothing has been changed."""


def write_arrays(
    path: str | os.PathLike[str],
    kind: str,
    header: Mapping[str, Any],
    arrays: Mapping[str, Array],
) -> None:
    """Write arrays and a header that JSON can hold, all of it or nothing.

    Raises
    ------
    StorageError
        If the file cannot be written. What was there before is still there.
    """
    text = json.dumps({"rnnlib": FORMAT, "kind": kind, **header})
    named: dict[str, Any] = {"header": np.array(text), **arrays}
    try:
        with replacing(check_path(path)) as file:
            np.savez(file, **named)
    except OSError as error:
        raise StorageError(
            f"{plain(path)} must be a place where a file can be written, got the "
            f"answer {error.strerror!r}; nothing was changed"
        ) from error


def read_arrays(
    path: str | os.PathLike[str], kind: str
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the header and the arrays that `write_arrays` wrote.

    Raises
    ------
    StorageError
        If the file is not one that `write_arrays` wrote, of that kind.
    """
    header, _ = look_into(path, kind)
    try:
        with np.load(check_path(path), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files if name != "header"}
    except Exception as error:
        raise _unreadable(path) from error
    return header, arrays


def look_into(
    path: str | os.PathLike[str], kind: str
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the header of such a file, and the forms of its arrays.

    A form has the shape and the dtype of an array, and takes no memory: that is how
    one sees what would be unpacked before it is. A file that grows beyond all measure
    when it is unpacked is refused.

    Raises
    ------
    StorageError
        If the file is not one that `write_arrays` wrote, of that kind.
    """
    place = check_path(path)
    if not os.path.isfile(place):
        found = "a folder" if os.path.isdir(place) else "none there"
        raise StorageError(f"{plain(path)} must be a file, got {found}")
    try:
        with zipfile.ZipFile(place) as file:
            _check_growth(file, os.path.getsize(place))
            forms = {_name_of(each): _form(file, each) for each in file.infolist()}
            del forms["header"]
            with file.open("header.npy") as member:
                text = np.lib.format.read_array(member, allow_pickle=False)
        header = json.loads(str(text))
        version, found = header["rnnlib"], header.get("kind")
    except Exception as error:  # a foreign file can make numpy raise anything
        raise _unreadable(path) from error
    if version not in READS:
        raise StorageError(
            f"{plain(path)} must be of format {FORMAT}, got {shown(version)}; "
            "it needs another version of rnnlib"
        )
    if found != kind:
        raise StorageError(f"{plain(path)} must hold a {kind}, got a {plain(found)}")
    return header, forms


def _check_growth(file: zipfile.ZipFile, size: int) -> None:
    """Raise if the members are much larger than the whole file."""
    unpacked = sum(member.file_size for member in file.infolist())
    if unpacked > max(SMALL, GROWS * size):
        raise ValueError(f"{size} bytes would unpack to {unpacked}")


def _name_of(member: zipfile.ZipInfo) -> str:
    name, ending = os.path.splitext(member.filename)
    if ending != ".npy":
        raise ValueError(f"{member.filename} is no array")
    return name


def _form(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
    """Return an array of the shape and dtype that a member says it has."""
    with file.open(member) as content:
        formats = np.lib.format
        major, _ = formats.read_magic(content)
        read = formats.read_array_header_1_0, formats.read_array_header_2_0
        shape, _, dtype = read[major - 1](content)
        bytes_of_it = prod(shape) * dtype.itemsize
        if dtype.hasobject or bytes_of_it != member.file_size - content.tell():
            raise ValueError(f"{member.filename} is not what it says it is")
    return np.broadcast_to(np.zeros((), dtype), shape)


def _unreadable(path: Any) -> StorageError:
    return StorageError(
        f"{plain(path)} must be a whole file that rnnlib wrote, got one that cannot be "
        "read; it may be truncated, or of another program"
    )


def under(prefix: str, arrays: Mapping[str, Array]) -> Params:
    """Return the arrays that start with `prefix`, with the prefix removed."""
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def check_path(path: Any) -> str:
    """Return `path` if it can be the name of a file."""
    if not isinstance(path, str | os.PathLike):
        raise ValueError(f"path must be the name of a file, got {shown(path)}")
    return str(os.fspath(path))
