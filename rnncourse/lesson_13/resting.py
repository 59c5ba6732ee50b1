"""Where the nets of lesson 13 stand still, and where they drift."""

from typing import Any

import numpy as np

from rnncourse.lesson_13.nets import FLIP_FLOPS
from rnncourse.lesson_13.tasks import SILENCE, PausedReviews
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import FixedPoints, fixed_points
from rnnlib.models import Tagger
from rnnlib.tasks import FlipFlop

__all__ = [
    "between",
    "found_from",
    "held",
    "inside",
    "nothing",
    "resting_points",
    "rests",
    "silent",
    "visited",
]

LONG, RATE = 500, 0.05  # steps of a flip-flop test, and pulses a step


def held(model: Tagger, bits: int, *, rng: Rng) -> tuple[Array, float]:
    """Return the states (N, H) in 40 long sequences, and the accuracy."""
    batch = FlipFlop(bits, LONG, RATE).sample(40, rng=rng, split="held_out")
    h, _, _ = model.parts["recurrent"].forward(batch.inputs)
    right = (model.predict(batch.inputs) == batch.targets)[batch.mask]
    return h.reshape(-1, h.shape[-1]), float(right.mean())


def visited(kept: str, model: Tagger, count: int, *, rng: Rng) -> tuple[Array, Array]:
    """Return the states (count, H) when reviews have been read, and the true answers.

    They are those at the last word: the silence has not begun.
    """
    batch = PausedReviews(kept, 0).sample(count, rng=rng, split="held_out")
    _, end, _ = model.parts["recurrent"].forward(batch.inputs, None, batch.input_mask)
    return end.h, batch.targets[0]


def between(states: Array, count: int, *, rng: Rng) -> Array:
    """Return `count` places to search from: on lines between two of the states."""
    i, j = rng.integers(0, len(states), size=(2, count))
    share = rng.random((count, 1))
    places: Array = share * states[i] + (1 - share) * states[j]
    return places


def resting_points(
    model: Tagger, states: Array, *, rng: Rng, count: int = 400
) -> FixedPoints:
    """Return where the net stands still without input, searched from `count` places."""
    return found_from(model, between(states, count, rng=rng))


def found_from(model: Tagger, starts: Array) -> FixedPoints:
    """Return where the net stands still without input, searched from `starts`."""
    cell = model.parts["recurrent"].cell
    return fixed_points(cell, nothing(model), starts=starts)


def nothing(model: Tagger) -> Any:
    """Return what a net reads while nothing happens: zeros, or the silent token."""
    K = model.parts["recurrent"].input_size
    return np.zeros(K) if K in FLIP_FLOPS else SILENCE


def silent(model: Tagger, states: Array, steps: int) -> Array:
    """Return the states (N, H) after `steps` steps in which nothing happens."""
    layer, quiet = model.parts["recurrent"], np.asarray(nothing(model))
    x = np.broadcast_to(quiet, (steps, len(states), *quiet.shape))
    _, end, _ = layer.forward(x, layer.cell.State(states))
    reached: Array = end.h
    return reached


def inside(points: FixedPoints) -> Array:
    """Return which of the points lie where a state can be: each unit in -1 to 1."""
    possible: Array = np.all(abs(points.states) <= 1, axis=-1)
    return possible


def rests(model: Tagger, points: FixedPoints, states: Array) -> Array:
    """Return which of the points some of the states come to rest at, bool (N,)."""
    ends = silent(model, states, 300)
    far = np.linalg.norm(ends[:, None] - points.states, axis=-1)
    is_near = far < 0.01 * np.sqrt(ends.shape[-1])
    used: Array = np.any(is_near & points.is_stable, axis=0)
    return used
