import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    AdditiveAttention,
    DotAttention,
    GRUCell,
    Pairs,
    Recurrent,
    Seq2Seq,
    check_gradients,
)
from tests.library.nets import draw_mask

SEEDS = st.integers(0, 2**32 - 1)
# T, S, B, H, K, E, A: the usual; one of each; one query; one key; more keys than steps
SIZES = [
    (4, 5, 3, 3, 3, 2, 6),
    (1, 1, 1, 1, 1, 1, 1),
    (1, 6, 2, 4, 4, 3, 2),
    (5, 1, 2, 2, 2, 2, 3),
]
KINDS = ["dot", "scaled", "additive"]
ANY_KIND = st.sampled_from(KINDS)


def draw_attention(rng, kind, sizes=SIZES[0], dtype=np.float64, **options):
    """Return an attention; only the additive one takes keys of another size."""
    _, _, _, H, K, _, A = sizes
    if kind == "additive":
        return AdditiveAttention(H, K + 1, A, rng=rng, dtype=dtype, **options)
    return DotAttention(scaled=kind == "scaled", **options)


def drawn(seed, kind, sizes=SIZES[0], dtype=np.float64, **options):
    """Return a generator, an attention, its arrays, and a mask with holes."""
    T, S, B, H, K, E, _ = sizes
    rng = np.random.default_rng(seed)
    keys = K + 1 if kind == "additive" else K
    shapes = {"queries": (T, B, H), "keys": (S, B, keys), "values": (S, B, E)}
    arrays = {name: rng.standard_normal(s).astype(dtype) for name, s in shapes.items()}
    attention = draw_attention(rng, kind, sizes, dtype, **options)
    return rng, attention, arrays, draw_mask(rng, S, B)


def everything(attention, arrays, mask, dcontext):
    """Return all results of forward and backward, by name."""
    context, weights, cache = attention.forward(**arrays, mask=mask)
    dqueries, dkeys, dvalues, grads = attention.backward(dcontext, cache)
    found = {"context": context, "weights": weights, "dqueries": dqueries}
    return found | {"dkeys": dkeys, "dvalues": dvalues} | grads


def score(kind, attention, query, key):
    """Return one score, one multiplication at a time."""
    if kind != "additive":
        dot = math.fsum(q * k for q, k in zip(query, key, strict=True))
        return dot / math.sqrt(len(query)) if kind == "scaled" else dot
    W_qa, W_ka, v_a = (attention.params[n].tolist() for n in ("W_qa", "W_ka", "v_a"))
    total = 0.0
    for a, v in enumerate(v_a):
        asked = math.fsum(q * row[a] for q, row in zip(query, W_qa, strict=True))
        offered = math.fsum(k * row[a] for k, row in zip(key, W_ka, strict=True))
        total += v * math.tanh(asked + offered)
    return total


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_attention_is_its_equation(kind, sizes, masked):
    _, attention, arrays, mask = drawn(1, kind, sizes)
    context, weights, _ = attention.forward(**arrays, mask=mask if masked else None)
    T, S, B = sizes[:3]
    queries, keys, values = (array.tolist() for array in arrays.values())
    for t in range(T):
        for b in range(B):
            there = [s for s in range(S) if mask[s, b] or not masked]
            powers = {
                s: math.exp(score(kind, attention, queries[t][b], keys[s][b]))
                for s in there
            }
            total = math.fsum(powers.values())
            expected = [powers.get(s, 0.0) / total for s in range(S)]
            np.testing.assert_allclose(weights[t, b], expected, rtol=1e-12)
            mean = [
                math.fsum(expected[s] * values[s][b][e] for s in there)
                for e in range(len(values[0][0]))
            ]
            np.testing.assert_allclose(context[t, b], mean, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_all_gradients_are_derivatives(kind, sizes, masked, method):
    rng, attention, arrays, mask = drawn(2, kind, sizes)

    def function(queries, keys, values, **params):
        twin = attention.with_params(params)
        found = twin.forward(queries, keys, values, mask if masked else None)

        def backward(dcontext):
            dqueries, dkeys, dvalues, grads = twin.backward(dcontext, found[2])
            given = {"queries": dqueries, "keys": dkeys, "values": dvalues}
            return grads | given

        return found[0], backward

    check_gradients(function, arrays | attention.params, rng=rng, method=method)


@given(SEEDS, ANY_KIND, st.floats(0, 1e3), st.booleans())
def test_each_row_of_weights_sums_to_one(seed, kind, scale, masked):
    _, attention, arrays, mask = drawn(seed, kind)
    arrays["queries"] *= scale
    _, weights, _ = attention.forward(**arrays, mask=mask if masked else None)
    np.testing.assert_allclose(weights.sum(axis=-1), np.ones((4, 3)), rtol=1e-13)
    assert (weights >= 0).all()


@given(SEEDS, ANY_KIND, st.sampled_from([np.nan, np.inf, 1e200]))
def test_a_masked_key_has_weight_zero_and_is_not_seen(seed, kind, filling):
    rng, attention, arrays, mask = drawn(seed, kind)
    dcontext = rng.standard_normal((4, 3, 2))
    expected = everything(attention, arrays, mask, dcontext)
    for name in ("keys", "values"):
        arrays[name][~mask] = filling
    found = everything(attention, arrays, mask, dcontext)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)
    missing = np.broadcast_to(~mask.T, (4, 3, 5))
    np.testing.assert_array_equal(found["weights"][missing], 0.0)
    for name in ("dkeys", "dvalues"):
        np.testing.assert_array_equal(found[name][~mask], 0.0)


@given(SEEDS, ANY_KIND)
def test_a_masked_key_might_as_well_not_be_there(seed, kind):
    rng, attention, arrays, _ = drawn(seed, kind)
    dcontext = rng.standard_normal((4, 3, 2))
    mask = np.array([True, False, True, True, False])
    found = everything(attention, arrays, np.tile(mask[:, None], 3), dcontext)
    for name in ("keys", "values"):
        arrays[name] = arrays[name][mask]
    expected = everything(attention, arrays, None, dcontext)
    found["weights"] = found["weights"][..., mask]
    for name in expected:
        part = found[name][mask] if name in ("dkeys", "dvalues") else found[name]
        np.testing.assert_allclose(part, expected[name], rtol=1e-10, atol=1e-14)


@given(SEEDS, ANY_KIND)
def test_keys_in_another_order_have_their_weights_in_that_order(seed, kind):
    rng, attention, arrays, mask = drawn(seed, kind)
    dcontext = rng.standard_normal((4, 3, 2))
    expected = everything(attention, arrays, mask, dcontext)
    order = rng.permutation(5)
    for name in ("keys", "values"):
        arrays[name] = arrays[name][order]
    found = everything(attention, arrays, mask[order], dcontext)
    expected["weights"] = expected["weights"][..., order]
    for name in ("dkeys", "dvalues"):
        expected[name] = expected[name][order]
    for name in expected:
        np.testing.assert_allclose(
            found[name], expected[name], rtol=1e-9, atol=1e-13, err_msg=name
        )


@given(SEEDS, ANY_KIND)
def test_the_order_in_the_batch_does_not_matter(seed, kind):
    rng, attention, arrays, mask = drawn(seed, kind)
    order = rng.permutation(3)
    context, weights, _ = attention.forward(**arrays, mask=mask)
    arrays = {name: array[:, order] for name, array in arrays.items()}
    found, same, _ = attention.forward(**arrays, mask=mask[:, order])
    np.testing.assert_allclose(found, context[:, order], rtol=1e-12)
    np.testing.assert_allclose(same, weights[:, order], rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_no_mask_means_every_key(kind):
    rng, attention, arrays, mask = drawn(3, kind)
    dcontext = rng.standard_normal((4, 3, 2))
    found = everything(attention, arrays, np.ones_like(mask), dcontext)
    expected = everything(attention, arrays, None, dcontext)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name])


def test_scaling_divides_scores_by_the_root_of_their_size():
    rng = np.random.default_rng(4)
    queries, keys = rng.standard_normal((3, 2, 16)), rng.standard_normal((5, 2, 16))
    _, found, _ = DotAttention(scaled=True).forward(queries, keys, keys)
    _, expected, _ = DotAttention().forward(queries / 4, keys, keys)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_huge_scores_pick_one_key():
    keys = np.array([[[1e4]], [[-1e4]], [[0.0]]])
    _, weights, _ = DotAttention().forward(np.ones((1, 1, 1)), keys, keys)
    np.testing.assert_array_equal(weights, [[[1, 0, 0]]])


def test_values_may_be_the_keys_themselves():
    """Then both gradients add up; nothing that was given is changed."""
    rng, attention, arrays, mask = drawn(5, "dot")
    keys = arrays["keys"]

    def function(keys):
        found = attention.forward(arrays["queries"], keys, keys, mask)

        def backward(dcontext):
            _, dkeys, dvalues, _ = attention.backward(dcontext, found[2])
            return {"keys": dkeys + dvalues}

        return found[0], backward

    before = keys.copy()
    check_gradients(function, {"keys": keys}, rng=rng)
    np.testing.assert_array_equal(keys, before)


def test_new_weights_are_glorot():
    params = AdditiveAttention(40, 20, 30, rng=np.random.default_rng(6)).params
    sizes = {"W_qa": (40, 30), "W_ka": (20, 30), "v_a": (30,)}
    assert {name: array.shape for name, array in params.items()} == sizes
    for name, total in {"W_qa": 70, "W_ka": 50, "v_a": 31}.items():
        limit = math.sqrt(6 / total)
        assert 0.8 * limit < abs(params[name]).max() <= limit
    assert DotAttention().params == {}


@pytest.mark.parametrize("kind", KINDS)
def test_with_params_computes_with_the_arrays_it_is_given(kind):
    rng, attention, arrays, mask = drawn(7, kind)
    other = draw_attention(rng, kind)
    twin = attention.with_params(other.params)
    found, expected = (each.forward(**arrays, mask=mask)[0] for each in (twin, other))
    np.testing.assert_array_equal(found, expected)
    for name in attention.params:
        assert twin.params[name] is other.params[name] is not attention.params[name]


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("kind", KINDS)
def test_single_precision_stays_single_precision(kind, masked):
    rng, attention, arrays, mask = drawn(8, kind, dtype=np.float32)
    dcontext = rng.standard_normal((4, 3, 2)).astype(np.float32)
    found = everything(attention, arrays, mask if masked else None, dcontext)
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("kind", KINDS[:2])
def test_scores_that_overflow_are_an_error_and_no_nan(kind):
    _, attention, arrays, mask = drawn(0, kind)
    arrays["queries"] *= 1e200
    arrays["keys"] *= 1e200
    with pytest.raises(ValueError, match="scores must be finite, got infinity"):
        attention.forward(**arrays)
    arrays["keys"][~mask] *= 1e90
    arrays["keys"][mask] /= 1e200
    _, weights, _ = attention.forward(**arrays, mask=mask)  # padding may be anything
    np.testing.assert_allclose(weights.sum(axis=-1), 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_weights_of_an_attention_are_read_only(kind):
    _, attention, arrays, mask = drawn(0, kind)
    _, weights, _ = attention.forward(**arrays, mask=mask)
    with pytest.raises(ValueError, match="read-only"):
        weights[...] = 1


# a mask for each query; rows of which nothing is left; scores beyond all floats


def each_its_own(rng, T, S, B, *, empty):
    """Return a mask (T, B, S); with `empty` some queries see no key, else all do."""
    mask = rng.random((T, B, S)) < 0.5
    mask[rng.integers(0, T), rng.integers(0, B)] = False
    if not empty:
        mask |= rng.random((T, B, S)).argmax(axis=-1)[..., None] == np.arange(S)
    return mask


@given(SEEDS, ANY_KIND)
def test_a_mask_for_each_query_is_a_mask_for_one_query_alone(seed, kind):
    rng, attention, arrays, _ = drawn(seed, kind)
    mask = each_its_own(rng, 4, 5, 3, empty=False)
    context, weights, _ = attention.forward(**arrays, mask=mask)
    for t in range(4):
        one = arrays | {"queries": arrays["queries"][t : t + 1]}
        alone, same, _ = attention.forward(**one, mask=mask[t].T)
        np.testing.assert_allclose(context[t], alone[0], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(weights[t], same[0], rtol=1e-12, atol=1e-15)


@given(SEEDS, ANY_KIND)
def test_the_same_mask_for_every_query_is_the_mask_of_the_keys(seed, kind):
    rng, attention, arrays, mask = drawn(seed, kind)
    dcontext = rng.standard_normal((4, 3, 2))
    expected = everything(attention, arrays, mask, dcontext)
    found = everything(attention, arrays, np.tile(mask.T, (4, 1, 1)), dcontext)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_derivatives_where_each_query_sees_its_own(kind, empty, method):
    rng, attention, arrays, _ = drawn(11, kind, lenient=empty)
    mask = each_its_own(rng, 4, 5, 3, empty=empty)

    def function(queries, keys, values, **params):
        twin = attention.with_params(params)
        found = twin.forward(queries, keys, values, mask)

        def backward(dcontext):
            dqueries, dkeys, dvalues, grads = twin.backward(dcontext, found[2])
            return grads | {"queries": dqueries, "keys": dkeys, "values": dvalues}

        return found[0], backward

    check_gradients(function, arrays | attention.params, rng=rng, method=method)


@given(SEEDS, ANY_KIND)
def test_a_query_of_which_no_key_is_left_gets_nothing_and_the_others_what_they_got(
    seed, kind
):
    rng, attention, arrays, _ = drawn(seed, kind, lenient=True)
    mask = each_its_own(rng, 4, 5, 3, empty=True)
    none = ~mask.any(axis=-1)
    found = everything(attention, arrays, mask, rng.standard_normal((4, 3, 2)))
    for name in ("context", "weights", "dqueries"):
        np.testing.assert_array_equal(found[name][none], 0.0)
    np.testing.assert_allclose(found["weights"][~none].sum(axis=-1), 1, rtol=1e-13)
    # what such a query asks changes nothing at all
    dcontext = rng.standard_normal((4, 3, 2))
    expected = everything(attention, arrays, mask, dcontext)
    arrays["queries"][none] *= -7
    dcontext[none] = 99
    again = everything(attention, arrays, mask, dcontext)
    for name in expected:
        np.testing.assert_array_equal(again[name], expected[name], err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_no_key_at_all_is_an_error_unless_it_is_asked_for(kind):
    _, attention, arrays, mask = drawn(12, kind)
    mask[:, 1] = False
    with pytest.raises(ValueError, match=r"a key, got none for sequence 1; with len"):
        attention.forward(**arrays, mask=mask)
    both = np.tile(mask.T, (4, 1, 1))
    both[:2, 1] = True
    with pytest.raises(ValueError, match=r"got none for query 2 of sequence 1"):
        attention.forward(**arrays, mask=both)
    _, lenient, arrays, _ = drawn(12, kind, lenient=True)
    context, weights, _ = lenient.forward(**arrays, mask=np.zeros_like(mask))
    np.testing.assert_array_equal(context, np.zeros((4, 3, 2)))
    np.testing.assert_array_equal(weights, np.zeros((4, 3, 5)))


def exactly(queries, keys, mask, scale):
    """Return the weights of a dot attention, with scores that are fractions."""
    T, B = queries.shape[:2]
    weights = np.zeros((T, B, len(keys)))
    for t in range(T):
        for b in range(B):
            there = np.flatnonzero(mask[t, b])
            scores = [
                sum(
                    Fraction(float(q)) * Fraction(float(k))
                    for q, k in zip(queries[t, b], keys[s, b], strict=True)
                )
                * Fraction(scale)
                for s in there
            ]
            # below -800 exp is 0 in floats
            powers = [math.exp(max(s - max(scores), Fraction(-800))) for s in scores]
            weights[t, b, there] = np.array(powers) / math.fsum(powers)
    return weights


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@given(SEEDS, st.booleans(), st.integers(0, 300))
def test_scores_that_overflow_have_the_limit_of_their_softmax(dtype, seed, scaled, far):
    """Computed with fractions, which have no largest number."""
    kind = "scaled" if scaled else "dot"
    rng, attention, arrays, _ = drawn(
        seed, kind, (3, 4, 2, 4, 4, 2, 1), dtype, lenient=True
    )
    mask = each_its_own(rng, 3, 4, 2, empty=False)
    far = far if dtype is np.float64 else far // 9
    arrays["queries"][0] *= 10.0**far
    arrays["keys"][:, 1] *= 10.0**far
    arrays["keys"][1] = arrays["keys"][0]  # a tie
    _, weights, cache = attention.forward(**arrays, mask=mask)
    expected = exactly(arrays["queries"], arrays["keys"], mask, 0.5 if scaled else 1)
    tolerance = 1e-3 if far else 1e-5
    np.testing.assert_allclose(weights, expected, rtol=0, atol=tolerance)
    assert weights.dtype == dtype
    with np.errstate(all="ignore"):
        found = attention.backward(arrays["queries"][..., :2] * 0 + 1, cache)[:3]
    assert not any(np.isnan(array).any() for array in found)


def test_an_additive_attention_that_overflows_says_so_even_if_it_is_lenient():
    _, attention, arrays, mask = drawn(13, "additive", lenient=True)
    attention.params["v_a"][...] = 1.5e308
    with pytest.raises(ValueError, match="scores must be finite, got infinity"):
        attention.forward(**arrays, mask=mask)


def test_a_translator_may_read_nothing_if_its_attention_is_lenient():
    rng = np.random.default_rng(14)
    encoder, decoder = (Recurrent(GRUCell(7, 4, rng=rng)) for _ in range(2))
    source, target = rng.integers(3, 7, size=(5, 3)), rng.integers(3, 7, size=(4, 3))
    there = draw_mask(rng, 5, 3)
    there[:, 1] = False
    pairs = Pairs(source, there, target, np.ones((4, 3), bool))
    strict = Seq2Seq(encoder, decoder, rng=rng, attention=DotAttention())
    with pytest.raises(ValueError, match="got none for sequence 1; with lenient=True"):
        strict.loss(pairs)
    attention = DotAttention(lenient=True)
    model = Seq2Seq(encoder, decoder, rng=rng, attention=attention)

    def function(**params):
        loss = model.with_params(params).loss(pairs)
        return np.asarray(loss.value), lambda d: {
            k: d * g for k, g in loss.grads.items()
        }

    check_gradients(function, model.params, rng=rng)
    np.testing.assert_array_equal(model.alignment(pairs)[:, 1], 0.0)
