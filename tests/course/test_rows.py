"""What lessons 06, 07 and 09 promise to show, and the table of all that is promised."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from rnncourse.lesson_07 import nets
from rnncourse.lesson_07.trials import SIZES, ten_runs
from rnncourse.shared.recipe import train
from rnnlib import (
    Adam,
    GRUCell,
    GRUState,
    LanguageModel,
    LSTMCell,
    Recurrent,
    RNNCell,
    RNNState,
    Stacked,
    Tagger,
    Vocabulary,
    bits_per_character,
    generate,
    sigmoid,
)
from rnnlib._typing import Array
from rnnlib.batches import Batch, chunks
from rnnlib.gradcheck import check_gradients
from rnnlib.optimizers import clip_by_norm, global_norm
from rnnlib.tasks import Echo, Names
from rnnlib.training import fit
from tests.course import test_rows_early, test_rows_late, test_rows_middle
from tests.course.rows import ROWS, TESTS, row


@row(9)
@pytest.mark.parametrize("kind", ["zeros", "random", "learned", "carried over"])
def test_the_initial_state_gets_its_gradient_wherever_it_comes_from(kind: str) -> None:
    rng = np.random.default_rng(9)
    layer = Recurrent(RNNCell(2, 3, rng=rng), learn_initial_state=kind == "learned")
    x, dh = rng.standard_normal((5, 4, 2)), rng.standard_normal((5, 4, 3))
    _, last, _ = layer.forward(rng.standard_normal((7, 4, 2)))
    drawn = RNNState(rng.standard_normal((4, 3)))
    given = {"random": drawn, "carried over": last}.get(kind)
    start = np.zeros((4, 3)) if given is None else given.h
    if kind == "learned":
        layer.initial_params["h_0"][:] = rng.standard_normal(3)
        start = np.tile(layer.initial_params["h_0"], (4, 1))

    def run(h_0: Array) -> tuple[Array, Callable[[Array], dict[str, Array]]]:
        h, _, cache = layer.forward(x, RNNState(h_0))
        return h, lambda dh: {"h_0": layer.backward(dh, cache)[1].h}

    check_gradients(run, {"h_0": start}, rng=rng)
    h, _, cache = layer.forward(x, given)
    np.testing.assert_allclose(h, layer.forward(x, RNNState(start))[0], rtol=1e-12)
    _, before, grads = layer.backward(dh, cache)
    if kind == "learned":
        _, each, _ = layer.backward(dh, layer.forward(x, RNNState(start))[2])
        np.testing.assert_allclose(grads["h_0"], each.h.sum(axis=0), rtol=1e-12)
    else:
        assert np.abs(before.h).min() > 0


@row(12)
def test_a_model_is_confident_of_the_next_letter_and_writes_names() -> None:
    task, rng = Names("minerals"), np.random.default_rng(12)
    cell = LSTMCell(len(task.symbols), 24, rng=rng, dtype=np.float32)
    model = LanguageModel(Recurrent(cell), rng=rng, vocabulary=Vocabulary(task.symbols))
    first = nets.bits(model, task.batch(task.names("held_out")))
    train(model, task, 120, rng=rng)
    last = nets.bits(model, task.batch(task.names("held_out")))
    assert last < 3.3 < 4.6 < first
    names = nets.made_names(model, 20, rng=rng)
    assert len(set(names)) > 10


@row(15)
def test_state_and_gradient_are_two_switches() -> None:
    rng = np.random.default_rng(15)
    model = Tagger(Recurrent(RNNCell(2, 8, rng=rng)), 2, rng=rng)
    batch = Echo(delay=3, steps=24).sample(8, rng=rng)
    found = {}
    for carried in (True, False):
        state, losses = None, []
        for chunk in chunks(batch, 8):
            loss = model.loss(Batch(*chunk[:4]), state if carried else None)
            losses.append(loss.value)
            state = loss.state
        found[carried] = losses
    assert found[True][0] == found[False][0]
    assert found[True][1] != found[False][1]
    history = fit(
        model, chunks(batch, 8), Adam(0.01), clip_norm=1.0, progress=False, watch=1
    )
    assert history.updates == 3 == len(history.gradient_norm)


@row(17)
def test_a_product_explodes_and_clipping_keeps_its_direction() -> None:
    rng = np.random.default_rng(17)
    layer = Recurrent(RNNCell(2, 8, rng=rng, activation="relu"))
    layer.params["W_hh"][:] = 1.2 * np.eye(8)
    h, _, cache = layer.forward(rng.standard_normal((60, 4, 2)))
    dh = np.zeros_like(h)
    dh[-1] = 1
    _, _, grads = layer.backward(dh, cache)
    cut, before = clip_by_norm(grads, 1.0)
    assert before == pytest.approx(global_norm(grads))
    assert before > 1e3
    assert global_norm(cut) == pytest.approx(1)
    for name in grads:
        np.testing.assert_allclose(cut[name] * before, grads[name], rtol=1e-9)


@row(30)
def test_more_units_come_closer_to_the_entropy() -> None:
    above = ten_runs("RNN")[:, :, 0].mean(axis=0)
    assert len(above) == len(SIZES)
    assert (np.diff(above) < 0).all()


@row(31)
def test_parameters_are_frozen_while_a_trained_model_reads_and_writes() -> None:
    model = nets.stored("brackets")
    before = {name: array.copy() for name, array in model.params.items()}
    batch = nets.held_out("brackets")
    one, two = (model.logits(batch.inputs)[0] for _ in range(2))
    generate(model, prompt="(a", steps=20, rng=np.random.default_rng(31))
    assert bits_per_character(model.loss(batch, gradients=False).value) < 2.1
    np.testing.assert_array_equal(one, two)
    for name, array in model.params.items():
        np.testing.assert_array_equal(array, before[name])


@row(20)
@pytest.mark.parametrize("reset", ["after", "before"])
def test_a_gru_is_its_four_equations(reset: str) -> None:
    rng = np.random.default_rng(20)
    cell = GRUCell(3, 4, rng=rng, reset=reset)
    x, h = rng.standard_normal((2, 3)), rng.standard_normal((2, 4))
    W_xr, W_xz, W_xn = np.split(cell.params["W_xh"], 3, axis=1)
    W_hr, W_hz, W_hn = np.split(cell.params["W_hh"], 3, axis=1)
    r, z = sigmoid(x @ W_xr + h @ W_hr), sigmoid(x @ W_xz + h @ W_hz)
    n = np.tanh(x @ W_xn + (r * (h @ W_hn) if reset == "after" else (r * h) @ W_hn))
    state, _ = cell.forward(x, GRUState(h))
    np.testing.assert_allclose(state.h, (1 - z) * n + z * h, rtol=1e-12)


@row(29)
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_each_layer_reads_the_states_of_the_one_below(layers: int) -> None:
    rng = np.random.default_rng(29)
    sizes = [3, *[5] * (layers - 1)]
    parts = [Recurrent(GRUCell(size, 5, rng=rng)) for size in sizes]
    x, dh = rng.standard_normal((6, 2, 3)), rng.standard_normal((6, 2, 5))
    h, _, cache = Stacked(parts).forward(x)
    dx, _, grads = Stacked(parts).backward(dh, cache)
    below, runs = x, []
    for part in parts:
        below, _, run = part.forward(below)
        runs.append(run)
    np.testing.assert_array_equal(h, below)
    for k, (part, run) in reversed([*enumerate(zip(parts, runs, strict=True))]):
        dh, _, each = part.backward(dh, run)
        for name, array in each.items():
            np.testing.assert_array_equal(grads[f"{k}.{name}"], array)
    np.testing.assert_array_equal(dx, dh)


def test_every_row_has_a_test_that_runs_it(
    record_property: Callable[[str, object], None],
) -> None:
    parts = (test_rows_early, test_rows_middle, test_rows_late)
    tests = {name for part in parts for name in vars(part)} | set(globals())
    for number, concept in ROWS.items():
        print(f"{number:2} {concept}: {', '.join(TESTS[number]) or 'NOT TESTED'}")
    tested = [number for number in ROWS if set(TESTS[number]) & tests]
    record_property("notice", f"rows that are run by a test: {len(tested)} of 31")
    assert tested == list(range(1, 32))
