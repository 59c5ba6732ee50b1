import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import Dropout, Embedding, Linear, check_gradients, one_hot
from tests.library.nets import draw_mask

T, B, H, V, E = 5, 3, 4, 6, 2
SEEDS = st.integers(0, 2**32 - 1)
LEADING = [(T, B), (B,), (), (2, T, 1)]
METHODS = ["central", "complex"]


def draw_linear(rng, dtype=np.float64):
    layer = Linear(H, V, rng=rng, dtype=dtype)
    layer.params["b_y"][...] = rng.standard_normal(V)
    return layer


@pytest.mark.parametrize("leading", LEADING)
def test_a_linear_layer_is_its_equation(leading):
    rng = np.random.default_rng(1)
    layer = draw_linear(rng)
    h = rng.standard_normal((*leading, H))
    y, _ = layer.forward(h)
    assert y.shape == (*leading, V)
    W, b = (layer.params[name].tolist() for name in ("W_hy", "b_y"))
    for row, found in zip(h.reshape(-1, H).tolist(), y.reshape(-1, V), strict=True):
        expected = [
            b[v] + math.fsum(row[j] * W[j][v] for j in range(H)) for v in range(V)
        ]
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("leading", LEADING)
def test_the_gradients_of_a_linear_layer_are_derivatives(leading, method):
    rng = np.random.default_rng(2)
    layer = draw_linear(rng)

    def function(h, **params):
        twin = layer.with_params(params)
        y, cache = twin.forward(h)

        def backward(dy):
            dh, grads = twin.backward(dy, cache)
            return grads | {"h": dh}

        return y, backward

    h = rng.standard_normal((*leading, H))
    check_gradients(function, layer.params | {"h": h}, rng=rng, method=method)


def test_a_new_linear_layer_has_glorot_and_zero():
    layer = Linear(40, 30, rng=np.random.default_rng(3))
    limit = math.sqrt(6 / 70)
    assert 0.9 * limit < abs(layer.params["W_hy"]).max() <= limit
    np.testing.assert_array_equal(layer.params["b_y"], np.zeros(30))


@given(SEEDS, st.booleans(), st.sampled_from([V, 300]))
def test_an_embedding_is_a_one_hot_vector_times_its_matrix(seed, masked, vocab_size):
    """Value and gradient; tokens that repeat add up, of few kinds or of many."""
    rng = np.random.default_rng(seed)
    layer = Embedding(vocab_size, E, rng=rng)
    tokens = rng.integers(vocab_size - V, vocab_size, size=(T, B))
    mask = draw_mask(rng, T, B) if masked else np.ones((T, B), bool)
    vectors = one_hot(tokens, vocab_size) * mask[:, :, None]
    e, cache = layer.forward(tokens, mask if masked else None)
    np.testing.assert_allclose(e, vectors @ layer.params["W_xe"], rtol=1e-14)
    de = rng.standard_normal((T, B, E))
    grads = layer.backward(de, cache)
    assert list(grads) == ["W_xe"]
    expected = np.einsum("tbv,tbe->ve", vectors, de)
    np.testing.assert_allclose(grads["W_xe"], expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
def test_the_gradient_of_an_embedding_is_the_derivative(masked, method):
    rng = np.random.default_rng(4)
    layer = Embedding(V, E, rng=rng)
    tokens = rng.integers(0, V, size=(T, B))
    mask = draw_mask(rng, T, B) if masked else None

    def function(**params):
        twin = layer.with_params(params)
        e, cache = twin.forward(tokens, mask)
        return e, lambda de: twin.backward(de, cache)

    check_gradients(function, layer.params, rng=rng, method=method)


@given(SEEDS, st.sampled_from([-7, V, 10**6]))
def test_padding_of_tokens_weighs_nothing(seed, filling):
    rng = np.random.default_rng(seed)
    layer = Embedding(V, E, rng=rng)
    tokens, mask = rng.integers(0, V, size=(T, B)), draw_mask(rng, T, B)
    de = rng.standard_normal((T, B, E))
    expected, cache = layer.forward(tokens, mask)
    dexpected = layer.backward(de, cache)["W_xe"]
    tokens[~mask] = filling
    de[~mask] = np.nan
    found, cache = layer.forward(tokens, mask)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(found[~mask], 0.0)
    np.testing.assert_array_equal(layer.backward(de, cache)["W_xe"], dexpected)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 2)])
@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.int64])
def test_tokens_of_any_kind_and_shape_will_do(kind, shape):
    rng = np.random.default_rng(5)
    layer = Embedding(V, E, rng=rng)
    tokens = rng.integers(0, V, size=shape).astype(kind)
    for mask in (None, np.ones(shape, bool)):
        e, cache = layer.forward(tokens, mask)
        np.testing.assert_array_equal(e, layer.params["W_xe"][tokens])
        assert layer.backward(np.ones_like(e), cache)["W_xe"].sum() == e.size


def test_new_embeddings_are_standard_normal():
    vectors = Embedding(200, 100, rng=np.random.default_rng(6)).params["W_xe"]
    assert vectors.shape == (200, 100)
    assert abs(vectors.mean()) < 0.03
    assert abs(vectors.std() - 1) < 0.03


@given(
    SEEDS, st.floats(0, 0.95), st.booleans(), st.sampled_from([(7, 3, 4), (7, 5), (7,)])
)
def test_dropout_keeps_an_entry_scaled_up_or_drops_it(seed, rate, same, shape):
    rng = np.random.default_rng(seed)
    x, dy = rng.standard_normal((2, *shape))
    dropout = Dropout(rate, same_over_time=same)
    y, cache = dropout.forward(x, rng=rng)
    dx = dropout.backward(dy, cache)
    kept = y != 0
    np.testing.assert_allclose(y[kept], x[kept] / (1 - rate), rtol=1e-14)
    np.testing.assert_allclose(dx, np.where(kept, dy / (1 - rate), 0), rtol=1e-14)
    if rate == 0:
        assert kept.all()
    if same:
        np.testing.assert_array_equal(kept, np.broadcast_to(kept[0], shape))


def test_a_mask_is_drawn_for_each_step_unless_one_is_kept():
    x = np.ones((50, 2, 30))
    fresh, _ = Dropout(0.5).forward(x, rng=np.random.default_rng(7))
    same, _ = Dropout(0.5, same_over_time=True).forward(x, rng=np.random.default_rng(7))
    assert (fresh != fresh[0]).mean() > 0.4
    np.testing.assert_array_equal(same, np.broadcast_to(same[0], same.shape))
    assert (same[0, 0] != same[0, 1]).any()  # each sequence has its own


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_dropout_drops_its_share_and_keeps_the_mean(rate):
    x = np.ones((100, 1000))
    y, _ = Dropout(rate).forward(x, rng=np.random.default_rng(8))
    assert abs((y == 0).mean() - rate) < 0.01
    assert abs(y.mean() - 1) < 0.03


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("same", [False, True])
def test_the_gradient_of_dropout_is_the_derivative(same, method):
    rng = np.random.default_rng(9)
    dropout = Dropout(0.4, same_over_time=same)

    def function(x):
        y, cache = dropout.forward(x, rng=np.random.default_rng(10))  # the same mask
        return y, lambda dy: {"x": dropout.backward(dy, cache)}

    check_gradients(
        function, {"x": rng.standard_normal((T, B, H))}, rng=rng, method=method
    )


def test_at_inference_dropout_changes_nothing():
    rng = np.random.default_rng(11)
    x, dy = rng.standard_normal((2, T, B, H))
    y, cache = Dropout(0.9).forward(x)
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(Dropout(0.9).backward(dy, cache), dy)


@pytest.mark.parametrize("make", [Linear, Embedding])
def test_with_params_computes_with_the_arrays_it_is_given(make):
    rng = np.random.default_rng(12)
    layer, other = make(H, V, rng=rng), make(H, V, rng=rng)
    given = rng.standard_normal((T, H)) if make is Linear else rng.integers(0, H, T)
    before = {name: array.copy() for name, array in layer.params.items()}
    twin = layer.with_params(other.params)
    np.testing.assert_array_equal(twin.forward(given)[0], other.forward(given)[0])
    for name, array in layer.params.items():
        assert twin.params[name] is other.params[name]
        np.testing.assert_array_equal(array, before[name])


def test_single_precision_stays_single_precision():
    rng = np.random.default_rng(13)
    linear = draw_linear(rng, np.float32)
    h = rng.standard_normal((T, H)).astype(np.float32)
    y, cache = linear.forward(h)
    dh, grads = linear.backward(y, cache)
    embedding = Embedding(V, E, rng=rng, dtype=np.float32)
    tokens, mask = rng.integers(0, V, size=(T, B)), draw_mask(rng, T, B)
    found = [y, dh, *grads.values()]
    for exists in (None, mask):
        e, cache = embedding.forward(tokens, exists)
        found += [e, embedding.backward(e, cache)["W_xe"]]
    for same in (False, True):
        dropout = Dropout(0.3, same_over_time=same)
        dropped, scale = dropout.forward(h, rng=rng)
        found += [dropped, dropout.backward(h, scale)]
    assert {array.dtype for array in found} == {np.dtype(np.float32)}
