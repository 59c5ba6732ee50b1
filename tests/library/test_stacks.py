"""Stacks with an embedding at the bottom, and with dropout between their layers."""

import re
from typing import Any

import numpy as np
import pytest

from rnnlib import (
    Bidirectional,
    Dropout,
    Embedding,
    LanguageModel,
    Recurrent,
    Stacked,
    check_gradients,
    from_torch,
    one_hot,
    to_torch,
)
from rnnlib._typing import Array, Grads, Rng
from rnnlib.recurrent import check_causal
from tests.library.nets import assert_same, draw_cell, draw_mask, draw_state, leaves

T, B, V, E, H = 5, 3, 6, 2, 4


def deep(rng: Rng, rate: float = 0.5, *, same: bool = False) -> Stacked:
    """Return three layers upon an embedding, with dropout below each."""
    drops = [Dropout(rate, same_over_time=same) for _ in range(3)]
    both = Bidirectional(draw_cell(rng, H, 1, "gru"), draw_cell(rng, H, 2))
    return Stacked(
        [
            Embedding(V, E, rng=rng),
            drops[0],
            Recurrent(draw_cell(rng, E, H, "lstm"), learn_initial_state=True),
            drops[1],
            Stacked([both]),
            drops[2],
            Recurrent(draw_cell(rng, 3, H)),
        ]
    )


def plain(layer: Stacked) -> Stacked:
    """Return the recurrent layers alone, with the same weights."""
    return Stacked(layer.recurrent)


@pytest.fixture
def rng() -> Rng:
    return np.random.default_rng(0)


@pytest.fixture
def tokens(rng: Rng) -> Array:
    return rng.integers(0, V, size=(T, B))


def test_an_embedding_below_is_a_look_up_in_front(rng, tokens):
    layer, mask = deep(rng), draw_mask(rng, T, B)
    e = layer.params["0.W_xe"][tokens]
    h, state, cache = layer.forward(tokens, None, mask)
    expected_h, expected_state, expected_cache = plain(layer).forward(e, None, mask)
    np.testing.assert_array_equal(h, expected_h)
    np.testing.assert_equal(leaves(state, ""), leaves(expected_state, ""))
    dh, d_state = rng.standard_normal(h.shape), draw_state(rng, layer, B)
    dx, d_start, grads = layer.backward(dh, cache, d_state)
    de, expected_start, expected = plain(layer).backward(dh, expected_cache, d_state)
    assert dx is None
    np.testing.assert_equal(leaves(d_start, ""), leaves(expected_start, ""))
    names = {"0": "2", "1": "4", "2": "6"}  # where these layers stand in the other
    renamed = {f"{names[key[0]]}{key[1:]}": array for key, array in expected.items()}
    each = one_hot(tokens, V)
    renamed["0.W_xe"] = np.einsum("tbv,tbe->ve", each, np.asarray(de))
    assert_same(grads, renamed)


def test_states_are_those_of_the_recurrent_layers_alone(rng):
    layer = deep(rng)
    assert len(layer.recurrent) == 3
    assert len(layer.initial_state(B)) == 3
    assert (layer.input_size, layer.output_size) == (V, H)
    assert layer.hidden_size == plain(layer).hidden_size
    h = rng.standard_normal((B, layer.hidden_size))
    np.testing.assert_array_equal(layer.to_hidden(layer.from_hidden(h)), h)


@pytest.mark.parametrize("same", [False, True])
def test_the_gradient_is_the_derivative_with_the_same_units_dropped(rng, tokens, same):
    layer, mask = deep(rng, same=same), draw_mask(rng, T, B)
    state = draw_state(rng, layer, B)

    def function(**params: Array) -> Any:
        twin = layer.with_params(params)
        h, end, cache = twin.forward(tokens, state, mask, rng=np.random.default_rng(4))

        def backward(d_output: Any) -> Grads:
            return twin.backward(d_output[0], cache, d_output[1])[2]

        return (h, end), backward

    errors = check_gradients(function, layer.params, rng=rng)
    assert set(errors) == set(layer.params)


def test_the_gradient_of_the_input_goes_through_a_dropout_below(rng):
    layer = Stacked([Dropout(0.5), Recurrent(draw_cell(rng, E, H, "gru"))])

    def function(x: Array) -> Any:
        h, _, cache = layer.forward(x, rng=np.random.default_rng(4))
        return h, lambda dh: {"x": layer.backward(dh, cache)[0]}

    check_gradients(function, {"x": rng.standard_normal((T, B, E))}, rng=rng)


def test_without_a_generator_nothing_is_dropped(rng, tokens):
    dropping, whole = deep(rng), deep(np.random.default_rng(0), rate=0.0)
    whole = whole.with_params(dropping.params)
    expected, _, _ = whole.forward(tokens)
    np.testing.assert_array_equal(dropping.forward(tokens)[0], expected)
    np.testing.assert_array_equal(whole.forward(tokens, rng=rng)[0], expected)
    assert (dropping.forward(tokens, rng=rng)[0] != expected).any()


@pytest.mark.parametrize("same", [False, True])
def test_one_mask_over_time_drops_the_same_units_at_every_step(rng, same):
    """What is dropped is seen at a layer that hands its input on."""
    cell = draw_cell(rng, E, E, "identity")
    for name, array in cell.params.items():
        array[...] = np.eye(E) if name == "W_xh" else 0
    drop = Dropout(0.5, same_over_time=same)
    h, _, _ = Stacked([drop, Recurrent(cell)]).forward(np.ones((50, 9, E)), rng=rng)
    assert set(np.unique(h)) == {0.0, 2.0}
    assert (h == h[0]).all() == same
    assert len(np.unique(h[0])) == 2  # units and sequences differ


def test_padding_changes_nothing_where_units_are_dropped(rng, tokens):
    layer, mask = deep(rng), np.arange(T)[:, None] < [T, 2, 3]
    spoilt = np.where(mask, tokens, 99)
    dh = rng.standard_normal((T, B, H))
    found = []
    for x in (tokens, spoilt):
        h, _, cache = layer.forward(x, None, mask, rng=np.random.default_rng(1))
        found.append(layer.backward(dh, cache)[2] | {"h": np.asarray(h)})
    assert_same(found[0], found[1], tolerance=0)


def test_a_stack_keeps_the_precision_of_its_layers(tokens, rng):
    f32: Any = np.float32
    below, above = draw_cell(rng, E, H, "lstm", f32), draw_cell(rng, H, H, "gru", f32)
    embedding, drop = Embedding(V, E, rng=rng, dtype=f32), Dropout(0.5)
    layer = Stacked([embedding, drop, Recurrent(below), drop, Recurrent(above)])
    h, _, cache = layer.forward(tokens, rng=rng)
    grads = layer.backward(np.ones_like(h), cache)[2]
    assert {array.dtype for array in [h, *grads.values()]} == {np.dtype(f32)}
    assert layer.dtype == f32


def test_a_writer_reads_its_own_embedding_one_step_at_a_time(rng, tokens):
    layers = [Recurrent(draw_cell(rng, E, H, "lstm")), Recurrent(draw_cell(rng, H, H))]
    layer = Stacked([Embedding(V, E, rng=rng), layers[0], Dropout(0.5), layers[1]])
    model = LanguageModel(layer, rng=rng)
    whole, end = model.logits(tokens)
    state = model.start(B)
    for t in range(T):
        y, state = model.step(tokens[t], state)
        np.testing.assert_allclose(y, whole[t], rtol=1e-12)
    np.testing.assert_equal(leaves(state, ""), leaves(end, ""))


def test_a_stack_that_looks_ahead_anywhere_cannot_write(rng):
    with pytest.raises(ValueError, match=r"left to right only, .*, got Bidirectional"):
        check_causal(deep(rng))


def test_pytorch_keeps_no_weights_of_a_dropout(rng):
    below, above = draw_cell(rng, E, H, "lstm"), draw_cell(rng, H, H, "lstm")
    layers = [Recurrent(below), Recurrent(above)]
    weights = to_torch(Stacked(layers))
    dropping = Stacked([layers[0], Dropout(0.5), layers[1]])
    np.testing.assert_equal(to_torch(dropping), weights)
    from_torch(dropping, {name: array + 1 for name, array in weights.items()})
    np.testing.assert_array_equal(
        to_torch(dropping)["weight_hh_l1"], weights["weight_hh_l1"] + 1
    )


def test_a_step_without_input_has_nothing_to_drop(rng):
    layers = Recurrent(draw_cell(rng, E, H, "gru")), Recurrent(draw_cell(rng, H, 3))
    mask, dh = draw_mask(rng, T, B), rng.standard_normal((T, B, 3))
    dropped = Stacked([Dropout(0.5), layers[0], layers[1]])
    h, _, cache = dropped.forward(None, None, mask, rng=rng)
    expected, _, plain_cache = Stacked(layers).forward(None, None, mask)
    np.testing.assert_array_equal(h, expected)
    dx, _, grads = dropped.backward(dh, cache)
    assert dx is None
    _, _, plain_grads = Stacked(layers).backward(dh, plain_cache)
    for name, array in plain_grads.items():
        below, key = name.split(".", 1)
        np.testing.assert_array_equal(grads[f"{int(below) + 1}.{key}"], array)


def test_an_embedding_asks_for_tokens_in_the_words_of_the_stack(rng, tokens):
    layer, mask = deep(rng), draw_mask(rng, T, B)
    wrong = {
        r"x must be tokens \(T, B\), got None; an Embedding has no": None,
        r"one-hot vector is the token x\.argmax\(axis=-1\)": one_hot(tokens, V),
        r"convert it with x\.astype\(int\)": tokens.astype(float),
        r"got \(5,\); for a batch of one, pass x\[:, None\]": tokens[:, 0],
        r"got \(5, 3, 1\)": tokens[:, :, None],
        r"got text; a Vocabulary encodes": [["a", "b"]],
    }
    for says, x in wrong.items():
        for given in (None, mask):
            with pytest.raises(ValueError, match=says):
                layer.forward(x, None, given)


@pytest.mark.parametrize(
    "above", ["Stacked([embedding, layer])", "a dropout of its own"]
)
def test_what_has_no_state_cannot_stand_alone_and_it_is_said_what_to_do(rng, above):
    lonely = Embedding(V, E, rng=rng) if "embedding" in above else Dropout(0.5)
    with pytest.raises(ValueError, match=re.escape(above)):
        Stacked([lonely])


def test_layers_that_share_memory_share_weights(rng):
    below, above = draw_cell(rng, H, H), draw_cell(rng, H, H)
    above.params["W_hh"] = below.params["W_hh"].T
    with pytest.raises(ValueError, match="layers must not share weights"):
        Stacked([Recurrent(below), Recurrent(above)])


def test_a_stack_says_whether_it_drops_anything(rng):
    assert deep(rng).drops
    assert Stacked([deep(rng)]).drops
    assert not deep(rng, 0.0).drops
    assert not plain(deep(rng)).drops
