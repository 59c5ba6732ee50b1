"""The pre-activation as one product of input and old state, as many papers write it."""

import numpy as np

from rnnlib._checks import check_array
from rnnlib._products import product
from rnnlib._typing import Array, ArrayLike
from rnnlib._words import kind_of
from rnnlib.cells.base import Cell

__all__ = ["stacked_preactivation"]


def stacked_preactivation(cell: Cell, x: ArrayLike, h_prev: ArrayLike) -> Array:
    """Return `[h_prev, x] @ W + b_h`, the form with one product instead of two.

    W is W_hh on top of W_xh, (H + D, nH) for n stacked gates. With columns papers write
    it as W [h; x], with W = (W_hh W_xh): the order of the blocks is that of the vector.
    Two products with the blocks, added up, give the same. (Zaremba, Sutskever and
    Vinyals, 2014, write the LSTM this way.)

    Parameters
    ----------
    cell : RNNCell or LSTMCell
        In a GRU the reset gate comes between the two products, so there is no such
        form; a minimal cell has only one of the products.
    x : float array (..., D)
    h_prev : float array (..., H)
        With the same leading axes.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the cell has no such form.

    Examples
    --------
    >>> from rnnlib import LSTMCell
    >>> cell = LSTMCell(2, 3, rng=np.random.default_rng(0))
    >>> x, h_prev = np.ones((5, 2)), np.ones((5, 3))
    >>> two = x @ cell.params["W_xh"] + h_prev @ cell.params["W_hh"]
    >>> one = stacked_preactivation(cell, x, h_prev)
    >>> bool(np.allclose(one, two + cell.params["b_h"]))
    True
    """
    has_both = isinstance(cell, Cell) and "W_hh" in cell.params
    if not has_both or "r" in cell.gates:
        raise ValueError(
            f"cell must be an RNNCell or an LSTMCell, got {kind_of(cell)}; "
            "a GRU resets between the two products, a minimal cell has one alone"
        )
    D, H = cell.input_size, cell.hidden_size
    x = check_array("x", x, ("...", D), dtype=cell.dtype)
    h_prev = check_array("h_prev", h_prev, (*x.shape[:-1], H), dtype=cell.dtype)
    W = np.vstack([cell.params["W_hh"], cell.params["W_xh"]])
    return product(np.concatenate([h_prev, x], axis=-1), W) + cell.params["b_h"]
