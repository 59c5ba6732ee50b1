import numpy as np
import pytest

from rnnlib import RNNCell, RNNState, check_gradients, init, one_hot
from rnnlib.activations import ACTIVATIONS
from rnnlib.cells import cache_at
from tests.nets import draw_cell, draw_state, unit_by_unit

NAMES = sorted(ACTIVATIONS)
SIZES = [(3, 4, 2), (5, 2, 1), (1, 1, 3)]  # D, H, B


def one_step(cell, tokens=None):
    """Return a step in the form that `check_gradients` takes."""

    def function(**arrays):
        x = arrays.pop("x", tokens)
        start = RNNState(arrays.pop("h_prev"))
        twin = cell.with_params(arrays)
        state, cache = twin.forward(x, start)

        def backward(d_state):
            dx, d_start, grads = twin.backward(d_state, cache)
            return grads | {"h_prev": d_start.h} | ({} if dx is None else {"x": dx})

        return state, backward

    return function


def pre_activation(cell, x, h):
    return unit_by_unit(cell, x[None], h, np.ones((1, len(h)), bool))[1][0]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("activation", NAMES)
def test_a_step_is_its_equation(activation, sizes):
    D, H, B = sizes
    rng = np.random.default_rng(1)
    cell = draw_cell(rng, D, H, activation)
    x, state = rng.standard_normal((B, D)), draw_state(rng, cell, B)
    found, _ = cell.forward(x, state)
    expected, _ = unit_by_unit(cell, x[None], state.h, np.ones((1, B), bool))
    np.testing.assert_allclose(found.h, expected[0], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("activation", NAMES)
def test_backward_of_a_step_is_the_derivative(activation, sizes, method):
    D, H, B = sizes
    rng = np.random.default_rng(2)
    cell = draw_cell(rng, D, H, activation)
    x, state = rng.standard_normal((B, D)), draw_state(rng, cell, B)
    assert abs(pre_activation(cell, x, state.h)).min() > 1e-3  # off the kink of relu
    arrays = cell.params | {"h_prev": state.h, "x": x}
    check_gradients(one_step(cell), arrays, rng=rng, method=method)


@pytest.mark.parametrize("tokens", [np.array([2, 0, 2]), None], ids=["tokens", "none"])
def test_backward_without_floats_as_input_is_the_derivative(tokens):
    rng = np.random.default_rng(3)
    cell = draw_cell(rng)
    arrays = cell.params | {"h_prev": draw_state(rng, cell, 3).h}
    check_gradients(one_step(cell, tokens), arrays, rng=rng)


def test_tokens_are_one_hot_inputs():
    rng = np.random.default_rng(4)
    cell = draw_cell(rng, D=6)
    tokens, state = np.array([5, 1, 5]), draw_state(rng, cell, 3)
    d_state = draw_state(rng, cell, 3)
    by_token, cache = cell.forward(tokens, state)
    by_vector, vector_cache = cell.forward(one_hot(tokens, 6), state)
    np.testing.assert_allclose(by_token.h, by_vector.h, rtol=1e-14)
    dx, d_start, grads = cell.backward(d_state, cache)
    _, d_same, same = cell.backward(d_state, vector_cache)
    assert dx is None
    np.testing.assert_allclose(d_start.h, d_same.h, rtol=1e-14)
    for name in grads:
        np.testing.assert_allclose(grads[name], same[name], rtol=1e-13, atol=1e-16)


def test_a_token_that_occurs_twice_receives_both_gradients():
    rng = np.random.default_rng(5)
    cell = draw_cell(rng, D=4, activation="identity")
    _, cache = cell.forward(np.array([1, 1, 3]), cell.initial_state(3))
    d_state = draw_state(rng, cell, 3)
    _, _, grads = cell.backward(d_state, cache)
    zero = np.zeros(4)
    expected = [zero, d_state.h[0] + d_state.h[1], zero, d_state.h[2]]
    np.testing.assert_allclose(grads["W_xh"], expected, rtol=1e-15)


def test_no_input_is_an_input_of_zeros():
    rng = np.random.default_rng(6)
    cell = draw_cell(rng)
    state, d_state = draw_state(rng, cell, 2), draw_state(rng, cell, 2)
    found, cache = cell.forward(None, state)
    same, zero_cache = cell.forward(np.zeros((2, 3)), state)
    np.testing.assert_allclose(found.h, same.h, rtol=1e-15)
    dx, _, grads = cell.backward(d_state, cache)
    _, _, expected = cell.backward(d_state, zero_cache)
    assert dx is None
    for name in grads:
        np.testing.assert_allclose(grads[name], expected[name], rtol=1e-15)


def test_the_state_starts_at_zero():
    state = draw_cell(np.random.default_rng(7), H=5).initial_state(3)
    np.testing.assert_array_equal(state.h, np.zeros((3, 5)))


def test_a_new_cell_has_glorot_orthogonal_and_zero():
    cell = RNNCell(40, 30, rng=np.random.default_rng(8))
    assert list(cell.params) == ["W_xh", "W_hh", "b_h"]
    limit = np.sqrt(6 / 70)
    assert 0.9 * limit < abs(cell.params["W_xh"]).max() <= limit
    W = cell.params["W_hh"]
    np.testing.assert_allclose(W @ W.T, np.eye(30), atol=1e-13)
    np.testing.assert_array_equal(cell.params["b_h"], np.zeros(30))


def test_the_recurrent_weights_are_drawn_as_asked():
    cell = RNNCell(2, 3, rng=np.random.default_rng(9), recurrent_init=init.identity)
    np.testing.assert_array_equal(cell.params["W_hh"], np.eye(3))


def test_a_seed_gives_the_same_cell_again():
    cells = [RNNCell(3, 4, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)]
    for name in ("W_xh", "W_hh"):
        first, same, other = (cell.params[name] for cell in cells)
        np.testing.assert_array_equal(first, same)
        assert abs(first - other).max() > 0.01


def test_the_cache_holds_what_the_equations_name():
    rng = np.random.default_rng(10)
    cell = draw_cell(rng)
    x, state = rng.standard_normal((2, 3)), draw_state(rng, cell, 2)
    found, cache = cell.forward(x, state)
    for name, expected in {"x": x, "h_prev": state.h, "h": found.h}.items():
        np.testing.assert_array_equal(getattr(cache, name), expected)
    assert cache.mask is None


def test_a_step_of_a_sequence_cache_is_the_cache_of_that_step():
    rng = np.random.default_rng(11)
    arrays = rng.standard_normal((3, 4, 2, 5))
    cache = cell_cache = draw_cell(rng).Cache(arrays[0], None, arrays[1], arrays[2])
    cache = cache_at(cell_cache, 3)
    np.testing.assert_array_equal(cache.h_prev, arrays[1, 3])
    assert cache.mask is None


def test_with_params_computes_with_the_arrays_it_is_given():
    rng = np.random.default_rng(12)
    cell, other = draw_cell(rng), draw_cell(rng)
    x, state = rng.standard_normal((2, 3)), draw_state(rng, cell, 2)
    before = {name: array.copy() for name, array in cell.params.items()}
    twin = cell.with_params(other.params)
    np.testing.assert_array_equal(
        twin.forward(x, state)[0].h, other.forward(x, state)[0].h
    )
    for name, array in cell.params.items():
        assert twin.params[name] is other.params[name]
        np.testing.assert_array_equal(array, before[name])
