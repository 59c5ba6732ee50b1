"""The stored nets of lesson 13, and what ten seeds make of their recipes.

``python -m rnncourse.lesson_13.trials`` makes all of them anew and stores them; it
takes about fifteen minutes. Names after it choose some of the experiments.
"""

import sys
from functools import partial
from pathlib import Path

import numpy as np

from rnncourse.lesson_13 import resting
from rnncourse.lesson_13.memories import search
from rnncourse.lesson_13.nets import BITS, RECIPES, make, store
from rnncourse.lesson_13.tasks import KEPT, PausedReviews
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.diagnostics import principal_components
from rnnlib.models import Tagger

__all__ = ["MEMORIES", "READERS", "SILENCES", "memories", "readers", "ten_runs"]

SILENCES = (20, 50, 200)  # steps
# what an experiment returns, in this order
MEMORIES = ("right", "stable", "reached", "saddles", "others", "lost", "slowest")
READERS = (
    *("right", "stable", "saddles", "far", "lost", "slowest", "steepest", "on a line"),
    *(f"between after {n}" for n in SILENCES),
    *(f"right after {n}" for n in SILENCES),
)


def memories(bits: int, seed: int) -> Array:
    """Return MEMORIES of a net that holds so many bits.

    The share of right answers; how many stable points were found, and how many of them
    some state of a run comes to rest at; points with one way out, and with more; how
    many of 400 starts led nowhere; the largest absolute eigenvalue of all stable ones.
    """
    model, rng = make(f"flip_flop_{bits}", seed), np.random.default_rng(seed + 1)
    states, right = resting.held(model, bits, rng=rng)
    points = resting.resting_points(model, states, rng=rng)
    reached = resting.rests(model, points, states[:: len(states) // 2000])
    ways, largest = points.ways_out, abs(points.eigenvalues[:, 0])
    counts = points.is_stable.sum(), reached.sum(), (ways == 1).sum(), (ways > 1).sum()
    return np.array([right, *counts, points.lost, largest[points.is_stable].max()])


def readers(kept: str, seed: int) -> Array:
    """Return READERS of a net that keeps the opinion or the stars of reviews.

    The share of right answers; points without a way out and with one, among those that
    a state could be at, and how many lie beyond; starts that led nowhere; the largest
    absolute eigenvalue of the stable ones and of the others. Of the states after 20
    steps of silence, the share of the variance along one direction. After each of
    SILENCES, the share of states that are read in the middle half of the range, and
    that of right answers.
    """
    model, rng = make(f"reviews_{kept}", seed), np.random.default_rng(seed + 1)
    batch = PausedReviews(kept).sample(1000, rng=rng, split="held_out")
    said = np.round(model.predict(batch.inputs, batch.input_mask))
    right = (said == batch.targets)[batch.mask].mean()
    states, answers = resting.visited(kept, model, 1000, rng=rng)
    points = resting.resting_points(model, states, rng=rng, count=150)
    possible, largest = resting.inside(points), abs(points.eigenvalues[:, 0])
    stable, saddles = possible & points.is_stable, possible & ~points.is_stable
    counts = stable.sum(), saddles.sum(), (~possible).sum(), points.lost
    rates = [largest[group].max(initial=0) for group in (stable, saddles)]
    later = [resting.silent(model, states, n) for n in SILENCES]
    line = principal_components(later[0], 1).shares[0]
    found = [_middle(model, each) for each in later]
    kept_well = [_right(model, each, answers) for each in later]
    return np.array([right, *counts, *rates, line, *found, *kept_well])


def read(model: Tagger, states: Array) -> Array:
    """Return the number that a reader says, or how far class 1 is ahead, (N,)."""
    y, _ = model.scores(states, None)
    said: Array = y if y.ndim == 1 else y[:, 1] - y[:, 0]
    return said


def _middle(model: Tagger, states: Array) -> float:
    said = read(model, states)
    low, high = np.quantile(said, [0.02, 0.98])
    place = (said - low) / (high - low)
    return float(((place > 0.25) & (place < 0.75)).mean())


def _right(model: Tagger, states: Array, answers: Array) -> float:
    said = read(model, states)
    is_number = answers.dtype.kind == "f"
    return float(((np.round(said) if is_number else said > 0) == answers).mean())


ten_runs = Trials(
    Path(__file__).with_name("trials.npz"),
    {
        **{f"memories, K = {K}": partial(memories, K) for K in BITS},
        **{f"reviews, {kept}": partial(readers, kept) for kept in KEPT},
    },
)


def main() -> None:
    """Store the nets, unless the command line names experiments; then measure."""
    if not sys.argv[1:]:
        for done, name in enumerate(RECIPES, 1):
            store(name)
            print(f"net {done} of {len(RECIPES)}: {name}", flush=True)
        search.store()
    ten_runs.measure()


if __name__ == "__main__":
    main()
