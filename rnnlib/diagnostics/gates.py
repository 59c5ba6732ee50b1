"""What the gates of a trained network do: traces, half-lives, saturation."""

import math
from typing import Any, NamedTuple

import numpy as np

from rnnlib._checks import (
    check_array,
    check_finite,
    check_kind,
    check_number,
)
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike
from rnnlib.activations import activation as named_activation
from rnnlib.cells import Cell, LinearCell, RNNCell

__all__ = [
    "Saturation",
    "gate_traces",
    "memory_half_life",
    "run_saturation",
    "saturation",
]


def gate_traces(cell: Cell, cache: Any) -> dict[str, Array]:
    """Return each gate over time, (T, B, H), by its letter; NaN where a step is masked.

    The letters are those of the equations: i f o g for an LSTM, r z n for a GRU, h for
    a plain RNN. In a coupled LSTM, i is 1 - f; a gate that an LSTM lacks is 1.

    Examples
    --------
    >>> from rnnlib import LSTMCell, Recurrent
    >>> cell = LSTMCell(2, 3, rng=np.random.default_rng(0), forget_bias=3.0)
    >>> h, state, cache = Recurrent(cell).forward(np.zeros((4, 1, 2)))
    >>> traces = gate_traces(cell, cache)
    >>> list(traces), float(traces["f"][0, 0, 0].round(3))
    (['i', 'f', 'o', 'g'], 0.953)
    """
    shape_of(cell, cache)
    letters = [letter for letter in "ifogrznh" if hasattr(cache, letter)]
    if len(letters) > 1:
        letters.remove("h")
    traces = {letter: getattr(cache, letter) for letter in letters}
    if cache.mask is None:
        return traces
    exists = cache.mask[:, :, None]
    return {letter: np.where(exists, gate, np.nan) for letter, gate in traces.items()}


@tiny_is_zero
def memory_half_life(f: ArrayLike) -> Array:
    """Return the steps after which half of a cell state is left: `-ln 2 / ln f`.

    The direct path of an LSTM multiplies the cell state, and its gradient, by f at each
    step. Where f is 1 the half-life is infinite, where it is 0 it is zero, and where a
    step is masked, NaN in `gate_traces`, it is NaN as well.

    Raises
    ------
    ValueError
        If an entry of `f` is outside 0..1.

    >>> memory_half_life([0.5, 0.9, 0.99, 1.0]).round(1)
    array([ 1. ,  6.6, 69. ,  inf])
    """
    f = check_array("f", f, ("...",))
    wrong = (f < 0) | (f > 1)
    if wrong.any():
        raise ValueError(
            f"f must lie between 0 and 1, got {f[wrong][0]}; "
            "pass the gate, not its pre-activation"
        )
    with np.errstate(divide="ignore"):
        return np.where(f == 1, np.inf, -math.log(2) / np.log(f)) + 0.0


class Saturation(NamedTuple):
    """Two shares, between 0 and 1.

    `saturated` is the share of states whose slope is below the threshold, `dead` that
    of units whose slope is exactly zero at every step of every sequence.
    """

    saturated: float
    dead: float


@tiny_is_zero
def saturation(
    h: ArrayLike, activation: str = "tanh", *, threshold: float = 0.1
) -> Saturation:
    """Return the shares of saturated states and of dead units.

    Parameters
    ----------
    h : array (..., H)
        Outputs of the activation.
    activation : str
        Its name.
    threshold : float
        A state is saturated if its slope is below this share of the largest slope
        that the activation has. For tanh and 0.1 that is `abs(h) > 0.95`.

    Examples
    --------
    >>> saturation(np.array([[0.0, 0.99], [0.5, 1.0]]))
    Saturation(saturated=0.5, dead=0.0)
    >>> saturation(np.array([[0.0, 2.0], [0.0, 0.0]]), "relu")
    Saturation(saturated=0.75, dead=0.5)
    """
    h = check_finite("h", check_array("h", h, ("...", "H")))
    phi = named_activation(activation)
    threshold = check_number("threshold", threshold, above=0)
    slope = phi.slope(h)
    units = slope.reshape(-1, h.shape[-1])
    return Saturation(
        saturated=float((slope < threshold * phi.max_slope).mean()),
        dead=float((units == 0).all(axis=0).mean()),
    )


def run_saturation(cell: Cell, cache: Any, *, threshold: float = 0.1) -> Saturation:
    """Return the shares of saturated outputs and of dead units of a cell's run.

    The outputs are the states of a plain RNN, and the gates and the candidate that any
    other cell computes: not the gate that an LSTM lacks, nor one that is coupled. Steps
    that are masked do not count.

    Parameters
    ----------
    cell : Cell
    cache : cache of a Recurrent layer over that cell
    threshold : float
        As in `saturation`.

    Raises
    ------
    ValueError
        If the cache is not of that cell, or no step exists.

    Examples
    --------
    >>> from rnnlib import Recurrent, RNNCell
    >>> cell = RNNCell(2, 3, rng=np.random.default_rng(0))
    >>> cell.params["W_xh"] *= 100
    >>> x = np.random.default_rng(1).standard_normal((5, 4, 2))
    >>> _, _, cache = Recurrent(cell).forward(x)
    >>> run_saturation(cell, cache).saturated > 0.8
    True
    """
    traces = gate_traces(cell, cache)
    shape = shape_of(cell, cache)[:2]
    exists = np.ones(shape, bool) if cache.mask is None else cache.mask
    if not exists.any():
        raise ValueError("the mask must leave a step, got none that exists")
    shares = []
    for gate in cell.gates:
        outputs, phi = traces[gate][exists], _activation_of(cell, gate)
        shares.append(saturation(outputs, phi, threshold=threshold))
    saturated, dead = np.mean(shares, axis=0)
    return Saturation(float(saturated), float(dead))


def _activation_of(cell: Cell, gate: str) -> str:
    """Return the name of the activation that an output of `cell` comes from."""
    if isinstance(cell, RNNCell):
        return cell.activation.name
    if gate not in "gn":
        return "sigmoid"
    return "identity" if isinstance(cell, LinearCell) else "tanh"


def shape_of(cell: Cell, cache: Any) -> tuple[int, ...]:
    """Return T, B and H of a cell run over a sequence."""
    check_kind("cell", cell, Cell, "pass layer.cell and the cache of that layer")
    return cell.check_cache(cache, ("T", "B"))
