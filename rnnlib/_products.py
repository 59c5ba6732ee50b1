"""Matrix products with any leading axes, each computed as one product of all rows."""

import numpy as np

from rnnlib._typing import Array

__all__ = ["product", "product_by_gate", "rows_of", "weight_gradient"]

FEW = 2**17  # entries of an array, below which one product is faster


def rows_of(x: Array) -> Array:
    """View `x` of shape (..., D) as rows of shape (N, D)."""
    return x.reshape(-1, x.shape[-1])


def product(x: Array, weight: Array) -> Array:
    """Return `x @ weight`; tokens pick rows of `weight`, as one-hot rows would.

    Shapes: x (..., D) floats or (...) integers; weight (D, H); result (..., H).
    """
    if x.dtype.kind in "iu":
        return weight[x]
    if x.ndim == 2:
        return x @ weight
    return (rows_of(x) @ weight).reshape(*x.shape[:-1], weight.shape[1])


def product_by_gate(h: Array, W_hh: Array) -> Array:
    """Return `h @ W_hh` with a matrix of its own for each gate.

    Shapes: h (B, H), W_hh (H, nH), result (n, B, H).

    >>> W_hh = np.array([[1, 2, 10, 20], [3, 4, 30, 40]])
    >>> product_by_gate(np.array([[1, 0]]), W_hh).tolist()
    [[[1, 2]], [[10, 20]]]
    """
    H = len(W_hh)
    by_gate: Array = h @ W_hh.reshape(H, -1, H).swapaxes(0, 1)
    return by_gate


def weight_gradient(x: Array, dy: Array, rows: int) -> Array:
    """Return dL/dW of `y = product(x, W)`: the sum of `outer(x, dy)` over all rows.

    Shapes: x (..., D) floats or (...) integers; dy (..., H); result (D, H), where D is
    `rows`. A token that occurs twice receives both of its gradients.
    """
    if x.dtype.kind in "iu" and max(x.size, rows) * dy.shape[-1] > FEW:
        return _sums_by_token(x.reshape(-1), rows_of(dy), rows)
    if x.dtype.kind in "iu":
        x = np.eye(rows, dtype=dy.dtype)[x]
    return rows_of(x).T @ rows_of(dy)


def _sums_by_token(tokens: Array, dy: Array, rows: int) -> Array:
    """Return the sum of each token's gradients, (rows, H), from those in `dy` (N, H).

    A product with one-hot rows gives the same, but mostly multiplies by zero: it is
    faster only for small arrays.
    """
    sums = np.zeros((rows, dy.shape[1]), dtype=dy.dtype)
    order = np.argsort(tokens, kind="stable")
    distinct, first = np.unique(tokens[order], return_index=True)
    for token, places in zip(distinct, np.split(order, first[1:]), strict=True):
        sums[token] = dy[places].sum(axis=0)
    return sums
