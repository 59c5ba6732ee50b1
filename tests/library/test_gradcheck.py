from collections import namedtuple

import numpy as np
import pytest

from rnnlib import check_gradients, numerical_gradients
from rnnlib.gradcheck import GradientError


def rng(seed=0):
    return np.random.default_rng(seed)


def product(x, W):
    """Return x @ W and its backward pass: right, to be spoilt below."""
    return x @ W, lambda dy: {"x": dy @ W.T, "W": x.T @ dy}


def places(seed=1):
    return {
        "x": rng(seed).standard_normal((4, 3)),
        "W": rng(seed + 1).standard_normal((3, 3)),
    }


@pytest.mark.parametrize("method", ["central", "complex"])
def test_a_right_gradient_passes(method):
    errors = check_gradients(product, places(), rng=rng(), method=method)
    assert set(errors) == {"x", "W"}
    assert max(errors.values()) < {"central": 1e-9, "complex": 1e-15}[method]


MISTAKES = {
    "transposed": lambda dy, x, W: {"x": dy @ W, "W": x.T @ dy},
    "halved": lambda dy, x, W: {"x": 0.5 * dy @ W.T, "W": x.T @ dy},
    "one row forgotten": lambda dy, x, W: {"x": dy @ W.T, "W": x[1:].T @ dy[1:]},
    "upstream ignored": lambda dy, x, W: {"x": dy @ W.T, "W": x.T @ np.ones_like(dy)},
    "zero": lambda dy, x, W: {"x": dy @ W.T, "W": 0 * W},
    "not a number": lambda dy, x, W: {"x": dy @ W.T, "W": np.nan * W},
    "a little off": lambda dy, x, W: {"x": dy @ W.T, "W": x.T @ dy * (1 + 1e-6)},
}


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_gradient_is_caught(mistake, method):
    def wrong(x, W):
        return x @ W, lambda dy: MISTAKES[mistake](dy, x, W)

    with pytest.raises(GradientError, match=r"the gradient of [xW] is off by .* index"):
        check_gradients(wrong, places(), rng=rng(), method=method)


def test_the_error_names_array_and_worst_entry():
    def wrong(x):
        gradient = 2 * x
        gradient[1, 2] = 7.0
        return x**2, lambda dy: {"x": dy * gradient}

    x = np.arange(1.0, 7.0).reshape(2, 3)
    with pytest.raises(GradientError, match=r"of x is off by .*at index \(1, 2\)"):
        check_gradients(wrong, {"x": x}, rng=rng())


def test_the_tolerance_decides():
    def rough(x):
        return x**2, lambda dy: {"x": 2 * dy * x * (1 + 1e-5)}

    x = {"x": np.array([1.0, -3.0])}
    errors = check_gradients(rough, x, rng=rng(), tolerance=1e-4)
    assert errors["x"] == pytest.approx(1e-5, rel=1e-2)
    with pytest.raises(GradientError):
        check_gradients(rough, x, rng=rng(), tolerance=1e-6)


def test_nested_outputs_get_an_upstream_of_their_own_form():
    State = namedtuple("State", ["h", "c"])
    seen = []

    def function(x):
        def backward(d):
            seen.append(d)
            return {"x": 2 * x * d[0] + 3 * d[1].h + 4 * d[1].c}

        return (x**2, State(3 * x, 4 * x)), backward

    check_gradients(function, {"x": np.array([1.0, -2.0])}, rng=rng())
    ((first, state),) = seen
    parts = [first, state.h, state.c]
    assert isinstance(state, State)
    assert len({value for part in parts for value in part.tolist()}) == 6  # all random


def test_an_array_without_influence_has_gradient_zero():
    def function(x, unused):
        return x, lambda dy: {"x": dy, "unused": np.zeros(2)}

    errors = check_gradients(
        function, {"x": np.array([1.0]), "unused": np.array([1.0, 2.0])}, rng=rng()
    )
    assert errors["unused"] == 0


def test_only_the_arrays_that_are_asked_for_are_checked():
    def function(x):
        return x**2, lambda dy: {"x": 2 * x * dy, "other": np.array([np.nan])}

    assert set(check_gradients(function, {"x": np.array([2.0])}, rng=rng())) == {"x"}


@pytest.mark.parametrize("method", ["central", "complex"])
def test_the_places_are_left_as_they_were(method):
    arrays = places()
    before = {name: array.copy() for name, array in arrays.items()}
    check_gradients(product, arrays, rng=rng(), method=method)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, before[name])


@pytest.mark.parametrize(("method", "digits"), [("central", 1e-9), ("complex", 1e-15)])
def test_numerical_gradients_of_a_cube(method, digits):
    x = np.array([[2.0, -1.0], [0.5, 3.0]])
    found = numerical_gradients(lambda x: (x**3).sum(), {"x": x}, method=method)
    np.testing.assert_allclose(found["x"], 3 * x**2, rtol=digits)


def test_the_complex_step_sees_what_differences_cannot():
    """The slope of tanh at 18 is 9e-16; both sides of a difference are equal there."""
    place = {"x": np.array([18.0])}

    def loss(x):
        return np.tanh(x).sum()

    central = numerical_gradients(loss, place)["x"]
    exact = numerical_gradients(loss, place, method="complex")["x"]
    assert central == 0
    np.testing.assert_allclose(exact, 1 / np.cosh(18.0) ** 2, rtol=1e-6)


# every scale

SCALES = [1e-300, 1e-170, 1e-30, 1.0, 1e8, 1e170, 1e300]


@pytest.mark.parametrize("scale", SCALES)
def test_a_gradient_five_times_too_large_is_found_at_any_scale(scale):
    def wrong(x):
        return scale * np.tanh(x), lambda dy: {
            "x": 5 * scale * (1 - np.tanh(x) ** 2) * dy
        }

    with pytest.raises(GradientError, match=r"gradient of x is off by 8\.0e-01"):
        check_gradients(wrong, {"x": rng(1).standard_normal((3, 2))}, rng=rng())


@pytest.mark.parametrize("scale", SCALES)
def test_a_right_gradient_passes_at_any_scale_of_the_values(scale):
    def right(x):
        return scale * np.tanh(x), lambda dy: {"x": scale * (1 - np.tanh(x) ** 2) * dy}

    check_gradients(right, {"x": rng(1).standard_normal((3, 2))}, rng=rng())


POWERS = {
    "x": (lambda x: x, lambda x: np.ones_like(x)),
    "x**2": (lambda x: x * abs(x), lambda x: 2 * abs(x)),
    "sqrt": (lambda x: np.sqrt(abs(x)), lambda x: 0.5 * np.sign(x) / np.sqrt(abs(x))),
    "log": (lambda x: np.log(abs(x)), lambda x: 1 / x),
}


@pytest.mark.parametrize("wrong", [1.0, 5.0])
@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1e8, 1e150])
def test_the_step_fits_entries_of_any_size(scale, power, wrong):
    value, slope = POWERS[power]
    x = scale * rng(1).uniform(0.5, 2, (3, 2)) * rng(2).choice([-1, 1], (3, 2))

    def function(x):
        return value(x), lambda dy: {"x": wrong * slope(x) * dy}

    if wrong == 1:
        check_gradients(function, {"x": x}, rng=rng())
    else:
        with pytest.raises(GradientError, match=r"off by 8\.0e-01 of its norm"):
            check_gradients(function, {"x": x}, rng=rng())


@pytest.mark.parametrize("at", [1e-170, 1e-8, 1e8])
def test_a_function_that_varies_within_a_step_of_one_is_differentiated_there(at):
    """A step of the size of x is too short at 1e-8 here, and too long at 1e8."""
    x = at + np.zeros((2, 2))

    def function(x):
        return np.sin(x + 1), lambda dy: {"x": np.cos(x + 1) * dy}

    check_gradients(function, {"x": x}, rng=rng())


def test_the_complex_step_is_right_for_entries_of_any_size():
    x = np.array([1e-170, -1e-12, 3.0, 1e8, -1e150])
    found = numerical_gradients(
        lambda x: (x**1.5).sum(), {"x": abs(x)}, method="complex"
    )
    np.testing.assert_allclose(found["x"], 1.5 * np.sqrt(abs(x)), rtol=1e-12)
