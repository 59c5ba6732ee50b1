import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import Recurrent, RNNState, check_gradients, numerical_gradients, one_hot
from rnnlib._typing import Array
from tests.library.by_hand import unit_by_unit
from tests.library.nets import (
    KINDS,
    assert_same,
    differentiable,
    draw_cell,
    draw_mask,
    draw_state,
    everything,
    leaves,
    mapped,
    where_to_check,
)

# T, B, D, H: the usual; one sequence; one step; as small as can be; D > H
SIZES = [(5, 3, 2, 4), (6, 1, 3, 2), (1, 2, 3, 4), (1, 1, 1, 1), (4, 2, 6, 3)]
SEEDS = st.integers(0, 2**32 - 1)
ANY_KIND = st.sampled_from(KINDS)


def drawn(seed, sizes=SIZES[0], kind="tanh", **options):
    """Return a generator, a layer, its input, states, mask and upstream gradients."""
    T, B, D, H = sizes
    rng = np.random.default_rng(seed)
    layer = Recurrent(draw_cell(rng, D, H, kind), **options)
    for array in layer.initial_params.values():
        array[...] = rng.standard_normal(H)
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


def written_out(kind, layer, case, mask):
    """Return all states and gates unit by unit, by the letters of the equations."""
    exists = np.ones(case["mask"].shape, bool) if mask is None else mask
    return unit_by_unit(kind, layer.cell.params, case["x"], case["state"], exists)


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_states_are_their_equation_at_every_step(kind, sizes, masked):
    _, layer, case = drawn(1, sizes, kind)
    mask = case["mask"] if masked else None
    h, state, _ = layer.forward(case["x"], case["state"], mask)
    expected = written_out(kind, layer, case, mask)
    np.testing.assert_allclose(h, expected["h"], rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(state.h, h[-1])
    for name, array in state._asdict().items():
        np.testing.assert_allclose(array, expected[name][-1], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_back_propagation_through_time_is_the_derivative(kind, sizes, masked):
    rng, layer, case = drawn(2, sizes, kind)
    mask = case["mask"] if masked else None
    if kind == "relu":  # no unit may be near its kink
        assert np.nanmin(abs(written_out(kind, layer, case, mask)["a"])) > 1e-3
    check_gradients(
        differentiable(layer, mask=mask),
        where_to_check(layer, case["state"], case["x"]),
        rng=rng,
    )


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("given_tokens", [True, False], ids=["tokens", "none"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_is_right_for_tokens_and_without_input(kind, given_tokens, masked):
    rng, layer, case = drawn(3, kind=kind)
    T, B, D, _ = SIZES[0]
    mask = case["mask"] if masked else None
    tokens = rng.integers(0, D, size=(T, B)) if given_tokens else None
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


@pytest.mark.parametrize("learned", [False, True], ids=["given", "learned"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_complex_step_agrees_for_every_cell(kind, learned):
    rng, layer, case = drawn(5, kind=kind, learn_initial_state=learned)
    state = None if learned else case["state"]
    check_gradients(
        differentiable(layer, mask=case["mask"]),
        where_to_check(layer, state, case["x"]),
        rng=rng,
        method="complex",
        tolerance=1e-12,
    )


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_of_a_learned_initial_state_is_the_derivative(kind, masked):
    rng, layer, case = drawn(15, kind=kind, learn_initial_state=True)
    fields = layer.cell.State._fields
    assert set(layer.params) - set(layer.cell.params) == {f"{f}_0" for f in fields}
    check_gradients(
        differentiable(layer, mask=case["mask"] if masked else None),
        where_to_check(layer, x=case["x"]),
        rng=rng,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_learned_initial_state_is_that_of_each_sequence(kind):
    _, layer, case = drawn(16, kind=kind, learn_initial_state=True)
    plain = Recurrent(layer.cell)
    start = layer.cell.State(
        *(np.tile(a, (3, 1)) for a in layer.initial_params.values())
    )
    expected = everything(plain, **case | {"state": start})
    found = everything(layer, **case | {"state": None})
    for field in start._fields:
        total = expected[f"d_start.{field}"].sum(axis=0)
        np.testing.assert_allclose(found.pop(f"{field}_0"), total, rtol=1e-12)
    assert_same(found, expected)


def test_a_learned_initial_state_that_is_not_used_has_no_gradient():
    _, layer, case = drawn(17, kind="lstm", learn_initial_state=True)
    found = everything(layer, **case)
    for name in ("h_0", "c_0"):
        np.testing.assert_array_equal(found[name], np.zeros(4))


def test_nor_has_it_one_where_a_single_sequence_is_read():
    _, layer, case = drawn(17, kind="lstm", learn_initial_state=True)
    state = layer.cell.State(*(field[:1] for field in case["state"]))
    h, _, cache = layer.forward(case["x"][:, :1], state)
    *_, grads = layer.backward(h, cache)
    np.testing.assert_array_equal([grads["h_0"], grads["c_0"]], np.zeros((2, 4)))


def test_a_learned_initial_state_begins_at_zero():
    layer = Recurrent(draw_cell(np.random.default_rng(18)), learn_initial_state=True)
    np.testing.assert_array_equal(layer.initial_state(2).h, np.zeros((2, 4)))
    layer.params["h_0"][...] = [1, 2, 3, 4]
    np.testing.assert_array_equal(layer.initial_state(2).h, [[1, 2, 3, 4]] * 2)


@given(SEEDS, ANY_KIND, st.sampled_from([np.nan, np.inf, -1e300]))
def test_padding_weighs_nothing(seed, kind, filling):
    _, layer, case = drawn(seed, kind=kind)
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


@given(SEEDS, ANY_KIND)
def test_a_padded_sequence_is_the_short_sequence(seed, kind):
    _, layer, case = drawn(seed, kind=kind)
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
            type(case["state"])(*(array[only] for array in case["state"])),
            None,
            case["dh"][steps, only],
            type(case["state"])(*(array[only] for array in case["d_state"])),
        )
        for name in alone.keys() - total.keys():
            part = batch[name][only] if "." in name else batch[name][steps, only]
            np.testing.assert_allclose(part, alone[name], rtol=1e-9, atol=1e-12)
        for name in total:
            total[name] += alone[name]
    assert_same({name: batch[name] for name in total}, total)


@given(SEEDS, ANY_KIND)
def test_the_order_in_the_batch_does_not_matter(seed, kind):
    rng, layer, case = drawn(seed, kind=kind)
    expected = everything(layer, **case)
    order = rng.permutation(case["mask"].shape[1])
    for name in ("x", "mask", "dh"):
        case[name] = case[name][:, order]
    for name in ("state", "d_state"):
        case[name] = mapped(lambda array: array[order], case[name])
    for name in expected.keys() - layer.params.keys():
        axis = 0 if "." in name else 1
        expected[name] = np.take(expected[name], order, axis)
    assert_same(everything(layer, **case), expected)


@given(SEEDS, ANY_KIND, st.integers(1, 6), st.booleans())
def test_chunks_with_carried_state_equal_the_whole(seed, kind, cut, masked):
    _, layer, case = drawn(seed, (7, 2, 3, 4), kind)
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
        "dx": np.concatenate([dx_1, dx_2]),
        **leaves(last, "last"),
        **leaves(d_start, "d_start"),
        **{name: grads_1[name] + grads_2[name] for name in grads_1},
    }
    assert_same(chunks, whole)


@given(SEEDS, ANY_KIND)
def test_a_loop_of_single_steps_equals_the_layer(seed, kind):
    _, layer, case = drawn(seed, kind=kind)
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
        d_state = d_state._replace(h=d_state.h + dh_t)
        dx_t, d_state, grads = cell.backward(d_state, cache)
        dx.insert(0, dx_t)
        for name in total:
            total[name] += grads[name]
    loop = {"h": np.stack(h), "dx": np.stack(dx), **total}
    loop |= leaves(state, "last") | leaves(d_state, "d_start")
    assert_same(loop, whole)


@given(SEEDS, ANY_KIND, st.booleans())
def test_tokens_equal_one_hot_vectors(seed, kind, masked):
    rng, layer, case = drawn(seed, (6, 3, 4, 5), kind)
    tokens = rng.integers(0, 4, size=(6, 3))  # 18 tokens of 4 kinds: they repeat
    if not masked:
        case["mask"] = None
    found = everything(layer, **case | {"x": tokens})
    expected = everything(layer, **case | {"x": one_hot(tokens, 4)})
    del expected["dx"]
    assert_same(found, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_no_input_lets_the_state_go_on_by_itself(kind):
    _, layer, case = drawn(8, kind=kind)
    T, B, D, _ = SIZES[0]
    case["x"] = None
    found = everything(layer, **case)
    expected = everything(layer, **case | {"x": np.zeros((T, B, D))})
    del expected["dx"]
    assert_same(found, expected, tolerance=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_where_no_step_exists_the_state_is_carried_over(kind):
    _, layer, case = drawn(9, kind=kind)
    mask = case["mask"].copy()
    mask[1:4, 0] = False
    h, _, cache = layer.forward(case["x"], case["state"], mask)
    for t in (1, 2, 3):
        np.testing.assert_array_equal(h[t, 0], h[0, 0])
    mask[:, 1] = False  # a sequence of padding alone passes its gradient through
    h, last, cache = layer.forward(case["x"], case["state"], mask)
    _, d_start, _ = layer.backward(np.zeros_like(h), cache, case["d_state"])
    for end, start in ((last, case["state"]), (d_start, case["d_state"])):
        for found, expected in zip(end, start, strict=True):
            np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("kind", KINDS)
def test_no_mask_means_every_step(kind):
    _, layer, case = drawn(10, kind=kind)
    whole = everything(layer, **case | {"mask": None})
    same = everything(layer, **case | {"mask": np.ones(SIZES[0][:2], bool)})
    assert_same(same, whole, tolerance=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_no_state_means_zeros_and_no_gradient_of_it_means_zeros(kind):
    _, layer, case = drawn(11, kind=kind)
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
    for name, array in layer.cell.params.items():
        assert layer.params[name] is array
    twin = layer.with_params({k: 2 * v for k, v in layer.params.items()})
    np.testing.assert_array_equal(twin.params["W_hh"], 2 * layer.params["W_hh"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_cache_holds_all_steps(kind):
    _, layer, case = drawn(14, kind=kind)
    mask = case["mask"]
    h, _, cache = layer.forward(case["x"], case["state"], mask)
    np.testing.assert_array_equal(cache.h_prev[0], case["state"].h)
    np.testing.assert_array_equal(cache.h_prev[1:], h[:-1])
    np.testing.assert_array_equal(cache.mask, mask)
    assert not cache.learned_initial_state
    expected = written_out(kind, layer, case, mask)
    for name in expected.keys() - {"a"}:
        found = getattr(cache, name)[mask]
        np.testing.assert_allclose(found, expected[name][mask], rtol=1e-12, atol=1e-14)


@given(SEEDS, st.sampled_from(["lstm", "lstm peephole"]), st.booleans())
def test_f_of_one_and_i_of_zero_keep_the_cell_for_ever(seed, kind, masked):
    _, layer, case = drawn(seed, (60, 2, 3, 4), kind)
    for name, array in layer.params.items():
        if name.startswith("w_c"):
            array[...] = 0
        else:
            array[..., :8] = 0  # a_i and a_f
    layer.params["b_h"][:8] = [-1e4] * 4 + [1e4] * 4
    mask = case["mask"] if masked else None
    _, last, cache = layer.forward(case["x"], case["state"], mask)
    np.testing.assert_array_equal(last.c, case["state"].c)
    d_last = case["d_state"]._replace(h=np.zeros((2, 4)))
    _, d_start, _ = layer.backward(np.zeros((60, 2, 4)), cache, d_last)
    np.testing.assert_array_equal(d_start.c, d_last.c)


@pytest.mark.parametrize("kind", KINDS)
def test_single_precision_stays_single_precision(kind):
    rng = np.random.default_rng(19)
    layer = Recurrent(
        draw_cell(rng, kind=kind, dtype=np.float32), learn_initial_state=True
    )
    x, dh = (rng.standard_normal((5, 2, n)).astype(np.float32) for n in (3, 4))
    mask = draw_mask(rng, 5, 2)
    for given_x in (x, rng.integers(0, 3, size=(5, 2)), None):
        for state in (None, draw_state(rng, layer, 2)):
            found = everything(layer, given_x, state, mask, dh, state)
            assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("length", [1, 2, 5])
@pytest.mark.parametrize("kind", KINDS)
def test_the_length_of_a_block_changes_nothing(kind, length, masked, monkeypatch):
    """Steps at a time, forward and back: one, two (of five), or all of them."""
    _, layer, case = drawn(8, kind=kind)
    mask = case["mask"] if masked else None
    found = []
    for _ in range(2):
        h, state, cache = layer.forward(case["x"], case["state"], mask)
        dx, d_state, grads = layer.backward(case["dh"], cache, case["d_state"])
        found.append([h, *state, dx, *d_state, *grads.values()])
        blocks = [slice(t, t + length) for t in range(0, len(h), length)]
        monkeypatch.setattr(layer, "_blocks", lambda *_, blocks=blocks: blocks)
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("steps", "batch", "lengths"),
    [
        (5, 2, [5]),  # too little for more than one block
        (100, 64, [25] * 4),
        (7, 10_000, [1] * 7),
        (1000, 64, [32] * 31 + [8]),  # as many as fit
    ],
)
def test_blocks_are_quarters_within_bounds(steps, batch, lengths):
    layer = Recurrent(draw_cell(np.random.default_rng(0), H=8))
    blocks = layer._blocks(steps, batch)
    assert [block.stop - block.start for block in blocks] == lengths
    assert [t for block in blocks for t in range(steps)[block]] == list(range(steps))


def test_states_that_come_out_cannot_be_changed_in_place():
    """They are the memory of the cache, and the backward pass would be wrong."""
    _, layer, case = drawn(9)
    h, state, _ = layer.forward(case["x"])
    with pytest.raises(ValueError, match="read-only"):
        h[0] = 0
    state.h[0] = 0  # a copy
    assert (h[-1, 0] != 0).any()
