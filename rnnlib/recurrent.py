"""A cell run over a sequence, and back through time.

This is the one place of the library where time is walked along.
"""

from typing import Any, Self

import numpy as np

from rnnlib._checks import (
    as_array,
    check_array,
    check_finite,
    check_mask,
    check_params,
)
from rnnlib._typing import Array, ArrayLike, Grads, Params
from rnnlib.cells import Cell, cache_at

__all__ = ["Recurrent"]


class Recurrent:
    """Run one cell, with the same weights at every step, over a whole sequence.

    The states follow each other, so there is a loop. Whatever does not depend on the
    state stays outside: one product for the inputs of all steps before the loop, one
    for each parameter's gradient after it.

    Where `mask` is False a step does not exist: the state is carried over unchanged,
    the gradient passes straight through, and the input there is not looked at.

    Parameters
    ----------
    cell : Cell

    Attributes
    ----------
    params : dict
        Those of the cell, under the same keys.

    References
    ----------
    Werbos, "Backpropagation through time: what it does and how to do it",
    Proceedings of the IEEE 78, 1990.

    Examples
    --------
    >>> from rnnlib import RNNCell
    >>> rng = np.random.default_rng(0)
    >>> layer = Recurrent(RNNCell(3, 4, rng=rng))
    >>> h, state, cache = layer.forward(rng.standard_normal((5, 2, 3)))
    >>> h.shape, bool((h[-1] == state.h).all())
    ((5, 2, 4), True)
    >>> dx, d_state, grads = layer.backward(np.ones_like(h), cache)
    >>> dx.shape, sorted(grads)
    ((5, 2, 3), ['W_hh', 'W_xh', 'b_h'])
    """

    cell: Cell

    def __init__(self, cell: Cell) -> None:
        if not isinstance(cell, Cell):
            raise ValueError(
                f"cell must be a Cell, got {type(cell).__name__}; "
                "make one with RNNCell(input_size, hidden_size, rng=rng)"
            )
        self.cell = cell

    @property
    def params(self) -> Params:
        """The parameters of the cell."""
        return self.cell.params

    def with_params(self, params: Params) -> Self:
        """Return a layer of the same kind that computes with other parameters."""
        return type(self)(self.cell.with_params(params))

    def initial_state(self, batch_size: int) -> Any:
        """Return the cell's state of zeros, each array of shape (B, H)."""
        return self.cell.initial_state(batch_size)

    def forward(
        self,
        x: ArrayLike | None,
        state: Any = None,
        mask: ArrayLike | None = None,
    ) -> tuple[Array, Any, Any]:
        """Compute all states.

        Parameters
        ----------
        x : float array (T, B, D), integer tokens (T, B), or None for no input at all
        state : NamedTuple of arrays (B, H), optional
            Where to start; zeros by default.
        mask : bool array (T, B), optional
            True where a step exists. With `x=None` it says how many steps there are.

        Returns
        -------
        h : array (T, B, H)
            The hidden state after each step.
        state : NamedTuple of arrays (B, H)
            The state after the last step.
        cache : NamedTuple of arrays (T, B, ...)
            What the backward pass needs, by the names of the equations.

        Raises
        ------
        ValueError
            If a shape or dtype does not fit, a token is outside 0..D - 1, the mask
            leaves no step, or an input or a parameter is not finite.
        """
        cell = self.cell
        check_params(cell.params)
        x, mask = self._check_input(x, mask)
        T, B = x.shape[:2] if mask is None else mask.shape  # type: ignore[union-attr]
        if state is None:
            state = self.initial_state(B)
        state = cell.check_state("state", state, B)

        a_x = cell.project(x)
        a_x = np.broadcast_to(a_x, (T, B, a_x.shape[-1]))
        h, caches = [], []
        for t in range(T):
            old = state
            state, cache = cell.step(a_x[t], old)
            if mask is not None:
                state = _choose(mask[t], state, old)
            h.append(state.h)
            caches.append(cache)
        return np.stack(h), state, _stack(caches)._replace(x=x, mask=mask)

    def backward(
        self, dh: ArrayLike, cache: Any, d_state: Any = None
    ) -> tuple[Array | None, Any, Grads]:
        """Compute all gradients: back-propagation through time.

        Two gradients meet at each state: `dh[t]`, from the loss at this step, and
        `d_state`, from all later steps.

        Parameters
        ----------
        dh : array (T, B, H)
            Gradient of the loss with respect to each returned `h`.
        cache : NamedTuple
            As `forward` returned it.
        d_state : NamedTuple of arrays (B, H), optional
            Gradient with respect to the returned last state, beside that in `dh`.

        Returns
        -------
        dx : array (T, B, D), or None for tokens and without input
        d_state : NamedTuple of arrays (B, H)
            Gradient with respect to the state at the start.
        grads : dict with the keys of `params`
        """
        cell = self.cell
        T, B, H = cell.check_cache(cache, ("T", "B"))
        dh = check_finite("dh", check_array("dh", dh, (T, B, H), dtype=cell.dtype))
        if d_state is None:
            d_state = self.initial_state(B)
        d_state = cell.check_state("d_state", d_state, B)

        da = [np.empty(0)] * T
        for t in reversed(range(T)):
            d_state = d_state._replace(h=d_state.h + dh[t])
            if cache.mask is None:
                da[t], d_state = cell.step_backward(d_state, cache_at(cache, t))
            else:
                nothing = type(d_state)(*map(np.zeros_like, d_state))
                d_step = _choose(cache.mask[t], d_state, nothing)
                d_carried = _choose(cache.mask[t], nothing, d_state)
                da[t], d_step = cell.step_backward(d_step, cache_at(cache, t))
                d_state = type(d_step)(*map(np.add, d_step, d_carried))
        dx, grads = cell.parameter_gradients(np.stack(da), cache)
        return dx, d_state, grads

    def _check_input(
        self, x: ArrayLike | None, mask: ArrayLike | None
    ) -> tuple[Array | None, Array | None]:
        if x is None and mask is None:
            raise ValueError(
                "x is None, so mask must say how many steps there are, got None; "
                "pass mask=np.ones((T, B), dtype=bool)"
            )
        if mask is None:
            return self.cell.check_input(x, ("T", "B")), None  # type: ignore[arg-type]
        if x is None:
            return None, check_mask(mask, ("T", "B"))
        found = as_array("x", x)
        if found.ndim != (2 if found.dtype.kind in "iu" else 3):
            self.cell.check_input(found, ("T", "B"))  # says what is wrong with it
        exists = check_mask(mask, found.shape[:2])
        axes = exists.reshape(exists.shape + (1,) * (found.ndim - 2))
        found = np.where(axes, found, np.zeros((), dtype=found.dtype))
        return self.cell.check_input(found, exists.shape), exists


def _choose(exists: Array, new: Any, old: Any) -> Any:
    """Return the new state where a step exists and the old one where it does not."""
    rows = exists[:, None]
    return type(new)(*(np.where(rows, n, o) for n, o in zip(new, old, strict=True)))


def _stack(caches: list[Any]) -> Any:
    """Return one cache of arrays (T, B, ...) from T caches of arrays (B, ...)."""
    fields = zip(*caches, strict=True)
    return type(caches[0])(
        *(None if field[0] is None else np.stack(field) for field in fields)
    )
