"""Where a network stands still, found anew by hand."""

import numpy as np
import pytest

from rnnlib import GRUCell, LSTMCell, RNNCell
from rnnlib.diagnostics import fixed_points
from tests.library.nets import KINDS, draw_cell

D, H = 3, 4


def stepped(cell, x, states):
    """Return where one step takes states (K, S)."""
    if not len(states):
        return states
    fields = cell.State._fields
    state = cell.State(*np.split(states, len(fields), axis=-1))
    end, _ = cell.forward(np.repeat(np.asarray(x)[None], len(states), axis=0), state)
    return np.concatenate(end, axis=-1)


def draw(kind, seed):
    rng = np.random.default_rng(seed)
    cell = draw_cell(rng, D, H, kind)
    x = rng.standard_normal(D)
    starts = rng.standard_normal((30, H * len(cell.State._fields)))
    return cell, x, starts


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_leaves_each_of_them_where_it_is(kind):
    cell, x, starts = draw(kind, 0)
    before = starts.copy()
    points = fixed_points(cell, x, starts=starts)
    np.testing.assert_array_equal(starts, before)
    climbs = kind == "lstm, no forget gate"  # c grows for ever: it has none
    assert (len(points.states) == 0) is climbs
    moved = np.linalg.norm(stepped(cell, x, points.states) - points.states, axis=-1)
    np.testing.assert_allclose(points.residuals, moved, atol=1e-14)
    assert (points.residuals <= 1e-10).all()
    assert points.found.sum() + points.lost == len(starts)
    assert (np.diff(points.found) <= 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_eigenvalues_are_those_of_the_slopes_that_nudging_finds(kind):
    cell, x, starts = draw(kind, 1)
    points = fixed_points(cell, x, starts=starts)
    eps = 1e-6
    for state, found in zip(points.states, points.eigenvalues, strict=True):
        nudges = eps * np.eye(len(state))
        up, down = (stepped(cell, x, state + sign * nudges) for sign in (1, -1))
        expected = np.linalg.eigvals((up - down).T / (2 * eps))
        assert (np.diff(abs(found)) <= 1e-12).all()
        for value in expected:
            assert abs(found - value).min() < 1e-4


@pytest.mark.parametrize("kind", KINDS)
def test_a_deviation_from_a_stable_point_dies_out_and_another_grows(kind):
    cell, x, starts = draw(kind, 2)
    points = fixed_points(cell, x, starts=starts)
    rng = np.random.default_rng(3)
    for k, state in enumerate(points.states):
        largest = abs(points.eigenvalues[k, 0])
        if 0.95 < largest < 1.05:
            continue
        now = state + 1e-7 * rng.standard_normal((1, len(state)))
        sizes = []
        for _ in range(400):
            sizes.append(np.linalg.norm(now - state))
            now = stepped(cell, x, now)
        grew = max(sizes) > 50 * sizes[0]
        assert bool(points.is_stable[k]) is not grew


def test_units_that_double_themselves_have_three_places_each():
    cell = RNNCell(1, 2, rng=np.random.default_rng(4))
    cell.params["W_hh"][...] = 2 * np.eye(2)
    starts = np.random.default_rng(5).uniform(-1, 1, (200, 2))
    points = fixed_points(cell, starts=starts)
    assert sorted(points.ways_out) == [0, 0, 0, 0, 1, 1, 1, 1, 2]
    assert points.is_stable.sum() == 4
    np.testing.assert_array_equal(points.is_stable, points.ways_out == 0)
    away = np.unique(abs(points.states).round(9))
    np.testing.assert_allclose(away, [0, 0.957504024], atol=1e-9)


def test_a_linear_net_has_one_and_algebra_finds_it():
    rng = np.random.default_rng(6)
    cell = RNNCell(D, H, rng=rng, activation="identity")
    for array in cell.params.values():
        array[...] = rng.standard_normal(array.shape)
    x, params = rng.standard_normal(D), cell.params
    points = fixed_points(cell, x, starts=10 * rng.standard_normal((20, H)))
    drive = x @ params["W_xh"] + params["b_h"]
    expected = np.linalg.solve(np.eye(H) - params["W_hh"].T, drive)
    np.testing.assert_allclose(points.states, expected[None], rtol=1e-9)
    assert points.found.tolist() == [20]
    assert points.lost == 0


def test_a_net_that_only_climbs_has_none_and_says_how_many_starts_were_lost():
    cell = RNNCell(1, 1, rng=np.random.default_rng(7), activation="relu")
    cell.params["W_hh"][...] = 1
    cell.params["b_h"][...] = 1
    points = fixed_points(cell, starts=np.linspace(0, 5, 6)[:, None])
    assert points.states.shape == (0, 1)
    assert points.eigenvalues.shape == (0, 1)
    assert points.found.tolist() == []
    assert points.lost == 6
    assert points.is_stable.shape == points.ways_out.shape == (0,)


def test_a_token_is_an_input_and_none_is_another():
    rng = np.random.default_rng(8)
    cell = GRUCell(D, H, rng=rng)
    starts = rng.standard_normal((10, H))
    for array in cell.params.values():
        array[...] = rng.standard_normal(array.shape)
    token, vector = (fixed_points(cell, x, starts=starts) for x in (2, np.eye(D)[2]))
    np.testing.assert_allclose(token.states, vector.states, atol=1e-9)
    silent = fixed_points(cell, starts=starts)
    zeros = fixed_points(cell, np.zeros(D), starts=starts)
    np.testing.assert_allclose(silent.states, zeros.states, atol=1e-9)


def test_an_lstm_that_keeps_any_cell_state_has_a_point_near_each_start():
    """With f = 1 and i = 0 each c stays: Newton meets a singular J - 1 everywhere."""
    rng = np.random.default_rng(9)
    cell = LSTMCell(1, 2, rng=rng)
    for name in ("W_xh", "W_hh"):
        cell.params[name][...] = 0
    i, f, o, g = np.split(cell.params["b_h"], 4)
    i[...], f[...], o[...], g[...] = -1000, 1000, 0.3, 1.0
    starts = rng.standard_normal((6, 4))
    points = fixed_points(cell, starts=starts)
    assert points.lost == 0
    assert len(points.states) == 6
    h, c = np.split(points.states, 2, axis=-1)
    np.testing.assert_allclose(h, np.tanh(c) / (1 + np.exp(-0.3)), atol=1e-10)
    np.testing.assert_allclose(abs(points.eigenvalues[:, :2]), 1)
    assert not points.is_stable.any()
    assert not points.ways_out.any()
