"""Learning-rate schedules: a factor for each update, counted from 0.

`fit` multiplies the learning rate of the optimiser by it.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

from rnnlib._checks import check_size

__all__ = ["cosine_decay", "exponential_decay", "linear_warmup"]

Schedule: TypeAlias = Callable[[int], float]


def cosine_decay(updates: int) -> Schedule:
    """Return a schedule that falls from 1 to 0 along half a cosine.

    Raises
    ------
    ValueError
        If `updates` is not a positive whole number.

    >>> [round(cosine_decay(4)(n), 3) for n in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    """
    check_size("updates", updates)
    return lambda n: 0.5 * (1 + math.cos(math.pi * min(n / updates, 1.0)))


def exponential_decay(updates: int) -> Schedule:
    """Return a schedule that halves every `updates` updates.

    Raises
    ------
    ValueError
        If `updates` is not a positive whole number.

    >>> [exponential_decay(10)(n) for n in (0, 10, 20)]
    [1.0, 0.5, 0.25]
    """
    check_size("updates", updates)
    return lambda n: float(0.5 ** (n / updates))


def linear_warmup(updates: int) -> Schedule:
    """Return a schedule that rises linearly to 1 over `updates` updates.

    Raises
    ------
    ValueError
        If `updates` is not a positive whole number.

    >>> [linear_warmup(4)(n) for n in (0, 1, 3, 9)]
    [0.25, 0.5, 1.0, 1.0]
    """
    check_size("updates", updates)
    return lambda n: min((n + 1) / updates, 1.0)
