"""Self-attention: its equation by hand, its derivatives, its table, and positions."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    Adam,
    Batch,
    Embedding,
    LanguageModel,
    Recurrent,
    RNNCell,
    SelfAttention,
    Seq2Seq,
    SequenceClassifier,
    Stacked,
    Tagger,
    check_gradients,
    fit,
    generate,
    one_hot,
    positions,
)
from rnnlib._states import select
from rnnlib.self_attention import Table
from tests.library.nets import assert_same, draw_mask, mapped

SEEDS = st.integers(0, 2**32 - 1)
# T, B, D, H, heads, steps before: the usual; one of each; one step; a head for each
# entry; D > H
SIZES = [
    (5, 3, 2, 6, 2, 3),
    (1, 1, 1, 1, 1, 0),
    (1, 2, 3, 4, 2, 4),
    (4, 2, 3, 3, 3, 0),
    (3, 1, 6, 2, 1, 1),
]
BOTH = pytest.mark.parametrize("causal", [True, False], ids=["causal", "all"])
MASKED = pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])


def draw_table(rng, S, B, H):
    """Return a random state of S steps, of which some do not exist."""
    exists = rng.random((S, B)) < 0.7
    keys, values = rng.standard_normal((2, S, B, H))
    return Table(rng.standard_normal((B, H)), keys, values, exists)


def drawn(seed, sizes=SIZES[0], *, causal=True):
    """Return a generator, a layer and random arguments of all that it does."""
    T, B, D, H, heads, before = sizes
    rng = np.random.default_rng(seed)
    layer = SelfAttention(D, H, heads=heads, causal=causal, rng=rng)
    for array in layer.params.values():
        array[...] = rng.standard_normal(array.shape)
    return (
        rng,
        layer,
        {
            "x": rng.standard_normal((T, B, D)),
            "state": draw_table(rng, before, B, H),
            "mask": draw_mask(rng, T, B),
            "dh": rng.standard_normal((T, B, H)),
            "d_state": draw_table(rng, before + T, B, H),
        },
    )


def everything(layer, x, state, mask, dh, d_state):
    """Return all results of forward and backward, by name."""
    h, last, cache = layer.forward(x, state, mask)
    dx, d_start, grads = layer.backward(dh, cache, d_state)
    found = {"h": h, "weights": cache.weights, **grads}
    found |= {f"last.{name}": array for name, array in last._asdict().items()}
    found |= {f"d_start.{name}": array for name, array in d_start._asdict().items()}
    return found if dx is None else found | {"dx": dx}


def differentiable(layer, case, mask, tokens=None):
    """Return the layer, and its arrays, in the form that `check_gradients` takes."""
    state = case["state"]
    arrays: dict[str, Any] = dict(layer.params)
    arrays |= {"h": state.h} if tokens is not None else {"x": case["x"], "h": state.h}
    if len(state.keys):
        arrays |= {"keys": state.keys, "values": state.values}

    def function(**given):
        x = given.pop("x", tokens)
        parts = {
            name: given.pop(name) for name in ("h", "keys", "values") if name in given
        }
        start = state._replace(**parts)
        twin = layer.with_params(given)
        h, last, cache = twin.forward(x, start, mask)

        def backward(d_output):
            dh_last, dkeys, dvalues = d_output[1:]
            d_last = Table(dh_last, dkeys, dvalues, last.exists)
            dx, d_start, grads = twin.backward(d_output[0], cache, d_last)
            found = grads | {name: getattr(d_start, name) for name in parts}
            return found if dx is None else found | {"x": dx}

        return (h, last.h, last.keys, last.values), backward

    return function, arrays


def row_times(row, weight, columns):
    """Return the entries of `row @ weight[:, columns]`, one at a time."""
    return [
        math.fsum(r * w for r, w in zip(row, weight[:, c], strict=True))
        for c in columns
    ]


def by_hand(layer, x, state, mask):
    """Return h and weights, one number at a time, as the equation says it."""
    T, B, _ = x.shape
    n, size = layer.heads, layer.hidden_size // layer.heads
    p, before = layer.params, len(state.keys)
    h = np.zeros((T, B, layer.hidden_size))
    weights = np.zeros((T, B, n, before + T))
    for b in range(B):
        latest = state.h[b]
        for t in range(T):
            if mask[t, b]:
                context = []
                for head in range(n):
                    part = range(head * size, (head + 1) * size)
                    q = row_times(x[t, b], p["W_xq"], part)
                    seen = {}
                    for s in range(before + T):
                        own = s - before
                        if own < 0 and state.exists[s, b]:
                            seen[s] = state.keys[s, b, part], state.values[s, b, part]
                        elif (
                            own >= 0 and mask[own, b] and (own <= t or not layer.causal)
                        ):
                            seen[s] = (
                                row_times(x[own, b], p["W_xk"], part),
                                row_times(x[own, b], p["W_xv"], part),
                            )
                    powers = {
                        s: math.exp(
                            math.fsum(i * j for i, j in zip(q, k, strict=True))
                            / math.sqrt(size)
                        )
                        for s, (k, _) in seen.items()
                    }
                    total = math.fsum(powers.values())
                    for s, power in powers.items():
                        weights[t, b, head, s] = power / total
                    context += [
                        math.fsum(
                            weights[t, b, head, s] * v[e] for s, (_, v) in seen.items()
                        )
                        for e in range(size)
                    ]
                latest = row_times(context, p["W_vh"], range(layer.hidden_size))
            h[t, b] = latest
    return h, weights


@BOTH
@MASKED
@pytest.mark.parametrize("sizes", SIZES)
def test_what_comes_out_is_the_equation(sizes, masked, causal):
    _, layer, case = drawn(1, sizes, causal=causal)
    mask = case["mask"] if masked else None
    h, last, cache = layer.forward(case["x"], case["state"], mask)
    exists = case["mask"] if masked else np.ones(case["mask"].shape, bool)
    expected, weights = by_hand(layer, case["x"], case["state"], exists)
    np.testing.assert_allclose(h, expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(cache.weights, weights, rtol=1e-10, atol=1e-14)
    np.testing.assert_array_equal(last.h, h[-1])
    np.testing.assert_array_equal(
        last.exists, np.concatenate([case["state"].exists, exists])
    )


@pytest.mark.parametrize("method", ["central", "complex"])
@BOTH
@MASKED
@pytest.mark.parametrize("sizes", SIZES)
def test_all_gradients_are_derivatives(sizes, masked, causal, method):
    rng, layer, case = drawn(2, sizes, causal=causal)
    mask = case["mask"] if masked else None
    function, arrays = differentiable(layer, case, mask)
    check_gradients(function, arrays, rng=rng, method=method)


@MASKED
def test_the_gradient_is_right_for_tokens(masked):
    rng, layer, case = drawn(3, (6, 3, 4, 4, 2, 2))
    tokens = rng.integers(0, 4, size=(6, 3))
    mask = case["mask"] if masked else None
    function, arrays = differentiable(layer, case, mask, tokens)
    check_gradients(function, arrays, rng=rng)


@given(SEEDS, st.booleans())
def test_tokens_equal_one_hot_vectors(seed, masked):
    rng, layer, case = drawn(seed, (6, 3, 4, 4, 2, 2))
    tokens = rng.integers(0, 4, size=(6, 3))
    if not masked:
        case["mask"] = None
    found = everything(layer, **case | {"x": tokens})
    expected = everything(layer, **case | {"x": one_hot(tokens, 4)})
    del expected["dx"]
    assert_same(found, expected)


@given(SEEDS, st.booleans(), st.sampled_from([np.nan, np.inf, -1e300]))
def test_padding_weighs_nothing(seed, causal, filling):
    _, layer, case = drawn(seed, causal=causal)
    expected = everything(layer, **case)
    case["x"][~case["mask"]] = filling
    for name in ("keys", "values"):
        getattr(case["state"], name)[~case["state"].exists] = filling
    found = everything(layer, **case)
    for name in expected:
        if name in ("last.keys", "last.values"):  # they hold the padding that was given
            own = found[name][3:], expected[name][3:]
            np.testing.assert_array_equal(*own)
        else:
            np.testing.assert_array_equal(found[name], expected[name], err_msg=name)
    np.testing.assert_array_equal(found["dx"][~case["mask"]], 0.0)
    for name in ("keys", "values"):
        d = case["d_state"]
        gone = ~case["state"].exists
        np.testing.assert_array_equal(
            found[f"d_start.{name}"][gone], getattr(d, name)[:3][gone]
        )


@given(SEEDS, st.booleans())
def test_a_padded_sequence_is_the_short_sequence(seed, causal):
    _, layer, case = drawn(seed, causal=causal)
    T, B = case["mask"].shape
    lengths = np.random.default_rng(seed).integers(1, T + 1, size=B)
    case["mask"] = np.arange(T)[:, None] < lengths
    h, last, _ = layer.forward(case["x"], case["state"], case["mask"])
    for b, length in enumerate(lengths):
        one = slice(b, b + 1)
        start = Table(case["state"].h[one], *(a[:, one] for a in case["state"][1:]))
        alone, end, _ = layer.forward(case["x"][:length, one], start)
        np.testing.assert_allclose(h[:length, one], alone, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(last.h[one], end.h, rtol=1e-9, atol=1e-12)


@given(SEEDS, st.integers(1, 6), st.booleans())
def test_chunks_with_the_table_equal_the_whole(seed, cut, masked):
    _, layer, case = drawn(seed, (7, 2, 3, 4, 2, 2))
    if masked:
        case["mask"][[cut - 1, cut], 0] = True  # each chunk keeps a step
    else:
        case["mask"] = np.ones((7, 2), bool)
    whole = everything(layer, **case)
    first, second = slice(0, cut), slice(cut, 7)
    x, mask, dh = case["x"], case["mask"], case["dh"]
    h_1, state, cache_1 = layer.forward(x[first], case["state"], mask[first])
    h_2, last, cache_2 = layer.forward(x[second], state, mask[second])
    dx_2, d_state, grads_2 = layer.backward(dh[second], cache_2, case["d_state"])
    dx_1, d_start, grads_1 = layer.backward(dh[first], cache_1, d_state)
    del whole["weights"]
    chunks = {
        "h": np.concatenate([h_1, h_2]),
        "dx": np.concatenate([dx_1, dx_2]),
        **{f"last.{name}": array for name, array in last._asdict().items()},
        **{f"d_start.{name}": array for name, array in d_start._asdict().items()},
        **{name: grads_1[name] + grads_2[name] for name in grads_1},
    }
    for name in ("last.exists", "d_start.exists"):
        np.testing.assert_array_equal(chunks.pop(name), whole.pop(name))
    assert_same(chunks, whole)


@given(SEEDS)
def test_what_comes_later_changes_nothing_if_it_is_causal(seed):
    rng, layer, case = drawn(seed)
    h, _, _ = layer.forward(case["x"], case["state"])
    t = int(rng.integers(0, 4))
    case["x"][t + 1 :] = rng.standard_normal(case["x"][t + 1 :].shape)
    found, _, cache = layer.forward(case["x"], case["state"])
    np.testing.assert_allclose(found[: t + 1], h[: t + 1], rtol=1e-11, atol=1e-13)
    assert not np.allclose(found[t + 1 :], h[t + 1 :])
    for step, row in enumerate(cache.weights):
        assert (row[..., 3 + step + 1 :] == 0).all()


@given(SEEDS)
def test_without_positions_it_does_not_know_the_order(seed):
    """Who sees everything gives the same in any order; positions put an end to that."""
    rng, layer, case = drawn(seed, (5, 2, 4, 4, 2, 0), causal=False)
    order = np.roll(np.arange(5), int(rng.integers(1, 5)))
    x, where = case["x"], positions(5, 4)[:, None]
    h, _, _ = layer.forward(x)
    found, _, _ = layer.forward(x[order])
    np.testing.assert_allclose(found, h[order], rtol=1e-9, atol=1e-12)
    h, _, _ = layer.forward(x + where)
    found, _, _ = layer.forward(x[order] + where)
    assert abs(found - h[order]).max() > 1e-6


@given(SEEDS)
def test_several_heads_are_as_many_smaller_layers_side_by_side(seed):
    _, layer, case = drawn(seed, (5, 3, 2, 6, 3, 0))
    h, _, cache = layer.forward(case["x"], None, case["mask"])
    total = np.zeros_like(h)
    for head in range(3):
        part = slice(2 * head, 2 * head + 2)
        one = SelfAttention(2, 2, rng=np.random.default_rng(0))
        params = {
            name: layer.params[name][:, part] for name in ("W_xq", "W_xk", "W_xv")
        }
        one = one.with_params(params | {"W_vh": np.eye(2)})
        context, _, small = one.forward(case["x"], None, case["mask"])
        np.testing.assert_allclose(cache.weights[:, :, head], small.weights[:, :, 0])
        total += context @ layer.params["W_vh"][part]
    np.testing.assert_allclose(h, total, rtol=1e-9, atol=1e-12)


def test_a_step_that_does_not_exist_gives_what_the_one_before_gave():
    _, layer, case = drawn(9)
    mask = case["mask"]
    mask[:, 0] = [True, False, False, True, False]
    mask[:, 1] = False
    h, last, cache = layer.forward(case["x"], case["state"], mask)
    np.testing.assert_array_equal(h[1:3, 0], h[[0, 0], 0])
    np.testing.assert_array_equal(h[:, 1], np.tile(case["state"].h[1], (5, 1)))
    np.testing.assert_array_equal(last.keys[3:][~mask], 0.0)
    d_state = case["d_state"]._replace(keys=np.zeros_like(case["d_state"].keys))
    dx, d_start, _ = layer.backward(case["dh"], cache, d_state)
    total = case["dh"][:, 1].sum(axis=0) + d_state.h[1]
    np.testing.assert_allclose(d_start.h[1], total, rtol=1e-12)
    np.testing.assert_array_equal(d_start.keys[:, 1], 0.0)
    np.testing.assert_array_equal(dx[:, 1], 0.0)


def test_the_table_grows_by_every_step():
    _, layer, case = drawn(10)
    state = layer.initial_state(3)
    assert [len(array) for array in state[1:]] == [0, 0, 0]
    for t, x_t in enumerate(case["x"], start=1):
        _, state, _ = layer.forward(x_t[None], state)
        assert [array.shape for array in state[1:]] == [*[(t, 3, 6)] * 2, (t, 3)]


def test_a_gradient_of_no_step_is_a_gradient_of_zero():
    _, layer, case = drawn(11)
    _, _, cache = layer.forward(case["x"], case["state"])
    none = layer.from_final(case["d_state"].h)
    zero = draw_table(np.random.default_rng(0), 8, 3, 6)
    zero = mapped(np.zeros_like, zero)._replace(h=none.h)
    found, expected = (layer.backward(case["dh"], cache, d) for d in (none, zero))
    np.testing.assert_array_equal(found[0], expected[0])
    for one, other in zip(found[1], expected[1], strict=True):
        np.testing.assert_array_equal(one, other)
    for name in layer.params:
        np.testing.assert_array_equal(found[2][name], expected[2][name])


@pytest.mark.parametrize("scale", [1e100, 1e160, 1e300])
def test_scores_that_overflow_look_at_one_step(scale):
    _, layer, case = drawn(12, (4, 1, 2, 2, 1, 0))
    h, _, cache = layer.forward(scale * case["x"])
    assert set(np.unique(cache.weights)) == {0, 1}
    dx, _, grads = layer.backward(case["dh"], cache)
    assert all(np.isfinite(array).all() for array in (h, dx, *grads.values()))


def test_a_beam_takes_rows_of_the_table():
    _, layer, case = drawn(13)
    _, state, _ = layer.forward(case["x"], case["state"], case["mask"])
    rows = np.array([2, 0, 0])
    chosen = select(state, rows)
    x = np.random.default_rng(0).standard_normal((2, 3, 2))
    h, _, _ = layer.forward(x[:, rows], chosen)
    expected, _, _ = layer.forward(x, state)
    np.testing.assert_allclose(h, expected[:, rows], rtol=1e-12)


# in models


def tagger(rng, **options):
    above = SelfAttention(8, 8, rng=rng, **options)
    return Tagger(Stacked([Embedding(3, 8, rng=rng), above]), 2, rng=rng)


@pytest.mark.parametrize("seed", range(3))
def test_it_learns_whether_a_symbol_has_been_there(seed):
    rng = np.random.default_rng(seed)
    model = tagger(rng, heads=2)

    def batch(count):
        tokens = (rng.random((12, count)) < 0.1) * 2 + rng.integers(0, 2, (12, count))
        tokens = np.minimum(tokens, 2)
        return Batch(tokens, (np.maximum.accumulate(tokens, axis=0) == 2).astype(int))

    fit(model, [batch(32) for _ in range(150)], Adam(0.02), progress=False)
    held_out = batch(200)
    right = model.predict(held_out.inputs) == held_out.targets
    assert right.mean() > 0.95
    assert 0.2 < held_out.targets.mean() < 0.8


def test_it_writes_with_a_table_as_with_the_whole_text():
    rng = np.random.default_rng(0)
    model = LanguageModel(SelfAttention(5, 4, heads=2, rng=rng), rng=rng)
    tokens = rng.integers(0, 5, size=(7, 3))
    whole, _ = model.logits(tokens)
    state = model.start(3)
    for t, row in enumerate(tokens):
        y, state = model.step(row, state)
        np.testing.assert_allclose(y, whole[t], rtol=1e-9, atol=1e-12)
    assert generate(model, 6, prompt=tokens[:2], rng=rng).shape == (6, 3)


@pytest.mark.parametrize("pool", ["last", "mean"])
def test_it_reads_for_an_answer_at_the_end(pool):
    rng = np.random.default_rng(1)
    layer = SelfAttention(4, 6, causal=False, rng=rng)
    model = SequenceClassifier(layer, 3, rng=rng, pool=pool)
    tokens, mask = rng.integers(0, 4, size=(6, 3)), draw_mask(rng, 6, 3)
    batch = Batch(tokens, np.array([0, 2, 1]), None, mask)

    def function(**params):
        loss = model.with_params(params).loss(batch)
        return np.asarray(loss.value), lambda d: {
            k: d * g for k, g in loss.grads.items()
        }

    check_gradients(function, model.params, rng=rng)


def test_a_decoder_may_go_on_from_the_table_of_an_encoder():
    rng = np.random.default_rng(2)
    encoder, decoder = (SelfAttention(9, 4, rng=rng) for _ in range(2))
    model = Seq2Seq(encoder, decoder, rng=rng)
    source = rng.integers(0, 9, size=(5, 2))
    said = model.predict(source, draw_mask(rng, 5, 2), max_length=4)
    assert said.shape[1] == 2


def test_a_model_that_writes_must_not_look_ahead():
    rng = np.random.default_rng(3)
    ahead = SelfAttention(5, 5, causal=False, rng=rng)
    for layer in (ahead, Stacked([SelfAttention(5, 5, rng=rng), ahead])):
        with pytest.raises(ValueError, match=r"left to right only.* got SelfAttention"):
            LanguageModel(layer, rng=rng)


def test_it_stands_in_a_stack_with_a_recurrent_layer():
    rng, _, case = drawn(4, (5, 3, 2, 4, 2, 0))
    below = Recurrent(RNNCell(2, 4, rng=rng))
    stack = Stacked([below, SelfAttention(4, 4, rng=rng)])

    def function(x, **params):
        twin = stack.with_params(params)
        h, _, cache = twin.forward(x, None, case["mask"])

        def backward(dh):
            dx, _, grads = twin.backward(dh, cache)
            return grads | {"x": dx}

        return h, backward

    check_gradients(function, {"x": case["x"], **stack.params}, rng=rng)


# positions


@pytest.mark.parametrize(("T", "size"), [(1, 1), (7, 5), (4, 8)])
def test_positions_are_their_equation(T, size):
    found = positions(T, size, start=3)
    assert found.shape == (T, size)
    for t in range(T):
        for i in range(size):
            angle = (t + 3) / 10000 ** (2 * (i // 2) / size)
            expected = math.cos(angle) if i % 2 else math.sin(angle)
            assert found[t, i] == pytest.approx(expected, rel=1e-12, abs=1e-14)


@given(st.integers(0, 50), st.integers(0, 20))
def test_a_shift_turns_every_hand_by_an_angle_of_its_own(t, n):
    """So a product with one matrix, the same for all t, leads from t to t + n."""
    size = 6
    here, there = positions(1, size, start=t)[0], positions(1, size, start=t + n)[0]
    turn = np.zeros((size, size))
    for k in range(size // 2):
        angle = n / 10000 ** (2 * k / size)
        c, s, pair = math.cos(angle), math.sin(angle), slice(2 * k, 2 * k + 2)
        turn[pair, pair] = [[c, -s], [s, c]]
    np.testing.assert_allclose(here @ turn, there, atol=1e-12)


def test_positions_go_on_and_keep_their_dtype():
    whole = positions(9, 4, dtype=np.float32)
    assert whole.dtype == np.float32
    parts = positions(4, 4), positions(5, 4, start=4)
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-6)
