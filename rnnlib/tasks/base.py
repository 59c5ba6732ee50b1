"""What all tasks share: batches, drawn from two sets without a common example."""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from rnnlib._checks import check_choice, check_rng, check_size
from rnnlib._repr import described
from rnnlib._typing import Rng
from rnnlib._words import kind_of, shown
from rnnlib.batches import END, PAD, SPECIALS, START, Batch

__all__ = [
    "END",
    "PAD",
    "SPECIALS",
    "SPLITS",
    "START",
    "Batch",
    "Task",
    "is_held_out",
]

SPLITS = ("train", "held_out")
ROUNDS = 200  # of draws, before a set counts as empty
Sampled = TypeVar("Sampled", bound=tuple[Any, ...])


class Task(ABC, Generic[Sampled]):
    """A source of examples, made from a random generator: nothing to download.

    `sample` draws with replacement from one of two sets, `train` and `held_out`, that
    share no example: the content of a sequence decides which set it belongs to, on any
    machine (see `is_held_out`). About a fifth is held out. All data is CC0.

    A task names its symbols (`symbols`, or a vocabulary for each side), the `measure`
    that scores it, and the `chance` level, which is the score of the best answer that
    ignores the input.

    A new task needs two methods: `_draw` returns all that is random, one item per
    sequence, and `_assemble` turns items into a `Batch` or into `Pairs`. If its items
    are not arrays, it needs a third one, `_is_held_out`. It is a frozen dataclass with
    `repr=False`, so that it is shown by the line that makes it.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib.tasks import Parity
    >>> batch = Parity(steps=6).sample(32, rng=np.random.default_rng(0))
    >>> batch.inputs.shape
    (6, 32)
    """

    @property
    @abstractmethod
    def measure(self) -> str:
        """The name of the score."""

    @property
    @abstractmethod
    def chance(self) -> float:
        """The score of the best answer that ignores the input."""

    def config(self) -> dict[str, Any]:
        """Return the arguments that make the same task again."""
        itself: Any = self  # a subclass, and nearly always a dataclass
        named = fields(itself) if is_dataclass(itself) else ()
        names = [each.name for each in named]
        options: dict[str, Any] = {name: getattr(self, name) for name in names}
        if "dtype" in options:
            options["dtype"] = np.dtype(options["dtype"]).name
        return options

    __repr__ = described

    @abstractmethod
    def _draw(self, count: int, rng: Rng) -> Iterable[Any]: ...

    @abstractmethod
    def _assemble(self, items: list[Any]) -> Sampled: ...

    def _is_held_out(self, item: Any) -> bool:
        if item.dtype.kind == "i":  # so that its bytes are the same on any machine
            item = item.astype("<i8")
        return is_held_out(item.tobytes())

    def sample(self, batch_size: int, *, rng: Rng, split: str = "train") -> Sampled:
        """Return a batch from one of the two sets.

        Parameters
        ----------
        batch_size : int
            B, at least 1.
        rng : numpy.random.Generator
        split : {"train", "held_out"}

        Raises
        ------
        ValueError
            If an argument is not as described, or the task is so small that the set
            is empty.
        """
        batch_size, rng = check_size("batch_size", batch_size), check_rng(rng)
        wanted = check_choice("split", split, SPLITS) == "held_out"
        items: list[Any] = []
        for _ in range(ROUNDS):
            drawn = self._draw(batch_size, rng)
            items += [item for item in drawn if self._is_held_out(item) == wanted]
            if len(items) >= batch_size:
                return _as_indices(self._assemble(items[:batch_size]))
        raise ValueError(
            f"split must name a set that the task can fill, got {shown(split)} with "
            f"{len(items)} examples in {ROUNDS * batch_size} draws of {self}; "
            "make the sequences longer"
        )


def _as_indices(batch: Sampled) -> Sampled:
    """Return the same with tokens as np.intp: `np.bincount` counts them anywhere."""
    kept: Any = batch
    named: Sampled = kept._make(
        array.astype(np.intp, copy=False)
        if isinstance(array, np.ndarray) and array.dtype.kind in "iu"
        else array
        for array in batch
    )
    return named


def is_held_out(content: str | bytes) -> bool:
    """Return whether an example with this content is kept for testing.

    One in five is: those whose checksum (CRC-32) is divisible by five. Nothing else
    matters, so that an example is never in both sets.

    Raises
    ------
    ValueError
        If `content` is neither text nor bytes.

    >>> [n for n in range(50) if is_held_out(str(n))]
    [6, 12, 29, 31, 37, 40, 44, 48]
    """
    if not isinstance(content, str | bytes):
        raise ValueError(
            f"content must be text or bytes, got {kind_of(content)}; "
            "an array gives its bytes by .tobytes()"
        )
    data = content.encode() if isinstance(content, str) else content
    return zlib.crc32(data) % 5 == 0
