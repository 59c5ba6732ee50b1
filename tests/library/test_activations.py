import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import check_gradients
from rnnlib.activations import (
    ACTIVATIONS,
    activation,
    log_sigmoid,
    log_softmax,
    log_softmax_backward,
    sigmoid,
    softmax,
    softmax_backward,
    tanh,
)
from tests.library.by_hand import PHI

RNG = np.random.default_rng(1)
SCORES = 3 * RNG.standard_normal((4, 2, 5))
NAMES = sorted(ACTIVATIONS)


@pytest.mark.parametrize("name", NAMES)
def test_each_activation_is_its_formula(name):
    found = activation(name).function(SCORES)
    expected = [PHI[name](a) for a in SCORES.ravel().tolist()]
    np.testing.assert_allclose(found.ravel(), expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("name", NAMES)
def test_each_slope_is_the_derivative_of_its_function(name, method):
    phi = activation(name)

    def function(a):
        h = phi.function(a)
        return h, lambda dh: {"a": dh * phi.slope(h)}

    assert abs(SCORES).min() > 1e-3  # no relu is at its kink
    check_gradients(
        function, {"a": SCORES}, rng=np.random.default_rng(2), method=method
    )


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_a_slope_stays_right_where_units_saturate(name):
    phi = activation(name)
    a = np.array([-9.0, 4.0, 7.5])  # slopes down to 6e-8

    def function(a):
        h = phi.function(a)
        return h, lambda dh: {"a": dh * phi.slope(h)}

    check_gradients(
        function,
        {"a": a},
        rng=np.random.default_rng(3),
        method="complex",
        tolerance=1e-6,  # 1 - h**2 has lost as many digits as h is close to 1
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_slope_is_above_the_largest(name):
    phi = activation(name)
    a = np.linspace(-8, 8, 1601)  # with 0 among them
    slopes = phi.slope(phi.function(a))
    assert slopes.max() == phi.max_slope
    assert slopes.min() >= 0


def test_small_values_have_the_largest_slope_and_large_ones_none():
    """The myth says it the other way round."""
    for name, largest in (("tanh", 1.0), ("sigmoid", 0.25)):
        phi = activation(name)
        near, far = phi.slope(phi.function(np.array([0.0, 12.0])))
        assert near == largest
        assert far < 1e-4 * largest


def test_relu_has_no_slope_at_its_kink():
    relu = activation("relu")
    np.testing.assert_array_equal(
        relu.slope(relu.function(np.array([-1.0, 0, 2]))), [0, 0, 1]
    )


def test_sigmoid_is_a_half_plus_half_a_tanh():
    np.testing.assert_allclose(sigmoid(SCORES), (1 + tanh(SCORES / 2)) / 2, rtol=1e-14)


def test_sigmoid_and_its_logarithm_survive_huge_scores():
    huge = np.array([-1e4, 1e4])
    np.testing.assert_array_equal(sigmoid(huge), [0, 1])
    np.testing.assert_array_equal(log_sigmoid(huge), [-1e4, 0])


@given(st.floats(-700, 700))
def test_log_sigmoid_keeps_its_digits_far_out(a):
    exact = -math.log1p(math.exp(-a)) if a > 0 else a - math.log1p(math.exp(a))
    np.testing.assert_allclose(log_sigmoid(np.array([a])), [exact], rtol=1e-14)


def test_softmax_is_a_share_of_exponentials():
    found = softmax(SCORES)
    for row, p in zip(SCORES.reshape(-1, 5), found.reshape(-1, 5), strict=True):
        powers = [math.exp(a) for a in row]
        np.testing.assert_allclose(p, [e / math.fsum(powers) for e in powers])
    np.testing.assert_allclose(found.sum(axis=-1), np.full((4, 2), 1.0))


def test_log_softmax_is_the_logarithm_of_softmax():
    np.testing.assert_allclose(np.exp(log_softmax(SCORES)), softmax(SCORES))


def test_softmax_of_hello():
    """The numbers of the four-letter example."""
    p = softmax(np.array([1.0, 2.2, -3.0, 4.1]))
    np.testing.assert_array_equal(p.round(3), [0.038, 0.125, 0.001, 0.837])


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=6),
    st.floats(-1e4, 1e4),
)
def test_softmax_sees_only_differences(scores, shift):
    a = np.array(scores)
    np.testing.assert_allclose(softmax(a + shift), softmax(a), rtol=1e-9, atol=1e-300)


def test_softmax_survives_huge_scores():
    huge = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4]])
    np.testing.assert_allclose(softmax(huge[0]), [1, 0, 0])
    np.testing.assert_allclose(softmax(huge)[1], [1 / 3, 1 / 3, 1 / 3])
    third = -math.log(3)
    expected = np.array([[0, -2e4, -1e4], [third, third, third]])
    np.testing.assert_allclose(log_softmax(huge), expected, rtol=1e-12)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize(
    ("forward", "back"),
    [(softmax, softmax_backward), (log_softmax, log_softmax_backward)],
)
def test_softmax_backward_is_the_derivative(forward, back, method):
    def function(a):
        p = forward(a)
        return p, lambda dp: {"a": back(dp, p)}

    check_gradients(
        function, {"a": SCORES}, rng=np.random.default_rng(4), method=method
    )


def test_a_name_finds_its_activation():
    assert {name: activation(name).name for name in NAMES} == {n: n for n in NAMES}
    assert set(NAMES) == set(PHI)


# scores that have no softmax, and those that have

BOTH = pytest.mark.parametrize("function", [softmax, log_softmax])
NOWHERE = {
    "all -inf": [-np.inf, -np.inf, -np.inf],
    "inf": [np.inf, 0.0, 1.0],
    "two of inf": [np.inf, np.inf, 1.0],
    "nan": [0.0, np.nan, 1.0],
    "nan and -inf": [-np.inf, np.nan, -np.inf],
}


@BOTH
@pytest.mark.parametrize("row", NOWHERE)
def test_a_row_whose_largest_score_is_not_finite_is_refused_with_a_word(function, row):
    scores = SCORES[..., :3].copy()
    function(scores)
    scores[2, 1] = NOWHERE[row]
    says = r"a must have a finite largest score in each row, got (-inf|inf|nan);"
    with pytest.raises(ValueError, match=says):
        function(scores)


@BOTH
def test_a_score_of_minus_infinity_has_probability_0_and_no_gradient(function):
    scores = SCORES.copy()
    scores[..., 2] = -np.inf
    found = function(scores)
    rest = np.delete(np.arange(5), 2)
    np.testing.assert_allclose(found[..., rest], function(SCORES[..., rest]))
    np.testing.assert_array_equal(found[..., 2], function(np.array([0, -np.inf]))[1])
    back = softmax_backward if function is softmax else log_softmax_backward
    da = back(np.ones_like(found), found)
    assert np.isfinite(da).all()
    np.testing.assert_array_equal(softmax_backward(SCORES, softmax(scores))[..., 2], 0)


@BOTH
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_scores_may_be_as_far_apart_as_floats_are(function, dtype):
    most = np.finfo(dtype).max
    found = function(np.array([[most, -most], [-most, -most]], dtype))
    one, none, half = function(np.array([[0.0, -np.inf], [0.0, 0.0]], dtype)).flat[:3]
    np.testing.assert_array_equal(found, [[one, none], [half, half]])


ORDINARY = np.array([[900.0, -900.0, 3.0], [-1e4, 1e4, -5.0], [1e-200, 0.0, -1e-200]])


@pytest.mark.parametrize("function", [softmax, log_softmax, log_sigmoid, sigmoid])
def test_ordinary_scores_raise_nothing_where_numpy_was_told_to_raise(function):
    expected = function(ORDINARY)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(function(ORDINARY), expected)
