"""Points that searches have found, the flow around them, and what a pulse does."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from rnncourse.lesson_13 import resting
from rnncourse.lesson_13.memories.search import stored
from rnncourse.lesson_13.nets import flip_flop
from rnncourse.shared.wording import count, fixed
from rnnlib._typing import Array

__all__ = ["MOST_WAYS", "ON", "QUIET", "STEPS", "Memories", "compute"]

STEPS, MOST_WAYS = 20, 3
QUIET = 40  # steps before the pulse: the net has come to rest
ON = ("bit 1", "all bits")


@dataclass(frozen=True)
class Memories:
    """One net, what is found in it so far, and one pulse.

    Attributes
    ----------
    bits, searches : int
    starts, ends : ndarray, shape (200, 2)
        Arrows: where the searches begin, and where one step without input leads.
    points : ndarray, shape (N, 2)
        Those found so far, where they are drawn.
    ways : ndarray, shape (N,)
        In how many directions a deviation from each of them grows.
    counts : ndarray, shape (searches + 1, 4)
        After each search, how many points with 0, 1, 2, 3 ways out were found.
    path : ndarray, shape (2 + steps, 2)
        At rest with all bits 0, after the pulse, and after each step since.
    strength : float
    on : str
    steps : int
    said : str
        The bits that the net answers in the end.
    """

    bits: int
    searches: int
    starts: Array
    ends: Array
    points: Array
    ways: Array
    counts: Array
    path: Array
    strength: float
    on: str
    steps: int
    said: str

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        stable, *saddles = map(int, self.counts[-1])
        points = f"{count(stable, 'stable point')} and {count(sum(saddles), 'saddle')}"
        begun = f"searches: {self.searches}, found: {points}"
        rest = f"the net says {self.said}"
        if self.strength:
            later = count(self.steps, "step")
            where = f"on {self.on}"
            rest = (
                f"a pulse of {fixed(self.strength)} {where}, {later} later {rest}, "
                f"before it {'0' * self.bits}"
            )
        return (
            f"K = {self.bits}; {begun if self.searches else 'not searched yet'}. "
            f"{rest[0].upper()}{rest[1:]}."
        )


@cache
def _flow(bits: int) -> tuple[Array, Array]:
    """Return where the arrows of a net begin and end, (200, 2) each."""
    found = stored(bits)
    after = resting.silent(flip_flop(bits), found.starts, 1)
    return found.placed(found.starts), found.placed(after)


@cache
def _counts(bits: int) -> Array:
    """Return after each number of searches how many points of each kind are known."""
    found = stored(bits)
    known: set[int] = set()
    counts = [np.zeros(MOST_WAYS + 1, int)]
    for point in found.reached.tolist():
        known |= {point} - {-1}
        ways = found.ways_out[sorted(known)]
        counts.append(np.bincount(ways.astype(np.intp), minlength=MOST_WAYS + 1))
    return np.array(counts)


@cache
def _at_rest(bits: int) -> Array:
    """Return the state (1, K) in which the net rests when all bits are 0."""
    layer = flip_flop(bits).parts["recurrent"]
    x = np.zeros((QUIET, 1, bits))
    x[0] = -1
    h, _, _ = layer.forward(x)
    rest: Array = h[-1]
    return rest


def compute(
    *, bits: int, searches: int, strength: float, on: str, steps: int
) -> Memories:
    """Look for the points where a net stands still, and push it.

    Parameters
    ----------
    bits : int
        K: 1, 2 or 3; the net was trained to hold as many.
    searches : int
        How many there have been, each from another place.
    strength : float
        Of the pulse that the net reads when it rests with all bits 0; it has learned
        pulses of 1.
    on : {"bit 1", "all bits"}
    steps : int
        How many have gone by since.
    """
    found, model = stored(bits), flip_flop(bits)
    known = sorted({*found.reached[:searches].tolist()} - {-1})
    rest = _at_rest(bits)
    x = np.zeros((1 + steps, 1, bits))
    x[0, :, : 1 if on == ON[0] else bits] = strength
    layer = model.parts["recurrent"]
    h, _, _ = layer.forward(x, layer.cell.State(rest))
    y, _ = model.scores(h[-1], None)
    starts, ends = _flow(bits)
    return Memories(
        bits,
        searches,
        starts,
        ends,
        found.placed(found.states[known]),
        found.ways_out[known],
        _counts(bits)[: searches + 1],
        found.placed(np.concatenate([rest, h[:, 0]])),
        strength,
        on,
        steps,
        f"{int(y[0].argmax()):0{bits}b}",
    )
