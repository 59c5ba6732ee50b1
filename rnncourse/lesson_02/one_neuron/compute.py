"""One unit that feeds itself, and what happens to a pulse in it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import exp, tanh

import numpy as np

from rnncourse.shared.wording import count, number, percent
from rnnlib._typing import Array
from rnnlib.activations import Activation
from rnnlib.activations import activation as named_activation

__all__ = ["FUNCTIONS", "JUMPS", "RANGES", "STEPS", "OneNeuron", "compute"]

STEPS, JUMPS = 30, 14
LONG = 1000
RANGES = {"tanh": (-1.1, 1.1), "sigmoid": (-0.05, 1.05), "relu": (-0.5, 4.5)}
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "tanh": tanh,
    "sigmoid": lambda a: 1 / (1 + exp(-a)),
    "relu": lambda a: max(a, 0.0),
}
SEEN, LEFT = 0.01, 0.05  # a move that counts, and what is left when it is gone


@dataclass(frozen=True)
class OneNeuron:
    """The unit h = phi(w h_prev + u x + b), and what one pulse x = 1 does to it.

    Attributes
    ----------
    activation : str
        phi, a key of FUNCTIONS.
    w : float
        The weight from the unit to itself.
    pulse : int
        The step of the pulse; at all other steps x is 0.
    h, quiet : ndarray, shape (STEPS + 1,)
        The states from h_0 = 0 on, with the pulse and without it.
    places, curve : ndarray, shape (241,)
        Old states and the new ones that they lead to while x is 0.
    cobweb : ndarray, shape (2 JUMPS + 1, 2)
        Corners of the path from the pulse on: up to the curve, across to the diagonal.
    resting, neutral, pushing : ndarray
        The fixed points: those that draw nearby states in, those of ReLU that leave
        them as far away as they are, and those that push them away.
    fate : str
        decays, latches, oscillates or grows, judged after LONG steps.
    ends, quiet_ends : ndarray, shape (2,)
        The last two states of the long runs, with the pulse and without it.
    """

    activation: str
    w: float
    pulse: int
    h: Array
    quiet: Array
    places: Array
    curve: Array
    cobweb: Array
    resting: Array
    neutral: Array
    pushing: Array
    fate: str
    ends: Array
    quiet_ends: Array

    @property
    def trace(self) -> Array:
        """How far the pulse moves the state, at each step."""
        trace: Array = abs(self.h - self.quiet)
        return trace

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return {
            "decays": self._decays,
            "latches": self._latches,
            "oscillates": self._oscillates,
            "grows": self._grows,
        }[self.fate]()

    def _decays(self) -> str:
        first = float(self.trace[self.pulse])
        if first < SEEN:
            return "Decays: there is nothing to forget, the pulse hardly moves h."
        after = self.trace[self.pulse :] / first
        gone = np.flatnonzero(after < LEFT)
        steps = int(gone[0]) if gone.size else len(after) - 1
        left = "less than 5 %" if gone.size else percent(float(after[-1]))
        sides = ", on changing sides" if self.w < 0 and steps > 1 else ""
        return (
            f"Decays: the pulse moves h by {number(first)}; {count(steps, 'step')} "
            f"later {left} of that is left{sides}. In the end h rests at "
            f"{_said(self._rest)}, with or without the pulse."
        )

    @property
    def _rest(self) -> float:
        gaps = abs(self.resting - self.ends[-1])
        return float(self.resting[gaps.argmin()]) if gaps.size else float(self.ends[-1])

    def _latches(self) -> str:
        return (
            f"Latches: after the pulse h stays at {_said(self.ends[-1])}. Without it h "
            f"ends at {_said(self.quiet_ends[-1])}. The unit still knows that there "
            "was a pulse, however long ago."
        )

    def _oscillates(self) -> str:
        low, high = map(_said, sorted(self.ends))
        if abs(np.diff(self.quiet_ends)).max() < SEEN:
            tail = "The pulse began it."
        elif abs(self.ends - self.quiet_ends).max() < SEEN:
            tail = "It does so without the pulse, too."
        else:
            tail = "Without the pulse it does so too, one step out of time."
        return f"Oscillates: w is below 0, and h jumps between {low} and {high}. {tail}"

    def _grows(self) -> str:
        when = "without the pulse, too" if self.quiet_ends[-1] > SEEN else "for ever"
        return (
            f"Grows, {when}: after {STEPS} steps h is {_said(self.h[-1])}. ReLU has no "
            "ceiling, and here each step leads higher than the one before."
        )


def _said(h: float) -> str:
    return number(float(h) if abs(h) >= 5e-4 else 0.0)


def compute(*, w: float, u: float, b: float, activation: str, pulse: int) -> OneNeuron:
    """Run the unit for STEPS steps, with a pulse and without.

    Parameters
    ----------
    w, u, b : float
        Weight of the old state, weight of the input, bias.
    activation : {"tanh", "relu", "sigmoid"}
    pulse : int
        The step at which x is 1, from 1 to STEPS.
    """
    phi = FUNCTIONS[activation]
    long = np.array(_run(phi, w, u, b, pulse, LONG))
    quiet = np.array(_run(phi, w, 0, b, pulse, LONG))
    places = np.linspace(*RANGES[activation], 241)
    resting, neutral, pushing = _fixed_points(activation, w, b)
    return OneNeuron(
        activation=activation,
        w=w,
        pulse=pulse,
        h=long[: STEPS + 1],
        quiet=quiet[: STEPS + 1],
        places=places,
        curve=named_activation(activation).function(w * places + b),
        cobweb=_cobweb(long[pulse : pulse + JUMPS + 1]),
        resting=resting,
        neutral=neutral,
        pushing=pushing,
        fate=_fate(long, quiet),
        ends=long[-2:],
        quiet_ends=quiet[-2:],
    )


def _run(
    phi: Callable[[float], float], w: float, u: float, b: float, pulse: int, steps: int
) -> list[float]:
    h = [0.0]
    for t in range(1, steps + 1):
        h.append(phi(w * h[-1] + u * (t == pulse) + b))
    return h


def _fate(h: Array, quiet: Array) -> str:
    """Compare the end of a long run with its middle, and with the quiet run."""
    middle, end = slice(LONG // 2 - 2, LONG // 2), slice(LONG - 2, LONG)
    if abs(h[end]).max() > 1.2 * abs(h[middle]).max() + SEEN:
        return "grows"
    for quantity, name in ((np.diff(h), "oscillates"), (h - quiet, "latches")):
        before, after = (abs(quantity[part]).max() for part in (middle, end))
        if after > max(SEEN, 0.9 * before):
            return name
    return "decays"


def _cobweb(h: Array) -> Array:
    corners = [(h[0], h[0])]
    for old, new in pairwise(h):
        corners += [(old, new), (new, new)]
    return np.array(corners)


def _fixed_points(activation: str, w: float, b: float) -> tuple[Array, Array, Array]:
    """Return the h with h = phi(w h + b): resting, neutral and pushing ones.

    A line of slope 1 or -1 is neutral. A curve that only touches such a slope draws in.
    """
    phi = named_activation(activation)
    h = _relu_fixed_points(w, b) if activation == "relu" else _crossings(phi, w, b)
    nearby = h + 1e-9  # at the kink of ReLU the slope above it decides
    slopes = abs(w * phi.slope(phi.function(w * nearby + b)))
    neutral = np.isclose(slopes, 1) & (activation == "relu")
    return h[(slopes <= 1) & ~neutral], h[neutral], h[(slopes > 1) & ~neutral]


def _relu_fixed_points(w: float, b: float) -> Array:
    """Return all of them, or a few where every positive h is one."""
    at_zero = [0.0] if b <= 0 else []
    if np.isclose(w, 1):
        return np.arange(5.0) if np.isclose(b, 0) else np.array(at_zero)
    above = b / (1 - w)
    return np.array([*at_zero, above] if above > 0 else at_zero)


def _crossings(phi: Activation, w: float, b: float) -> Array:
    """Find where phi(w h + b) - h changes sign, and halve those intervals."""

    def above(h: Array) -> Array:
        return phi.function(w * h + b) > h

    grid = np.linspace(-1.01, 1.02, 400)
    changes = np.flatnonzero(np.diff(above(grid)))
    low, high = grid[changes], grid[changes + 1]
    starts_above = above(low)
    for _ in range(45):
        middle = (low + high) / 2
        same = above(middle) == starts_above
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return low
