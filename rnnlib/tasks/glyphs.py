"""Hand-drawn digits of 8x8 pixels, shifted and noisy: one to one."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from rnnlib._checks import check_float_dtype, check_number
from rnnlib._typing import Array, DTypeLike, Rng
from rnnlib._words import shown
from rnnlib.tasks.base import Batch, Task, is_held_out

__all__ = ["DRAWN", "SIDE", "Glyphs"]

SIDE = 8
DRAWN = {
    "0": (".###.", "#...#", "#...#", "#...#", "#...#", ".###."),
    "1": ("..#..", ".##..", "..#..", "..#..", "..#..", ".###."),
    "2": (".###.", "#...#", "...#.", "..#..", ".#...", "#####"),
    "3": ("####.", "....#", "..##.", "....#", "....#", "####."),
    "4": ("#..#.", "#..#.", "#..#.", "#####", "...#.", "...#."),
    "5": ("#####", "#....", "####.", "....#", "....#", "####."),
    "6": (".###.", "#....", "####.", "#...#", "#...#", ".###."),
    "7": ("#####", "....#", "...#.", "..#..", ".#...", ".#..."),
    "8": (".###.", "#...#", ".###.", "#...#", "#...#", ".###."),
    "9": (".###.", "#...#", "#...#", ".####", "....#", ".###."),
}
_STENCILS = np.array([[[*row] for row in rows] for rows in DRAWN.values()]) == "#"
_ROOM = SIDE - np.array(_STENCILS.shape[1:])


class _Glyph(NamedTuple):
    digit: int
    pixels: Array


@dataclass(frozen=True, repr=False)
class Glyphs(Task[Batch]):
    """Say which digit a picture of 8x8 pixels shows: one vector in, one class out.

    Without any sequence, it is the reference case, for a network without recurrence.
    The ten digits are drawn by hand, five pixels wide and six high.

    What is random: the digit, all equally often; its place, any of the twelve where it
    fits; and each pixel, which is flipped with probability `noise`. The pixels decide
    whether a picture is held out. Without looking, one answer in ten is right. The
    data is CC0.

    Parameters
    ----------
    noise : float
        Share of the pixels that are flipped, 0 to 1/2.
    dtype : numpy dtype
        float64 or float32, like the model that sees it.

    Examples
    --------
    >>> task = Glyphs(noise=0.0)
    >>> batch = task.sample(1, rng=np.random.default_rng(3))
    >>> batch.inputs.shape, task.classes[batch.targets[0]]
    ((1, 64), '8')
    >>> for row in batch.inputs[0].reshape(8, 8):
    ...     print("".join(".#"[int(pixel)] for pixel in row))
    .###....
    #...#...
    .###....
    #...#...
    #...#...
    .###....
    ........
    ........
    """

    noise: float = 0.02
    dtype: DTypeLike = np.float64
    classes: ClassVar[tuple[str, ...]] = tuple(DRAWN)
    measure: ClassVar[str] = "accuracy"
    chance: ClassVar[float] = 1 / len(DRAWN)

    def __post_init__(self) -> None:
        if check_number("noise", self.noise, at_least=0) > 0.5:
            raise ValueError(f"noise must be at most 0.5, got {shown(self.noise)}")
        check_float_dtype(self.dtype)

    def _draw(self, count: int, rng: Rng) -> list[_Glyph]:
        digits = rng.integers(0, len(DRAWN), size=count)
        corners = rng.integers(0, _ROOM + 1, size=(count, 2))
        flipped = rng.random((count, SIDE, SIDE)) < self.noise
        _, high, wide = _STENCILS.shape
        for pixels, digit, (top, left) in zip(flipped, digits, corners, strict=True):
            pixels[top : top + high, left : left + wide] ^= _STENCILS[digit]
        return [_Glyph(*glyph) for glyph in zip(digits, flipped, strict=True)]

    def _is_held_out(self, item: _Glyph) -> bool:
        return is_held_out(item.pixels.tobytes())

    def _assemble(self, items: list[_Glyph]) -> Batch:
        pixels = np.stack([item.pixels.ravel() for item in items])
        return Batch(
            pixels.astype(self.dtype), np.array([item.digit for item in items])
        )
