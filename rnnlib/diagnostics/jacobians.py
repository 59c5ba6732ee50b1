"""Looking inside: what happens to a gradient in the backward pass.

The state at step k acts on the state at step t only through the steps between. Its
influence is a product of Jacobians, one per step, and everything in lesson 05 is a
property of that product (Bengio, Simard and Frasconi, 1994; Pascanu, Mikolov and
Bengio, 2013). A cache of another cell, or an argument of the wrong shape, dtype or
range, raises a ValueError.
"""

from functools import reduce
from typing import Any

import numpy as np

from rnnlib._checks import check_array, check_finite, check_kind, check_size
from rnnlib._nesting import check_params
from rnnlib._norms import row_norms, tiny_is_zero
from rnnlib._typing import Array, ArrayLike
from rnnlib.cells import Cell, RNNCell, cache_at, choose_state, steps_of
from rnnlib.diagnostics.gates import shape_of

__all__ = [
    "gradient_norms",
    "jacobian_bound",
    "singular_values",
    "state_gradients",
    "state_jacobians",
    "step_jacobians",
]


@tiny_is_zero
def step_jacobians(cell: Cell, cache: Any) -> Array:
    """Return the Jacobian of each step, with respect to the state before it.

        J[t, b, i, j] = d state_t[i] / d state_{t-1}[j]

    For the plain RNN that is `diag(phi'(a_t)) @ W_hh.T`, with the slope of the
    activation on the diagonal. Where a step is masked the state is carried over, so
    its Jacobian is the identity.

    Parameters
    ----------
    cell : Cell
    cache : NamedTuple
        As `Recurrent(cell).forward` returned it.

    Returns
    -------
    array (T, B, S, S)
        S is the size of the state: H, or 2H for the LSTM, h before c.

    Examples
    --------
    >>> from rnnlib import Recurrent
    >>> cell = RNNCell(1, 1, rng=np.random.default_rng(0), activation="identity")
    >>> cell.params["W_hh"][...] = 0.5
    >>> h, state, cache = Recurrent(cell).forward(np.ones((3, 1, 1)))
    >>> step_jacobians(cell, cache).ravel()
    array([0.5, 0.5, 0.5])
    """
    T, B, H = shape_of(cell, cache)
    fields = cell.State._fields
    S = H * len(fields)
    basis = np.broadcast_to(np.eye(S, dtype=cell.dtype)[:, None, None], (S, T, B, S))
    d_state = cell.State(*np.split(basis, len(fields), axis=-1))
    _, d_prev = cell.step_backward(d_state, cell.slopes(cache))
    rows = np.concatenate(d_prev, axis=-1)  # (S, T, B, S): one output unit a row
    jacobians = np.moveaxis(rows, 0, 2)
    if cache.mask is None:
        return jacobians
    exists = cache.mask[:, :, None, None]
    return np.where(exists, jacobians, np.eye(S, dtype=cell.dtype))


@tiny_is_zero
def state_jacobians(jacobians: ArrayLike) -> Array:
    """Return `d state_T / d state_k` for all k: the products of Jacobians.

        P[T] = I,  P[k] = P[k + 1] @ J[k]

    Parameters
    ----------
    jacobians : array (T, B, S, S)
        As `step_jacobians` returned them. `jacobians[k]` leads from state k to
        state k + 1, where state 0 is the initial state.

    Returns
    -------
    array (T + 1, B, S, S)

    Examples
    --------
    >>> products = state_jacobians(np.full((3, 1, 1, 1), 0.5))
    >>> products.ravel()
    array([0.125, 0.25 , 0.5  , 1.   ])
    """
    steps = check_array("jacobians", jacobians, ("T", "B", "S", "S"))
    T, _, S, _ = steps.shape
    products = np.empty((T + 1, *steps.shape[1:]), dtype=steps.dtype)
    products[T] = np.eye(S)
    for k in reversed(range(T)):
        np.matmul(products[k + 1], steps[k], out=products[k])
    return products


@tiny_is_zero
def singular_values(products: ArrayLike) -> Array:
    """Return the singular values (..., S) of matrices (..., S, S), largest first.

    A gradient grows at most by the largest and at least by the smallest of them; how
    much exactly depends on its direction.

    >>> singular_values(np.diag([0.5, 2.0]))
    array([2. , 0.5])
    """
    products = check_array("products", products, ("...", "S", "S"))
    return np.linalg.svd(check_finite("products", products), compute_uv=False)


@tiny_is_zero
def gradient_norms(cell: Cell, cache: Any, dh: ArrayLike) -> Array:
    """Return `norm(dL_t/dstate_k)` for every pair of steps.

    L_t is the loss of step t alone. The gradients of all losses go back through time
    side by side, as one batch, each from its own step until it reaches the first.

    Parameters
    ----------
    cell : Cell
    cache : NamedTuple
        As `Recurrent(cell).forward` returned it.
    dh : array (T, B, H)
        `dh[t]` is the gradient of L_t with respect to `h[t]`, directly.

    Returns
    -------
    array (T, T, B)
        Entry [t, k, b]; NaN where k > t, since no loss depends on later states.

    Examples
    --------
    >>> from rnnlib import Recurrent
    >>> cell = RNNCell(1, 1, rng=np.random.default_rng(0), activation="identity")
    >>> cell.params["W_hh"][...] = 0.5
    >>> h, state, cache = Recurrent(cell).forward(np.ones((3, 1, 1)))
    >>> gradient_norms(cell, cache, np.ones((3, 1, 1)))[:, :, 0]
    array([[1.  ,  nan,  nan],
           [0.5 , 1.  ,  nan],
           [0.25, 0.5 , 1.  ]])
    """
    T, B, H = shape_of(cell, cache)
    dh = check_finite("dh", check_array("dh", dh, (T, B, H), dtype=cell.dtype))
    # Each step back multiplies by W_hh.T, which is faster if that lies in rows.
    cell = cell.with_params({k: np.asfortranarray(p) for k, p in cell.params.items()})
    slopes = cell.slopes(cache)
    norms = np.full((T, T, B), np.nan, dtype=cell.dtype)
    d_state = cell.State(*(np.zeros_like(dh) for _ in cell.State._fields))
    d_state = d_state._replace(h=dh)
    for n in range(T):  # d_state[k] is dL_{k + n}/dstate_k
        norms[n, : T - n] = reduce(np.hypot, map(row_norms, d_state))
        steps = slice(1, T - n)
        d_later = cell.State(*(field[1:] for field in d_state))
        _, d_state = cell.step_backward(d_later, cache_at(slopes, steps))
        if cache.mask is not None:
            d_state = choose_state(cache.mask[steps], d_state, d_later)
    t, k = np.ogrid[:T, :T]
    return norms[t - k, k]  # where t < k, one of the NaN at the end


@tiny_is_zero
def state_gradients(cell: Cell, cache: Any, dh: ArrayLike) -> Any:
    """Return the total gradient with respect to the state after each step.

    While `dh[t]` is the gradient of the loss of step t alone, the total gradient also
    holds those of all later losses, through the states in between.

    Parameters
    ----------
    cell : Cell
    cache : NamedTuple
        As `Recurrent(cell).forward` returned it.
    dh : array (T, B, H)

    Returns
    -------
    NamedTuple of arrays (T, B, H)
        A state of the cell: for an LSTM dL/dh and dL/dc.

    Examples
    --------
    >>> from rnnlib import Recurrent
    >>> cell = RNNCell(1, 1, rng=np.random.default_rng(0), activation="identity")
    >>> cell.params["W_hh"][...] = 0.5
    >>> h, state, cache = Recurrent(cell).forward(np.ones((3, 1, 1)))
    >>> state_gradients(cell, cache, np.ones((3, 1, 1))).h.ravel()
    array([1.75, 1.5 , 1.  ])
    """
    T, B, H = shape_of(cell, cache)
    dh = check_finite("dh", check_array("dh", dh, (T, B, H), dtype=cell.dtype))
    total = cell.State(*(np.zeros((T, B, H), cell.dtype) for _ in cell.State._fields))
    later, slopes = cell.initial_state(B), steps_of(cell.slopes(cache))
    for t in reversed(range(T)):
        later = later._replace(h=later.h + dh[t])
        for field, now in zip(total, later, strict=True):
            field[t] = now
        _, earlier = cell.step_backward(later, slopes[t])
        if cache.mask is not None:
            earlier = choose_state(cache.mask[t], earlier, later)
        later = earlier
    return total


@tiny_is_zero
def jacobian_bound(cell: RNNCell, steps: int) -> Array:
    """Return `(gamma sigma_max)**n` for n = 0..steps.

    No product of the Jacobians of n unmasked steps has a larger singular value, where
    gamma is the largest slope of the activation and sigma_max the largest singular
    value of W_hh. Below 1 the gradient must vanish in the end. Above 1 it may explode,
    but need not: slopes are smaller than gamma wherever units saturate, and directions
    that one step stretches the next may shrink (Pascanu, Mikolov and Bengio, 2013).

    >>> cell = RNNCell(1, 4, rng=np.random.default_rng(0), activation="sigmoid")
    >>> jacobian_bound(cell, 2).round(4)
    array([1.    , 0.25  , 0.0625])
    """
    check_kind("cell", cell, RNNCell, "only a plain RNN has this bound")
    check_params(cell.params)
    n = np.arange(check_size("steps", steps, minimum=0) + 1)
    sigma_max = np.linalg.norm(cell.params["W_hh"], 2)
    return (cell.activation.max_slope * float(sigma_max)) ** n
