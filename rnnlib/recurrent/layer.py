"""A cell run over a sequence, and back through time.

This is the only place in the library where a cell is run step by step over time.
"""

from copy import copy
from typing import Any, Self

import numpy as np

from rnnlib._checks import (
    as_array,
    check_array,
    check_finite,
    check_flag,
    check_kind,
    check_mask,
)
from rnnlib._memory import BufferPool, freeze, frozen, kept
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._norms import tiny_is_zero
from rnnlib._repr import described
from rnnlib._typing import Array, ArrayLike, Grads, Params
from rnnlib.cells import Cell, cache_at, carry_over, choose_state, steps_of

__all__ = ["Recurrent"]

SMALLEST, LARGEST = 2**15, 2**17  # bytes of the hidden states of a block of steps


class Recurrent:
    """Run one cell, with the same weights at every step, over a whole sequence.

    Each state depends on the one before, so there is a loop. Whatever does not depend
    on the state stays outside of it: the inputs of a block of steps are one product,
    the slopes of a block are computed at once, and each parameter's gradient is one
    product at the end. A block is short enough to stay in the processor's cache.

    Where `mask` is False a step does not exist: the state is carried over unchanged,
    the gradient passes straight through, and the input there is ignored.

    Parameters
    ----------
    cell : Cell
    learn_initial_state : bool
        When no state is given, use parameters h_0 (and c_0 for an LSTM) as the initial
        state. They are zero before training.

    Attributes
    ----------
    params : dict
        Those of the cell, under the same keys, and the initial parameters.
    initial_params : dict
        h_0 (H,), and c_0 for an LSTM, if the initial state is learned; else empty.

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
    initial_params: Params

    def __init__(self, cell: Cell, *, learn_initial_state: bool = False) -> None:
        made = "make one with RNNCell(input_size, hidden_size, rng=rng)"
        fix = "pass its cell, layer.cell" if hasattr(cell, "cell") else made
        self.cell = check_kind("cell", cell, Cell, fix)
        self._pool = BufferPool()
        learned = check_flag("learn_initial_state", learn_initial_state)
        fields = cell.State._fields if learned else ()
        self.initial_params = {
            f"{field}_0": np.zeros(cell.hidden_size, cell.dtype) for field in fields
        }

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer like this one."""
        return {"cell": self.cell, "learn_initial_state": bool(self.initial_params)}

    __repr__ = described

    @property
    def input_size(self) -> int:
        """D, the size of the input."""
        return self.cell.input_size

    @property
    def output_size(self) -> int:
        """H, the size of what comes out at each step."""
        return self.cell.hidden_size

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of parameters, inputs and outputs."""
        return self.cell.dtype

    @property
    def params(self) -> Params:
        """The parameters of the cell, and the initial parameters."""
        return {**self.cell.params, **self.initial_params}

    def with_params(self, params: Params) -> Self:
        """Return a layer of the same kind that computes with other parameters."""
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.cell = self.cell.with_params(
            {name: params[name] for name in self.cell.params}
        )
        twin.initial_params = {name: params[name] for name in self.initial_params}
        return twin

    def initial_state(self, batch_size: int) -> Any:
        """Return the initial state, each array of shape (B, H)."""
        zeros = self.cell.initial_state(batch_size)
        if not self.initial_params:
            return zeros
        return type(zeros)(*map(np.add, zeros, self.initial_params.values()))

    @property
    def hidden_size(self) -> int:
        """The size of all hidden states together: H."""
        return self.cell.hidden_size

    def final(self, state: Any) -> Array:
        """Return what the final state says about the whole sequence: h, (B, H)."""
        h: Array = state.h
        return h

    def from_final(self, d_final: Array) -> Any:
        """Return the gradient of the final state, given that of `final(state)`."""
        return self.from_hidden(d_final)

    def from_hidden(self, h: Array) -> Any:
        """Return a state whose hidden state is `h`, (B, H); the rest is zero."""
        return self.cell.initial_state(len(h))._replace(h=h)

    def to_hidden(self, state: Any) -> Array:
        """Return the hidden state of a state, (B, H)."""
        h: Array = state.h
        return h

    @tiny_is_zero
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
            The initial state; by default zeros, or the initial parameters.
        mask : bool array (T, B), optional
            True where a step exists. With `x=None` it gives the number of steps.

        Returns
        -------
        h : array (T, B, H)
            The hidden state after each step: a read-only view of the cache.
        state : NamedTuple of arrays (B, H)
            The state after the last step.
        cache : NamedTuple of arrays (T, B, ...)
            What the backward pass needs, by the names of the equations. It is
            read-only, and keeps copies of what was given.

        Raises
        ------
        ValueError
            If a shape or dtype does not fit, a token is outside 0..D - 1, the mask
            leaves no step, or an input or a parameter is not finite.
        """
        cell = self.cell
        check_params(self.params)
        x, mask = self._check_input(x, mask)
        T, B = x.shape[:2] if mask is None else mask.shape  # type: ignore[union-attr]
        learned = state is None and bool(self.initial_params)
        if state is None:
            state = self.initial_state(B)
        else:
            state = cell.check_state("state", state, B)

        dtype = cell.result_type(x, state)
        cache = cell.allocate_cache(T, state, dtype, self._pool)
        cache = cache._replace(x=x, mask=mask, learned_initial_state=learned)
        for block in self._blocks(T, B):
            part = cache_at(cache, block)
            cell.project(part)
            self._run(part)
        freeze(cache)
        final = cell.State(*(field[-1].copy() for field in cell.state_of(cache)))
        return frozen(cache.h), final, cache

    @tiny_is_zero
    def backward(
        self, dh: ArrayLike, cache: Any, d_state: Any = None
    ) -> tuple[Array | None, Any, Grads]:
        """Compute all gradients: back-propagation through time.

        Two gradients meet at each state: `dh[t]`, from the loss at this step, and
        `d_state`, from all later steps.

        Parameters
        ----------
        dh : array (T, B, H)
            Gradient of the loss with respect to each hidden state.
        cache : NamedTuple
            As `forward` returned it.
        d_state : NamedTuple of arrays (B, H), optional
            Gradient with respect to the final state, in addition to `dh[-1]`.

        Returns
        -------
        dx : array (T, B, D), or None for tokens and for no input
        d_state : NamedTuple of arrays (B, H)
            Gradient with respect to the initial state.
        grads : dict with the keys of `params`
        """
        cell = self.cell
        T, B, H = cell.check_cache(cache, ("T", "B"))
        dh = check_finite("dh", check_array("dh", dh, (T, B, H), dtype=cell.dtype))
        if d_state is None:
            d_state = cell.initial_state(B)
        else:
            d_state = cell.check_state("d_state", d_state, B)

        dtype = np.result_type(dh, cache.h, *d_state)
        d_state = type(d_state)(*(d_final.astype(dtype) for d_final in d_state))
        da = self._pool.empty("da", (T, B, len(cell.params["b_h"])), dtype)
        for block in reversed(self._blocks(T, B)):
            part = cache_at(cache, block)
            d_state = self._back(dh[block], part, d_state, da[block])
        dx, grads = cell.parameter_gradients(da, cache)
        for name, d_initial in zip(self.initial_params, d_state, strict=False):
            used = cache.learned_initial_state
            grads[name] = d_initial.sum(axis=0) if used else np.zeros_like(d_initial[0])
        return dx, d_state, grads

    def _run(self, cache: Any) -> None:
        """Compute the states of a block of steps, after `project`."""
        for step in steps_of(cache):
            self.cell.step(step)
            if cache.mask is not None:
                carry_over(step)

    def _back(self, dh: Array, cache: Any, d_state: Any, da: Array) -> Any:
        """Write dL/da of a block of steps to `da`; return d_state before the block."""
        cell = self.cell
        slopes = steps_of(cell.slopes(cache))
        for t in reversed(range(len(dh))):
            np.add(d_state.h, dh[t], out=d_state.h)
            _, d_state_prev = cell.step_backward(d_state, slopes[t], da[t])
            if cache.mask is not None:
                da[t, ~cache.mask[t]] = 0
                d_state_prev = choose_state(cache.mask[t], d_state_prev, d_state)
            d_state = d_state_prev
        return d_state

    def _check_input(
        self, x: ArrayLike | None, mask: ArrayLike | None
    ) -> tuple[Array | None, Array | None]:
        if x is None and mask is None:
            raise ValueError(
                "x is None, so mask must say how many steps there are, got None; "
                "pass mask=np.ones((T, B), dtype=bool)"
            )
        if x is None:
            return None, kept(check_mask(mask, ("T", "B")))
        if mask is None:
            return kept(self.cell.check_input(x, ("T", "B"))), None
        x = as_array("x", x)
        if x.ndim != (2 if x.dtype.kind in "iu" else 3):
            self.cell.check_input(x, ("T", "B"))  # says what is wrong with it
        mask = kept(check_mask(mask, x.shape[:2]))
        exists = mask.reshape(mask.shape + (1,) * (x.ndim - 2))
        x = np.where(exists, x, np.zeros((), dtype=x.dtype))
        return self.cell.check_input(x, mask.shape), mask

    def _blocks(self, T: int, B: int) -> list[slice]:
        """Cut time into slices: four, unless those are too short or too long."""
        width = B * self.hidden_size * self.dtype.itemsize
        length = max(1, min(max(T // 4, SMALLEST // width), LARGEST // width))
        return [slice(t, min(t + length, T)) for t in range(0, T, length)]
