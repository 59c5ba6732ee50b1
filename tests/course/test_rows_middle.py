"""What lessons 03 to 05 promise to show: rows 14, 16, 18 and 21 to 26."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from rnncourse.lesson_03 import captions
from rnncourse.lesson_03.look_ahead import compute as tagging
from rnncourse.lesson_03.melody import compute as melody
from rnncourse.lesson_03.wiring_board import compute as board
from rnncourse.lesson_05.trials import ten_runs
from rnncourse.shared import review_readers
from rnncourse.shared.recipe import train
from rnnlib import Recurrent, RNNCell, RNNState, cross_entropy, init
from rnnlib._typing import Array
from rnnlib.diagnostics import singular_values, state_jacobians, step_jacobians
from rnnlib.gradcheck import check_gradients
from rnnlib.models import Classifier
from rnnlib.recurrent import Bidirectional
from rnnlib.sound import samples
from rnnlib.tasks import Glyphs, read
from tests.course.rows import row


@row(14)
def test_the_gradient_goes_from_right_to_left_on_two_paths() -> None:
    rng = np.random.default_rng(14)
    cell = RNNCell(2, 3, rng=rng)
    x, dh = rng.standard_normal((7, 2, 2)), rng.standard_normal((7, 2, 3))
    h, _, cache = Recurrent(cell).forward(x)
    W_hh, carried = cell.params["W_hh"], np.zeros((2, 3))
    dW_hh = np.zeros((3, 3))
    for t in reversed(range(7)):
        da = (dh[t] + carried) * (1 - h[t] ** 2)
        dW_hh += (h[t - 1] if t else np.zeros((2, 3))).T @ da
        carried = da @ W_hh.T
    _, d_start, grads = Recurrent(cell).backward(dh, cache)
    np.testing.assert_allclose(grads["W_hh"], dW_hh, rtol=1e-10)
    np.testing.assert_allclose(d_start.h, carried, rtol=1e-10)
    only_third = np.zeros_like(dh)
    only_third[2] = dh[2]
    dx, _, _ = Recurrent(cell).backward(only_third, cache)
    assert (abs(dx).max(axis=(1, 2)) > 0).tolist() == [True] * 3 + [False] * 4


@row(14)
def test_that_gradient_is_the_one_that_nudging_finds() -> None:
    rng = np.random.default_rng(15)
    layer = Recurrent(RNNCell(2, 3, rng=rng))

    def run(x: Array, **params: Array) -> tuple[Array, object]:
        twin = layer.with_params(params)
        h, _, cache = twin.forward(x)

        def back(dh: Array) -> dict[str, Array]:
            dx, _, grads = twin.backward(dh, cache)
            return {"x": dx, **grads}

        return h, back

    arrays = {"x": rng.standard_normal((5, 2, 2)), **layer.params}
    assert max(check_gradients(run, arrays, rng=rng).values()) < 1e-7


def stretch(gain: float, amplitude: float, steps: int = 30) -> float:
    """Return the norm of d h_T / d h_0, of a tanh net, the median of five."""
    found = []
    for seed in range(100, 105):
        rng = np.random.default_rng(seed)
        draw = partial(init.orthogonal, gain=gain)
        cell = RNNCell(32, 32, rng=rng, recurrent_init=draw)
        x = amplitude * rng.standard_normal((steps, 1, 32))
        _, _, cache = Recurrent(cell).forward(x)
        products = state_jacobians(step_jacobians(cell, cache))
        found.append(singular_values(products[0, 0])[0])
    return float(np.median(found))


@row(16)
def test_a_gradient_vanishes_by_small_weights_and_by_saturation() -> None:
    assert stretch(0.9, 0.01) < 0.1
    assert stretch(1.5, 0.01) > 100
    assert stretch(1.5, 1.0) < 1  # sigma_max is 1.5, and it vanishes all the same
    slope = 1 - np.tanh([0.0, 1.0, 2.0, 4.0]) ** 2
    assert (np.diff(slope) < 0).all()
    assert slope[0] == 1
    assert slope[-1] < 0.002


@row(18)
def test_relu_alone_does_not_help_and_an_identity_does() -> None:
    assert ten_runs("ReLU, Gaussian, T = 60").max() < 0.4
    assert np.sum(ten_runs("ReLU, identity, T = 60") > 0.95) >= 9
    left = {}
    for draw in (init.gaussian, init.identity):
        rng = np.random.default_rng(18)
        cell = RNNCell(6, 32, rng=rng, activation="relu", recurrent_init=draw)
        start = RNNState(rng.uniform(1, 2, (1, 32)))
        _, _, cache = Recurrent(cell).forward(np.zeros((60, 1, 6)), start)
        products = state_jacobians(step_jacobians(cell, cache))
        left[draw.__name__] = singular_values(products[0, 0])[0]
    assert left["gaussian"] < 0.1 < left["identity"] == pytest.approx(1)


@row(21)
def test_one_direction_knows_nothing_of_what_comes_and_two_do() -> None:
    rng = np.random.default_rng(21)
    one, other = (RNNCell(2, 3, rng=rng) for _ in range(2))
    x = rng.standard_normal((6, 1, 2))
    changed = x.copy()
    changed[3] += 1
    for layer, knows in (
        (Recurrent(one), [False] * 3 + [True] * 3),
        (Bidirectional(one, other), [True] * 6),
    ):
        apart = layer.forward(changed)[0] - layer.forward(x)[0]
        assert (abs(apart).max(axis=(1, 2)) > 0).tolist() == knows
    new = tagging.TASK.sample(2000, rng=rng, split="held_out")
    right = {
        way: tagging.stored(way).predict(new.inputs, new.input_mask) == new.targets
        for way in ("left to right", "both")
    }
    ceiling = tagging.TASK.ceiling("left to right")
    assert right["left to right"][new.mask].mean() < ceiling + 0.02
    assert right["both"][new.mask].mean() > 0.99


@row(22)
def test_a_step_may_lack_its_input_or_its_output_or_not_exist() -> None:
    rng = np.random.default_rng(22)
    layer = Recurrent(RNNCell(2, 3, rng=rng))
    x, exists = rng.standard_normal((5, 1, 2)), np.ones((5, 1), dtype=bool)
    x[2], exists[3] = 0, False
    h, _, _ = layer.forward(x, None, exists)
    W_hh, b_h = layer.params["W_hh"], layer.params["b_h"]
    np.testing.assert_allclose(h[2], np.tanh(h[1] @ W_hh + b_h), rtol=1e-12)
    np.testing.assert_array_equal(h[3], h[2])
    logits, targets = rng.standard_normal((5, 1, 4)), rng.integers(0, 4, (5, 1))
    asked = np.array([[False], [True], [False], [False], [True]])
    loss, dlogits = cross_entropy(logits, targets, asked)
    each = [cross_entropy(logits[t], targets[t])[0] for t in (1, 4)]
    assert loss == pytest.approx(np.mean(each), rel=1e-12)
    assert (dlogits[~asked] == 0).all()
    wired = board.compute(
        inputs="10100000",
        outputs="01000000",
        steps=3,
        layers=1,
        both=False,
        fed_back=False,
    )
    assert wired.inputs == (1, 3)
    assert wired.known(2) == (1,)


@row(23)
def test_a_picture_gets_its_class_without_any_recurrence() -> None:
    rng, task = np.random.default_rng(23), Glyphs()
    model = Classifier(64, 32, len(task.classes), rng=rng)
    train(model, task, 100, rng=rng, batch_size=64)
    assert "W_hh" not in " ".join(model.params)
    new = task.sample(300, rng=rng, split="held_out")
    assert (model.predict(new.inputs) == new.targets).mean() > 0.5 > 3 * task.chance


@row(24)
def test_one_note_becomes_a_melody_that_can_be_heard() -> None:
    first, other = (
        melody.compute(seed="C2", length=16, temperature=1.0, draw=draw)
        for draw in (1, 2)
    )
    assert first.notes != other.notes
    assert min(len(first.notes), len(other.notes)) > 3
    sound = samples(first.notes)
    assert 0.01 < abs(sound).max() <= 1


@row(24)
def test_a_scene_becomes_a_sentence() -> None:
    model, task = captions.stored(), captions.TASK
    scenes = task.sample(100, rng=np.random.default_rng(24), split="held_out").inputs
    said = captions.describe(model, scenes)
    truth = [task.caption(v) for v in scenes]
    spoken = read(said, captions.VOCABULARY)
    assert np.mean([a == b for a, b in zip(spoken, truth, strict=True)]) > 0.9


@row(25)
def test_a_review_becomes_an_opinion() -> None:
    task, rng = review_readers.TASK, np.random.default_rng(25)
    new = task.sample(1000, rng=rng, split="held_out")
    by_rnn = review_readers.stored("rnn").predict(new.inputs, new.input_mask)
    bags = review_readers.bags(new.inputs, np.asarray(new.input_mask))
    by_bag = review_readers.stored("bag").predict(bags)
    assert (by_rnn == new.targets).mean() > 0.98
    assert (by_bag == new.targets).mean() < task.bag_ceiling + 0.05


@row(26)
def test_each_word_gets_its_tag() -> None:
    model, task = tagging.stored("both"), tagging.TASK
    new = task.sample(300, rng=np.random.default_rng(26), split="held_out")
    said = model.predict(new.inputs, new.input_mask)
    assert said.shape == new.targets.shape == new.inputs.shape
    assert (said == new.targets)[new.mask].mean() > 0.98
