"""Where a network stands still: fixed points of one step, and what is around them.

With a constant input a step is a map of the state onto the next state. A state that it
maps onto itself is a fixed point. The eigenvalues of the Jacobian there say what small
deviations do: if all are below 1 in absolute value they die out, and the point is
stable; if one is above 1 there is a way out.
"""

from typing import Any, NamedTuple

import numpy as np

from rnnlib._checks import (
    check_array,
    check_finite,
    check_kind,
    check_number,
    check_size,
)
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike
from rnnlib.cells import Cell
from rnnlib.diagnostics.jacobians import step_jacobians
from rnnlib.recurrent import Recurrent

__all__ = ["FixedPoints", "fixed_points"]

HALVINGS = 20  # of a Newton step that leads nowhere


class FixedPoints(NamedTuple):
    """What was found, most often found first.

    Attributes
    ----------
    states : array (N, S)
        S is the size of the state: H, or 2H for the LSTM, h before c.
    residuals : array (N,)
        How far one step still moves each of them.
    eigenvalues : complex array (N, S)
        Of the Jacobian there, the largest absolute value first.
    found : integer array (N,)
        From how many of the starts each was reached.
    lost : int
        How many starts led to none within `rounds`.
    """

    states: Array
    residuals: Array
    eigenvalues: Array
    found: Array
    lost: int

    @property
    def ways_out(self) -> Array:
        """In how many directions deviations grow, (N,): 0 where it is stable."""
        count: Array = (abs(self.eigenvalues) > 1).sum(axis=-1)
        return count

    @property
    def is_stable(self) -> Array:
        """Where all small deviations die out, (N,)."""
        largest: Array = abs(self.eigenvalues).max(axis=-1)
        return np.asarray(largest < 1)


@tiny_is_zero
def fixed_points(
    cell: Cell,
    x: ArrayLike | None = None,
    *,
    starts: ArrayLike,
    tolerance: float = 1e-10,
    apart: float = 1e-4,
    rounds: int = 100,
) -> FixedPoints:
    """Find states that a step with a constant input leaves where they are.

        F(s) = s,  by Newton: s <- s - (J - 1)^-1 (F(s) - s)

    The search begins at each of the starts; a step that does not bring F(s) closer to s
    is halved until it does. Newton finds saddles as well as stable points, and points
    that no run of the network would ever come near: look at what was found before you
    interpret it. However long it is, a search does not prove that there are no others.

    Parameters
    ----------
    cell : Cell
    x : float array (D,), or a token, or None for no input at all
        Read at each step.
    starts : float array (K, S)
        From where to search: states that the network visits, with noise, are a good
        choice. S is H, or 2H for the LSTM, h before c.
    tolerance : float
        A point counts as fixed if a step moves it by no more than this.
    apart : float
        Points closer together than this count as one.
    rounds : int
        How many Newton steps to take at most.

    Returns
    -------
    FixedPoints

    Raises
    ------
    ValueError
        If an argument is not as described, or the cell computes in float32.

    References
    ----------
    Sussillo and Barak, "Opening the black box: low-dimensional dynamics in
    high-dimensional recurrent neural networks", 2013. They minimise the distance that a
    step moves a state, and so find slow points as well.

    Examples
    --------
    >>> from rnnlib import RNNCell
    >>> cell = RNNCell(1, 1, rng=np.random.default_rng(0))
    >>> cell.params["W_hh"][...] = 2  # h = tanh(2 h)
    >>> points = fixed_points(cell, starts=np.linspace(-1, 1, 9)[:, None])
    >>> order = points.states[:, 0].argsort()
    >>> points.states[order, 0].round(3) + 0.0
    array([-0.958,  0.   ,  0.958])
    >>> points.ways_out[order]
    array([0, 1, 0])
    """
    check_kind("cell", cell, Cell, "pass layer.cell")
    if cell.dtype != np.float64:
        raise ValueError(
            f"cell must compute in float64, got {cell.dtype}; Newton needs its digits"
        )
    S = cell.hidden_size * len(cell.State._fields)
    starts = check_array("starts", starts, ("K", S), dtype=cell.dtype)
    states = check_finite("starts", starts).copy()
    check_number("tolerance", tolerance, above=0)
    check_number("apart", apart, above=0)
    field = _Field(cell, x)
    moved, jacobians = field(states)
    searching = np.arange(len(states))
    for _ in range(check_size("rounds", rounds)):
        searching = searching[_length(moved[searching]) > tolerance]
        before = moved[searching]
        states[searching], moved[searching], jacobians[searching] = _newton_step(
            field, states[searching], before, jacobians[searching]
        )
        searching = searching[(moved[searching] != before).any(axis=-1)]
        if not len(searching):
            break
    closed = _length(moved) <= tolerance
    kept, counts = _distinct(states[closed], apart)
    eigenvalues = np.linalg.eigvals(jacobians[closed][kept]).astype(complex)
    order = np.argsort(-abs(eigenvalues), axis=-1, kind="stable")
    return FixedPoints(
        states[closed][kept],
        _length(moved[closed][kept]),
        np.take_along_axis(eigenvalues, order, axis=-1),
        counts,
        int((~closed).sum()),
    )


class _Field:
    """Where a step moves each of many states, and its Jacobian there."""

    def __init__(self, cell: Cell, x: ArrayLike | None) -> None:
        self.cell, self.layer = cell, Recurrent(cell)
        self.x = None if x is None else cell.check_input(np.asarray(x)[None], ("B",))

    def __call__(self, states: Array) -> tuple[Array, Array]:
        """Return F(s) - s, (K, S), and dF/ds, (K, S, S)."""
        K, fields = len(states), self.cell.State._fields
        initial = self.cell.State(*np.split(states, len(fields), axis=-1))
        if self.x is None:
            x, mask = None, np.ones((1, K), bool)
        else:
            x, mask = np.repeat(self.x, int(K), axis=0)[None], None
        _, final, cache = self.layer.forward(x, initial, mask)
        moved = np.concatenate(final, axis=-1) - states
        return moved, step_jacobians(self.cell, cache)[0].copy()


def _newton_step(
    field: _Field, states: Array, moved: Array, jacobians: Array
) -> tuple[Array, Array, Array]:
    """Return states that are moved less by a step, and what `field` says of them."""
    inverse = np.linalg.pinv(jacobians - np.eye(states.shape[-1]))
    step = -np.einsum("kij,kj->ki", inverse, moved)
    best, best_moved, best_jacobians = states.copy(), moved.copy(), jacobians.copy()
    waiting = np.arange(len(states))
    for _ in range(HALVINGS if len(states) else 0):
        tried = states[waiting] + step[waiting]
        now, slopes = field(tried)
        better = _length(now) < _length(moved[waiting])
        done = waiting[better]
        best[done], best_moved[done] = tried[better], now[better]
        best_jacobians[done] = slopes[better]
        waiting = waiting[~better]
        if not len(waiting):
            break
        step[waiting] /= 2
    return best, best_moved, best_jacobians


def _distinct(states: Array, apart: float) -> tuple[list[int], Array]:
    """Return one index for each group of states, the largest first, and their sizes."""
    groups: dict[int, int] = {}
    for k, state in enumerate(states):
        near = (one for one in groups if _length(states[one] - state) < apart)
        one = next(near, k)
        groups[one] = groups.get(one, 0) + 1
    kept = sorted(groups, key=lambda one: -groups[one])
    return kept, np.array([groups[one] for one in kept], dtype=int)


def _length(vectors: Array) -> Any:
    return np.linalg.norm(vectors, axis=-1)
