"""A decay in continuous time, seen in steps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import check_gradients
from rnnlib.state_space import (
    euler,
    hold,
    selective_dt,
    state_space,
    state_space_backward,
)

SEEDS = st.integers(0, 2**32 - 1)
METHODS = ["hold", "euler"]
SHAPES = [((), ()), ((4,), ()), ((), (6, 4)), ((4,), (6, 4)), ((1,), (6, 1))]


def drawn(rng, rate_shape=(), dt_shape=()):
    return {
        "u": rng.standard_normal((6, 4)),
        "rate": np.asarray(-3 * rng.random(rate_shape)),
        "dt": np.asarray(0.1 + rng.random(dt_shape)),
        "h_0": rng.standard_normal(4),
    }


@given(SEEDS, st.booleans())
def test_a_held_step_is_the_solution_of_the_equation(seed, turns):
    """Thousands of small steps of Runge and Kutta come to the same."""
    rng = np.random.default_rng(seed)
    rate = -2 * rng.random() + (3j * rng.random() if turns else 0)
    dt, u, h = 2 * rng.random(), rng.standard_normal(), rng.standard_normal()
    a, b = hold(rate, dt)
    small, state = dt / 200, h + 0j
    for _ in range(200):
        s_1 = rate * state + u
        s_2 = rate * (state + small / 2 * s_1) + u
        s_3 = rate * (state + small / 2 * s_2) + u
        s_4 = rate * (state + small * s_3) + u
        state += small / 6 * (s_1 + 2 * s_2 + 2 * s_3 + s_4)
    assert abs(a * h + b * u - state) < 1e-8


@given(SEEDS, st.integers(1, 9))
def test_many_small_held_steps_are_one_large_one(seed, n):
    rng = np.random.default_rng(seed)
    rate, dt = -3 * rng.random(), rng.random()
    many = state_space(np.full((n, 1), 0.7), rate, dt / n, np.array([0.3]))[-1]
    one = state_space(np.full((1, 1), 0.7), rate, dt, np.array([0.3]))[-1]
    np.testing.assert_allclose(many, one, rtol=1e-12)


def test_where_nothing_decays_the_input_is_summed():
    for find in (hold, euler):
        a, b = find(np.zeros(3), np.array([0.0, 0.5, 2.0]))
        np.testing.assert_array_equal(a, np.ones(3))
        np.testing.assert_array_equal(b, [0.0, 0.5, 2.0])


def test_euler_is_near_where_steps_are_small_and_grows_where_they_are_large():
    errors = [abs(euler(-1.0, dt)[0] - hold(-1.0, dt)[0]) for dt in (0.1, 0.01)]
    assert errors[1] < errors[0] / 90
    assert abs(euler(-1.0, 2.5)[0]) > 1 > hold(-1.0, 2.5)[0]


def test_no_time_no_step():
    rng = np.random.default_rng(1)
    arrays = drawn(rng) | {"dt": np.zeros(())}
    for method in METHODS:
        h = state_space(**arrays, method=method)
        np.testing.assert_array_equal(h, np.tile(arrays["h_0"], (6, 1)))


@pytest.mark.parametrize("gradients", ["central", "complex"])
@pytest.mark.parametrize(("rate_shape", "dt_shape"), SHAPES)
@pytest.mark.parametrize("method", METHODS)
def test_backward_is_the_derivative(method, rate_shape, dt_shape, gradients):
    def function(u, rate, dt, h_0):
        h = state_space(u, rate, dt, h_0, method=method)

        def backward(dh):
            found = state_space_backward(dh, h, u, rate, dt, h_0, method=method)
            return dict(zip(("u", "rate", "dt", "h_0"), found, strict=True))

        return h, backward

    rng = np.random.default_rng(2)
    arrays = drawn(rng, rate_shape, dt_shape)
    check_gradients(function, arrays, rng=rng, method=gradients)


@pytest.mark.parametrize("rate", [-1e-9, -1e-3, -0.009, -0.011])
def test_the_gradient_of_a_slow_rate_does_not_cancel(rate):
    u, dt, dh = np.ones((1, 1)), np.array(1.0), np.ones((1, 1))
    h = state_space(u, rate, dt)
    _, found, _, _ = state_space_backward(dh, h, u, np.array(rate), dt)
    series = sum((n + 1) * rate**n / np.prod(np.arange(1.0, n + 3)) for n in range(9))
    np.testing.assert_allclose(found, series, rtol=1e-11)


@given(st.floats(-30, 30))
def test_a_selective_step_is_always_some_time(a):
    dt = selective_dt(np.array([a]))
    np.testing.assert_allclose(dt, np.log1p(np.exp(a)), rtol=1e-12)
    assert dt > 0


def test_a_large_step_forgets_and_a_small_one_passes_over():
    u, dt = np.array([[1.0], [9.0], [2.0]]), np.array([[1.0], [1e-12], [50.0]])
    h = state_space(u, -1.0, dt, np.array([4.0]))
    np.testing.assert_allclose(h[1], h[0], rtol=1e-10)
    np.testing.assert_allclose(h[2], 2.0, rtol=1e-12)


def test_single_precision_stays():
    rng = np.random.default_rng(3)
    arrays = {k: v.astype(np.float32) for k, v in drawn(rng, (4,), (6, 4)).items()}
    for method in METHODS:
        h = state_space(**arrays, method=method)
        assert h.dtype == np.float32
        for each in state_space_backward(h, h, **arrays, method=method):
            assert each.dtype == np.float32
