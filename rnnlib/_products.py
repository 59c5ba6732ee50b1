"""Matrix products over any leading axes, each as one product over all rows."""

import numpy as np

from rnnlib._typing import Array

__all__ = ["product", "rows_of", "weight_gradient"]

FEW = 2**17


def rows_of(x: Array) -> Array:
    """View `x` of shape (..., D) as rows of shape (N, D)."""
    return x.reshape(-1, x.shape[-1])


def product(x: Array, weight: Array) -> Array:
    """Return `x @ weight`; tokens pick rows of `weight`, as their one-hot would.

    Shapes: x (..., D) floats or (...) integers; weight (D, H); result (..., H).
    """
    if x.dtype.kind in "iu":
        return weight[x]
    if x.ndim == 2:
        return x @ weight
    return (rows_of(x) @ weight).reshape(*x.shape[:-1], weight.shape[1])


def weight_gradient(x: Array, dy: Array, rows: int) -> Array:
    """Return dL/dW of `y = product(x, W)`: the sum of `outer(x, dy)` over all rows.

    Shapes: x (..., D) floats or (...) integers; dy (..., H); result (rows, H), where
    rows is D. A token that occurs twice receives both of its gradients.
    """
    if x.dtype.kind in "iu" and max(x.size, rows) * dy.shape[-1] > FEW:
        return _sums_by_token(x.reshape(-1), rows_of(dy), rows)
    if x.dtype.kind in "iu":
        x = np.eye(rows, dtype=dy.dtype)[x]
    return rows_of(x).T @ rows_of(dy)


def _sums_by_token(tokens: Array, dy: Array, rows: int) -> Array:
    """Return the sum of the gradients (N, H) of each token, (rows, H).

    A product with one-hot rows gives the same, and multiplies with zeros mostly: that
    is faster only where there are few numbers.
    """
    sums = np.zeros((rows, dy.shape[1]), dtype=dy.dtype)
    places = np.argsort(tokens, kind="stable")
    found, first = np.unique(tokens[places], return_index=True)
    for token, where in zip(found, np.split(places, first[1:]), strict=True):
        sums[token] = dy[where].sum(axis=0)
    return sums
