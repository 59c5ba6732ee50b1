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
from rnncourse.lesson_13.surgery.compute import (
    CLOSING,
    DIRECTIONS,
    closed,
    fit,
    next_symbols,
    written_on,
)
from rnncourse.lesson_13.tasks import KEPT, PausedReviews
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array
from rnnlib.diagnostics import principal_components
from rnnlib.models import Tagger

__all__ = [
    "MEMORIES",
    "OPERATIONS",
    "READERS",
    "SILENCES",
    "memories",
    "operations",
    "read",
    "readers",
    "ten_runs",
]

SILENCES = (20, 50, 200)  # steps
# what an experiment returns, in this order
MEMORIES = ("right", "stable", "reached", "saddles", "others", "lost", "slowest")
READERS = (
    *("right", "stable", "saddles", "far", "lost", "slowest", "steepest", "on a line"),
    *(f"between after {n}" for n in SILENCES),
    *(f"right after {n}" for n in SILENCES),
)
OPERATIONS = (
    *("read between the means", *DIRECTIONS, "middle of 20"),
    *("closed, the probe's", "closed, between the means"),
)


def memories(bits: int, seed: int) -> Array:
    """Return MEMORIES of a net that holds `bits` bits.

    The accuracy; how many stable points were found, and how many of them some state of
    a run comes to rest at; points with one way out, and with more; how many of 400
    starts led nowhere; the largest absolute eigenvalue of all stable ones.
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

    The accuracy; points without a way out and with one, among those that a state could
    be at, and how many lie beyond; starts that led nowhere; the largest
    absolute eigenvalue of the stable ones and of the others. Of the states after 20
    steps of silence, the share of the variance along one direction. After each of
    SILENCES, the share of states that are read in the middle half of the range, and the
    accuracy.
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
    middles = [_middle(model, each) for each in later]
    kept_well = [_right(model, each, answers) for each in later]
    return np.array([right, *counts, *rates, line, *middles, *kept_well])


def operations(seed: int) -> Array:
    """Return OPERATIONS of a net of brackets, whose states are moved.

    These are states in which 1 to 3 brackets are open. First, by how much more the
    probe reads if they are moved by 1 from mean to mean. Then, by how much the
    probability of a closing bracket rises if they are moved by 1 along each of the
    three directions, and the median of how much it changes, up or down, along 20 drawn
    at random. Last, how many more brackets are closed at once, moved along the probe's
    direction and between the means, (2,).
    """
    model, rng = make("brackets", seed), np.random.default_rng(seed + 1)
    found = fit(model)
    states = np.concatenate([found.states[depth][:60] for depth in (1, 2, 3)])
    probe, means, random = found.ways.values()

    def chance(way: Array) -> float:
        p = next_symbols(model, states + way)[:, CLOSING].sum(axis=-1).mean()
        return float(p)

    def count(way: Array) -> float:
        return float(np.mean([*map(closed, written_on(model, states + way, 14))]))

    still = np.zeros_like(probe)
    others = rng.standard_normal((20, len(means)))
    others *= np.linalg.norm(means) / np.linalg.norm(others, axis=1, keepdims=True)
    rises = [chance(way) - chance(still) for way in (probe, means, random)]
    changes = [abs(chance(way) - chance(still)) for way in others]
    more = [count(way) - count(still) for way in (probe, means)]
    return np.array([means @ found.probe.weights, *rises, np.median(changes), *more])


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
        "surgery": operations,
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
