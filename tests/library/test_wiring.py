from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    Bidirectional,
    GRUCell,
    LSTMCell,
    Recurrent,
    RNNCell,
    Stacked,
    check_gradients,
    one_hot,
)
from rnnlib.cells import Cell
from tests.library.nets import (
    KINDS,
    LAYERS,
    assert_same,
    differentiable,
    draw_cell,
    draw_layer,
    draw_mask,
    draw_state,
    everything,
    leaves,
    mapped,
    where_to_check,
)

FORMS = list(LAYERS)
SEEDS = st.integers(0, 2**32 - 1)
ANY_FORM = st.sampled_from(FORMS)
T, B, D = 5, 3, 3


def drawn(seed, form):
    """Return a generator, a layer, its input, states, mask and upstream gradients."""
    rng = np.random.default_rng(seed)
    layer = draw_layer(rng, form, D)
    return (
        rng,
        layer,
        {
            "x": rng.standard_normal((T, B, D)),
            "state": draw_state(rng, layer, B),
            "mask": draw_mask(rng, T, B),
            "dh": rng.standard_normal((T, B, layer.output_size)),
            "d_state": draw_state(rng, layer, B),
        },
    )


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("given_state", [False, True], ids=["alone", "state"])
@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("form", FORMS)
def test_all_gradients_are_derivatives(form, method, given_state, masked):
    rng, layer, case = drawn(1, form)
    check_gradients(
        differentiable(layer, mask=case["mask"] if masked else None),
        where_to_check(layer, case["state"] if given_state else None, case["x"]),
        rng=rng,
        method=method,
    )


@pytest.mark.parametrize("given_tokens", [True, False], ids=["tokens", "none"])
@pytest.mark.parametrize("form", FORMS)
def test_the_gradient_is_right_for_tokens_and_without_input(form, given_tokens):
    rng, layer, case = drawn(2, form)
    tokens = rng.integers(0, D, size=(T, B)) if given_tokens else None
    check_gradients(
        differentiable(layer, tokens=tokens, mask=case["mask"]),
        where_to_check(layer, case["state"]),
        rng=rng,
    )


def own_steps_reversed(array, mask):
    """Reverse the steps that exist in each sequence; the others stay where they are."""
    found = array.copy()
    for b in range(mask.shape[1]):
        steps = np.flatnonzero(mask[:, b])
        found[steps, b] = array[steps[::-1], b]
    return found


@given(SEEDS, st.sampled_from(KINDS), st.sampled_from(KINDS), st.booleans())
def test_both_directions_are_one_on_each_sequence_reversed_within_its_length(
    seed, one, other, holes
):
    """And so are their gradients."""
    rng = np.random.default_rng(seed)
    cells = draw_cell(rng, D, 4, one), draw_cell(rng, D, 2, other)
    layer = Bidirectional(*cells)
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, 6))
    mask = draw_mask(rng, T, B)
    if not holes:
        mask = np.arange(T)[:, None] < rng.integers(1, T + 1, size=B)
    dh[~mask] = 0
    state, d_state = draw_state(rng, layer, B), draw_state(rng, layer, B)
    found = everything(layer, x, state, mask, dh, d_state)

    turned = own_steps_reversed
    first = everything(Recurrent(cells[0]), x, state[0], mask, dh[..., :4], d_state[0])
    second = everything(
        Recurrent(cells[1]),
        turned(x, mask),
        state[1],
        mask,
        turned(dh[..., 4:], mask),
        d_state[1],
    )
    h = np.concatenate([first["h"], turned(second["h"], mask)], axis=-1)
    np.testing.assert_allclose(found.pop("h")[mask], h[mask], rtol=1e-12)
    dx = first.pop("dx") + turned(second.pop("dx"), mask)
    np.testing.assert_allclose(found.pop("dx"), dx, rtol=1e-9, atol=1e-12)
    del first["h"], second["h"]
    expected = {}
    for k, (name, part) in enumerate(
        {"left_to_right": first, "right_to_left": second}.items()
    ):
        for key, array in part.items():
            what, _, field = key.partition(".")
            path = f"{what}.{k}.{field}" if field else f"{name}.{key}"
            expected[path] = array
    assert_same(found, expected)


def test_the_backward_direction_reads_padding_never():
    """Its state at the first step is that of a sequence without the padding."""
    rng = np.random.default_rng(3)
    layer = Bidirectional(draw_cell(rng, D, 4, "lstm"), draw_cell(rng, D, 2, "gru"))
    x = rng.standard_normal((T, 1, D))
    mask = np.array([[True], [True], [True], [False], [False]])
    padded, state, _ = layer.forward(x, mask=mask)
    short, short_state, _ = layer.forward(x[:3])
    np.testing.assert_allclose(padded[:3], short, rtol=1e-14)
    for name, array in leaves(short_state, "state").items():
        np.testing.assert_allclose(leaves(state, "state")[name], array, rtol=1e-14)


def test_both_directions_keep_one_copy_of_what_they_read():
    rng = np.random.default_rng(4)
    layer = Bidirectional(draw_cell(rng, D, 4, "lstm"), draw_cell(rng, D, 2, "gru"))
    x = rng.standard_normal((T, 2, D))
    _, _, (left_to_right, right_to_left) = layer.forward(x)
    assert np.shares_memory(left_to_right.x, right_to_left.x)
    assert not np.shares_memory(left_to_right.x, x)
    x[...] = 1  # still one's own to change


@given(SEEDS, st.lists(st.sampled_from(KINDS), min_size=1, max_size=4), st.booleans())
def test_a_stack_is_layer_after_layer(seed, kinds, masked):
    rng = np.random.default_rng(seed)
    sizes = [D, *range(2, 2 + len(kinds))]
    layers = [
        Recurrent(draw_cell(rng, *pair, kind))
        for kind, pair in zip(kinds, pairwise(sizes), strict=True)
    ]
    stack = Stacked(layers)
    mask = draw_mask(rng, T, B) if masked else None
    x = rng.standard_normal((T, B, D))
    dh = rng.standard_normal((T, B, stack.output_size))
    state, d_state = draw_state(rng, stack, B), draw_state(rng, stack, B)
    found = everything(stack, x, state, mask, dh, d_state)

    h, caches = x, []
    expected: dict[str, Any] = {}
    for k, layer in enumerate(layers):
        h, last, cache = layer.forward(h, state[k], mask)
        caches.append(cache)
        expected |= leaves(last, f"last.{k}")
    expected["h"] = h
    d_below: Any = dh
    for k in reversed(range(len(layers))):
        d_below, d_start, grads = layers[k].backward(d_below, caches[k], d_state[k])
        expected |= leaves(d_start, f"d_start.{k}")
        expected |= {f"{k}.{name}": array for name, array in grads.items()}
    expected["dx"] = d_below
    assert_same(found, expected, tolerance=0)


@given(SEEDS, ANY_FORM, st.sampled_from([np.nan, np.inf, -1e300]))
def test_padding_weighs_nothing(seed, form, filling):
    _, layer, case = drawn(seed, form)
    expected = everything(layer, **case)
    case["x"][~case["mask"]] = filling
    assert_same(everything(layer, **case), expected, tolerance=0)
    np.testing.assert_array_equal(expected["dx"][~case["mask"]], 0.0)


@given(SEEDS, ANY_FORM)
def test_the_order_in_the_batch_does_not_matter(seed, form):
    rng, layer, case = drawn(seed, form)
    expected = everything(layer, **case)
    order = rng.permutation(B)
    for name in ("x", "mask", "dh"):
        case[name] = case[name][:, order]
    for name in ("state", "d_state"):
        case[name] = mapped(lambda array: array[order], case[name])
    for name in expected.keys() - layer.params.keys():
        axis = 1 if name in ("h", "dx") else 0
        expected[name] = np.take(expected[name], order, axis)
    assert_same(everything(layer, **case), expected)


@given(
    SEEDS,
    st.sampled_from(["recurrent", "two", "a stack in a stack"]),
    st.integers(1, 4),
)
def test_chunks_with_carried_state_equal_the_whole(seed, form, cut):
    """Where time runs in one direction only."""
    _, layer, case = drawn(seed, form)
    whole = everything(layer, **case | {"mask": None})
    x, dh = case["x"], case["dh"]
    h_1, state, cache_1 = layer.forward(x[:cut], case["state"])
    h_2, last, cache_2 = layer.forward(x[cut:], state)
    dx_2, d_state, grads_2 = layer.backward(dh[cut:], cache_2, case["d_state"])
    dx_1, d_start, grads_1 = layer.backward(dh[:cut], cache_1, d_state)
    chunks = {
        "h": np.concatenate([h_1, h_2]),
        "dx": np.concatenate([dx_1, dx_2]),
        **leaves(last, "last"),
        **leaves(d_start, "d_start"),
        **{name: grads_1[name] + grads_2[name] for name in grads_1},
    }
    assert_same(chunks, whole)


@given(SEEDS, ANY_FORM, st.booleans())
def test_tokens_equal_one_hot_vectors(seed, form, masked):
    rng, layer, case = drawn(seed, form)
    tokens = rng.integers(0, D, size=(T, B))
    if not masked:
        case["mask"] = None
    found = everything(layer, **case | {"x": tokens})
    expected = everything(layer, **case | {"x": one_hot(tokens, D)})
    del expected["dx"]
    assert_same(found, expected)


@pytest.mark.parametrize("form", FORMS)
def test_no_input_is_an_input_of_zeros(form):
    _, layer, case = drawn(4, form)
    found = everything(layer, **case | {"x": None})
    expected = everything(layer, **case | {"x": np.zeros((T, B, D))})
    del expected["dx"]
    assert_same(found, expected, tolerance=1e-14)


@pytest.mark.parametrize("form", FORMS)
def test_config_and_params_make_the_same_layer_again(form):
    _, layer, case = drawn(7, form)
    twin = made_from(layer.config(), type(layer)).with_params(layer.params)
    found, expected = everything(twin, **case), everything(layer, **case)
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)
    assert repr(twin) == repr(layer)


def made_from(config, kind):
    """Return what a config says, with new cells and layers inside."""

    def again(value):
        if isinstance(value, list):
            return [again(each) for each in value]
        if not hasattr(value, "config"):
            return value
        return made_from(value.config(), type(value))

    rng = {"rng": np.random.default_rng(0)} if issubclass(kind, Cell) else {}
    return kind(**{name: again(value) for name, value in config.items()}, **rng)


def test_a_layer_is_shown_as_the_call_that_makes_it():
    rng = np.random.default_rng(8)
    below, beside = LSTMCell(3, 4, rng=rng), GRUCell(3, 2, rng=rng, reset="before")
    both = Bidirectional(below, beside, learn_initial_state=True)
    layer = Stacked([both, Recurrent(RNNCell(6, 5, rng=rng))])
    assert repr(layer) == (
        "Stacked([Bidirectional(LSTMCell(3, 4), GRUCell(3, 2, reset='before'), "
        "learn_initial_state=True), Recurrent(RNNCell(6, 5))])"
    )


@pytest.mark.parametrize("form", FORMS)
def test_no_state_is_the_initial_state(form):
    _, layer, case = drawn(5, form)
    plain = everything(layer, case["x"], None, None, case["dh"], None)
    start = layer.initial_state(B)
    zero = mapped(np.zeros_like, start)
    same = everything(layer, case["x"], start, None, case["dh"], zero)
    for name in plain:
        if name.rpartition(".")[2] not in ("h_0", "c_0"):  # learned, so not given
            np.testing.assert_array_equal(plain[name], same[name], err_msg=name)


@pytest.mark.parametrize("form", FORMS)
def test_with_params_computes_with_the_arrays_it_is_given(form):
    rng, layer, case = drawn(6, form)
    other = draw_layer(rng, form, D)
    before = {name: array.copy() for name, array in layer.params.items()}
    twin = layer.with_params(other.params)
    assert_same(everything(twin, **case), everything(other, **case), tolerance=0)
    for name, array in layer.params.items():
        assert twin.params[name] is other.params[name]
        np.testing.assert_array_equal(array, before[name])


@pytest.mark.parametrize("form", FORMS)
def test_parameters_are_those_of_the_cells_and_never_copies(form):
    _, layer, case = drawn(7, form)
    first = everything(layer, **case)["h"]
    for array in layer.params.values():
        array *= 0.5
    assert abs(everything(layer, **case)["h"] - first).max() > 1e-3


def test_keys_carry_their_path():
    rng = np.random.default_rng(8)
    both = Bidirectional(
        draw_cell(rng, D, 4, "lstm"), draw_cell(rng, D, 2), learn_initial_state=True
    )
    above = Recurrent(draw_cell(rng, 6, 5, "gru"))
    keys = ["W_xh", "W_hh", "b_h"]
    assert list(Stacked([both, above]).params) == [
        *(f"0.left_to_right.{key}" for key in [*keys, "h_0", "c_0"]),
        *(f"0.right_to_left.{key}" for key in [*keys, "h_0"]),
        *(f"1.{key}" for key in [*keys, "b_hn"]),
    ]


def test_gradients_have_the_keys_and_shapes_of_the_parameters():
    for form in FORMS:
        _, layer, case = drawn(9, form)
        _, _, cache = layer.forward(case["x"])
        _, _, grads = layer.backward(case["dh"], cache)
        found = {name: array.shape for name, array in grads.items()}
        assert found == {name: array.shape for name, array in layer.params.items()}


@pytest.mark.parametrize("form", FORMS)
def test_a_state_nests_like_its_layers(form):
    _, layer, case = drawn(10, form)
    h, last, cache = layer.forward(case["x"], case["state"], case["mask"])
    _, d_start, _ = layer.backward(case["dh"], cache, case["d_state"])
    start = layer.initial_state(B)
    for state in (last, d_start):
        assert leaves(state, "s").keys() == leaves(start, "s").keys()
        assert type(state) is type(start)
    assert h.shape == (T, B, layer.output_size)


@pytest.mark.parametrize("form", FORMS)
def test_sizes_are_those_of_the_ends(form):
    rng = np.random.default_rng(11)
    layer = draw_layer(rng, form, D)
    sizes = {"recurrent": 4, "both": 5, "both, learned start": 5, "two": 2}
    sizes |= {"three": 3, "a stack in a stack": 2}
    assert (layer.input_size, layer.output_size) == (D, sizes[form])
    assert layer.dtype == np.float64


def test_a_stack_may_be_deeper_than_ten():
    """So that the key 1.W_hh is not taken for 10.W_hh."""
    rng = np.random.default_rng(12)
    layers = [Recurrent(draw_cell(rng, 2, 2, "gru")) for _ in range(12)]
    stack = Stacked(layers)
    twin = stack.with_params({k: v + 1 for k, v in stack.params.items()})
    for name, array in stack.params.items():
        np.testing.assert_array_equal(twin.params[name], array + 1)


@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_single_precision_stays_single_precision(kind):
    rng = np.random.default_rng(13)

    def cell(D, H):
        return draw_cell(rng, D, H, kind, np.float32)

    both = Bidirectional(cell(D, 2), cell(D, 3), learn_initial_state=True)
    layer = Stacked([both, Recurrent(cell(5, 4))])
    assert layer.dtype == np.float32
    x, dh = (rng.standard_normal((T, B, n)).astype(np.float32) for n in (D, 4))
    mask = draw_mask(rng, T, B)
    for given_x in (x, rng.integers(0, D, size=(T, B)), None):
        for state in (None, draw_state(rng, layer, B)):
            found = everything(layer, given_x, state, mask, dh, state)
            assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("form", FORMS)
def test_the_last_states_are_those_of_the_highest_layer_at_its_ends(form):
    """Left to right ends at the last step, right to left at the first."""
    rng, layer, case = drawn(9, form)
    h, state, _ = layer.forward(case["x"])
    highest = layer
    while isinstance(highest, Stacked):
        highest = highest.layers[-1]
    half = h.shape[-1] // 2 if isinstance(highest, Bidirectional) else h.shape[-1]
    final = np.concatenate([h[-1, :, :half], h[0, :, half:]], axis=-1)
    np.testing.assert_array_equal(layer.final(state), final)

    d_final = rng.standard_normal(final.shape)
    dh = np.zeros_like(h)
    dh[-1, :, :half], dh[0, :, half:] = d_final[:, :half], d_final[:, half:]
    x, d_state = case["x"], layer.from_final(d_final)
    found = everything(layer, x, None, None, 0 * dh, d_state)
    assert_same(found, everything(layer, x, None, None, dh, None))
