"""Words that several explorers of lesson 09 share."""

from rnncourse.lesson_09.gym.grid import Run
from rnncourse.shared.wording import fixed
from rnnlib._typing import Array

__all__ = ["told", "way"]


def way(scores: Array) -> str:
    """Return from where to where scores lie, of the way from chance to the ceiling.

    >>> import numpy as np
    >>> way(np.array([0.02, -0.031, 0.004])), way(np.array([0.999, 1.0]))
    ('−3 to 2 %', '100 %')
    """
    low, high = (fixed(100 * score, 0) for score in (scores.min(), scores.max()))
    return f"{low} %" if low == high else f"{low} to {high} %"


def told(own: Run | None) -> str:
    """Return how far a run has come, as the end of a verdict; nothing without a run."""
    if own is None:
        return ""
    if own.score is not None:
        return f" Yours is at {fixed(100 * own.score, 0)} %."
    loss = f", loss {own.losses[-1]:.3f}" if own.losses else ""
    return f" Yours is under way{loss}."
