"""Ten names, five made and five real, to be told apart."""

from typing import NamedTuple

import numpy as np

from rnncourse.lesson_07.nets import MINERALS, made_names, stored

__all__ = ["BlindTest", "blind_test"]

FIVE = 5
PRINTED = 5  # of the held-out names, at the beginning of the lesson
LENGTHS = range(6, 12)  # so that no name is told by its length


class BlindTest(NamedTuple):
    """Ten names in a random order.

    Attributes
    ----------
    names : list of str
    real : set of int
        The numbers of the real ones, counted from 1.
    """

    names: list[str]
    real: set[int]


def blind_test(seed: int) -> BlindTest:
    """Return a test: five held-out names of minerals, and five that a net has made.

    >>> test = blind_test(1)
    >>> len(test.names), len(test.real), blind_test(1) == test
    (10, 5, True)
    """
    rng = np.random.default_rng(seed)
    net = stored("minerals, 150 updates")
    every = {name for split in ("train", "held_out") for name in MINERALS.names(split)}
    made = [name for name in made_names(net, 60, rng=rng) if name not in every]
    real = [*rng.permutation(MINERALS.names("held_out")[PRINTED:])]
    usual = ([n for n in names if len(n) in LENGTHS] for names in (real, made))
    chosen = [str(name) for names in usual for name in names[:FIVE]]
    order = rng.permutation(2 * FIVE)
    numbers = {int(place) + 1 for place in np.flatnonzero(order < FIVE)}
    return BlindTest([chosen[n] for n in order], numbers)
