"""Real-time recurrent learning gives the gradients of back-propagation through time."""

import numpy as np
import pytest

from rnnlib import Recurrent, RNNCell
from rnnlib.cells import RNNState
from rnnlib.diagnostics import real_time_gradients


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "identity"])
@pytest.mark.parametrize(
    ("T", "B", "D", "H"), [(1, 1, 1, 1), (7, 3, 2, 4), (4, 1, 3, 2)]
)
@pytest.mark.parametrize("starts", [False, True])
def test_what_is_ready_at_each_step_is_what_going_back_gives(
    activation, T, B, D, H, starts
):
    rng = np.random.default_rng(T)
    cell = RNNCell(D, H, rng=rng, activation=activation)
    for array in cell.params.values():
        array[...] = 0.7 * rng.standard_normal(array.shape)
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, H))
    state = RNNState(rng.standard_normal((B, H))) if starts else None
    _, _, cache = Recurrent(cell).forward(x, state)
    *_, expected = Recurrent(cell).backward(dh, cache)
    found = real_time_gradients(cell, x, dh, state)
    assert found.keys() == expected.keys()
    for name, gradient in found.items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-9, atol=1e-12)


def test_gradients_of_single_precision_are_not_of_double_precision():
    rng = np.random.default_rng(0)
    cell = RNNCell(2, 3, rng=rng, dtype=np.float32)
    x = rng.standard_normal((4, 2, 2), dtype=np.float32)
    dh = rng.standard_normal((4, 2, 3), dtype=np.float32)
    found = real_time_gradients(cell, x, dh)
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}
    with pytest.raises(ValueError, match="dh must have dtype float32, got float64"):
        real_time_gradients(cell, x, dh.astype(float))
