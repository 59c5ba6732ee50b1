import numpy as np
import pytest

from rnnlib import softmax
from rnnlib.sampling import greedy, probabilities, sample

SCORES = np.array([1.0, 2.2, -3.0, 4.1, 3.9, 0.0])
TINY = (1e-2, 1e-8, 1e-300, 5e-324)


def scores(*shape, seed=0, dtype=float):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 3.0, 1e300])
def test_probabilities_are_the_softmax_of_scores_over_temperature(temperature):
    found = probabilities(SCORES, temperature=temperature)
    np.testing.assert_allclose(found, softmax(SCORES / temperature), rtol=1e-13)


def test_a_low_temperature_sharpens_and_a_high_one_flattens():
    highest = [
        probabilities(SCORES, temperature=t).max() for t in (0.05, 0.3, 1.0, 5.0, 100.0)
    ]
    assert highest == sorted(highest, reverse=True)
    assert highest[0] > 0.98
    assert highest[-1] < 1.05 / len(SCORES)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("temperature", TINY)
def test_towards_zero_temperature_a_sample_is_the_argmax(temperature, dtype):
    logits = np.round(30 * scores(40, 9, dtype=dtype))
    logits[np.arange(40), logits.argmax(axis=1)] += 1
    rng = np.random.default_rng(1)
    found = sample(logits, rng=rng, temperature=temperature)
    np.testing.assert_array_equal(found, greedy(logits))
    p = probabilities(logits, temperature=temperature)
    np.testing.assert_allclose(p.max(axis=-1), 1)


@pytest.mark.parametrize("temperature", TINY)
def test_equal_highest_scores_share_what_there_is(temperature):
    p = probabilities([[1e4, -1e4, 1e4, 0.0]], temperature=temperature)
    np.testing.assert_array_equal(p, [[0.5, 0, 0.5, 0]])


def test_scores_at_the_end_of_the_range_do_no_harm():
    most = np.finfo(float).max
    for temperature in (1e-300, 1.0, 1e300):
        p = probabilities([most, -most, 0.0], temperature=temperature)
        assert np.isfinite(p).all()
        np.testing.assert_allclose(p.sum(), 1)


@pytest.mark.parametrize("options", [{}, {"temperature": 0.6}, {"top_k": 3}])
def test_frequencies_are_probabilities(options):
    n, p = 100_000, probabilities(SCORES, **options)
    rng = np.random.default_rng(2)
    tokens = sample(np.broadcast_to(SCORES, (n, 6)), rng=rng, **options)
    frequencies = np.bincount(tokens, minlength=6) / n
    assert (abs(frequencies - p) <= 5 * np.sqrt(p * (1 - p) / n)).all()


def test_only_the_highest_k_are_drawn():
    p = probabilities(SCORES, top_k=3)
    np.testing.assert_array_equal(np.flatnonzero(p), [1, 3, 4])
    np.testing.assert_allclose(p[[1, 3, 4]], softmax(SCORES[[1, 3, 4]]))
    tokens = sample(
        np.broadcast_to(SCORES, (5000, 6)), rng=np.random.default_rng(3), top_k=3
    )
    assert {*tokens.tolist()} == {1, 3, 4}


def test_the_top_one_is_greedy_and_all_of_them_change_nothing():
    logits = np.round(2 * scores(50, 7))  # with equal scores among them
    rng = np.random.default_rng(4)
    np.testing.assert_array_equal(sample(logits, rng=rng, top_k=1), greedy(logits))
    np.testing.assert_array_equal(probabilities(logits, top_k=7), probabilities(logits))
    for k in range(1, 8):
        assert ((probabilities(logits, top_k=k) > 0).sum(axis=-1) == k).all()


@pytest.mark.parametrize("shape", [(), (4,), (3, 4), (2, 3, 4)])
def test_any_leading_axes(shape):
    logits = scores(*shape, 5)
    assert greedy(logits).shape == shape
    assert probabilities(logits, top_k=2).shape == (*shape, 5)
    tokens = sample(logits, rng=np.random.default_rng(5))
    assert np.shape(tokens) == shape
    assert np.asarray(tokens).dtype.kind == "i"
    assert ((tokens >= 0) & (tokens < 5)).all()


def test_each_row_is_drawn_from_its_own_scores():
    logits = np.full((300, 300), -50.0)
    np.fill_diagonal(logits, 50.0)
    tokens = sample(logits, rng=np.random.default_rng(6))
    np.testing.assert_array_equal(tokens, np.arange(300))


def test_a_seed_draws_the_same_again():
    logits = scores(200, 30)
    first, again, other = (
        sample(logits, rng=np.random.default_rng(seed)) for seed in (7, 7, 8)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_one_symbol_leaves_no_choice():
    tokens = sample(np.zeros((9, 1)), rng=np.random.default_rng(9), top_k=1)
    np.testing.assert_array_equal(tokens, np.zeros(9))


def test_single_precision_comes_out():
    assert probabilities(SCORES.astype(np.float32)).dtype == np.float32


def nucleus(p, top_p):
    """Return the same by taking the most probable, one by one, until it is enough."""
    kept = np.zeros_like(p)
    for k in sorted(range(len(p)), key=lambda k: -p[k]):
        if kept.sum() >= top_p * (1 - 1e-12):
            break
        kept[k] = p[k]
    return kept / kept.sum()


@pytest.mark.parametrize("top_p", [1e-9, 0.3, 0.5, 0.9, 0.999, 1.0])
def test_the_nucleus_is_the_fewest_symbols_that_have_the_share(top_p):
    logits = np.round(2 * scores(40, 7, seed=5))  # with equal scores among them
    found = probabilities(logits, top_p=top_p)
    expected = [nucleus(p, top_p) for p in softmax(logits)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_share_that_is_reached_exactly_takes_no_more():
    p = probabilities(np.log([0.3, 0.5, 0.2]), top_p=0.8)
    np.testing.assert_array_equal(p > 0, [True, True, False])


def test_the_nucleus_is_taken_from_what_temperature_and_top_k_have_left():
    logits = scores(30, 9, seed=6)
    left = probabilities(logits, temperature=0.7, top_k=4)
    found = probabilities(logits, temperature=0.7, top_k=4, top_p=0.6)
    np.testing.assert_allclose(found, [nucleus(p, 0.6) for p in left], rtol=1e-12)


def test_only_the_nucleus_is_drawn():
    rng, p = np.random.default_rng(7), probabilities(SCORES, top_p=0.6)
    tokens = sample(np.broadcast_to(SCORES, (5000, 6)), rng=rng, top_p=0.6)
    assert {*tokens.tolist()} == {*np.flatnonzero(p).tolist()}
    assert 1 < (p > 0).sum() < 6


def test_a_score_of_minus_infinity_is_never_chosen():
    logits = scores(400, 6)
    logits[:, [0, 5]] = -np.inf
    logits[:200, 2] = -np.inf
    rest = logits[:, [1, 2, 3, 4]]
    np.testing.assert_array_equal(greedy(logits), greedy(rest) + 1)
    for options in ({}, {"temperature": 9.0}, {"top_k": 5}, {"temperature": 0.01}):
        p = probabilities(logits, **options)
        assert not p[:, [0, 5]].any()
        assert not p[:200, 2].any()
        np.testing.assert_allclose(p.sum(axis=-1), 1)
        tokens = sample(logits, rng=np.random.default_rng(0), **options)
        assert set(tokens.tolist()) <= {1, 2, 3, 4}
        assert 2 not in tokens[:200]
