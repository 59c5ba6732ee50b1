import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnlib import (
    SGD,
    Adam,
    Momentum,
    RMSProp,
    clip_by_norm,
    clip_by_value,
    global_norm,
)

STEPS = 6
MAKERS = {
    "SGD": lambda: SGD(0.1),
    "Momentum": lambda: Momentum(0.1, momentum=0.8),
    "RMSProp": lambda: RMSProp(0.1, decay=0.9, epsilon=1e-3),
    "Adam": lambda: Adam(0.1, beta_1=0.8, beta_2=0.95, epsilon=1e-3),
}
GRADS = st.dictionaries(
    st.sampled_from(["W", "U", "b"]),
    arrays(np.float64, st.integers(1, 4), elements=st.floats(-1e3, 1e3)),
    min_size=1,
)


def drawn(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    shapes = {"W": (2, 3), "b": (3,)}
    params = {k: rng.standard_normal(s).astype(dtype) for k, s in shapes.items()}
    grads = [
        {k: rng.standard_normal(s).astype(dtype) for k, s in shapes.items()}
        for _ in range(STEPS)
    ]
    return params, grads


def one_number(name, p, gradients):
    """Return where one parameter goes, by the equations, in plain Python."""
    v = m = s = 0.0
    for n, g in enumerate(gradients, start=1):
        if name == "SGD":
            p -= 0.1 * g
        elif name == "Momentum":
            v = 0.8 * v + g
            p -= 0.1 * v
        elif name == "RMSProp":
            s = 0.9 * s + 0.1 * g**2
            p -= 0.1 * g / (math.sqrt(s) + 1e-3)
        else:
            m = 0.8 * m + 0.2 * g
            s = 0.95 * s + 0.05 * g**2
            m_hat, s_hat = m / (1 - 0.8**n), s / (1 - 0.95**n)
            p -= 0.1 * m_hat / (math.sqrt(s_hat) + 1e-3)
    return p


@pytest.mark.parametrize("name", MAKERS)
def test_several_updates_follow_the_equations(name):
    params, grads = drawn()
    starts = {key: array.copy() for key, array in params.items()}
    optimizer = MAKERS[name]()
    for each in grads:
        optimizer.update(params, each)
    for key, array in params.items():
        for index in np.ndindex(array.shape):
            history = [float(each[key][index]) for each in grads]
            expected = one_number(name, float(starts[key][index]), history)
            assert array[index] == pytest.approx(expected, rel=1e-13)
    assert optimizer.updates == STEPS


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_parameters_are_changed_in_place_and_gradients_not_at_all(name, dtype):
    params, grads = drawn(dtype=dtype)
    owned = dict(params)
    starts = {key: array.copy() for key, array in params.items()}
    kept = [{key: array.copy() for key, array in each.items()} for each in grads]
    optimizer = MAKERS[name]()
    for each in grads:
        optimizer.update(params, each)
    for key, array in params.items():
        assert array is owned[key]
        assert array.dtype == dtype
        assert abs(array - starts[key]).max() > 0.01
        for each, before in zip(grads, kept, strict=True):
            np.testing.assert_array_equal(each[key], before[key])
    for moment in optimizer.state.values():
        assert {array.dtype for array in moment.values()} == {np.dtype(dtype)}


@pytest.mark.parametrize("name", MAKERS)
def test_a_refused_update_changes_nothing(name):
    params, grads = drawn()
    optimizer = MAKERS[name]()
    optimizer.update(params, grads[0])
    kept = {key: array.copy() for key, array in params.items()}
    grads[1]["b"][1] = np.nan
    with pytest.raises(ValueError, match="gradient of b must be finite, got nan"):
        optimizer.update(params, grads[1])
    for key, array in params.items():
        np.testing.assert_array_equal(array, kept[key])
    assert optimizer.updates == 1


def test_the_memory_has_the_names_of_the_equations():
    params, grads = drawn()
    optimizer = Adam(0.1)
    assert optimizer.state == {}
    optimizer.update(params, grads[0])
    assert {m: set(by_name) for m, by_name in optimizer.state.items()} == {
        "m": {"W", "b"},
        "s": {"W", "b"},
    }
    np.testing.assert_allclose(optimizer.state["m"]["W"], 0.1 * grads[0]["W"])
    np.testing.assert_allclose(optimizer.state["s"]["W"], 0.001 * grads[0]["W"] ** 2)


def test_the_usual_settings_are_the_default():
    usual = {
        Momentum: {"momentum": 0.9},
        RMSProp: {"decay": 0.99, "epsilon": 1e-8},
        Adam: {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8},
    }
    for kind, options in usual.items():
        assert vars(kind(0.1)) == vars(kind(0.1, **options))


def test_the_learning_rate_may_change_between_updates():
    params, grads = drawn()
    start = params["b"].copy()
    optimizer = SGD(0.1)
    optimizer.update(params, grads[0])
    optimizer.learning_rate = 0.5
    optimizer.update(params, grads[1])
    expected = start - 0.1 * grads[0]["b"] - 0.5 * grads[1]["b"]
    np.testing.assert_allclose(params["b"], expected, rtol=1e-14)


@given(st.floats(1e-6, 1e6), st.booleans())
def test_the_first_step_of_adam_has_the_size_of_the_learning_rate(size, negative):
    params = {"p": np.array([3.0])}
    gradient = -size if negative else size
    Adam(0.25, epsilon=1e-12).update(params, {"p": np.array([gradient])})
    assert params["p"][0] == pytest.approx(3.0 + math.copysign(0.25, -gradient))


@pytest.mark.parametrize("name", MAKERS)
def test_each_optimizer_comes_down_a_bowl(name):
    params = {"p": np.array([1.0, -2.0])}
    optimizer = MAKERS[name]()
    for _ in range(300):
        optimizer.update(params, {"p": np.array([1.0, 0.2]) * params["p"]})
    assert abs(params["p"]).max() < 0.15


@given(GRADS)
def test_the_global_norm_is_that_of_one_long_vector(grads):
    long = np.concatenate([g.ravel() for g in grads.values()])
    assert global_norm(grads) == pytest.approx(np.linalg.norm(long), rel=1e-12)


@given(GRADS, st.floats(1e-3, 1e4))
def test_clipping_by_norm_keeps_the_direction(grads, limit):
    clipped, norm = clip_by_norm(grads, limit)
    assert norm == global_norm(grads)
    assert global_norm(clipped) <= limit * (1 + 1e-12)
    if norm <= limit:  # nothing to do
        for name, gradient in grads.items():
            np.testing.assert_array_equal(clipped[name], gradient)
    else:
        assert global_norm(clipped) == pytest.approx(limit, rel=1e-12)
        tiny = np.finfo(float).tiny  # below it a number has few digits, or one
        for name, gradient in grads.items():
            long = clipped[name] * (norm / limit)
            np.testing.assert_allclose(long, gradient, atol=tiny)


def test_clipping_a_zero_gradient_leaves_zero():
    grads = {"W": np.zeros((2, 2)), "b": np.zeros(3)}
    clipped, norm = clip_by_norm(grads, 1.0)
    assert norm == 0
    np.testing.assert_array_equal(clipped["W"], grads["W"])


@pytest.mark.parametrize(("dtype", "size"), [(np.float64, 1e200), (np.float32, 1e30)])
def test_a_gradient_whose_square_overflows_is_clipped_all_the_same(dtype, size):
    grads = {"W": np.array([[3 * size]], dtype), "b": np.array([4 * size], dtype)}
    clipped, norm = clip_by_norm(grads, 1.0)
    assert norm == pytest.approx(5 * size, rel=1e-6)
    np.testing.assert_allclose(clipped["W"], [[0.6]], rtol=1e-6)
    np.testing.assert_allclose(clipped["b"], [0.8], rtol=1e-6)
    assert clipped["b"].dtype == dtype


@given(GRADS, st.floats(1e-3, 1e4))
def test_clipping_by_value_moves_each_entry_into_the_limits(grads, limit):
    clipped = clip_by_value(grads, limit)
    for name, gradient in grads.items():
        expected = [max(-limit, min(limit, entry)) for entry in gradient]
        np.testing.assert_array_equal(clipped[name], expected)


def test_clipping_by_value_turns_the_gradient():
    grads = {"p": np.array([10.0, 0.1])}
    kept, _ = clip_by_norm(grads, 1.0)
    turned = clip_by_value(grads, 1.0)
    assert kept["p"][0] / kept["p"][1] == pytest.approx(100)
    assert turned["p"][0] / turned["p"][1] == pytest.approx(10)


# every size that a gradient can have

SIZES = [
    *((np.float64, size) for size in (1e-300, 1e-170, 1e-8, 1e170, 1e300)),
    *((np.float32, size) for size in (1e-32, 1e-23, 1e-8, 1e20, 1e36)),
]
each_size = pytest.mark.parametrize(("dtype", "size"), SIZES)


def of_size(dtype, size, seed=0):
    """Return gradients of that size, and their norm."""
    rng = np.random.default_rng(seed)
    exact = {"W": rng.standard_normal((4, 3)), "b": rng.standard_normal(5)}
    whole = math.sqrt(sum(float((g**2).sum()) for g in exact.values()))
    return {name: (g * size).astype(dtype) for name, g in exact.items()}, whole * size


@each_size
def test_the_global_norm_is_right_for_tiny_and_for_huge_gradients(dtype, size):
    grads, expected = of_size(dtype, size)
    assert global_norm(grads) == pytest.approx(
        expected, rel=10 * float(np.finfo(dtype).eps)
    )


@pytest.mark.parametrize("share", [1e-3, 0.5])
@each_size
def test_what_is_clipped_has_the_norm_that_was_asked_for(dtype, size, share):
    grads, before = of_size(dtype, size)
    clipped, found = clip_by_norm(grads, share * before)
    rel = 20 * float(np.finfo(dtype).eps)
    assert found == pytest.approx(before, rel=rel)
    assert global_norm(clipped) == pytest.approx(share * before, rel=rel)
    for name, array in clipped.items():
        np.testing.assert_allclose(array, share * grads[name], rtol=rel)
        assert array.dtype == dtype


@pytest.mark.parametrize(("size", "limit"), [(1e38, 5e-7), (1.0, 5e-7), (1e30, 1e-9)])
def test_a_factor_that_no_float32_can_hold_clips_to_what_was_asked(size, limit):
    grads, _ = of_size(np.float32, size, seed=1)
    clipped, _ = clip_by_norm(grads, limit)
    assert global_norm(clipped) == pytest.approx(limit, rel=1e-6)
    for name, array in clipped.items():
        direction = grads[name] / np.float32(size)
        np.testing.assert_allclose(
            array / array.flat[0], direction / direction.flat[0], rtol=1e-5
        )


def test_gradients_are_clipped_even_if_their_norm_is_beyond_all_floats():
    grads = {"W": np.full((3, 3), 1.5e308)}
    clipped, norm = clip_by_norm(grads, 3.0)
    assert norm == math.inf
    np.testing.assert_allclose(clipped["W"], np.ones((3, 3)), rtol=1e-15)


@pytest.mark.parametrize("make", [RMSProp, Adam])
@pytest.mark.parametrize(("dtype", "g"), [(np.float32, 1e20), (np.float64, -1e160)])
def test_a_square_that_overflows_is_an_error_and_freezes_nothing(make, dtype, g):
    params, grads = drawn(dtype=dtype)
    optimizer = make(0.1)
    optimizer.update(params, grads[0])
    before = {name: array.copy() for name, array in params.items()}
    moments = {
        k: {n: a.copy() for n, a in m.items()} for k, m in optimizer.state.items()
    }
    huge = {"W": grads[1]["W"], "b": grads[1]["b"].copy()}
    huge["b"][1] = g
    with pytest.raises(ValueError, match=r"square of the gradient of b must be finite"):
        optimizer.update(params, huge)
    np.testing.assert_equal(params, before)
    np.testing.assert_equal(optimizer.state, moments)
    assert optimizer.updates == 1
    optimizer.update(params, clip_by_norm(huge, 1.0)[0])
    optimizer.update(params, grads[2])
    assert all((params[name] != before[name]).all() for name in params)


@pytest.mark.parametrize("name", MAKERS)
def test_a_learning_rate_is_checked_whenever_it_is_set(name):
    optimizer = MAKERS[name]()
    for wrong in (-1, 0, math.nan, math.inf, "1", None, True):
        with pytest.raises(ValueError, match="learning_rate must be"):
            optimizer.learning_rate = wrong  # type: ignore[assignment]
    assert optimizer.learning_rate == 0.1
    optimizer.learning_rate = 2
    assert optimizer.learning_rate == 2


@pytest.mark.parametrize("factor", [0.0, 0.3, 2.5])
@pytest.mark.parametrize("name", MAKERS)
def test_a_factor_is_one_of_the_learning_rate_in_that_update_alone(name, factor):
    params, grads = drawn()
    twins = {key: array.copy() for key, array in params.items()}
    one, other = MAKERS[name](), MAKERS[name]()
    one.update(params, grads[0], factor=factor)
    if factor:
        other.learning_rate = factor * other.learning_rate
        other.update(twins, grads[0])
    for key in params:
        np.testing.assert_allclose(params[key], twins[key], rtol=1e-14)
    assert one.learning_rate == 0.1
