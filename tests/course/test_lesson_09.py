"""Lesson 09: the GRU derived, counted, converted; the zoo, the puzzle, the guesses."""

from __future__ import annotations

from itertools import product
from math import comb, log
from typing import Any

import numpy as np
import pytest

from rnncourse.catalogue import exercises_of
from rnncourse.checking.judging import judge
from rnncourse.drawing import style
from rnncourse.lesson_09 import latch, zoo
from rnncourse.lesson_09.convention_switch import compute as switch
from rnncourse.lesson_09.convention_switch.view import ConventionSwitchView
from rnncourse.lesson_09.exercises.parameters import gru_parameters
from rnncourse.lesson_09.explorers import gru_desk
from rnncourse.lesson_09.gru_desk import compute as desk
from rnncourse.lesson_09.gru_desk.view import LIT, TWINS, GRUDeskView
from rnncourse.shared.temporal_order import reader, training
from rnncourse.shared.trials import SEEDS
from rnnlib import (
    GRUCell,
    GRUState,
    LSTMCell,
    LSTMState,
    Recurrent,
    Stacked,
    init,
    to_keras,
    to_torch,
)
from rnnlib._typing import Array, Rng
from rnnlib.tasks import TemporalOrder


def test_a_gru_is_a_coupled_lstm_that_shows_all_and_resets() -> None:
    """With r = 1, i = 1 - f and o = 1, and no tanh behind the cell state."""
    rng = np.random.default_rng(1)
    gru, lstm = GRUCell(3, 4, rng=rng), LSTMCell(3, 4, rng=rng)
    gru.params["W_xh"][:, :4] = gru.params["W_hh"][:, :4] = 0
    gru.params["b_h"][:] = rng.standard_normal(12)
    gru.params["b_h"][:4] = 100
    for name in ("W_xh", "W_hh", "b_h"):
        _, z, n = np.split(gru.params[name], 3, axis=-1)
        shut = 100.0 if name == "b_h" else 0.0
        lstm.params[name][...] = np.concatenate([-z, z, 0 * z + shut, n], axis=-1)
    x, h = rng.standard_normal((2, 3)), np.tanh(rng.standard_normal((2, 4)))
    one, _ = gru.forward(x, GRUState(h))
    other, _ = lstm.forward(x, LSTMState(h, h))
    np.testing.assert_allclose(other.c, one.h, rtol=1e-12)
    np.testing.assert_allclose(other.h, np.tanh(one.h), rtol=1e-12)


def test_a_mixture_stays_between_minus_one_and_one_and_a_sum_does_not() -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        loud = GRUCell(2, 8, rng=rng)
        for array in loud.params.values():
            array *= 10
        h, _, _ = Recurrent(loud).forward(rng.standard_normal((2000, 1, 2)))
        assert 0.9 < abs(h).max() <= 1
        counter = LSTMCell(2, 8, rng=rng, forget_bias=20.0)
        counter.params["b_h"][:8] = 20.0
        _, _, run = Recurrent(counter).forward(rng.standard_normal((2000, 1, 2)))
        assert abs(run.c).max() > 20


# counts


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_parameters_are_those_of_the_library_and_of_the_others(layers: int) -> None:
    rng = np.random.default_rng(layers)
    D, H = (int(size) for size in rng.permutation(np.arange(2, 9))[:2])
    sizes = [D, *[H] * (layers - 1)]
    stack = Stacked([Recurrent(GRUCell(size, H, rng=rng)) for size in sizes])
    two = sum(array.size for array in to_torch(stack).values())
    assert two == gru_parameters(D, H, layers, 2)
    own = sum(array.size for array in stack.params.values())
    assert own == gru_parameters(D, H, layers, 1) + layers * H
    alone = GRUCell(D, H, rng=rng)
    keras = sum(array.size for array in to_keras(alone).values())
    assert keras == gru_parameters(D, H, 1, 2)
    before = GRUCell(D, H, rng=rng, reset="before")
    assert sum(a.size for a in before.params.values()) == gru_parameters(D, H, 1, 1)


def test_150_165_170_and_180_are_one_network() -> None:
    assert [gru_parameters(5, 5, 1, biases) for biases in range(3)] == [150, 165, 180]
    cell = GRUCell(5, 5, rng=np.random.default_rng(0))
    assert sum(array.size for array in cell.params.values()) == 170


# conventions


def test_two_units_and_two_letters_cannot_be_had_with_the_reset_gate_after() -> None:
    r = 1 / (1 + np.exp(-np.array([[4.0, -4.0], [-4.0, 4.0]])))
    largest, second = np.linalg.svd(1.5 * r, compute_uv=False)
    assert (largest, second) == pytest.approx((1.5, 1.5 * (r[0, 0] - r[0, 1])))
    rng = np.random.default_rng(2)
    for _ in range(200):  # any sum, turned up or down: no closer than that
        u, turned = rng.standard_normal(2), rng.uniform(0, 1, 2)
        assert np.linalg.norm(1.5 * r - np.outer(turned, u), 2) >= second - 1e-12


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gate_that_looks_at_the_state_shows_it_where_the_state_is_large(
    seed: int,
) -> None:
    """Both steps of the proof, along a random direction."""
    rng = np.random.default_rng(seed)
    v, looks = rng.standard_normal((2, 2))
    if looks @ v < 0:
        v = -v
    x = np.eye(2)[:1]
    cells = {}
    for name, (z_looks, r_looks) in {
        "deaf": (0.0, 0.0),
        "z": (1.0, 0.0),
        "r": (0.0, 1.0),
    }.items():
        cell = GRUCell(2, 2, rng=np.random.default_rng(seed))
        cell.params["W_hh"][:, 0] = r_looks * looks
        cell.params["W_hh"][:, 1] = 0
        cell.params["W_hh"][:, 2] = z_looks * looks
        cell.params["W_hh"][:, 3] = 0
        cell.params["W_hh"][:, 4:] = init.orthogonal(
            (2, 2), rng=np.random.default_rng(7)
        )
        cells[name] = cell

    def kept(name: str, size: float) -> float:
        state, _ = cells[name].forward(x, GRUState(size * v[None]))
        return float(state.h[0, 0] / (size * v[0]))

    def slope(name: str, size: float) -> float:
        """Return what stands in the tanh of unit 1, over the size of the state."""
        _, cache = cells[name].forward(x, GRUState(size * v[None]))
        return float((cache.r * cache.m)[0, 0] / size)

    share = kept("deaf", 1e9)
    assert 0.01 < share < 0.99
    assert kept("deaf", -1e9) == pytest.approx(share, abs=1e-6)
    assert sorted(kept("z", size) for size in (-1e9, 1e9)) == pytest.approx(
        [0, 1], abs=1e-6
    )
    assert slope("deaf", 1e9) == pytest.approx(slope("deaf", -1e9))
    flat, steep = sorted(abs(slope("r", size)) for size in (-1e9, 1e9))
    assert flat < 1e-9 < steep


def test_the_switch_draws_what_it_says_and_marks_a_turned_block() -> None:
    view = ConventionSwitchView(style.figure(*ConventionSwitchView.size))
    data = switch.compute(given="Cho 2014", taken="Chung 2014", how="converted", unit=2)
    view.draw(data)
    given, taken = (np.asarray(f.get_array()) for f in (view.given, view.taken))
    np.testing.assert_array_equal(taken[:, 3:6], -given[:, 3:6])
    np.testing.assert_array_equal(taken[:, 6:], given[:, 6:])
    assert np.asarray(view.before.get_ydata()) == pytest.approx(data.states[0])
    assert np.asarray(view.after.get_ydata()) == pytest.approx(data.states[1])
    keras = switch.compute(given="PyTorch", taken="Keras", how="copied", unit=1)
    view.draw(keras)
    assert view.given_names.get_texts() == ("reset r", "update z", "candidate n")
    assert view.taken_names.get_texts() == ("update z", "reset r", "candidate n")
    assert abs(given).max() < 2 * 3.0
    assert "".join(keras.orders[1]) == "zrn"


def test_the_nearest_weights_are_nearer_than_copied_ones() -> None:
    for given, taken in (("PyTorch", "Cho 2014"), ("Cho 2014", "PyTorch")):
        copied, near = (
            switch.compute(given=given, taken=taken, how=how, unit=1).apart
            for how in switch.HOW
        )
        assert 0.1 < near < 0.7 * copied


# the desk


@pytest.mark.parametrize("moved", ["", *LIT])
def test_both_units_of_the_desk_light_up_by_what_was_moved(moved: str) -> None:
    view = GRUDeskView(style.figure(*GRUDeskView.size))
    data = desk.compute(z=0.2, r=0.9, h_prev=-0.7, a_n=1.1, moved=moved)
    view.draw(data)
    shown = dict(zip(view.numbers.get_texts(), view.numbers.get_colours(), strict=True))
    faded = {text for text, colour in shown.items() if colour == style.FADED}
    assert bool(faded) == bool(moved)
    own = {"z": data.z, "r": data.r, "h_prev": data.h_prev, "a_n": data.a_n}
    if moved:
        assert f"{own[moved]:.2f}".replace("-", "−") not in faded
    assert LIT.get(moved, set()) <= {*view.gru.names, *view.lstm.names, *TWINS}


def test_the_desk_opens_without_its_answer() -> None:
    explorer = gru_desk()
    assert 0 < explorer.controls["z"].value < 1
    assert 0 < explorer.controls["r"].value < 1


# trainings and guesses


def test_all_forty_gru_of_the_zoo_have_learned() -> None:
    for kind in zoo.KINDS:
        right, held_out, last = zoo.ten_runs(kind).T
        assert (right == 1).all()
        assert held_out.max() < 0.008
        assert last.max() < 0.02


@pytest.mark.parametrize("kind", ["as meant", "no reset gate"])
def test_a_run_of_the_zoo_comes_out_again(kind: str) -> None:
    found = zoo.ten_runs.again(kind, 103)
    stored = zoo.ten_runs(kind)[SEEDS.index(103)]
    assert found[0] == pytest.approx(stored[0], abs=0.02)
    assert found[1] < 0.05


def test_loaded_weights_do_again_as_they_did() -> None:
    own, exchanged, elsewhere = zoo.ten_runs.again("loaded into another", 103)
    assert own > 0.98
    assert exchanged < 0.8 < elsewhere


def test_a_gate_that_is_one_stays_one_in_training() -> None:
    task, rng = TemporalOrder(steps=12), np.random.default_rng(3)
    cell = zoo.gru("no reset gate", len(task.symbols), rng=rng)
    model = reader(cell, task, rng=rng)
    losses = list(training(model, task, 30, rng=rng))
    assert losses[-1] < losses[0]
    _, cache = cell.forward(np.arange(4), cell.initial_state(4))
    assert (cache.r == 1).all()
    assert not cell.params["W_hh"][:, : zoo.HIDDEN].any()


def test_the_zoo_draws_the_same_weights_for_all() -> None:
    cells = {k: zoo.gru(k, 3, rng=np.random.default_rng(5)) for k in zoo.KINDS}
    for cell in cells.values():
        for name, array in cells["as meant"].params.items():
            if name in cell.params:
                own = cell.params[name][..., zoo.HIDDEN :]
                np.testing.assert_array_equal(own, array[..., zoo.HIDDEN :])


def test_parity_is_learned_in_ten_of_ten_or_in_none() -> None:
    end, each = (
        zoo.ten_runs(f"parity, asked {asked}") for asked in ("at the end", "each step")
    )
    assert ((end > 0.46) & (end < 0.55)).all()
    assert (each[:, 0] == 1).all()
    assert (each[:, 1] > 0.985).all()


def test_the_fewest_guesses_come_out_again() -> None:
    guesses = zoo.ten_runs("guesses of scale 10")
    place = int(guesses.argmin())
    assert zoo.ten_runs.again("guesses of scale 10", SEEDS[place]) == guesses.min()
    assert (guesses < 2000).all()


def slowly(weights: list[Array]) -> bool:
    """Return whether a unit is a latch, one string and one step at a time."""
    W_xh, W_hh, b_h, b_hn = weights
    for word in product(range(3), repeat=4):
        h, is_set = 0.0, False
        for token in [*word, *[2] * latch.LONG]:
            a = W_xh[token] + b_h
            r, z = (1 / (1 + np.exp(-(a[k] + h * W_hh[0, k]))) for k in (0, 1))
            n = np.tanh(a[2] + r * (h * W_hh[0, 2] + b_hn[0]))
            h = (1 - z) * n + z * h
            is_set = is_set if token == 2 else token == 0
        if (h > 0.5) != is_set:
            return False
    return True


def test_a_latch_is_what_holds_every_string() -> None:
    rng = np.random.default_rng(8)
    store, clear, keep = [9, -9, 9], [9, -9, -9], [9, 9, 0]
    hand: list[Any] = [np.array([store, clear, keep]), *map(np.zeros, latch.SHAPES[1:])]
    seen = []
    for _ in range(40):
        weights = [w + 2.0 * rng.standard_normal(w.shape) for w in hand]
        seen.append(latch.is_latch(weights))
        assert seen[-1] == slowly(weights)
    assert 0 < sum(seen) < 40


# questions and numbers of the text


def test_the_numbers_of_the_noisy_table() -> None:
    falls = [sum(coins) for coins in product((0, 1), repeat=5)]
    assert sum(heads in (0, 5) for heads in falls) == 2
    assert sum(heads in (0, 1, 4, 5) for heads in falls) == 12
    assert 2 / comb(10, 5) == pytest.approx(0.0079, abs=1e-4)
    assert pytest.approx(0.40, abs=0.005) == 1 - (1 - 2 / 32) ** 8
    assert pytest.approx(0.08, abs=0.005) == 0.6**5
    for seeds, rate in ((5, 0.45), (10, 0.26)):
        assert log(0.05) / log(1 - rate) == pytest.approx(seeds, rel=0.01)


def test_the_means_of_the_table_question_are_as_told() -> None:
    text = exercises_of("lesson_09")["09.10"]
    a, b = [52, 96, 97, 98, 99], [90, 91, 93, 94, 95]
    assert (np.mean(a), np.mean(b)) == (88.4, 92.6)
    assert "92.6" in str(text)
    assert "88.4" in str(text)
    assert sum(x > max(b) for x in a) == 4


def test_half_open_a_thousandth_is_left_after_ten_steps() -> None:
    cell = GRUCell(1, 1, rng=np.random.default_rng(0))
    for array in cell.params.values():
        array[...] = 0
    layer = Recurrent(cell)
    _, _, cache = layer.forward(np.zeros((10, 1, 1)))
    _, start, _ = layer.backward(np.zeros((10, 1, 1)), cache, GRUState(np.ones((1, 1))))
    assert start.h[0, 0] == pytest.approx(0.5**10)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (None, "chance should be a number; it is of type NoneType."),
        ("half", "chance should be a number; it is of type str."),
        (0.1, "Your chance level is 0.100; with 1 step and q = 0.5 that is not"),
    ],
)
def test_a_chance_level_that_is_none_is_told(chance: Any, words: str) -> None:
    def alarm(steps: int, batch_size: int, q: float, rng: Rng) -> Any:
        bits = (rng.random((steps, batch_size)) < q).astype(int)
        return bits, bits.any(axis=0).astype(int), chance

    exercise: Any = exercises_of("lesson_09")["09.8"]
    assert judge(exercise, alarm).words.startswith(words)
