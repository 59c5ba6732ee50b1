"""The linear recurrence: the scan is the loop, and its gradient the scan run back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import check_gradients
from rnnlib.scan import compose, recurrence, scan, scan_backward, scan_in_logs

SEEDS = st.integers(0, 2**32 - 1)
SHAPES = [
    ((6, 3), (6, 3)),
    ((1,), (1,)),
    ((7,), (7,)),
    ((5, 1), (5, 4)),
    ((1, 4), (5, 4)),
    ((5, 4), (1, 4)),
    ((9, 2, 1), (9, 1, 3)),
]


def drawn(rng, shape, kind=float):
    """Return numbers of at most 1, so that no product grows."""
    a = rng.uniform(-1, 1, shape)
    return a if kind is float else a * np.exp(1j * rng.uniform(0, 7, shape))


def by_hand(a, b, h_0):
    """One entry and one step at a time."""
    a, b = np.broadcast_arrays(a, b)
    h = np.empty(b.shape, np.result_type(a, b, h_0))
    for place in np.ndindex(b.shape[1:]):
        state = h_0[place]
        for t in range(len(b)):
            state = a[t, *place] * state + b[t, *place]
            h[t, *place] = state
    return h


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize(("a_shape", "b_shape"), SHAPES)
@pytest.mark.parametrize("way", [scan, recurrence])
def test_every_state_is_the_equation(way, a_shape, b_shape, kind):
    rng = np.random.default_rng(1)
    a, b = drawn(rng, a_shape, kind), drawn(rng, b_shape, kind)
    h_0 = drawn(rng, np.broadcast_shapes(a_shape, b_shape)[1:], kind)
    h_0 = np.asarray(h_0)
    found = way(a, b, h_0)
    np.testing.assert_allclose(found, by_hand(a, b, h_0), rtol=0, atol=1e-13)
    zero = np.zeros_like(h_0)
    np.testing.assert_allclose(way(a, b), by_hand(a, b, zero), rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("width", [1, 300])
def test_the_scan_is_the_loop_at_every_length(width, kind):
    rng = np.random.default_rng(2)
    lengths = [*range(1, 70), 127, 128, 129, 1000]
    lengths += [4096, 5000] if width == 1 else []
    for T in lengths:
        a, b = drawn(rng, (T, width), kind), drawn(rng, (T, width), kind)
        h_0 = drawn(rng, (width,), kind)
        expected = recurrence(a, b, h_0)
        np.testing.assert_allclose(scan(a, b, h_0), expected, rtol=0, atol=1e-12)


@given(SEEDS, st.integers(1, 40), st.integers(1, 39))
def test_chunks_are_the_whole(seed, T, cut):
    rng = np.random.default_rng(seed)
    a, b, h_0 = drawn(rng, (T, 3)), drawn(rng, (T, 3)), drawn(rng, 3)
    whole, cut = scan(a, b, h_0), 1 + cut % T
    first = scan(a[:cut], b[:cut], h_0)
    np.testing.assert_allclose(first, whole[:cut], rtol=0, atol=1e-13)
    if cut < T:
        second = scan(a[cut:], b[cut:], first[-1])
        np.testing.assert_allclose(second, whole[cut:], rtol=0, atol=1e-13)


@given(SEEDS)
def test_steps_put_together_may_be_grouped_in_any_way(seed):
    rng = np.random.default_rng(seed)
    one, two, three = [(rng.uniform(-2, 2, 4), rng.uniform(-2, 2, 4)) for _ in "abc"]
    found, other = (
        compose(compose(three, two), one),
        compose(three, compose(two, one)),
    )
    np.testing.assert_allclose(found, other, rtol=1e-12, atol=1e-13)
    h = rng.standard_normal(4)
    slowly = three[0] * (two[0] * (one[0] * h + one[1]) + two[1]) + three[1]
    np.testing.assert_allclose(found[0] * h + found[1], slowly, rtol=1e-12, atol=1e-12)
    for same in (compose(one, (1.0, 0.0)), compose((1.0, 0.0), one)):
        np.testing.assert_array_equal(same, one)


def test_a_step_that_keeps_all_remembers_for_ever_and_one_that_keeps_nothing_forgets():
    rng = np.random.default_rng(3)
    b, h_0 = np.zeros((4000, 2)), rng.standard_normal(2)
    np.testing.assert_array_equal(scan(np.ones((4000, 2)), b, h_0)[-1], h_0)
    a, b = rng.standard_normal((9, 2)), rng.standard_normal((9, 2))
    a[4] = 0
    np.testing.assert_array_equal(scan(a, b, h_0)[4], b[4])


def test_a_time_axis_of_size_one_serves_all_steps():
    rng = np.random.default_rng(4)
    a, b = drawn(rng, (1, 3)), drawn(rng, (6, 3))
    whole = np.repeat(a, 6, axis=0)
    np.testing.assert_array_equal(scan(a, b), scan(whole, b))
    _, db, _ = scan_backward(b, a, scan(a, b))
    np.testing.assert_array_equal(db, scan_backward(b, whole, scan(a, b))[1])


# backward


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("T", [1, 2, 7, 16])
@pytest.mark.parametrize("a_width", [3, 1])
def test_backward_is_the_derivative(T, a_width, method):
    def function(a, b, h_0):
        h = scan(a, b, h_0)

        def backward(dh):
            return dict(
                zip(("a", "b", "h_0"), scan_backward(dh, a, h, h_0), strict=True)
            )

        return h, backward

    rng = np.random.default_rng(5)
    arrays = {
        "a": rng.standard_normal((T, a_width)),
        "b": rng.standard_normal((T, 3)),
        "h_0": rng.standard_normal(3),
    }
    check_gradients(function, arrays, rng=rng, method=method)


@pytest.mark.parametrize("T", [1, 2, 63, 64, 65, 3000])
def test_the_gradient_by_the_scan_is_the_one_step_by_step(T):
    rng = np.random.default_rng(6)
    a, b, h_0, dh = (drawn(rng, shape) for shape in ((T, 3), (T, 3), 3, (T, 3)))
    h = scan(a, b, h_0)
    da, db, dh_0 = scan_backward(dh, a, h, h_0)
    back, came = np.zeros(3), {}
    for t in reversed(range(T)):
        back = back + dh[t]
        came[t] = back
        before = h[t - 1] if t else h_0
        np.testing.assert_allclose(da[t], back * before, rtol=0, atol=1e-12)
        back = back * a[t]
    expected = [came[t] for t in range(T)]
    np.testing.assert_allclose(db, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(dh_0, back, rtol=0, atol=1e-12)


def test_a_complex_gradient_is_the_derivative_not_conjugated():
    rng = np.random.default_rng(7)
    a, b, h_0, dh = (drawn(rng, s, complex) for s in ((5, 2), (5, 2), 2, (5, 2)))
    gradients = scan_backward(dh, a, scan(a, b, h_0), h_0)
    for k, direction in enumerate((a, b, h_0)):
        step = 1e-7 * drawn(rng, direction.shape, complex)
        near = [a, b, h_0]
        near[k] = direction + step
        moved = (dh * (scan(*near) - scan(a, b, h_0))).sum()
        assert abs(moved - (gradients[k] * step).sum()) < 1e-12


# in logarithms


@given(SEEDS, st.integers(1, 40))
def test_in_logs_it_is_the_scan_of_positive_numbers(seed, T):
    rng = np.random.default_rng(seed)
    a, b, h_0 = (rng.uniform(0.01, 2, shape) for shape in ((T, 3), (T, 3), 3))
    found = scan_in_logs(np.log(a), np.log(b), np.log(h_0))
    np.testing.assert_allclose(found, np.log(scan(a, b, h_0)), rtol=1e-10, atol=1e-10)
    found = scan_in_logs(np.log(a), np.log(b))
    np.testing.assert_allclose(found, np.log(scan(a, b)), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("log_a", [-7.0, 7.0])
def test_in_logs_it_goes_where_products_leave_the_floats(log_a):
    T = 4096
    found = scan_in_logs(np.full(T, log_a), np.full(T, -np.inf), np.array(0.5))
    np.testing.assert_allclose(found, 0.5 + log_a * np.arange(1, T + 1), rtol=1e-13)


def test_in_logs_zero_is_minus_infinity():
    nothing = np.full((3, 2), -np.inf)
    assert (scan_in_logs(nothing, nothing) == -np.inf).all()
    log_b = np.array([[1.0, -np.inf], [2.0, 3.0], [-np.inf, -np.inf]])
    np.testing.assert_array_equal(scan_in_logs(nothing, log_b), log_b)


@pytest.mark.parametrize("way", [scan, recurrence])
def test_single_precision_stays(way):
    rng = np.random.default_rng(8)
    a, b = (drawn(rng, (50, 3)).astype(np.float32) for _ in range(2))
    found = way(a, b)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, way(a.astype(float), b.astype(float)), atol=1e-5)
    for each in scan_backward(b, a, found):
        assert each.dtype == np.float32
    assert scan_in_logs(np.log(abs(a)), np.log(abs(b))).dtype == np.float32
