import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import Recurrent, RNNState, check_gradients, numerical_gradients, one_hot
from rnnlib._typing import Array
from rnnlib.activations import ACTIVATIONS
from tests.nets import (
    differentiable,
    draw_cell,
    draw_mask,
    draw_state,
    unit_by_unit,
    where_to_check,
)

NAMES = sorted(ACTIVATIONS)
# T, B, D, H: the usual; one sequence; one step; as small as can be; D > H
SIZES = [(5, 3, 2, 4), (6, 1, 3, 2), (1, 2, 3, 4), (1, 1, 1, 1), (4, 2, 6, 3)]
SEEDS = st.integers(0, 2**32 - 1)


def everything(layer, x, state, mask, dh, d_state):
    """Return all results of forward and backward, by name."""
    h, last, cache = layer.forward(x, state, mask)
    dx, d_start, grads = layer.backward(dh, cache, d_state)
    found = {"h": h, "last": last.h, "d_start": d_start.h, **grads}
    return found if dx is None else found | {"dx": dx}


def assert_same(found, expected, tolerance=1e-12):
    assert set(found) == set(expected)
    for name in expected:
        scale = abs(expected[name]).max()
        np.testing.assert_allclose(
            found[name], expected[name], rtol=0, atol=tolerance * scale, err_msg=name
        )


def drawn(seed, sizes=SIZES[0], activation="tanh"):
    """Return a generator, a layer, its input, states, mask and upstream gradients."""
    T, B, D, H = sizes
    rng = np.random.default_rng(seed)
    layer = Recurrent(draw_cell(rng, D, H, activation))
    return (
        rng,
        layer,
        {
            "x": rng.standard_normal((T, B, D)),
            "state": draw_state(rng, layer.cell, B),
            "mask": draw_mask(rng, T, B),
            "dh": rng.standard_normal((T, B, H)),
            "d_state": draw_state(rng, layer.cell, B),
        },
    )


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("activation", NAMES)
def test_the_states_are_their_equation_at_every_step(activation, sizes, masked):
    _, layer, case = drawn(1, sizes, activation)
    mask = case["mask"] if masked else None
    h, state, _ = layer.forward(case["x"], case["state"], mask)
    exists = case["mask"] if masked else np.ones(sizes[:2], bool)
    expected, _ = unit_by_unit(layer.cell, case["x"], case["state"].h, exists)
    np.testing.assert_allclose(h, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(state.h, h[-1])


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("activation", NAMES)
def test_back_propagation_through_time_is_the_derivative(activation, sizes, masked):
    rng, layer, case = drawn(2, sizes, activation)
    mask = case["mask"] if masked else None
    if activation == "relu":  # no unit may be near its kink
        exists = case["mask"] if masked else np.ones(sizes[:2], bool)
        _, a = unit_by_unit(layer.cell, case["x"], case["state"].h, exists)
        assert abs(a).min() > 1e-3
    check_gradients(
        differentiable(layer, mask=mask),
        where_to_check(layer, case["state"], case["x"]),
        rng=rng,
    )


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", ["tokens", "none"])
def test_the_gradient_is_right_for_tokens_and_without_input(kind, masked):
    rng, layer, case = drawn(3)
    T, B, D, _ = SIZES[0]
    mask = case["mask"] if masked else None
    tokens = rng.integers(0, D, size=(T, B)) if kind == "tokens" else None
    if tokens is None and mask is None:
        mask = np.ones((T, B), dtype=bool)
    check_gradients(
        differentiable(layer, tokens=tokens, mask=mask),
        where_to_check(layer, case["state"]),
        rng=rng,
    )


def test_a_gradient_that_has_all_but_vanished_is_still_right():
    """Differences drown it in rounding: the complex step does not subtract."""
    _, layer, case = drawn(4, (40, 1, 2, 3), "sigmoid")

    def last_state(method):
        def loss(start_h):
            _, last, _ = layer.forward(case["x"], RNNState(start_h))
            return (case["d_state"].h * last.h).sum()

        start = {"start_h": case["state"].h}
        return numerical_gradients(loss, start, method=method)["start_h"]

    _, _, cache = layer.forward(case["x"], case["state"])
    _, d_start, _ = layer.backward(np.zeros((40, 1, 3)), cache, case["d_state"])
    assert 0 < np.linalg.norm(d_start.h) < 1e-18
    np.testing.assert_allclose(d_start.h, last_state("complex"), rtol=1e-7)
    lost = np.linalg.norm(last_state("central") - d_start.h)
    assert lost > 0.5 * np.linalg.norm(d_start.h)


@pytest.mark.parametrize("activation", NAMES)
def test_the_complex_step_agrees_for_every_activation(activation):
    rng, layer, case = drawn(5, activation=activation)
    check_gradients(
        differentiable(layer, mask=case["mask"]),
        where_to_check(layer, case["state"], case["x"]),
        rng=rng,
        method="complex",
        tolerance=1e-13,
    )


@given(SEEDS, st.sampled_from(NAMES), st.sampled_from([np.nan, np.inf, -1e300]))
def test_padding_weighs_nothing(seed, activation, filling):
    _, layer, case = drawn(seed, activation=activation)
    expected = everything(layer, **case)
    case["x"][~case["mask"]] = filling
    found = everything(layer, **case)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)
    np.testing.assert_array_equal(found["dx"][~case["mask"]], 0.0)


def test_padding_of_tokens_weighs_nothing():
    rng, layer, case = drawn(6)
    case["x"] = rng.integers(0, 2, size=case["mask"].shape)
    expected = everything(layer, **case)
    case["x"][~case["mask"]] = -7  # no token at all
    assert_same(everything(layer, **case), expected, tolerance=0)


@given(SEEDS)
def test_a_padded_sequence_is_the_short_sequence(seed):
    _, layer, case = drawn(seed)
    T, B = case["mask"].shape
    lengths = np.random.default_rng(seed).integers(1, T + 1, size=B)
    case["mask"] = np.arange(T)[:, None] < lengths
    case["dh"][~case["mask"]] = 0
    batch = everything(layer, **case)
    total = {name: np.zeros_like(array) for name, array in layer.params.items()}
    for b, length in enumerate(lengths):
        only, steps = slice(b, b + 1), slice(length)
        alone = everything(
            layer,
            case["x"][steps, only],
            RNNState(case["state"].h[only]),
            None,
            case["dh"][steps, only],
            RNNState(case["d_state"].h[only]),
        )
        np.testing.assert_allclose(batch["h"][steps, only], alone["h"], atol=1e-14)
        np.testing.assert_allclose(batch["last"][only], alone["last"], atol=1e-14)
        np.testing.assert_allclose(batch["dx"][steps, only], alone["dx"], atol=1e-12)
        np.testing.assert_allclose(
            batch["d_start"][only], alone["d_start"], rtol=1e-10, atol=1e-12
        )
        for name in total:
            total[name] += alone[name]
    assert_same({name: batch[name] for name in total}, total)


@given(SEEDS, st.sampled_from(NAMES))
def test_the_order_in_the_batch_does_not_matter(seed, activation):
    rng, layer, case = drawn(seed, activation=activation)
    expected = everything(layer, **case)
    order = rng.permutation(case["mask"].shape[1])
    for name in ("x", "mask", "dh"):
        case[name] = case[name][:, order]
    for name in ("state", "d_state"):
        case[name] = RNNState(case[name].h[order])
    for name in ("h", "dx"):
        expected[name] = expected[name][:, order]
    for name in ("last", "d_start"):
        expected[name] = expected[name][order]
    assert_same(everything(layer, **case), expected)


@given(SEEDS, st.integers(1, 6), st.booleans())
def test_chunks_with_carried_state_equal_the_whole(seed, cut, masked):
    _, layer, case = drawn(seed, sizes=(7, 2, 3, 4))
    case["mask"] = np.ones((7, 2), bool)
    if masked:
        case["mask"][[0, -1]] = [[True, False], [False, True]]
        case["mask"][cut // 2, 1] = True  # each chunk keeps a step
    whole = everything(layer, **case)

    first, second = slice(0, cut), slice(cut, 7)
    x, mask, dh = case["x"], case["mask"], case["dh"]
    h_1, state, cache_1 = layer.forward(x[first], case["state"], mask[first])
    h_2, last, cache_2 = layer.forward(x[second], state, mask[second])
    dx_2, d_state, grads_2 = layer.backward(dh[second], cache_2, case["d_state"])
    dx_1, d_start, grads_1 = layer.backward(dh[first], cache_1, d_state)
    chunks = {
        "h": np.concatenate([h_1, h_2]),
        "last": last.h,
        "dx": np.concatenate([dx_1, dx_2]),
        "d_start": d_start.h,
        **{name: grads_1[name] + grads_2[name] for name in grads_1},
    }
    assert_same(chunks, whole)


@pytest.mark.parametrize("activation", NAMES)
def test_a_loop_of_single_steps_equals_the_layer(activation):
    _, layer, case = drawn(7, activation=activation)
    whole = everything(layer, **case | {"mask": None})
    cell, state = layer.cell, case["state"]
    h, caches = [], []
    for x_t in case["x"]:
        state, cache = cell.forward(x_t, state)
        h.append(state.h)
        caches.append(cache)
    total = {name: np.zeros_like(array) for name, array in cell.params.items()}
    d_state = case["d_state"]
    dx: list[Array] = []
    for dh_t, cache in zip(case["dh"][::-1], caches[::-1], strict=True):
        dx_t, d_state, grads = cell.backward(RNNState(d_state.h + dh_t), cache)
        dx.insert(0, dx_t)
        for name in total:
            total[name] += grads[name]
    loop = {"h": np.stack(h), "last": state.h, "dx": np.stack(dx)}
    loop |= {"d_start": d_state.h, **total}
    assert_same(loop, whole)


@given(SEEDS, st.booleans())
def test_tokens_equal_one_hot_vectors(seed, masked):
    rng, layer, case = drawn(seed, sizes=(6, 3, 4, 5))
    tokens = rng.integers(0, 4, size=(6, 3))  # 18 tokens of 4 kinds: they repeat
    if not masked:
        case["mask"] = None
    found = everything(layer, **case | {"x": tokens})
    expected = everything(layer, **case | {"x": one_hot(tokens, 4)})
    del expected["dx"]
    assert_same(found, expected)


def test_no_input_lets_the_state_go_on_by_itself():
    _, layer, case = drawn(8)
    T, B, D, _ = SIZES[0]
    case["x"] = None
    found = everything(layer, **case)
    expected = everything(layer, **case | {"x": np.zeros((T, B, D))})
    del expected["dx"]
    assert_same(found, expected, tolerance=1e-15)


def test_where_no_step_exists_the_state_is_carried_over():
    _, layer, case = drawn(9)
    mask = case["mask"].copy()
    mask[1:4, 0] = False
    h, _, cache = layer.forward(case["x"], case["state"], mask)
    for t in (1, 2, 3):
        np.testing.assert_array_equal(h[t, 0], h[0, 0])
    mask[:, 1] = False  # a sequence of padding alone passes its gradient through
    h, _, cache = layer.forward(case["x"], case["state"], mask)
    np.testing.assert_array_equal(h[-1, 1], case["state"].h[1])
    _, d_start, _ = layer.backward(np.zeros_like(h), cache, case["d_state"])
    np.testing.assert_array_equal(d_start.h[1], case["d_state"].h[1])


def test_no_mask_means_every_step():
    _, layer, case = drawn(10)
    whole = everything(layer, **case | {"mask": None})
    same = everything(layer, **case | {"mask": np.ones(SIZES[0][:2], bool)})
    assert_same(same, whole, tolerance=1e-15)


def test_no_state_means_zeros_and_no_gradient_of_it_means_zeros():
    _, layer, case = drawn(11)
    zero = layer.initial_state(3)
    plain = everything(layer, case["x"], None, None, case["dh"], None)
    assert_same(everything(layer, case["x"], zero, None, case["dh"], zero), plain, 0)


def test_one_set_of_weights_serves_any_length():
    """T = 1 to 50: the beginning is always the same."""
    rng = np.random.default_rng(12)
    layer = Recurrent(draw_cell(rng))
    x = rng.standard_normal((50, 1, 3))
    longest, _, _ = layer.forward(x)
    for T in range(1, 50):
        np.testing.assert_allclose(layer.forward(x[:T])[0], longest[:T], atol=1e-14)


def test_the_layer_has_the_parameters_of_its_cell():
    layer = Recurrent(draw_cell(np.random.default_rng(13)))
    assert layer.params is layer.cell.params
    twin = layer.with_params({k: 2 * v for k, v in layer.params.items()})
    np.testing.assert_array_equal(twin.params["W_hh"], 2 * layer.params["W_hh"])


def test_the_cache_holds_all_steps():
    _, layer, case = drawn(14)
    h, _, cache = layer.forward(case["x"], case["state"], case["mask"])
    np.testing.assert_array_equal(cache.h_prev[0], case["state"].h)
    np.testing.assert_array_equal(cache.h_prev[1:], h[:-1])
    np.testing.assert_array_equal(cache.h[case["mask"]], h[case["mask"]])
    np.testing.assert_array_equal(cache.mask, case["mask"])
