"""One unit on the curve of its activation, and where the states of a network lie."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import fixed, number, percent
from rnnlib import init
from rnnlib._typing import Array
from rnnlib.activations import activation as named_activation
from rnnlib.cells import RNNCell
from rnnlib.diagnostics import saturation
from rnnlib.recurrent import Recurrent

__all__ = ["BINS", "GRID", "MEANS", "RANGES", "SaturationMeter", "compute"]

GRID = np.linspace(-6, 6, 241)
RANGES = {
    "tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "relu": (0.0, 3.0),
    "identity": (-3.0, 3.0),
}
BINS = 20
STEPS, HIDDEN, INPUT_SIZE = 60, 32, 8
THRESHOLD = 0.1
NAMES = {
    "tanh": "tanh",
    "sigmoid": "the sigmoid",
    "relu": "ReLU",
    "identity": "a linear unit",
}
MEANS = {
    "tanh": "saturated (|h| > 0.95)",
    "sigmoid": "saturated (h < 0.03 or h > 0.97)",
    "relu": "switched off (h = 0, slope 0)",
    "identity": "saturated: a straight line never is",
}


@dataclass(frozen=True)
class SaturationMeter:
    """A unit at the pre-activation `a`, and the states of a network that runs.

    Attributes
    ----------
    activation : str
    a, h, slope : float
        The pre-activation, the state it gives and the slope there.
    curve, slopes : ndarray, shape (241,)
        State and slope over `GRID`.
    edges : ndarray, shape (BINS + 1,)
        The bins of the histogram, over the range in `RANGES`.
    all_shares, saturated_shares : ndarray, shape (BINS,)
        Share of the network's states in each bin: of all of them, and of those that
        are saturated. The bins at the ends also count what lies beyond.
    saturated : float
        Share of the states that are saturated.
    mean_slope : float
        Mean slope over all states.
    """

    activation: str
    a: float
    h: float
    slope: float
    curve: Array
    slopes: Array
    edges: Array
    all_shares: Array
    saturated_shares: Array
    saturated: float
    mean_slope: float

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        largest = named_activation(self.activation).max_slope
        return (
            f"At a = {fixed(self.a, 1)} the slope of {NAMES[self.activation]} is "
            f"{number(self.slope)}, {_of_largest(self.slope, largest)}. In the network "
            f"{percent(self.saturated)} of the states are {MEANS[self.activation]}; "
            f"the mean slope is {number(self.mean_slope)}."
        )


def _of_largest(slope: float, largest: float) -> str:
    """Return what a slope means for a gradient that goes through it."""
    if slope > 0.999 * largest:
        return "the largest there is: the gradient comes through as well as it can"
    if slope >= 0.1 * largest:
        return f"{percent(slope / largest)} of the largest: the gradient comes through"
    if slope == 0:
        return f"against {number(largest)} at its steepest: no gradient comes through"
    return f"against {number(largest)} at its steepest: here the gradient is vanishing"


def compute(*, a: float, activation: str, gain: float) -> SaturationMeter:
    """Put one unit at `a`, and run a network whose weights are scaled by `gain`.

    Parameters
    ----------
    a : float
        Pre-activation of the single unit.
    activation : str
    gain : float
        Scale of the pre-activations: of the input weights and of the recurrent ones.
    """
    phi = named_activation(activation)
    h = phi.function(np.array([a], dtype=float))
    curve = phi.function(GRID)
    states = _run(activation, gain)
    slopes = phi.slope(states)
    low, high = RANGES[activation]
    edges = np.linspace(low, high, BINS + 1)
    binned = np.clip(states, low, high)
    is_saturated = slopes < THRESHOLD * phi.max_slope
    return SaturationMeter(
        activation=activation,
        a=a,
        h=float(h[0]),
        slope=float(phi.slope(h)[0]),
        curve=curve,
        slopes=phi.slope(curve),
        edges=edges,
        all_shares=np.histogram(binned, edges)[0] / states.size,
        saturated_shares=np.histogram(binned[is_saturated], edges)[0] / states.size,
        saturated=saturation(states, activation, threshold=THRESHOLD).saturated,
        mean_slope=float(slopes.mean()),
    )


def _run(activation: str, gain: float) -> Array:
    """Return all states, (T, 1, H), of a network on random input of size one."""
    cell = RNNCell(
        INPUT_SIZE, HIDDEN, rng=np.random.default_rng(1), activation=activation
    )
    cell.params["W_hh"][...] = init.orthogonal(
        (HIDDEN, HIDDEN), rng=np.random.default_rng(2), gain=gain
    )
    cell.params["W_xh"][...] = init.gaussian(
        (INPUT_SIZE, HIDDEN), rng=np.random.default_rng(3), gain=gain
    )
    x = np.random.default_rng(4).standard_normal((STEPS, 1, INPUT_SIZE))
    return Recurrent(cell).forward(x)[0]
