"""A linear recurrence over a sequence, and back through time, by a scan."""

from typing import Any

import numpy as np

from rnnlib._checks import check_kind
from rnnlib._typing import Array
from rnnlib.cells import Cell, LinearCell
from rnnlib.recurrent.layer import Recurrent
from rnnlib.scan import scan

__all__ = ["Scanned"]


class Scanned(Recurrent):
    """Run a cell whose recurrence is linear over a sequence, all steps at once.

    It computes what `Recurrent(cell)` computes, with the same arguments, parameters and
    caches. In place of the loop over steps there is a scan: in the forward pass of
    `h_t = a_t * h_{t-1} + b_t`, in the backward pass of the same recurrence run the
    other way.
    Where a step does not exist, a = 1 and b = 0.

    Parameters
    ----------
    cell : LinearCell
        `MinGRUCell` or `MinLSTMCell`.
    learn_initial_state : bool
        As in `Recurrent`.

    Raises
    ------
    ValueError
        If the gates of the cell see its state.

    References
    ----------
    Martin and Cundy, "Parallelizing linear recurrent neural nets over sequence length",
    2018.

    Examples
    --------
    >>> from rnnlib import MinGRUCell
    >>> rng = np.random.default_rng(0)
    >>> cell, x = MinGRUCell(3, 4, rng=rng), rng.standard_normal((50, 2, 3))
    >>> at_once, step_by_step = Scanned(cell), Recurrent(cell)
    >>> bool(np.allclose(at_once.forward(x)[0], step_by_step.forward(x)[0]))
    True
    """

    cell: LinearCell

    def __init__(self, cell: Cell, *, learn_initial_state: bool = False) -> None:
        super().__init__(cell, learn_initial_state=learn_initial_state)
        check_kind("cell", cell, LinearCell, "run any other cell as Recurrent(cell)")

    def _run(self, cache: Any) -> None:
        a, b = self.cell.coefficients(cache)
        if cache.mask is not None:
            missing = ~cache.mask[..., None]
            a, b = np.where(missing, 1, a), np.where(missing, 0, b)
        cache.h[...] = scan(a, b, cache.h_prev[0])

    def _back(self, dh: Array, cache: Any, d_state: Any, da: Array) -> Any:
        slopes = self.cell.slopes(cache)
        a = slopes.h_by_h_prev
        if cache.mask is not None:
            a = np.where(cache.mask[..., None], a, 1)
        # what comes back to h_t: dh_t, and a_{t+1} times what came back to h_{t+1}
        later = np.concatenate([a[1:], np.ones_like(a[:1])])
        d_all = scan(later[::-1], dh[::-1], d_state.h)[::-1]
        self.cell.step_backward(d_state._replace(h=d_all), slopes, da)
        if cache.mask is not None:
            da[~cache.mask] = 0
        return d_state._replace(h=a[0] * d_all[0])
