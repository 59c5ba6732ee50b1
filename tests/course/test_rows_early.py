"""What lessons 00 to 02 promise to show: rows 1 to 8, 10, 11 and 13."""

from __future__ import annotations

import numpy as np
import pytest

from rnncourse.lesson_00.moved_word import compute as moved_word
from rnncourse.lesson_00.parameter_race import compute as race
from rnncourse.lesson_00.word_order import compute as order
from rnncourse.lesson_02.fold_unfold import compute as fold
from rnncourse.lesson_02.notation_switch.compute import NOTATIONS
from rnncourse.lesson_02.one_neuron import compute as neuron
from rnncourse.lesson_02.spreadsheet_rnn import compute as sheet
from rnncourse.shared import hello
from rnnlib import (
    LSTMCell,
    Recurrent,
    RNNCell,
    RNNState,
    binary_cross_entropy,
    cross_entropy,
    one_hot,
    sigmoid,
    softmax,
)
from rnnlib.cells import stacked_preactivation
from rnnlib.gradcheck import numerical_gradients
from tests.course.rows import row


@row(1)
@pytest.mark.parametrize(("V", "H"), [(2, 4), (27, 64), (5000, 256)])
def test_a_window_grows_with_the_text_and_an_rnn_does_not(V: int, H: int) -> None:
    races = [race.compute(steps=T, vocab=V, hidden=H) for T in (1, 2, 50, 100)]
    window = [each.at_steps for each in races]
    assert np.diff(window).tolist() == [V * H, 48 * V * H, 50 * V * H]
    assert {each.rnn for each in races} == {H * (H + V + 1) + V * (H + 1)}


@row(1)
def test_a_window_fails_where_the_word_never_was_and_an_rnn_does_not() -> None:
    shown = moved_word.compute(
        position=16, trained="first ten", asked="after each letter", text=1
    )
    assert shown.window[10:].max() < 0.65 < 0.95 < shown.rnn.min()


@row(2)
def test_a_bag_says_the_same_of_not_bad_and_not_good_and_an_rnn_the_opposite() -> None:
    read = order.compute(review="the plot was good not bad", order="swapped")
    assert " ".join(read.second) == "the plot was bad not good"
    assert read.bag_says[0] == read.bag_says[1]
    assert read.rnn_says[0] > 0.9 > 0.1 > read.rnn_says[1]


@row(3)
def test_one_set_of_weights_reads_any_length_in_order() -> None:
    rng = np.random.default_rng(3)
    layer = Recurrent(RNNCell(2, 3, rng=rng))
    x = rng.standard_normal((50, 4, 2))
    whole, _, _ = layer.forward(x)
    for T in range(1, 51):
        np.testing.assert_allclose(layer.forward(x[:T])[0], whole[:T], rtol=1e-12)
    assert abs(layer.forward(x[::-1])[1].h - whole[-1]).min() > 1e-6


@row(4)
@pytest.mark.parametrize("T", [1, 4, 8])
def test_the_loop_and_the_unrolled_net_are_one_net(T: int) -> None:
    rng = np.random.default_rng(4)
    cell, x = RNNCell(4, 3, rng=rng), rng.standard_normal((T, 2, 4))
    state, unrolled = cell.initial_state(2), []
    for x_t in x:
        state, _ = cell.forward(x_t, state)
        unrolled.append(state.h)
    np.testing.assert_allclose(Recurrent(cell).forward(x)[0], unrolled, rtol=1e-12)
    drawn = fold.compute(steps=T, hidden=3, part="everything")
    assert drawn.states == 3 * T
    assert drawn.parameters == sum(a.size for a in hello.params().values())


@row(5)
def test_every_notation_gives_the_same_numbers() -> None:
    rng = np.random.default_rng(5)
    params = {name: rng.standard_normal(a.shape) for name, a in hello.params().items()}
    x_t, h_prev = rng.standard_normal(4), rng.standard_normal(3)
    h = np.tanh(x_t @ params["W_xh"] + h_prev @ params["W_hh"] + params["b_h"])
    assert {"papers", "Ng"} <= set(NOTATIONS)
    for notation in NOTATIONS.values():
        step = notation.step(notation.weights(params), x_t, h_prev)
        np.testing.assert_allclose(np.ravel(step.h), h, rtol=1e-12)


@row(6)
@pytest.mark.parametrize("kind", [RNNCell, LSTMCell])
def test_one_stacked_product_is_both(kind: type[RNNCell] | type[LSTMCell]) -> None:
    rng = np.random.default_rng(6)
    cell = kind(3, 4, rng=rng)
    x, h = rng.standard_normal((2, 3)), rng.standard_normal((2, 4))
    W_xh, W_hh, b_h = cell.params.values()
    by_hand = np.hstack([h, x]) @ np.vstack([W_hh, W_xh]) + b_h
    np.testing.assert_allclose(by_hand, x @ W_xh + h @ W_hh + b_h, rtol=1e-12)
    np.testing.assert_allclose(stacked_preactivation(cell, x, h), by_hand, rtol=1e-12)


@row(7)
def test_scores_become_one_of_many_or_many_times_yes_and_no() -> None:
    rng = np.random.default_rng(7)
    h, W_hy, b_y = (rng.standard_normal(s) for s in ((5, 3), (3, 4), 4))
    scores = h @ W_hy + b_y
    np.testing.assert_allclose(softmax(scores).sum(axis=-1), 1, rtol=1e-12)
    by_hand = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(softmax(scores), by_hand, rtol=1e-12)
    np.testing.assert_allclose(sigmoid(scores), 1 / (1 + np.exp(-scores)), rtol=1e-12)
    yes_and_no = softmax(np.stack([scores, np.zeros_like(scores)], axis=-1))
    np.testing.assert_allclose(sigmoid(scores), yes_and_no[..., 0], rtol=1e-12)


@row(8)
def test_one_weight_acts_at_every_step_and_its_gradient_is_a_sum_over_them() -> None:
    rng = np.random.default_rng(8)
    cell = RNNCell(2, 3, rng=rng)
    x, dh = rng.standard_normal((6, 1, 2)), rng.standard_normal((6, 1, 3))
    h, _, cache = Recurrent(cell).forward(x)
    moved = {name: array.copy() for name, array in cell.params.items()}
    moved["W_xh"][0, 1] += 0.1
    other, _, _ = Recurrent(cell.with_params(moved)).forward(x)
    assert (abs(other - h).max(axis=(1, 2)) > 0).all()
    _, _, whole = Recurrent(cell).backward(dh, cache)
    total, carried = np.zeros((3, 3)), np.zeros((1, 3))
    for t in reversed(range(6)):
        before = RNNState(h[t - 1] if t else np.zeros((1, 3)))
        _, step = cell.forward(x[t], before)
        _, back, grads = cell.backward(RNNState(dh[t] + carried), step)
        carried, total = back.h, total + grads["W_hh"]
    np.testing.assert_allclose(total, whole["W_hh"], rtol=1e-12)


@row(8)
def test_the_spreadsheet_moves_every_step_at_which_the_weight_is_met() -> None:
    shown = sheet.compute(entry="W_hh[0, 1]", moved=0.5, letter="h").changed["h"]
    assert shown.any(axis=1).tolist() == [False, True, True, True, True]


@row(10)
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_the_activation_is_a_switch(activation: str) -> None:
    rng = np.random.default_rng(10)
    cell = RNNCell(2, 3, rng=rng, activation=activation)
    x, h = rng.standard_normal((4, 2)), rng.standard_normal((4, 3))
    a = x @ cell.params["W_xh"] + h @ cell.params["W_hh"] + cell.params["b_h"]
    phi = {
        "tanh": np.tanh(a),
        "relu": np.maximum(a, 0),
        "sigmoid": 1 / (1 + np.exp(-a)),
    }
    state, _ = cell.forward(x, RNNState(h))
    np.testing.assert_allclose(state.h, phi[activation], rtol=1e-12)
    unit = neuron.compute(w=1.5, u=1.0, b=0.0, activation=activation, pulse=4)
    assert (abs(unit.h).max() > 100) == (activation == "relu")


@row(11)
def test_hello_has_four_letters_and_a_one_hot_product_picks_a_row() -> None:
    vocabulary = hello.VOCABULARY
    assert len(vocabulary) == 4
    assert "".join(vocabulary.decode(vocabulary.encode("hello"))) == "hello"
    vectors = one_hot(vocabulary.encode("hello"), 4)
    assert vectors.shape == (5, 4)
    assert (vectors.sum(axis=1) == 1).all()
    W = np.random.default_rng(11).standard_normal((4, 3))
    np.testing.assert_array_equal(vectors @ W, W[vocabulary.encode("hello")])


@row(13)
def test_both_losses_have_p_minus_y_and_that_of_a_sequence_is_their_mean() -> None:
    rng = np.random.default_rng(13)
    scores, y = rng.standard_normal(6), rng.integers(0, 2, 6).astype(float)
    p = sigmoid(scores)
    loss, gradient = binary_cross_entropy(scores, y)
    by_hand = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    assert loss == pytest.approx(by_hand, rel=1e-12)
    np.testing.assert_allclose(gradient, (p - y) / 6, rtol=1e-12)
    logits, targets = rng.standard_normal((5, 2, 4)), rng.integers(0, 4, (5, 2))
    loss, gradient = cross_entropy(logits, targets)
    each = [cross_entropy(logits[t], targets[t])[0] for t in range(5)]
    assert loss == pytest.approx(np.mean(each), rel=1e-12)
    expected = (softmax(logits) - one_hot(targets, 4)) / 10
    np.testing.assert_allclose(gradient, expected, rtol=1e-12)
    nudged = numerical_gradients(lambda z: cross_entropy(z, targets)[0], {"z": logits})
    np.testing.assert_allclose(gradient, nudged["z"], atol=1e-8)
