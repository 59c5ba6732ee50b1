"""The record of a training run, and when to end it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rnnlib._checks import check_function, check_number, check_size

__all__ = ["EarlyStop", "History"]


@dataclass
class History:
    """What happened in training, one entry for each update.

    Attributes
    ----------
    loss : list of float
    gradient_norm : list of float
        Global norm, before clipping.
    kept : list of float
        What clipping left of that norm, as a share: 1 where nothing was cut.
    update_ratio : list of float
        Norm of the step over norm of the parameters; about 1e-3 is healthy.
    seconds : list of float
        Time of the whole update.
    metric : list of (int, float)
        Number of the update and the score after it.
    saturation : list of (int, float, float)
        Number of the update, and the saturated and the dead share after it; empty
        unless `fit` was told to `watch`.
    stopped : str
        Why training ended before the batches did; empty if it did not.

    Raises
    ------
    ValueError
        If the lists differ in length, or an entry is not a finite number.
    """

    loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    update_ratio: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    metric: list[tuple[int, float]] = field(default_factory=list)
    saturation: list[tuple[int, float, float]] = field(default_factory=list)
    stopped: str = ""

    def __post_init__(self) -> None:
        lists = self._lists()
        for entries in (*lists.values(), *self.metric, *self.saturation):
            for entry in entries:
                check_number("each entry of a history", entry)
        if len({len(entries) for entries in lists.values()}) > 1:
            raise ValueError(
                f"{', '.join(lists)} must be of one length, got "
                f"{', '.join(str(len(entries)) for entries in lists.values())}"
            )

    def _lists(self) -> dict[str, list[float]]:
        """Return the lists with one entry for each update."""
        names = ("loss", "gradient_norm", "kept", "update_ratio", "seconds")
        return {name: getattr(self, name) for name in names}

    @property
    def updates(self) -> int:
        """How many updates were made."""
        return len(self.loss)

    @property
    def clipped(self) -> int:
        """In how many updates the gradient was clipped."""
        return sum(kept < 1 for kept in self.kept)

    def cut(self, updates: int) -> None:
        """Forget all that came after the first `updates` updates."""
        check_size("updates", updates, minimum=0)
        for entries in self._lists().values():
            del entries[updates:]
        self.metric = [entry for entry in self.metric if entry[0] <= updates]
        self.saturation = [entry for entry in self.saturation if entry[0] <= updates]


@dataclass(frozen=True)
class EarlyStop:
    """Score the model now and then, and stop when it no longer improves.

    Parameters
    ----------
    score : function of the model
        Returns a number: larger is better.
    every : int
        Updates between two scores.
    patience : int
        Scores without improvement before training stops and the parameters of the
        best score are put back. `resume` starts a new count.
    target : float
        Stop as soon as this score is reached.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """

    score: Callable[[Any], float]
    every: int = 100
    patience: int = 5
    target: float = math.inf

    def __post_init__(self) -> None:
        check_function("score", self.score)
        check_size("every", self.every)
        check_size("patience", self.patience)
        if self.target != math.inf:
            check_number("target", self.target)
