"""Lesson 12: what its text, cards and question say, computed."""

from __future__ import annotations

import numpy as np
import pytest

from rnncourse.lesson_12.tracking import CELLS, TIMES
from rnncourse.lesson_12.trials import ten_runs
from rnncourse.shared.trials import SEEDS
from rnnlib import FastWeights, MinGRUCell, Recurrent, Scanned, Tagger, sigmoid
from rnnlib._typing import Array
from rnnlib.attention import DotAttention
from rnnlib.gradcheck import numerical_gradients
from rnnlib.metrics import accuracy
from rnnlib.scan import compose, recurrence, scan
from rnnlib.state_space import hold, selective_dt
from rnnlib.tasks import Parity


def test_states_that_begin_apart_stay_apart_by_the_product_of_the_factors() -> None:
    a, b = np.array([[0.5], [1.0], [0.25]]), np.array([[1.0], [-2.0], [3.0]])
    low, high = (recurrence(a, b, h_0=np.array([h])) for h in (4.0, 12.0))
    assert [*low[:, 0]] == [3.0, 1.0, 3.25]
    assert [*(high - low)[:, 0]] == [4.0, 4.0, 1.0]


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_may_be_grouped_and_not_exchanged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second, third = (tuple(pair) for pair in rng.standard_normal((3, 2)))
    one = compose(third, compose(second, first))
    np.testing.assert_allclose(one, compose(compose(third, second), first))
    (a, b), (other_a, other_b) = compose(second, first), compose(first, second)
    assert a == pytest.approx(other_a)
    assert abs(b - other_b) > 1e-3


def test_forty_nine_pairs_for_sixteen_steps() -> None:
    assert sum(16 - reach for reach in (1, 2, 4, 8)) == 49
    assert 49 - 15 == 34


@pytest.mark.parametrize("seed", SEEDS)
def test_the_quotient_of_products_is_wrong_in_many_of_4096_steps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0.5, 1, (4096, 1)), rng.standard_normal((4096, 1))
    P = np.cumprod(a, axis=0)
    with np.errstate(all="ignore"):
        short = P * np.cumsum(b / P, axis=0)
    right = np.isclose(short, recurrence(a, b))
    assert right[:1500].all()
    assert 1500 < right.sum() < 3000
    assert P[-1, 0] < 1e-300
    np.testing.assert_allclose(scan(a, b), recurrence(a, b), rtol=0, atol=1e-12)


def test_the_gradient_of_the_last_state_is_1_4_12_24_from_the_end() -> None:
    a, b = np.array([[1.0], [2.0], [3.0], [4.0]]), np.ones((4, 1))
    found = numerical_gradients(lambda b: recurrence(a, b)[-1, 0], {"b": b})["b"]
    np.testing.assert_allclose(found[:, 0], [24, 12, 4, 1], rtol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gate_is_a_step_size(seed: int) -> None:
    s = 6 * np.random.default_rng(seed).standard_normal(9)
    a, b = hold(-1.0, selective_dt(s))
    np.testing.assert_allclose(a, sigmoid(-s), atol=1e-12)
    np.testing.assert_allclose(b, sigmoid(s), atol=1e-12)


def test_a_row_of_ones_gives_one_pair_to_every_unit_and_settles() -> None:
    for seed in SEEDS:
        cell = MinGRUCell(2, 8, rng=np.random.default_rng(seed))
        h, _, cache = Scanned(cell).forward(np.ones((3000, 1), int))
        assert ((cache.z > 0) & (cache.z < 1)).all()
        assert abs(h[-1] - h[-2]).max() < 1e-12


def test_a_factor_of_minus_one_is_parity_at_any_length() -> None:
    """A zero keeps, a one turns over: by the signed minGRU, set by hand."""
    rng = np.random.default_rng(0)
    cell = MinGRUCell(2, 1, rng=rng, signed=True)
    cell.params["W_xh"][...] = [[-1000, 0], [1000, 0]]
    model = Tagger(Recurrent(cell), 2, rng=rng)
    model.params["output.W_hy"][...] = [[1, -1]]
    batch = Parity(2000).sample(20, rng=rng)
    start = cell.State(np.ones((20, 1)))
    h, _, _ = Recurrent(cell).forward(batch.inputs, start)
    right = np.where(h[..., 0] > 0, 0, 1)
    assert accuracy(right, batch.targets, batch.mask) == 1


def test_a_linear_unit_keeps_its_error_and_a_bent_one_loses_it() -> None:
    linear, bent, rest = 0.9, 0.895, 0.995
    for _ in range(50):
        bent, rest = np.tanh(3 * bent), np.tanh(3 * rest)
    assert 1 - linear == pytest.approx(0.1)
    assert abs(rest - bent) < 1e-9


# a matrix as memory


@pytest.mark.parametrize("seed", SEEDS)
def test_attention_without_softmax_is_the_sum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    layer = FastWeights(5, 4, 3, rng=rng)
    h, _, run = layer.forward(rng.standard_normal((9, 2, 5)))
    for sequence in range(2):
        q, k, v = (array[:, sequence] for array in (run.q, run.k, run.v))
        np.testing.assert_allclose(np.tril(q @ k.T) @ v, h[:, sequence], atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_delta_rule_is_a_step_downhill(seed: int) -> None:
    rng = np.random.default_rng(seed)
    M, key, value = (rng.standard_normal(shape) for shape in ((4, 3), 4, 3))
    slope = numerical_gradients(
        lambda M: 0.5 * ((value - key @ M) ** 2).sum(), {"M": M}
    )["M"]
    step = np.outer(key, value - key @ M)
    np.testing.assert_allclose(-slope, step, atol=1e-6)


def test_a_rate_of_two_exchanges_two_things() -> None:
    key = np.array([1.0, -1.0]) / np.sqrt(2)
    erase = np.eye(2) - 2 * np.outer(key, key)
    np.testing.assert_allclose(erase, [[0, 1], [1, 0]], atol=1e-12)
    assert np.linalg.eigvalsh(erase) == pytest.approx([-1, 1])


def test_no_seventeen_pairs_of_any_values_fit_sixteen_rows() -> None:
    """Whatever the matrix: one of 17 keys is a sum of the others, so is its value."""
    rng = np.random.default_rng(3)
    keys, values = rng.standard_normal((17, 16)), rng.choice((-1.0, 1.0), (17, 16))
    best, *_ = np.linalg.lstsq(keys, values, rcond=None)
    assert abs(keys @ best - values).max() > 0.1
    best, *_ = np.linalg.lstsq(keys[:16], values[:16], rcond=None)
    np.testing.assert_allclose(keys[:16] @ best, values[:16], atol=1e-8)


def test_a_table_mixes_two_values_of_one_key_half_and_half() -> None:
    key = np.array([[[0.6, 0.8]]])
    keys = np.concatenate([key, key])
    values = np.array([[[1.0, 1.0]], [[1.0, -1.0]]])
    context, *_ = DotAttention().forward(key, keys, values)
    np.testing.assert_allclose(context[0, 0], [1, 0], atol=1e-12)


# parity, ten seeds each


def trained(cell: str) -> tuple[Array, Array]:
    """Return the shares right at 1, 2, 5, 100 times 20 steps, and the last losses."""
    found = ten_runs(f"parity, T = 20, {cell}")
    return found[:, [TIMES.index(n) for n in (1, 2, 5, 100)]], found[:, -1]


def test_factors_between_0_and_1_do_not_learn_parity() -> None:
    shares, _ = trained("a in (0, 1)")
    assert ((shares[:, 0] > 0.52) & (shares[:, 0] < 0.6)).all()
    assert (abs(shares[:, 1:] - 0.5) < 0.04).all()


def test_factors_down_to_minus_1_learn_it_and_lose_it_with_the_loss_of_an_lstm() -> (
    None
):
    shares, losses = trained("a in (-1, 1)")
    assert [*(shares >= 0.99).sum(axis=0)] == [10, 10, 0, 0]
    assert losses.max() < 0.001
    (lstm, its), (tanh, theirs) = trained("LSTM"), trained("tanh RNN")
    assert [*(lstm >= 0.99).sum(axis=0)] == [10, 10, 10, 10]
    assert its.max() < 0.001 < theirs.min()
    assert [*(tanh >= 0.99).sum(axis=0)] == [10, 10, 9, 9]
    assert tanh[:, 2].argmin() == tanh[:, 3].argmin() == theirs.argmax()


def test_three_cups_are_followed_by_those_that_bend_their_state_alone() -> None:
    at = [TIMES.index(n) for n in (1, 2, 5, 100)]
    found = {cell: ten_runs(f"three cups, T = 20, {cell}")[:, at] for cell in CELLS}
    good = {cell: [*(each >= 0.99).sum(axis=0)] for cell, each in found.items()}
    assert good == {
        "a in (0, 1)": [0, 0, 0, 0],
        "a in (-1, 1)": [0, 0, 0, 0],
        "tanh RNN": [10, 10, 10, 6],
        "LSTM": [10, 10, 10, 9],
    }
    for cell, low, high in (("a in (0, 1)", 0.41, 0.475), ("a in (-1, 1)", 0.61, 0.67)):
        assert ((found[cell][:, 0] > low) & (found[cell][:, 0] < high)).all()
        assert ((found[cell][:, 1] > 0.3) & (found[cell][:, 1] < 0.38)).all()
    assert min(found[cell][:, 3].min() for cell in ("tanh RNN", "LSTM")) > 0.85
