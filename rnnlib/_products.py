"""Matrix products over any leading axes, each as one product over all rows."""

import numpy as np

from rnnlib._typing import Array

__all__ = ["product", "rows_of", "weight_gradient"]

FEW_SYMBOLS = 256


def rows_of(x: Array) -> Array:
    """View `x` of shape (..., D) as rows of shape (N, D)."""
    return x.reshape(-1, x.shape[-1])


def product(x: Array, weight: Array) -> Array:
    """Return `x @ weight`; tokens pick rows of `weight`, as their one-hot would.

    Shapes: x (..., D) floats or (...) integers; weight (D, H); result (..., H).
    """
    if x.dtype.kind in "iu":
        return weight[x]
    return (rows_of(x) @ weight).reshape(*x.shape[:-1], weight.shape[1])


def weight_gradient(x: Array, dy: Array, rows: int) -> Array:
    """Return dL/dW of `y = product(x, W)`: the sum of `outer(x, dy)` over all rows.

    Shapes: x (..., D) floats or (...) integers; dy (..., H); result (rows, H), where
    rows is D. A token that occurs twice receives both of its gradients. Where there are
    few symbols the product with one-hot rows is many times faster than adding up.
    """
    if x.dtype.kind in "iu":
        if rows > FEW_SYMBOLS:
            gradient = np.zeros((rows, dy.shape[-1]), dtype=dy.dtype)
            np.add.at(gradient, x.reshape(-1), rows_of(dy))
            return gradient
        x = np.eye(rows, dtype=dy.dtype)[x]
    return rows_of(x).T @ rows_of(dy)
