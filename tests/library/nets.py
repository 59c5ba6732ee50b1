"""Small random networks for the tests, and their gradients in one form."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rnnlib import Bidirectional, GRUCell, LSTMCell, Recurrent, RNNCell, Stacked
from rnnlib._typing import Array, Grads, Params, Rng
from rnnlib.cells import (
    Cell,
    CoupledLSTMCell,
    CoupledPeepholeLSTMCell,
    MinGRUCell,
    MinLSTMCell,
    NoForgetGateLSTMCell,
    NoInputGateLSTMCell,
    NoOutputGateLSTMCell,
    NoOutputTanhLSTMCell,
    PeepholeLSTMCell,
)
from rnnlib.recurrent import Layer

# kind of cell: its class and options; tests/by_hand.py has the equations of each
CELLS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    **{
        name: (RNNCell, {"activation": name})
        for name in ("identity", "relu", "sigmoid", "tanh")
    },
    "lstm": (LSTMCell, {}),
    "lstm peephole": (PeepholeLSTMCell, {}),
    "lstm coupled": (CoupledLSTMCell, {}),
    "lstm coupled peephole": (CoupledPeepholeLSTMCell, {}),
    "lstm, no input gate": (NoInputGateLSTMCell, {}),
    "lstm, no forget gate": (NoForgetGateLSTMCell, {}),
    "lstm, no output gate": (NoOutputGateLSTMCell, {}),
    "lstm, no output tanh": (NoOutputTanhLSTMCell, {}),
    "gru": (GRUCell, {}),
    "gru before": (GRUCell, {"reset": "before"}),
    "gru writes": (GRUCell, {"z_writes": True}),
    "gru before writes": (GRUCell, {"reset": "before", "z_writes": True}),
    "minimal": (MinGRUCell, {}),
    "minimal, signed": (MinGRUCell, {"signed": True}),
    "minimal, two gates": (MinLSTMCell, {}),
    "minimal, two gates, signed": (MinLSTMCell, {"signed": True}),
}
KINDS = list(CELLS)


def draw_cell(
    rng: Rng,
    D: int = 3,
    H: int = 4,
    kind: str = "tanh",
    dtype: type[np.floating[Any]] = np.float64,
) -> Any:
    """Return a cell whose biases and peepholes are random, too."""
    make, options = CELLS[kind]
    cell = make(D, H, rng=rng, dtype=dtype, **options)
    for array in cell.params.values():
        if array.ndim == 1:
            array[...] = rng.standard_normal(array.shape)
    return cell


def draw_layer(rng: Rng, form: str, D: int = 3) -> Layer:
    """Return a layer of a form of `LAYERS`, with random parameters."""
    layer = LAYERS[form](rng, D)
    for array in layer.params.values():
        if array.ndim == 1:  # a learned start, too
            array[...] = rng.standard_normal(array.shape)
    return layer


def bidirectional(rng: Rng, D: int, H: int, kinds: tuple[str, str], **options: Any):
    cells = draw_cell(rng, D, H, kinds[0]), draw_cell(rng, D, H + 1, kinds[1])
    return Bidirectional(*cells, **options)


# Both directions of different size and kind, so that no mix-up goes unseen.
LAYERS: dict[str, Callable[[Rng, int], Layer]] = {
    "recurrent": lambda rng, D: Recurrent(draw_cell(rng, D, 4, "lstm")),
    "both": lambda rng, D: bidirectional(rng, D, 2, ("lstm", "gru")),
    "both, learned start": lambda rng, D: bidirectional(
        rng, D, 2, ("gru before", "lstm peephole"), learn_initial_state=True
    ),
    "two": lambda rng, D: Stacked(
        [
            Recurrent(draw_cell(rng, D, 4, "gru"), learn_initial_state=True),
            Recurrent(draw_cell(rng, 4, 2, "lstm coupled")),
        ]
    ),
    "three": lambda rng, D: Stacked(
        [
            bidirectional(rng, D, 2, ("tanh", "lstm")),
            Recurrent(draw_cell(rng, 5, 3, "gru writes")),
            bidirectional(rng, 3, 1, ("gru", "sigmoid")),
        ]
    ),
    "a stack in a stack": lambda rng, D: Stacked(
        [
            Stacked([Recurrent(draw_cell(rng, D, 3, "lstm"))]),
            Recurrent(draw_cell(rng, 3, 2)),
        ]
    ),
}


def draw_mask(rng: Rng, T: int, B: int) -> Array:
    """Return a mask with holes anywhere, in which each sequence has a step."""
    mask = rng.random((T, B)) < 0.6
    mask[rng.integers(0, T, size=B), np.arange(B)] = True
    return mask


def draw_state(rng: Rng, layer: Cell | Layer, B: int) -> Any:
    """Return a random state of a cell, or a layer."""
    return mapped(
        lambda zero: rng.standard_normal(zero.shape).astype(zero.dtype),
        layer.initial_state(B),
    )


def mapped(function: Callable[[Array], Array], state: Any) -> Any:
    """Return a state, however nested, with a function applied to each array."""
    if isinstance(state, np.ndarray):
        return function(state)
    parts = [mapped(function, part) for part in state]
    return state._make(parts) if hasattr(state, "_fields") else tuple(parts)


def leaves(state: Any, name: str) -> dict[str, Array]:
    """Return the arrays of a state, however nested, each with its path."""
    if isinstance(state, np.ndarray):
        return {name: state}
    names = getattr(state, "_fields", range(len(state)))
    found: dict[str, Array] = {}
    for inner, part in zip(names, state, strict=True):
        found |= leaves(part, f"{name}.{inner}")
    return found


def from_leaves(arrays: Params, name: str, like: Any) -> Any:
    """Return the opposite of `leaves`, taking the arrays out of `arrays`."""
    given: Iterator[Array] = iter([arrays.pop(path) for path in leaves(like, name)])
    return mapped(lambda _: next(given), like)


def differentiable(
    layer: Layer,
    *,
    tokens: Array | None = None,
    mask: Array | None = None,
) -> Callable[..., tuple[Any, Callable[[Any], Grads]]]:
    """Return a layer in the form that `check_gradients` takes.

    Of its arrays, `x` is the input (that or `tokens`, or neither), what begins with
    `start` a state at the start, if there is one, and the others are parameters.
    Outputs are h, and the last state.
    """

    def function(**arrays: Array) -> tuple[Any, Callable[[Any], Grads]]:
        x = arrays.pop("x", tokens)
        steps = x if mask is None else mask
        assert steps is not None
        start = None
        if any(name.startswith("start") for name in arrays):
            start = from_leaves(arrays, "start", layer.initial_state(steps.shape[1]))
        twin = layer.with_params(arrays)
        h, state, cache = twin.forward(x, start, mask)

        def backward(d_output: Any) -> Grads:
            dx, d_state, grads = twin.backward(d_output[0], cache, d_output[1])
            found = grads | leaves(d_state, "start")
            return found if dx is None else found | {"x": dx}

        return (h, state), backward

    return function


def where_to_check(layer: Layer, state: Any = None, x: Array | None = None) -> Params:
    """Return the arrays by which `differentiable` is differentiated."""
    starts = {} if state is None else leaves(state, "start")
    return dict(layer.params) | starts | ({} if x is None else {"x": x})


def everything(
    layer: Layer,
    x: Array | None,
    state: Any,
    mask: Array | None,
    dh: Array,
    d_state: Any,
) -> dict[str, Array]:
    """Return all results of forward and backward, by name."""
    h, last, cache = layer.forward(x, state, mask)
    dx, d_start, grads = layer.backward(dh, cache, d_state)
    found = {"h": h, **leaves(last, "last"), **leaves(d_start, "d_start"), **grads}
    return found if dx is None else found | {"dx": dx}


def assert_same(
    found: dict[str, Array], expected: dict[str, Array], tolerance: float = 1e-12
) -> None:
    """Compare arrays by name, relative to the largest entry of each."""
    assert set(found) == set(expected)
    for name in expected:
        scale = abs(expected[name]).max()
        np.testing.assert_allclose(
            found[name], expected[name], rtol=0, atol=tolerance * scale, err_msg=name
        )
