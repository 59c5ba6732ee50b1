"""Two hundred searches for the points where a flip-flop net stands still, stored."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnncourse.lesson_13 import resting
from rnncourse.lesson_13.nets import BITS, flip_flop
from rnnlib._typing import Array
from rnnlib.diagnostics import principal_components
from rnnlib.storage import read_arrays, write_arrays
from rnnlib.tasks import FlipFlop

__all__ = ["SEARCHES", "Search", "search", "store", "stored"]

SEARCHES, SEED, KIND = 200, 7, "searches"
PLACE = Path(__file__).with_name("points.npz")
SLANT = np.array([0.42, 0.3])  # of the third axis, in the plane


class Search(NamedTuple):
    """What searches from many places find in one net.

    Attributes
    ----------
    starts : array (SEARCHES, H)
    reached : integer array (SEARCHES,)
        Which point each of them leads to, -1 for none.
    states : array (N, H)
        The points.
    ways_out : integer array (N,)
        In how many directions deviations grow: 0 where a point is stable.
    middle : array (H,)
    axes : array (H, 2)
        `(states - middle) @ axes` is where states are drawn: bit 1 goes from -1 to 1 to
        the right, bit 2 up; bit 3 goes slanting.
    """

    starts: Array
    reached: Array
    states: Array
    ways_out: Array
    middle: Array
    axes: Array

    def placed(self, states: Array) -> Array:
        """Return where states (..., H) are drawn, (..., 2)."""
        placed: Array = (states - self.middle) @ self.axes
        return placed


def search(bits: int) -> Search:
    """Search the stored net of `bits` bits; it takes a few seconds."""
    model, rng = flip_flop(bits), np.random.default_rng(SEED)
    visited, _ = resting.held(model, bits, rng=rng)
    starts = resting.between(visited, SEARCHES, rng=rng)
    points = resting.found_from(model, starts)
    order = np.lexsort((points.states[:, 0], points.ways_out))
    states = points.states[order]
    reached = []
    for start in starts:
        alone = resting.found_from(model, start[None]).states
        far = np.linalg.norm(states - alone, axis=-1) if len(alone) else np.array([1.0])
        reached.append(int(far.argmin()) if far.min() < 1e-3 else -1)
    ways_out = points.ways_out[order]
    return Search(starts, np.array(reached), states, ways_out, *_plane(bits))


def _plane(bits: int) -> tuple[Array, Array]:
    """Return the middle and the axes of the picture: half of a bit's change is 1."""
    rng = np.random.default_rng(SEED)
    batch = FlipFlop(bits, 200).sample(40, rng=rng)
    h, _, _ = flip_flop(bits).parts["recurrent"].forward(batch.inputs)
    asked = np.asarray(batch.mask)
    states, targets = h[asked], batch.targets[asked]
    is_on = [(targets >> k & 1).astype(bool) for k in reversed(range(bits))]
    ways = [states[on].mean(axis=0) - states[~on].mean(axis=0) for on in is_on]
    middle = states.mean(axis=0)
    if bits == 1:
        line = ways[0] / np.linalg.norm(ways[0])
        rest = states - middle
        rest = rest - np.outer(rest @ line, line)
        across = principal_components(rest, 1).directions[0]
        ways.append(4 * (rest @ across).std() * across)
    axes = np.linalg.pinv(np.array(ways) / 2)  # (H, K)
    plane = axes[:, :2]
    if bits == 3:
        plane = plane + axes[:, 2:] * SLANT
    return middle, plane


def store() -> None:
    """Search all stored nets anew, and store what is found."""
    arrays = {
        f"{name}, K = {K}": array
        for K in BITS
        for name, array in search(K)._asdict().items()
    }
    write_arrays(PLACE, KIND, {}, arrays)
    stored.cache_clear()


@cache
def stored(bits: int) -> Search:
    """Return what was found in the stored net of `bits` bits."""
    arrays = read_arrays(PLACE, KIND)[1]
    return Search(*(arrays[f"{name}, K = {bits}"] for name in Search._fields))
