"""Small random networks for the tests, and the plain RNN written out unit by unit."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib import Recurrent, RNNCell
from rnnlib._typing import Array, Grads, Rng
from rnnlib.cells import Cell

PHI: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "relu": lambda a: max(a, 0.0),
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "identity": lambda a: a,
}


def draw_cell(
    rng: Rng,
    D: int = 3,
    H: int = 4,
    activation: str = "tanh",
    dtype: type[np.floating[Any]] = np.float64,
) -> RNNCell:
    """Return a cell whose biases are random, too."""
    cell = RNNCell(D, H, rng=rng, activation=activation, dtype=dtype)
    cell.params["b_h"][...] = rng.standard_normal(H)
    return cell


def draw_mask(rng: Rng, T: int, B: int) -> Array:
    """Return a mask with holes anywhere, in which each sequence has a step."""
    mask = rng.random((T, B)) < 0.6
    mask[rng.integers(0, T, size=B), np.arange(B)] = True
    return mask


def draw_state(rng: Rng, cell: Cell, B: int) -> Any:
    """Return a random state."""
    return cell.State(
        *(rng.standard_normal(zero.shape) for zero in cell.initial_state(B))
    )


def unit_by_unit(
    cell: Cell, x: Array | None, h_0: Array, exists: Array
) -> tuple[Array, Array]:
    """Return h (T, B, H) and the pre-activations, one multiplication at a time."""
    W_xh, W_hh, b_h = (cell.params[key].tolist() for key in ("W_xh", "W_hh", "b_h"))
    assert isinstance(cell, RNNCell)
    phi = PHI[cell.activation.name]
    T, B = exists.shape
    H = cell.hidden_size
    h = np.empty((T, B, H))
    a = np.empty((T, B, H))
    for b in range(B):
        h_prev = h_0[b].tolist()
        for t in range(T):
            for j in range(H):
                total = b_h[j]
                for i in range(cell.input_size if x is not None else 0):
                    total += float(x[t, b, i]) * W_xh[i][j]  # type: ignore[index]
                for i in range(H):
                    total += h_prev[i] * W_hh[i][j]
                a[t, b, j] = total
                h[t, b, j] = phi(total) if exists[t, b] else h_prev[j]
            h_prev = h[t, b].tolist()
    return h, a


def differentiable(
    layer: Recurrent, *, tokens: Array | None = None, mask: Array | None = None
) -> Callable[..., tuple[Any, Callable[[Any], Grads]]]:
    """Return a layer in the form that `check_gradients` takes.

    Of its arrays, `x` is the input (that or `tokens`, or neither), `start_h` the field
    h of the state at the start, and the others are parameters. Outputs are h, and the
    last state.
    """

    def function(**arrays: Array) -> tuple[Any, Callable[[Any], Grads]]:
        x = arrays.pop("x", tokens)
        fields = [arrays.pop(f"start_{field}") for field in layer.cell.State._fields]
        twin = layer.with_params(arrays)
        h, state, cache = twin.forward(x, layer.cell.State(*fields), mask)

        def backward(d_output: Any) -> Grads:
            dx, d_state, grads = twin.backward(d_output[0], cache, d_output[1])
            starts = {f"start_{k}": v for k, v in d_state._asdict().items()}
            return grads | starts | ({} if dx is None else {"x": dx})

        return (h, state), backward

    return function


def where_to_check(layer: Recurrent, state: Any, x: Array | None = None) -> Grads:
    """Return the arrays by which `differentiable` is differentiated."""
    starts = {f"start_{field}": array for field, array in state._asdict().items()}
    return dict(layer.params) | starts | ({} if x is None else {"x": x})
