"""A matrix as memory: each rule is its equation, and a pair that is written is read."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    Adam,
    Bidirectional,
    Embedding,
    FastWeights,
    Recurrent,
    RNNCell,
    SequenceClassifier,
    Stacked,
    Tagger,
    check_gradients,
    fit,
    one_hot,
)
from rnnlib.fast_weights import FastWeightsState
from rnnlib.fast_weights._matrix import read, written
from rnnlib.tasks import Parity
from tests.library.nets import (
    assert_same,
    differentiable,
    draw_mask,
    draw_state,
    everything,
    where_to_check,
)

RULES = ["sum", "decay", "delta"]
SEEDS = st.integers(0, 2**32 - 1)
ANY_RULE = st.sampled_from(RULES)
SIZES = [(5, 3, 3, 4, 2), (1, 1, 1, 2, 1), (7, 1, 2, 2, 5), (3, 4, 4, 4, 4)]


def draw(rng, rule, D=3, K=4, V=2, dtype=np.float64):
    layer = FastWeights(D, K, V, rng=rng, rule=rule, dtype=dtype)
    for array in layer.params.values():
        array[...] = rng.standard_normal(array.shape)
    return layer


def by_hand(layer, x, state, exists):
    """Return h and the memories, one multiplication at a time."""
    p = {name: array.tolist() for name, array in layer.params.items()}
    T, B, D = x.shape
    K, V = layer.key_size, layer.value_size
    h, M = np.empty((T, B, V)), np.empty((T, B, K, V))
    for b in range(B):
        said, now = state.h[b].tolist(), state.M[b].tolist()
        for t in range(T):
            if exists[t, b]:
                row = x[t, b].tolist()

                def times(name, row=row):
                    columns = range(len(p[name][0]))
                    return [
                        sum(row[d] * p[name][d][j] for d in range(D)) for j in columns
                    ]

                k, q, v = times("W_k"), times("W_q"), times("W_v")
                k_length, q_length = (
                    math.sqrt(sum(a * a for a in u) + 1e-6) for u in (k, q)
                )
                k, q = [a / k_length for a in k], [a / q_length for a in q]
                gate = 1.0
                if "W_g" in p:
                    gate = 1 / (1 + math.exp(-times("W_g")[0] - p["b_g"][0]))
                known = [sum(k[i] * now[i][j] for i in range(K)) for j in range(V)]
                for i in range(K):
                    for j in range(V):
                        if layer.rule == "delta":
                            now[i][j] += gate * k[i] * (v[j] - known[j])
                        else:
                            kept = (
                                gate * now[i][j] if layer.rule == "decay" else now[i][j]
                            )
                            now[i][j] = kept + k[i] * v[j]
                said = [sum(q[i] * now[i][j] for i in range(K)) for j in range(V)]
            h[t, b], M[t, b] = said, now
    return h, M


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("rule", RULES)
def test_every_step_is_the_equation(rule, sizes, masked):
    T, B, D, K, V = sizes
    rng = np.random.default_rng(1)
    layer, x = draw(rng, rule, D, K, V), rng.standard_normal((T, B, D))
    state, mask = draw_state(rng, layer, B), draw_mask(rng, T, B) if masked else None
    h, end, cache = layer.forward(x, state, mask)
    exists = np.ones((T, B), bool) if mask is None else mask
    expected, memories = by_hand(layer, x, state, exists)
    np.testing.assert_allclose(h, expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(cache.M[1:], memories, rtol=1e-12, atol=1e-13)
    np.testing.assert_array_equal(end.h, h[-1])
    np.testing.assert_allclose(end.M, memories[-1], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("rule", RULES)
def test_backward_is_the_derivative(rule, sizes, method, masked):
    T, B, D, K, V = sizes
    rng = np.random.default_rng(2)
    layer, x = draw(rng, rule, D, K, V), rng.standard_normal((T, B, D))
    state, mask = draw_state(rng, layer, B), draw_mask(rng, T, B) if masked else None
    arrays = where_to_check(layer, state, x)
    check_gradients(differentiable(layer, mask=mask), arrays, rng=rng, method=method)


@pytest.mark.parametrize("rule", RULES)
def test_tokens_are_one_hot_inputs(rule):
    rng = np.random.default_rng(3)
    layer, tokens = draw(rng, rule, D=5), rng.integers(0, 5, (6, 3))
    state, mask = draw_state(rng, layer, 3), draw_mask(rng, 6, 3)
    rest = state, mask, rng.standard_normal((6, 3, 2)), draw_state(rng, layer, 3)
    found = everything(layer, tokens, *rest)
    expected = everything(layer, one_hot(tokens, 5), *rest)
    assert expected.pop("dx").shape == (6, 3, 5)
    assert_same(found, expected, 1e-13)


@given(SEEDS, ANY_RULE, st.integers(1, 7))
def test_chunks_are_the_whole(seed, rule, cut):
    rng = np.random.default_rng(seed)
    layer, x = draw(rng, rule), rng.standard_normal((8, 2, 3))
    state, mask = draw_state(rng, layer, 2), draw_mask(rng, 8, 2)
    mask[0], mask[-1] = True, True
    whole, end, _ = layer.forward(x, state, mask)
    first, middle, _ = layer.forward(x[:cut], state, mask[:cut])
    second, last, _ = layer.forward(x[cut:], middle, mask[cut:])
    np.testing.assert_allclose(np.concatenate([first, second]), whole, atol=1e-12)
    np.testing.assert_allclose(last.M, end.M, atol=1e-12)


@given(SEEDS, ANY_RULE)
def test_what_the_padding_holds_changes_nothing(seed, rule):
    rng = np.random.default_rng(seed)
    layer, x, mask = (
        draw(rng, rule),
        rng.standard_normal((6, 3, 3)),
        draw_mask(rng, 6, 3),
    )
    rest = None, mask, rng.standard_normal((6, 3, 2)), draw_state(rng, layer, 3)
    expected = everything(layer, x, *rest)
    x = np.where(mask[..., None], x, np.nan)
    assert_same(everything(layer, x, *rest), expected, 0)


@given(SEEDS)
def test_a_key_that_is_written_again_is_recalled_by_the_delta_rule_alone(seed):
    rng = np.random.default_rng(seed)
    keys = np.linalg.qr(rng.standard_normal((5, 5)))[0]
    values, fresh, one = rng.standard_normal((5, 3)), rng.standard_normal(3), np.ones(1)
    for rule, old in (("sum", values[2]), ("delta", 0)):
        M = np.zeros((5, 3))
        for k, v in zip(keys, values, strict=True):
            M = written(rule, M, k, v, one)
        np.testing.assert_allclose(read(M, keys), values, atol=1e-12)
        M = written(rule, M, keys[2], fresh, one)
        np.testing.assert_allclose(read(M, keys[2]), fresh + old, atol=1e-12)
        np.testing.assert_allclose(read(M, keys[4]), values[4], atol=1e-12)


@given(SEEDS)
def test_the_delta_rule_is_a_step_of_gradient_descent(seed):
    rng = np.random.default_rng(seed)
    M, k, v = (
        rng.standard_normal((4, 3)),
        rng.standard_normal(4),
        rng.standard_normal(3),
    )

    def error(M):
        return 0.5 * ((v - k @ M) ** 2).sum()

    slope = np.empty_like(M)
    for place in np.ndindex(M.shape):
        near = np.zeros_like(M)
        near[place] = 1e-6
        slope[place] = (error(M + near) - error(M - near)) / 2e-6
    found = written("delta", M, k, v, np.array([0.3]))
    np.testing.assert_allclose(found, M - 0.3 * slope, atol=1e-7)


@given(SEEDS, st.integers(1, 6))
def test_a_sum_does_not_ask_in_what_order_it_was_written(seed, T):
    rng = np.random.default_rng(seed)
    layer, x = draw(rng, "sum"), rng.standard_normal((T, 2, 3))
    order = rng.permutation(T)
    _, end, _ = layer.forward(x)
    _, other, _ = layer.forward(x[order])
    np.testing.assert_allclose(other.M, end.M, atol=1e-12)


@pytest.mark.parametrize(("rule", "bias"), [("decay", 800.0), ("delta", -800.0)])
def test_a_gate_that_is_all_open_or_all_shut(rule, bias):
    rng = np.random.default_rng(4)
    layer, x = draw(rng, rule), rng.standard_normal((5, 2, 3))
    layer.params["b_g"][...] = bias
    state = draw_state(rng, layer, 2)
    _, end, _ = layer.forward(x, state)
    if rule == "delta":  # nothing is written
        np.testing.assert_array_equal(end.M, state.M)
        return
    shared = {n: layer.params[n] for n in ("W_k", "W_q", "W_v")}
    sums = draw(rng, "sum").with_params(shared)
    np.testing.assert_allclose(end.M, sums.forward(x, state)[1].M, atol=1e-12)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_that_goes_in_comes_out(rule, dtype):
    rng = np.random.default_rng(5)
    layer = draw(rng, rule, dtype=dtype)
    x, mask = rng.standard_normal((5, 2, 3)).astype(dtype), draw_mask(rng, 5, 2)
    found = everything(layer, x, None, mask, layer.forward(x)[0], None)
    assert {array.dtype for array in found.values()} == {np.dtype(dtype)}


def test_the_memory_as_a_row_and_back():
    rng = np.random.default_rng(6)
    layer = draw(rng, "sum")
    row = rng.standard_normal((3, 8))
    state = layer.from_hidden(row)
    np.testing.assert_array_equal(layer.to_hidden(state), row)
    assert (layer.hidden_size, layer.output_size) == (8, 2)
    assert isinstance(layer.from_final(state.h), FastWeightsState)


@pytest.mark.parametrize("rule", RULES)
def test_it_trains_in_a_stack(rule):
    rng = np.random.default_rng(7)
    below = Recurrent(RNNCell(4, 8, rng=rng))
    above = FastWeights(8, 4, 6, rng=rng, rule=rule)
    model = Tagger(Stacked([Embedding(2, 4, rng=rng), below, above]), 2, rng=rng)
    batches = [Parity(5).sample(16, rng=rng) for _ in range(150)]
    history = fit(model, batches, Adam(0.02), progress=False)
    assert np.mean(history.loss[-5:]) < 0.8 * np.mean(history.loss[:5])


def test_it_answers_for_a_sequence_at_the_end():
    rng = np.random.default_rng(8)
    layer, x = draw(rng, "delta"), rng.standard_normal((5, 2, 3))
    model = SequenceClassifier(layer, 3, rng=rng)
    h = layer.forward(x)[0][-1]
    output = model.parts["output"]
    np.testing.assert_allclose(model.logits(x)[0], output.forward(h)[0], atol=1e-14)


def test_a_cell_is_asked_for_where_both_directions_are_read():
    layer = draw(np.random.default_rng(9), "sum")
    with pytest.raises(ValueError, match="cell must be a Cell, got FastWeights"):
        Bidirectional(layer, layer)
