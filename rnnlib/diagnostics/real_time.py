"""Gradients that are ready at each step, without going back: real-time learning."""

from typing import Any

import numpy as np

from rnnlib._checks import check_array, check_finite, check_kind
from rnnlib._typing import Array, ArrayLike, Grads
from rnnlib.cells import RNNCell

__all__ = ["real_time_gradients"]


def real_time_gradients(
    cell: RNNCell, x: ArrayLike, dh: ArrayLike, state: Any = None
) -> Grads:
    """Return the gradients of a plain RNN by real-time recurrent learning (RTRL).

    Nothing goes back in time. What each state owes to each parameter is carried along
    with the state, P_t = dh_t/dW for W = [W_hh; W_xh; b_h] on top of each other:

        P_t = phi'(a_t) * (P_{t-1} @ W_hh + [h_{t-1}, x_t, 1] in each unit's column)

    The numbers are those of back-propagation through time. The price differs: P has
    (H + D + 1) H^2 entries whatever T is, and going back has T H states to keep but no
    H^3. (Williams and Zipser, "A learning algorithm for continually running fully
    recurrent neural networks", 1989.)

    Parameters
    ----------
    cell : RNNCell
    x : float array (T, B, D)
    dh : array (T, B, H)
        `dh[t]` is the gradient of the loss of step t alone with respect to `h[t]`.
    state : state of the cell, optional
        Zeros without it.

    Returns
    -------
    dict with the keys of `cell.params`

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> from rnnlib import Recurrent
    >>> rng = np.random.default_rng(0)
    >>> cell = RNNCell(2, 3, rng=rng)
    >>> x, dh = rng.standard_normal((5, 4, 2)), rng.standard_normal((5, 4, 3))
    >>> h, _, cache = Recurrent(cell).forward(x)
    >>> _, _, back = Recurrent(cell).backward(dh, cache)
    >>> real_time = real_time_gradients(cell, x, dh)
    >>> all(np.allclose(real_time[name], back[name]) for name in back)
    True
    """
    check_kind("cell", cell, RNNCell)
    D, H, dtype = cell.input_size, cell.hidden_size, cell.dtype
    x = check_finite("x", check_array("x", x, ("T", "B", D), dtype=dtype))
    T, B = x.shape[:2]
    dh = check_finite("dh", check_array("dh", dh, (T, B, H), dtype=dtype))
    state = cell.initial_state(B) if state is None else state
    state = cell.check_state("state", state, B)
    W_hh, units = cell.params["W_hh"], np.arange(H)
    P = np.zeros((B, H + D + 1, H, H), dtype)  # row of W, its column, unit of h
    dW: Array = np.zeros((H + D + 1, H), dtype)
    for t in range(T):
        into = np.concatenate([state.h, x[t], np.ones((B, 1), dtype)], axis=1)
        state, cache = cell.forward(x[t], state)
        P = P @ W_hh
        P[:, :, units, units] += into[:, :, None]
        P *= cell.slopes(cache).h_by_a[:, None, None, :]
        dW += np.einsum("bnij,bj->ni", P, dh[t])
    return {"W_hh": dW[:H], "W_xh": dW[H : H + D], "b_h": dW[-1]}
