"""A model without a direction of its state: by hand, and by its gradients."""

import numpy as np
import pytest

from rnnlib import (
    Batch,
    GRUCell,
    Recurrent,
    Seq2Seq,
    SequenceClassifier,
    Tagger,
    check_gradients,
)
from rnnlib.diagnostics import ablated
from tests.library.nets import KINDS, draw_cell, draw_mask

T, B, D, H = 5, 3, 3, 4


def draw(kind, seed):
    """Return a tagger, a batch, and two directions with the state that they hold."""
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, D, H, kind)
    model = Tagger(Recurrent(cell), 3, rng=rng)
    batch = Batch(
        rng.standard_normal((T, B, D)),
        rng.integers(0, 3, (T, B)),
        draw_mask(rng, T, B),
    )
    S = H * len(cell.State._fields)
    return model, batch, rng.standard_normal((2, S)), rng.standard_normal(S)


def by_hand(model, x, mask, directions, at):
    """Return scores, with each state moved along the directions by least squares."""
    cell = model.parts["recurrent"].cell
    state, scores = cell.initial_state(B), []
    for t in range(T):
        new, _ = cell.forward(x[t], state)
        s = np.concatenate(new, axis=-1)
        S, old = len(at), np.concatenate(state, axis=-1)
        off = (s[:, :S] - at).T
        s[:, :S] -= (directions.T @ np.linalg.lstsq(directions.T, off)[0]).T
        s = np.where(mask[t][:, None], s, old)
        state = cell.State(*np.split(s, len(new), axis=-1))
        scores.append(
            state.h @ model.params["output.W_hy"] + model.params["output.b_y"]
        )
    return np.stack(scores)


@pytest.mark.parametrize("kind", KINDS)
def test_it_computes_as_before_but_for_the_directions_that_are_held(kind):
    model, batch, directions, at = draw(kind, 0)
    held = ablated(model, directions, at=at)
    y, _ = held.logits(batch.inputs, mask=batch.mask)
    expected = by_hand(model, batch.inputs, batch.mask, directions, at)
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_its_gradients_are_those_of_what_it_computes(kind):
    if kind == "relu":
        return  # a kink may lie between the two sides of a difference
    model, batch, directions, at = draw(kind, 1)
    held = ablated(model, directions, at=at)

    def loss(**params):
        value, grads, _ = held.with_params(params).loss(batch)
        return value, lambda d: {name: d * grad for name, grad in grads.items()}

    check_gradients(loss, held.params, rng=np.random.default_rng(2))


def test_a_learned_state_hears_of_sequences_whose_first_steps_do_not_exist():
    model, batch, directions, at = draw("lstm", 3)
    cell, rng = model.parts["recurrent"].cell, np.random.default_rng(4)
    layer = Recurrent(cell, learn_initial_state=True)
    for array in layer.initial_params.values():
        array[...] = rng.standard_normal(H)
    mask = np.ones((T, B), bool)
    mask[:2, 0] = False
    held = ablated(Tagger(layer, 3, rng=rng), directions, at=at)

    def loss(**params):
        padded = batch._replace(mask=None, input_mask=mask)
        value, grads, _ = held.with_params(params).loss(padded)
        return value, lambda d: {name: d * grad for name, grad in grads.items()}

    check_gradients(loss, held.params, rng=rng)


def test_a_unit_that_is_held_stays_where_it_was_put_and_the_others_read_it_there():
    model, batch, _, at = draw("gru", 3)
    held = ablated(model, np.eye(H)[2], at=at)
    h, state, _ = held.parts["recurrent"].forward(batch.inputs)
    np.testing.assert_allclose(h[..., 2], at[2], atol=1e-14)
    np.testing.assert_array_equal(state.h, h[-1])
    free, _, _ = model.parts["recurrent"].forward(batch.inputs)
    np.testing.assert_array_equal(np.delete(h[0], 2, -1), np.delete(free[0], 2, -1))
    assert abs(np.delete(h[1], 2, -1) - np.delete(free[1], 2, -1)).min() > 1e-6


def test_the_hidden_state_of_an_lstm_can_be_held_while_its_cell_state_goes_on():
    model, batch, _, _ = draw("lstm", 4)
    held = ablated(model, np.eye(H), at=np.zeros(H))
    h, state, _ = held.parts["recurrent"].forward(batch.inputs)
    np.testing.assert_allclose(h, 0, atol=1e-15)
    assert abs(state.c).min() > 0
    params = model.params
    gates = batch.inputs @ params["recurrent.W_xh"] + params["recurrent.b_h"]
    i, f, _, g = np.split(gates, 4, axis=-1)
    c = 0
    for t in range(T):
        c = c / (1 + np.exp(-f[t])) + np.tanh(g[t]) / (1 + np.exp(-i[t]))
    np.testing.assert_allclose(state.c, c, rtol=1e-9)


def test_only_the_span_of_the_directions_counts():
    model, batch, directions, at = draw("tanh", 5)
    mixed = np.array([[2.0, 1.0], [-1.0, 3.0]]) @ directions
    one, other = (
        ablated(model, rows, at=at).logits(batch.inputs)[0]
        for rows in (directions, mixed)
    )
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_a_state_that_is_held_where_it_is_anyway_changes_nothing():
    model, batch, _, _ = draw("tanh", 6)
    model.params["recurrent.W_xh"][:, 1] = 0
    model.params["recurrent.W_hh"][:, 1] = 0
    model.params["recurrent.b_h"][1] = 0.3
    at = np.tanh(np.full(H, 0.3))
    held = ablated(model, np.eye(H)[1], at=at)
    np.testing.assert_allclose(
        held.logits(batch.inputs)[0], model.logits(batch.inputs)[0], atol=1e-14
    )


def test_the_encoder_of_a_translator_can_be_held_and_the_model_is_left_as_it_was():
    rng = np.random.default_rng(7)
    encoder, decoder = (Recurrent(GRUCell(6, H, rng=rng)) for _ in range(2))
    model = Seq2Seq(encoder, decoder, rng=rng)
    source = rng.integers(0, 6, (T, B))
    before = model.predict(source, max_length=4)
    held = ablated(model, np.eye(H), at=np.zeros(H), part="encoder")
    said = held.predict(source, max_length=4)
    assert (said == said[:, :1]).all()  # every source is the same to it
    np.testing.assert_array_equal(model.predict(source, max_length=4), before)
    assert model.parts["encoder"] is encoder


def test_an_answer_after_the_last_step_goes_through_the_held_state():
    rng = np.random.default_rng(8)
    model = SequenceClassifier(Recurrent(draw_cell(rng, D, H, "gru")), 3, rng=rng)
    model.params["output.W_hy"][...] = rng.standard_normal((H, 3))
    x = rng.standard_normal((T, B, D))
    at, unit = rng.standard_normal(H), np.eye(H)[0]
    held = ablated(model, unit, at=at)
    y, state = held.logits(x)
    np.testing.assert_allclose(state.h[:, 0], at[0])
    expected = state.h @ model.params["output.W_hy"] + model.params["output.b_y"]
    np.testing.assert_allclose(y, expected)
