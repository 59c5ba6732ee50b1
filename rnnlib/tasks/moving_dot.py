"""Frames of a moving dot: name its direction at each frame."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnlib._checks import check_float_dtype, check_share, check_size
from rnnlib._typing import Array, DTypeLike, Rng
from rnnlib.tasks.base import Batch, Task

__all__ = ["MovingDot"]

MOVES = np.array([(0, -1), (0, 1), (-1, 0), (1, 0)])  # down counts as positive


@dataclass(frozen=True, repr=False)
class MovingDot(Task[Batch]):
    """Say at each frame of a film in which direction the bright dot has moved.

    The dot moves by one pixel from each frame to the next. When it leaves the picture,
    it re-enters on the other side, so a single frame says nothing about the direction:
    without memory of the previous frame, one answer in four is right. Nothing is asked
    at the first frame: the mask is False there.

    What is random: where the dot starts, its direction, and, with probability `turn` at
    each frame, a new direction. The data is CC0.

    Parameters
    ----------
    steps : int
        T, the number of frames, at least 2.
    side : int
        Height and width of the picture in pixels, at least 3.
    turn : float
        0 to 1.
    dtype : numpy dtype
        float64 or float32, like the model that sees it.

    Examples
    --------
    >>> task = MovingDot(steps=5)
    >>> batch = task.sample(1, rng=np.random.default_rng(0))
    >>> batch.inputs.shape
    (5, 1, 25)
    >>> [divmod(int(frame.argmax()), task.side) for frame in batch.inputs[:, 0]]
    [(0, 1), (4, 1), (3, 1), (2, 1), (1, 1)]
    >>> [task.classes[target] for target in batch.targets[1:, 0]]
    ['up', 'up', 'up', 'up']
    """

    steps: int
    side: int = 5
    turn: float = 0.3
    dtype: DTypeLike = np.float64
    classes: ClassVar[tuple[str, ...]] = ("left", "right", "up", "down")
    measure: ClassVar[str] = "accuracy"
    chance: ClassVar[float] = 0.25

    def __post_init__(self) -> None:
        check_size("steps", self.steps, minimum=2)
        check_size("side", self.side, minimum=3)
        check_share("turn", self.turn)
        check_float_dtype(self.dtype)

    def _draw(self, count: int, rng: Rng) -> Array:
        """Return the place of the first frame, and the moves that follow it."""
        drawn = rng.integers(0, len(self.classes), size=(count, self.steps))
        turns = rng.random((count, self.steps)) < self.turn
        for t in range(2, self.steps):
            drawn[:, t] = np.where(turns[:, t], drawn[:, t], drawn[:, t - 1])
        drawn[:, 0] = rng.integers(0, self.side**2, size=count)
        return drawn

    def _assemble(self, items: list[Array]) -> Batch:
        moves = np.stack(items, axis=1)
        start = np.stack(np.divmod(moves[0], self.side), axis=-1)
        path = np.concatenate([start[None], MOVES[moves[1:]]]).cumsum(axis=0)
        rows, columns = np.moveaxis(path % self.side, -1, 0)
        frames = np.eye(self.side**2, dtype=self.dtype)[rows * self.side + columns]
        asked = np.ones(moves.shape, dtype=bool)
        asked[0] = False
        return Batch(frames, np.where(asked, moves, 0), asked)
