"""Reading a noisy table: what a few seeds can say, and what they cannot."""

from math import comb
from typing import NamedTuple

import numpy as np

from rnnlib._typing import ArrayLike

__all__ = ["Duel", "counted", "duel", "sign_test"]


class Duel(NamedTuple):
    """Two columns of a table, seed by seed.

    Attributes
    ----------
    wins, losses, ties : int
        Seeds in which the one is better, worse, and equally good.
    apart : bool
        Whether the worst of the one beats the best of the other, or the reverse: then
        their ranges do not overlap.
    p : float
        How probable a result at least as one-sided is if neither is better: the
        two-sided sign test, ties left out.
    """

    wins: int
    losses: int
    ties: int
    apart: bool
    p: float


def duel(one: ArrayLike, other: ArrayLike, *, within: float = 0.0) -> Duel:
    """Return how the scores of one compare with those of the other, seed by seed.

    Parameters
    ----------
    one, other : array (n,)
        Scores, more is better; the same place in both is the same seed.
    within : float
        What differs by no more is a tie: the same network, tested on other examples,
        may differ by as much.

    Examples
    --------
    >>> duel([0.9, 0.8, 0.9, 0.7, 0.8], [0.3, 0.5, 0.2, 0.6, 0.4])
    Duel(wins=5, losses=0, ties=0, apart=True, p=0.0625)
    >>> duel([0.9, 0.8, 0.9], [0.9, 0.7, 1.0])
    Duel(wins=1, losses=1, ties=1, apart=False, p=1.0)
    >>> duel([0.999, 1.0, 1.0], [1.0, 0.998, 0.4], within=0.02)
    Duel(wins=1, losses=0, ties=2, apart=False, p=1.0)
    """
    a, b = np.asarray(one), np.asarray(other)
    wins, losses = int((a > b + within).sum()), int((b > a + within).sum())
    apart = bool(a.min() > b.max() + within or b.min() > a.max() + within)
    p = sign_test(wins, wins + losses)
    return Duel(wins, losses, len(a) - wins - losses, apart, p)


def sign_test(wins: int, rounds: int) -> float:
    """Return the probability of a result at least as one-sided if a coin decides.

    The two-sided sign test (Arbuthnott, 1710): of all sequences of heads and tails, the
    share in which one side comes up at least as often as the winner did.

    >>> [sign_test(n, n) for n in (3, 5, 6, 10)]
    [0.25, 0.0625, 0.03125, 0.001953125]
    >>> sign_test(4, 5), sign_test(2, 4), sign_test(0, 0)
    (0.375, 1.0, 1.0)
    """
    most = max(wins, rounds - wins)
    tail = sum(comb(rounds, k) for k in range(most, rounds + 1)) / 2**rounds
    return min(1.0, 2 * tail)


def counted(scores: ArrayLike, limit: float) -> str:
    """Return in how many of the seeds a score is above a limit.

    >>> counted([0.97, 0.4, 0.99, 0.2, 0.95], 0.9)
    '3 of 5'
    """
    above = np.asarray(scores) > limit
    return f"{int(above.sum())} of {len(above)}"
