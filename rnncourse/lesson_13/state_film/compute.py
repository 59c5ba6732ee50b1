"""States of a net on a plane of two principal components, and one path through them."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from rnncourse.lesson_13.state_film.readings import (
    EXAMPLES,
    NETS,
    STEPS,
    Reading,
    reading,
)
from rnncourse.shared.wording import fixed, whole_percent
from rnnlib._typing import Array
from rnnlib.diagnostics import principal_components

__all__ = ["COMPONENTS", "PAIRS", "SHOWN", "StateFilm", "answered", "compute"]

PAIRS = ("1 and 2", "1 and 3", "2 and 3")
COMPONENTS, SHOWN, COUNT, SEED = 8, 400, 100, 3
MEANS = {
    "flip-flop, 2 bits": "bits held",
    "brackets": "brackets open",
    "opinion": "opinion (1 is good)",
    "stars": "good less bad reviews",
}


class Film(NamedTuple):
    """All that is shown of one net.

    Attributes
    ----------
    reading : Reading
    paths : array (STEPS, EXAMPLES, COMPONENTS)
    cloud : array (SHOWN, COMPONENTS)
        States drawn at random from all sequences.
    known : array (SHOWN,)
        What was to be known there.
    shares : array (COMPONENTS,)
        Of the variance of all states that count.
    """

    reading: Reading
    paths: Array
    cloud: Array
    known: Array
    shares: Array


@dataclass(frozen=True)
class StateFilm:
    """The state of a net while it reads.

    Attributes
    ----------
    net : str
    pair : tuple of int
        Which components are the axes, from 1.
    words : list of str
        What has been read.
    path : ndarray, shape (t, 2)
    answer : float
        What is to be known now.
    cloud : ndarray, shape (SHOWN, 2)
    known : ndarray, shape (SHOWN,)
    shares : ndarray, shape (COMPONENTS,)
    """

    net: str
    pair: tuple[int, int]
    words: list[str]
    path: Array
    answer: float
    cloud: Array
    known: Array
    shares: Array

    @property
    def in_plane(self) -> float:
        """The share of the variance that lies in this plane."""
        return float(sum(self.shares[k - 1] for k in self.pair))

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        (i, j), (x, y) = self.pair, self.path[-1]
        return (
            f"Step {len(self.words)}, read last: {self.words[-1]} "
            f"({MEANS[self.net]}: {answered(self.net, self.answer)}). The state is at "
            f"{fixed(x)} along component {i} and {fixed(y)} along {j}. This plane "
            f"holds {whole_percent(self.in_plane)} of the variance."
        )


def answered(net: str, answer: float) -> str:
    """Return what is to be known, in words."""
    return f"{int(answer):02b}" if net == NETS[0] else fixed(answer, 0)


@cache
def film(net: str) -> Film:
    """Return what is shown of a net."""
    rng = np.random.default_rng(SEED)
    read = reading(net, COUNT, rng=rng)
    h, _, _ = read.model.parts["recurrent"].forward(read.inputs)
    states, known = h[read.counts], read.known[read.counts]
    found = principal_components(states, COMPONENTS)
    some = rng.permutation(len(states))[:SHOWN]
    paths = found.coordinates(h[:STEPS, :EXAMPLES])
    cloud = found.coordinates(states[some])
    return Film(read, paths, cloud, known[some], found.shares)


def compute(*, net: str, pair: str, example: int, t: int) -> StateFilm:
    """Show where the state of a net is after step t.

    Parameters
    ----------
    net : str
        One of NETS.
    pair : str
        One of PAIRS: the principal components that are the axes.
    example : int
        Which sequence, from 1.
    t : int
        From 1.
    """
    shown, column = film(net), example - 1
    i, j = (int(number) for number in pair.split(" and "))
    axes = [i - 1, j - 1]
    return StateFilm(
        net,
        (i, j),
        shown.reading.words[column][:t],
        shown.paths[:t, column, axes],
        float(shown.reading.known[t - 1, column]),
        shown.cloud[:, axes],
        shown.known,
        shown.shares,
    )
