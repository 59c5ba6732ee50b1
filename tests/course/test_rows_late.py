"""What lessons 08 and 10 promise to show: rows 19, 27 and 28."""

from __future__ import annotations

import numpy as np

from rnncourse.lesson_10.hand_over import compute as hand_over
from rnncourse.shared.translators import exact, stored, task_of
from rnnlib import LSTMCell, LSTMState, sigmoid
from tests.course.rows import row


@row(19)
def test_an_lstm_is_its_six_equations_and_one_stacked_product() -> None:
    rng = np.random.default_rng(19)
    cell = LSTMCell(3, 4, rng=rng)
    x, h, c = (rng.standard_normal((2, n)) for n in (3, 4, 4))
    blocks = [np.split(array, 4, axis=-1) for array in cell.params.values()]
    a_i, a_f, a_o, a_g = (
        x @ W_x + h @ W_h + b for W_x, W_h, b in zip(*blocks, strict=True)
    )
    i, f, o, g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
    state, cache = cell.forward(x, LSTMState(h, c))
    np.testing.assert_allclose(state.c, f * c + i * g, rtol=1e-12)
    np.testing.assert_allclose(state.h, o * np.tanh(f * c + i * g), rtol=1e-12)
    np.testing.assert_allclose(cache.f, f, rtol=1e-12)
    W_xh, W_hh, b_h = cell.params.values()
    stacked = np.hstack([h, x]) @ np.vstack([W_hh, W_xh]) + b_h
    np.testing.assert_allclose(np.hstack([a_i, a_f, a_o, a_g]), stacked, rtol=1e-12)


@row(27)
def test_an_answer_of_another_length_is_right_from_end_to_end() -> None:
    model, task = stored("dates with attention"), task_of("dates")
    rng = np.random.default_rng(27)
    pairs = task.sample(50, rng=rng, split="held_out")
    lengths = pairs.source_mask.sum(axis=0), pairs.target_mask.sum(axis=0)
    assert set(lengths[1].tolist()) == {11}  # ten characters, and END
    assert len(set(lengths[0].tolist()) - {11}) > 5
    assert exact(model, task, rng=rng, count=200) > 0.95


@row(28)
def test_the_encoder_hands_one_state_over_and_the_decoder_writes_it_out() -> None:
    shown = hand_over.compute(word="badge", step=99)
    assert shown.said == (*"egdab", "END")
    model, task = stored("reversal"), task_of("reversal")
    words = [
        np.array(task.source_vocabulary.encode(w))[:, None] for w in ("ab", "badge")
    ]
    for tokens in words:
        h, last, _ = model.parts["encoder"].forward(tokens)
        np.testing.assert_array_equal(last.h, h[-1])
        start = model.start(tokens).recurrent.h
        np.testing.assert_array_equal(start, h[-1])
        assert start.shape == (1, hand_over.UNITS)
