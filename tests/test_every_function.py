"""What holds for every function: precision, and arrays that nobody writes over."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnlib import (
    SGD,
    Adam,
    Momentum,
    Recurrent,
    RMSProp,
    activations,
    binary_cross_entropy,
    clip_by_norm,
    clip_by_value,
    cross_entropy,
    diagnostics,
    init,
    mean_squared_error,
    one_hot,
    pad,
)
from rnnlib.cells import Cell
from tests.nets import draw_cell

T, B, D, H = 5, 3, 4, 6
PRECISIONS = [np.float64, np.float32]


class Draw:
    """Random arguments of one precision, and a layer that uses them."""

    def __init__(self, dtype, seed):
        self.dtype = dtype
        self.rng = np.random.default_rng(seed)
        self.cell = draw_cell(self.rng, D, H, "tanh", dtype)
        self.layer = Recurrent(self.cell)
        self.again()

    def again(self):
        """Draw other arguments for the same layer."""
        self.mask = self.rng.random((T, B)) < 0.7
        self.tokens = self.rng.integers(0, D, size=(T, B))
        self.x = self.floats(T, B, D)
        self.state = self.draw_state()
        self.d_state = self.draw_state()
        self.dh = self.floats(T, B, H)
        self.cache = self.layer.forward(self.x, self.state, self.mask)[2]
        self.token_cache = self.layer.forward(self.tokens, self.state)[2]
        self.step_cache = self.cell.forward(self.x[0], self.state)[1]

    def floats(self, *shape):
        return self.rng.standard_normal(shape).astype(self.dtype)

    def draw_state(self):
        return self.cell.State(self.floats(B, H))


def activation_call(name):
    count = 2 if name.endswith("_backward") else 1
    return lambda d: (
        getattr(activations, name),
        [d.floats(T, D) for _ in range(count)],
    )


def init_call(name):
    return lambda d: (
        lambda: getattr(init, name)((4, 4), rng=d.rng, dtype=d.dtype),
        [],
    )


# Each line is one call of a public function, with what it is given.
CALLS: dict[str, Callable[[Draw], tuple[Callable[..., Any], list[Any]]]] = {
    **{
        name: activation_call(name)
        for name in activations.__all__
        if name not in ("ACTIVATIONS", "Activation", "activation")
    },
    **{f"init.{name}": init_call(name) for name in init.__all__},
    "one_hot": lambda d: (
        lambda tokens: one_hot(tokens, D, dtype=d.dtype),
        [d.tokens],
    ),
    "pad": lambda d: (pad, [[d.floats(3, D), d.floats(1, D)]]),
    "cross_entropy": lambda d: (cross_entropy, [d.x, d.tokens, d.mask]),
    "binary_cross_entropy": lambda d: (
        binary_cross_entropy,
        [d.x, d.floats(T, B, D) ** 2 % 1, d.mask],
    ),
    "mean_squared_error": lambda d: (
        mean_squared_error,
        [d.x, d.floats(T, B, D), d.mask],
    ),
    "cell.initial_state": lambda d: (d.cell.initial_state, [B]),
    "cell.forward": lambda d: (d.cell.forward, [d.x[0], d.state]),
    "cell.forward tokens": lambda d: (d.cell.forward, [d.tokens[0], d.state]),
    "cell.forward None": lambda d: (d.cell.forward, [None, d.state]),
    "cell.backward": lambda d: (d.cell.backward, [d.d_state, d.step_cache]),
    "layer.forward": lambda d: (d.layer.forward, [d.x, d.state, d.mask]),
    "layer.forward alone": lambda d: (d.layer.forward, [d.x]),
    "layer.forward tokens": lambda d: (d.layer.forward, [d.tokens, d.state]),
    "layer.forward None": lambda d: (d.layer.forward, [None, d.state, d.mask]),
    "layer.backward": lambda d: (d.layer.backward, [d.dh, d.cache, d.d_state]),
    "layer.backward alone": lambda d: (d.layer.backward, [d.dh, d.cache]),
    "layer.backward tokens": lambda d: (d.layer.backward, [d.dh, d.token_cache]),
    "clip_by_norm": lambda d: (clip_by_norm, [{"W": d.floats(3, 2)}, 0.5]),
    "clip_by_norm, nothing to do": lambda d: (clip_by_norm, [{"W": d.floats(2)}, 99]),
    "clip_by_value": lambda d: (clip_by_value, [{"W": d.floats(3, 2)}, 0.5]),
    "step_jacobians": lambda d: (diagnostics.step_jacobians, [d.cell, d.cache]),
    "state_jacobians": lambda d: (diagnostics.state_jacobians, [d.floats(T, B, H, H)]),
    "singular_values": lambda d: (diagnostics.singular_values, [d.floats(T, H, H)]),
    "gradient_norms": lambda d: (diagnostics.gradient_norms, [d.cell, d.cache, d.dh]),
}


def arrays_in(found):
    """Yield all arrays of a nested result, or argument."""
    if isinstance(found, np.ndarray | np.generic):
        yield np.asarray(found)
    elif isinstance(found, Cell):
        yield from found.params.values()
    elif isinstance(found, dict):
        for each in found.values():
            yield from arrays_in(each)
    elif isinstance(found, tuple | list):
        for each in found:
            yield from arrays_in(each)


def copies(found):
    return [array.copy() for array in arrays_in(found)]


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("name", CALLS)
def test_the_precision_that_goes_in_comes_out(name, dtype):
    function, args = CALLS[name](Draw(dtype, seed=0))
    found = [a.dtype for a in arrays_in(function(*args)) if a.dtype.kind == "f"]
    assert found
    assert set(found) == {np.dtype(dtype)}


@pytest.mark.parametrize("name", CALLS)
def test_single_precision_is_double_precision_with_fewer_digits(name):
    single, args = CALLS[name](Draw(np.float32, seed=1))
    double, exact_args = CALLS[name](Draw(np.float64, seed=1))
    pairs = zip(arrays_in(single(*args)), arrays_in(double(*exact_args)), strict=True)
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("name", CALLS)
def test_no_argument_is_changed(name):
    function, args = CALLS[name](Draw(np.float64, seed=2))
    before = copies(args)
    function(*args)
    for array, kept in zip(arrays_in(args), before, strict=True):
        np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize("name", CALLS)
def test_a_returned_array_is_never_written_over(name):
    draw = Draw(np.float64, seed=3)
    function, args = CALLS[name](draw)
    first = function(*args)
    kept = copies(first)
    for _ in range(2):
        draw.again()
        function, args = CALLS[name](draw)
        function(*args)
    for array, expected in zip(arrays_in(first), kept, strict=True):
        np.testing.assert_array_equal(array, expected)


def test_an_update_leaves_earlier_results_alone():
    draw = Draw(np.float64, seed=6)
    for optimizer in (SGD(0.1), Momentum(0.1), RMSProp(0.1), Adam(0.1)):
        h, state, cache = draw.layer.forward(draw.x, draw.state, draw.mask)
        results = [h, state, cache, draw.layer.backward(draw.dh, cache, draw.d_state)]
        kept = copies(results)
        for _ in range(2):
            optimizer.update(draw.layer.params, results[-1][2])
        for array, expected in zip(arrays_in(results), kept, strict=True):
            np.testing.assert_array_equal(array, expected)


def test_results_do_not_share_memory_with_each_other():
    """Who changes one of them in place changes only that one."""
    draw = Draw(np.float64, seed=7)
    h, state, cache = draw.layer.forward(draw.x, draw.state)
    dx, d_state, grads = draw.layer.backward(draw.dh, cache)
    results = [*arrays_in([h, state, dx, d_state, grads])]
    for i, one in enumerate(results):
        for other in results[:i]:
            assert not np.shares_memory(one, other)
        for array in arrays_in([draw.layer.cell, cache]):
            assert not np.shares_memory(one, array)
