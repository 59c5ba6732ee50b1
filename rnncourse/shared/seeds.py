"""What training brings with ten seeds that nobody chose: measured, stored and told."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from rnnlib._typing import Array

__all__ = ["SEEDS", "in_seeds", "measure", "span", "stored"]

SEEDS = range(20, 30)


def measure(place: Path, runs: Mapping[str, Callable[[int], Sequence[float]]]) -> None:
    """Make each run with every seed, and store what they return, (seeds, ...)."""
    found = {}
    for name, run in runs.items():
        found[name] = np.array([run(seed) for seed in SEEDS])
        print(f"{name}: {span(found[name])}")
    np.savez(place, allow_pickle=False, **found)


def stored(place: Path) -> dict[str, Array]:
    """Return what `measure` has stored, by the names of the runs."""
    with np.load(place) as file:
        return dict(file)


def span(shares: Array) -> str:
    """Return the smallest and the largest of several shares.

    >>> span(np.array([0.973, 0.981, 0.978])), span(np.array([0.999, 1.0]))
    ('97 to 98 %', '100 %')
    """
    low, high = (f"{100 * share:.0f}" for share in (shares.min(), shares.max()))
    return f"{low} %" if low == high else f"{low} to {high} %"


def in_seeds(true: Array) -> str:
    """Return in how many seeds something is so.

    >>> in_seeds(np.array([True, False, True]))
    '2 of 3 seeds'
    """
    return f"{int(true.sum())} of {len(true)} seeds"
