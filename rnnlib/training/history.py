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
    update_ratio : list of float
        Norm of the step over norm of the parameters; about 1e-3 is healthy.
    seconds : list of float
        Time of the whole update.
    metric : list of (int, float)
        Number of the update and the score after it.
    stopped : str
        Why training ended before the batches did; empty if it did not.

    Raises
    ------
    ValueError
        If the lists differ in length, or an entry is not a finite number.
    """

    loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    update_ratio: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    metric: list[tuple[int, float]] = field(default_factory=list)
    stopped: str = ""

    def __post_init__(self) -> None:
        lists = (self.loss, self.gradient_norm, self.update_ratio, self.seconds)
        for entries in (*lists, *zip(*self.metric, strict=True)):
            for entry in entries:
                check_number("each entry of a history", entry)
        if len({len(entries) for entries in lists}) > 1:
            raise ValueError(
                "loss, gradient_norm, update_ratio and seconds must be of one length, "
                f"got {', '.join(str(len(entries)) for entries in lists)}"
            )

    @property
    def updates(self) -> int:
        """How many updates were made."""
        return len(self.loss)

    def cut(self, updates: int) -> None:
        """Forget all that came after the first `updates` updates."""
        check_size("updates", updates, minimum=0)
        for entries in (
            self.loss,
            self.gradient_norm,
            self.update_ratio,
            self.seconds,
        ):
            del entries[updates:]
        self.metric = [entry for entry in self.metric if entry[0] <= updates]


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
