"""Lesson 13: its exercises beside the library, its text and its cards computed."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_13 import resting
from rnncourse.lesson_13.exercises.counting_probe import counting_probe
from rnncourse.lesson_13.exercises.holding import held_states
from rnncourse.lesson_13.exercises.input_slopes import input_slopes
from rnncourse.lesson_13.exercises.newton import fixed_point
from rnncourse.lesson_13.held import (
    ANSWERS,
    bits,
    directions,
    looked_at,
    moves_with,
    states_of,
    ten_runs,
    texts,
)
from rnncourse.lesson_13.nets import FLIP_FLOPS, brackets, flip_flop, reviews
from rnncourse.lesson_13.trials import read
from rnncourse.shared.open_brackets import correlations, depths, quoted
from rnncourse.shared.trials import SEEDS
from rnnlib import (
    GRUCell,
    LanguageModel,
    LSTMCell,
    Recurrent,
    RNNCell,
    SequenceClassifier,
    Tagger,
    log_softmax,
    one_hot,
    softmax,
)
from rnnlib._typing import Array
from rnnlib.diagnostics import (
    ablated,
    fixed_points,
    integrated_gradients,
    linear_probe,
    occlusion,
    principal_components,
    saliency,
)

each_seed = pytest.mark.parametrize("seed", SEEDS)


def tanh_net(seed: int, D: int = 3, H: int = 5) -> tuple[RNNCell, Any]:
    """Return a cell, and its weights in the order of the exercises."""
    cell = RNNCell(D, H, rng=np.random.default_rng(seed))
    cell.params["b_h"][...] = np.random.default_rng(seed + 1).standard_normal(H)
    return cell, [cell.params[name] for name in ("W_xh", "W_hh", "b_h")]


# the exercises


@each_seed
def test_the_slopes_are_those_whose_lengths_the_library_returns(seed: int) -> None:
    cell, weights = tanh_net(seed)
    rng = np.random.default_rng(seed)
    model = Tagger(Recurrent(cell), None, rng=rng, loss="mean_squared_error")
    x = rng.standard_normal((6, 3))
    found = input_slopes(x, *weights, model.params["output.W_hy"], 3, 0)
    expected = saliency(model, x, step=3)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), expected, rtol=1e-10)
    assert not found[4:].any()


@each_seed
def test_newton_of_the_exercise_finds_what_the_library_finds(seed: int) -> None:
    cell, (_, W_hh, b_h) = tanh_net(seed)
    W_hh *= 3
    points = fixed_points(cell, starts=np.random.default_rng(seed).random((20, 5)))
    assert len(points.states)
    for state, ways in zip(points.states, points.ways_out, strict=True):
        mine, count = fixed_point(W_hh, b_h, state + 1e-4)
        np.testing.assert_allclose(mine, state, atol=1e-6)
        assert count == ways


@each_seed
def test_the_probe_is_the_one_of_the_library(seed: int) -> None:
    rng = np.random.default_rng(seed)
    states, counts = rng.standard_normal((7, 9, 4)), rng.integers(0, 5, (7, 9))
    weights, bias = counting_probe(states, counts)
    expected = linear_probe(states, counts.astype(float))
    np.testing.assert_allclose(weights, expected.weights, atol=1e-10)
    assert bias == pytest.approx(expected.bias)


@each_seed
def test_a_held_run_is_that_of_an_ablated_model(seed: int) -> None:
    cell, weights = tanh_net(seed)
    rng = np.random.default_rng(seed)
    model = SequenceClassifier(Recurrent(cell), 2, rng=rng)
    x, u, at = (rng.standard_normal(shape) for shape in ((8, 3), 5, 5))
    h, _, _ = ablated(model, u, at=at).parts["recurrent"].forward(x[:, None])
    found = held_states(x, *weights, u, at)
    np.testing.assert_allclose(found, h[:, 0], atol=1e-12)
    np.testing.assert_allclose(found @ u, at @ u, atol=1e-12)


# 1 and 2: inputs


def one_unit(weights: list[float]) -> Tagger:
    """Return a net whose score after a step is tanh of a weighted sum of the input."""
    rng = np.random.default_rng(0)
    cell = RNNCell(len(weights), 1, rng=rng)
    model = Tagger(Recurrent(cell), None, rng=rng, loss="mean_squared_error")
    cell.params["W_xh"][:, 0], cell.params["W_hh"][...] = weights, 0
    model.params["output.W_hy"][...] = 1
    return model


def test_behind_a_saturated_unit_the_gradient_is_zero_and_the_input_decides() -> None:
    model, x = one_unit([10.0]), np.ones((1, 1))
    assert saliency(model, x)[0] < 1e-6
    assert occlusion(model, x)[0] == pytest.approx(1, abs=1e-6)
    assert integrated_gradients(model, x, points=64)[0] == pytest.approx(1, abs=1e-6)


def test_two_that_say_the_same_are_found_by_integrated_gradients_alone() -> None:
    def whole(x: Array) -> Any:
        return np.tanh(10 * x.sum())

    x = np.ones(2)
    alphas = (np.arange(1000) + 0.5) / 1000
    slopes = 10 * (1 - np.tanh(10 * alphas * x.sum()) ** 2)
    assert 10 * (1 - whole(x) ** 2) < 1e-6
    for d in range(2):
        assert whole(x) - whole(np.delete(x, d)) < 1e-6
        assert slopes.mean() * x[d] == pytest.approx(0.5, abs=1e-4)
    assert whole(x) - whole(0 * x) == pytest.approx(1)


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell, GRUCell])
def test_integrated_gradients_add_up_in_any_net(kind: Any) -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        model = LanguageModel(Recurrent(kind(5, 6, rng=rng)), rng=rng)
        tokens = rng.integers(0, 5, 7)
        x = one_hot(tokens, 5)[:, None]
        ends = [log_softmax(model.logits(v)[0])[-1, 0, 2] for v in (x, 0 * x)]
        parts = integrated_gradients(model, tokens, 2, points=32)
        assert parts.sum() == pytest.approx(ends[0] - ends[1], abs=1e-6)


def test_the_brackets_of_the_text_have_the_slopes_it_tells_of() -> None:
    net = brackets()
    tokens = net.vocabulary.encode("[ab(a(b)b)ab")
    p = softmax(net.logits(tokens[:, None])[0][-1, 0])
    target = int(net.vocabulary.encode("]")[0])
    steep = saliency(net, tokens, target)
    assert p.argmax() == target
    assert steep.argmax() == 0
    letters = [steep[n] for n, s in enumerate("[ab(a(b)b)ab") if s in "ab"]
    assert 0.25 < min(letters) / steep[0] < 0.3
    for measure in (integrated_gradients, occlusion):
        found = abs(measure(net, tokens, target))
        assert found.argmax() == 0
        assert max(found[n] for n in (1, 2)) < 0.05 * found[0]


# 3: rest


def test_newton_goes_to_a_point_to_which_no_run_goes() -> None:
    run = newton = 0.3
    for _ in range(30):
        after = np.tanh(2 * newton)
        newton -= (after - newton) / (2 * (1 - after**2) - 1)
        run = np.tanh(2 * run)
    assert abs(newton) < 1e-12
    assert run == pytest.approx(0.9575, abs=1e-4)


@pytest.mark.parametrize("K", [1, 2, 3])
def test_the_states_of_k_bits_need_about_k_components(K: int) -> None:
    x = FLIP_FLOPS[K].sample(200, rng=np.random.default_rng(0)).inputs
    h, _, _ = flip_flop(K).parts["recurrent"].forward(x)
    shares = principal_components(h, 4).shares
    assert shares[:K].sum() > 0.85
    assert shares[K] < 0.1


def test_a_millionth_beside_a_saddle_a_run_leaves_it_for_a_stable_point() -> None:
    cell = flip_flop(2).parts["recurrent"].cell
    rng = np.random.default_rng(5)
    points = fixed_points(cell, np.zeros(2), starts=rng.uniform(-1, 1, (200, 16)))
    assert [(points.ways_out == n).sum() for n in range(3)] == [4, 4, 1]
    stable = points.states[points.is_stable]
    for saddle in points.states[~points.is_stable]:
        h = saddle + 1e-6 * rng.standard_normal(16)
        begin = np.linalg.norm(h - saddle)
        for _ in range(120):
            h = np.tanh(h @ cell.params["W_hh"] + cell.params["b_h"])
        assert np.linalg.norm(h - saddle) > 1e5 * begin
        assert np.linalg.norm(stable - h, axis=1).min() < 1e-6


# 4 and 5: read and held


@cache
def stored_net() -> dict[str, Any]:
    """Return what is asked of the stored net of brackets."""
    return dict(zip(ANSWERS, looked_at(brackets()), strict=True))


def test_the_depth_is_read_from_all_units_better_than_from_one() -> None:
    net, learned = brackets(), texts("train")
    h, counts = states_of(net, learned), depths(learned.inputs)
    r = correlations(h, counts.astype(float))
    assert abs(r).argmax() == 9
    assert (r**2).max() == pytest.approx(0.70, abs=0.01)
    assert stored_net()["depth: R2"] > 0.9 > 0.8 > (r**2).max()
    assert abs(correlations(h, quoted(learned.inputs))).max() == pytest.approx(
        0.84, abs=0.005
    )


def test_what_no_prediction_needs_is_hardly_in_the_state() -> None:
    net, learned, new = brackets(), texts("train"), texts("held_out")
    h, h_new = (states_of(net, batch)[5:] for batch in (learned, new))
    place = np.broadcast_to(np.arange(5.0, 40)[:, None], h.shape[:2])
    assert linear_probe(h, place).r_squared(h_new, place) < 0.1
    ago, ago_new = ((batch.inputs == 0)[:-5] * 1.0 for batch in (learned, new))
    assert linear_probe(h, ago).r_squared(h_new, ago_new) < 0.1


def test_the_direction_of_the_quote_costs_several_times_the_unit() -> None:
    found = stored_net()
    assert found["quote: probe"] > 4 * found["best unit"]
    assert found["quote: probe"] > 4 * found["quote: unit"]
    assert found["quote: probe"] > 4 * found["worst random"]
    assert found["quote: R2"] > 0.99


def test_the_direction_by_which_the_depth_is_read_is_hardly_used() -> None:
    found = stored_net()
    assert found["depth: probe"] < found["best unit"] < found["depth: moves"]
    assert found["middle random"] < found["depth: probe"] < found["worst random"]
    assert found["depth: moves"] > 2 * found["depth: probe"]
    assert 0.55 < found["depth: R2 after probe"] < 0.65
    assert found["depth: R2 after moves"] < 0.35
    assert found["depth: cosine"] == pytest.approx(0.4, abs=0.05)


def test_the_unit_of_the_depth_is_not_among_the_first_four() -> None:
    net, new = brackets(), texts("held_out")
    at, whole = states_of(net, texts("train")).mean(axis=(0, 1)), bits(net, new)
    units = np.eye(24)
    costs = [bits(ablated(net, units[k], at=at), new) - whole for k in (9, 18, 19, 21)]
    assert max(costs) < 0.1
    assert costs[0] < min(costs[1:])
    assert costs[0] < stored_net()["best unit"]
    assert directions(net)["depth"].unit == 9


@each_seed
def test_the_moving_direction_is_the_covariance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    h, counts = rng.standard_normal((5, 6, 4)), rng.standard_normal((5, 6))
    both = np.cov(np.column_stack([h.reshape(-1, 4), counts.ravel()]).T)
    expected = both[:4, 4] / np.linalg.norm(both[:4, 4])
    np.testing.assert_allclose(moves_with(h, counts), expected, atol=1e-12)


def test_ten_seeds_say_the_same_of_reading_and_using() -> None:
    found = dict(zip(ANSWERS, ten_runs("brackets").T, strict=True))
    assert (found["depth: R2"] > 0.88).all()
    assert (found["quote: R2"] > 0.98).all()
    assert (found["quote: probe"] > 2.5 * found["best unit"]).all()
    assert (found["depth: probe"] < found["best unit"]).all()
    assert (found["depth: moves"] > 1.5 * found["depth: probe"]).all()
    middle = {name: round(float(np.median(found[name])), 2) for name in ANSWERS}
    assert middle["depth: probe"] == middle["middle random"] == 0.05
    assert (middle["best unit"], middle["depth: moves"]) == (0.14, 0.15)
    assert middle["quote: probe"] == 0.52


# 6: a line or points


@cache
def silences(kept: str) -> dict[int, tuple[float, float]]:
    """Return after each length of silence the share right, and that at an end."""
    reader, end = reviews(kept), {"opinion": 4, "stars": 3.5}[kept]
    states, answers = resting.visited(kept, reader, 200, rng=np.random.default_rng(1))
    found = {}
    for steps in (1, 20, 50, 1000):
        said = read(reader, resting.silent(reader, states, steps))
        right = (said > 0) == answers if kept == "opinion" else said.round() == answers
        found[steps] = float(right.mean()), float((abs(said) > end).mean())
    return found


def test_an_opinion_has_two_ends_and_is_at_one_of_them_after_twenty_steps() -> None:
    found = silences("opinion")
    assert [share for share, _ in found.values()] == [1, 1, 1, 1]
    assert 0.7 < found[1][1] < 0.9
    assert found[20][1] == found[1000][1] == 1


def test_a_number_is_kept_as_long_as_in_training_and_drifts_to_an_end() -> None:
    found = silences("stars")
    assert found[20][0] > 0.98
    assert found[50][0] < found[20][0]
    assert found[20][1] < 0.1
    assert found[1000][1] > 0.9
    assert found[1000][0] < 0.1
