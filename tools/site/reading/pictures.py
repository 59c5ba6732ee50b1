"""Small pictures in a folder, each named by what is in it."""

from __future__ import annotations

import hashlib
import os
from io import BytesIO
from pathlib import Path

from PIL import Image

__all__ = ["Pictures", "packed"]

COLOURS = 256
RECIPE = b"fast octree, 256 colours, level 6"  # another one gives other names


class Pictures:
    """The pictures of a page, in a folder of its own.

    Attributes
    ----------
    used : set of str
        The names of those that were added.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[str] = set()

    def add(self, png: bytes) -> tuple[str, int, int]:
        """Store a picture, unless it is there; return its name, width and height."""
        name = hashlib.sha256(png + RECIPE).hexdigest()[:16] + ".png"
        if name not in self.used and not (self.folder / name).exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            _put(self.folder / name, packed(png))
        self.used.add(name)
        width, height = Image.open(BytesIO(png)).size
        return name, width, height

    def forget_others(self) -> None:
        """Delete what an earlier page has left in the folder."""
        for path in self.folder.glob("*.png"):
            if path.name not in self.used:
                path.unlink()

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return sum((self.folder / name).stat().st_size for name in self.used)


def packed(png: bytes) -> bytes:
    """Return a picture with a palette of 256 colours, of which one is pure white."""
    with Image.open(BytesIO(png)) as whole:
        few = whole.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
    palette = few.getpalette() or []
    few.putpalette([255 if value == 254 else value for value in palette])
    file = BytesIO()
    few.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _put(path: Path, content: bytes) -> None:
    """Write a file beside its place, and put it there when it is whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
