import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    binary_cross_entropy,
    check_gradients,
    cross_entropy,
    mean_squared_error,
    one_hot,
    softmax,
)
from tests.library.nets import draw_mask

T, B, V = 4, 3, 5
RNG = np.random.default_rng(0)
SCORES = 2 * RNG.standard_normal((T, B, V))
TOKENS = RNG.integers(0, V, size=(T, B))
VALUES = RNG.standard_normal((T, B, V))
SHARES = RNG.random((T, B, V))
MASK = draw_mask(RNG, T, B)

# loss, scores, targets: what each of the three is given
LOSSES = {
    "cross_entropy": (cross_entropy, SCORES, TOKENS),
    "binary_cross_entropy": (binary_cross_entropy, SCORES, SHARES),
    "mean_squared_error": (mean_squared_error, SCORES, VALUES),
}


def of_one_score(name, scores, target):
    """Return the loss of one step, summed over its scores, in plain Python."""
    if name == "cross_entropy":
        return -math.log(math.exp(scores[target]) / math.fsum(map(math.exp, scores)))
    if name == "binary_cross_entropy":
        p = [1 / (1 + math.exp(-score)) for score in scores]
        return -math.fsum(
            y * math.log(q) + (1 - y) * math.log(1 - q)
            for y, q in zip(target, p, strict=True)
        )
    return math.fsum((s - y) ** 2 for s, y in zip(scores, target, strict=True))


@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_the_mean_over_the_steps_that_exist(name, mask):
    loss, scores, targets = LOSSES[name]
    exists = np.ones((T, B), bool) if mask is None else mask
    each = [
        of_one_score(name, scores[t, b].tolist(), targets[t, b].tolist())
        for t, b in np.argwhere(exists)
    ]
    terms = len(each) * (1 if name == "cross_entropy" else V)
    value, _ = loss(scores, targets, mask)
    assert value == pytest.approx(math.fsum(each) / terms, rel=1e-13)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_the_derivative(name, mask, method):
    loss, scores, targets = LOSSES[name]

    def function(scores):
        value, dscores = loss(scores, targets, mask)
        return value, lambda d: {"scores": d * dscores}

    check_gradients(
        function, {"scores": scores}, rng=np.random.default_rng(1), method=method
    )


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 2)])
def test_any_leading_axes_will_do(shape):
    rng = np.random.default_rng(2)
    scores = rng.standard_normal((*shape, V))
    tokens = rng.integers(0, V, size=shape)
    value, dscores = cross_entropy(scores, tokens)
    flat, dflat = cross_entropy(scores.reshape(-1, V), tokens.reshape(-1))
    assert value == pytest.approx(flat, rel=1e-14)
    np.testing.assert_allclose(dscores, dflat.reshape(scores.shape), rtol=1e-13)


@pytest.mark.parametrize("filling", [np.nan, np.inf, 1e4])
@pytest.mark.parametrize("name", LOSSES)
def test_padding_weighs_nothing(name, filling):
    loss, scores, targets = LOSSES[name]
    expected, dexpected = loss(scores, targets, MASK)
    filled, strange = scores.copy(), targets.copy()
    filled[~MASK] = filling
    strange[~MASK] = -1 if name == "cross_entropy" else filling
    value, dscores = loss(filled, strange, MASK)
    assert value == expected
    np.testing.assert_array_equal(dscores, dexpected)
    np.testing.assert_array_equal(dscores[~MASK], np.zeros(((~MASK).sum(), V)))


@given(times=st.integers(1, 5), padding=st.integers(0, 7))
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_grows_neither_with_time_nor_with_padding(name, times, padding):
    loss, scores, targets = LOSSES[name]
    expected, _ = loss(scores, targets, MASK)
    long = np.concatenate([scores] * times + [scores[:1]] * padding)
    asked = np.concatenate([targets] * times + [targets[:1]] * padding)
    mask = np.concatenate([MASK] * times + [np.zeros((1, B), bool)] * padding)
    value, _ = loss(long, asked, mask)
    assert value == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("name", LOSSES)
def test_no_mask_means_every_step(name):
    loss, scores, targets = LOSSES[name]
    value, dscores = loss(scores, targets)
    same, dsame = loss(scores, targets, np.ones((T, B), dtype=bool))
    assert value == same
    np.testing.assert_array_equal(dscores, dsame)


def test_a_mask_may_name_single_scores():
    mask = RNG.random(SCORES.shape) < 0.5
    value, dscores = mean_squared_error(SCORES, VALUES, mask)
    expected = ((SCORES - VALUES)[mask] ** 2).mean()
    assert value == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(
        dscores[mask], 2 * (SCORES - VALUES)[mask] / mask.sum(), rtol=1e-14
    )


def test_a_square_batch_does_not_confuse_time_with_batch():
    """A mask (T,) would fit both axes where T = B; cross-entropy refuses it."""
    scores, tokens = SCORES[:B], TOKENS[:B]
    with pytest.raises(ValueError, match=r"mask must have shape \(3, 3\), got \(3,\)"):
        cross_entropy(scores, tokens, np.array([True, False, True]))
    steps = np.array([True, False, True])
    value, _ = mean_squared_error(scores, VALUES[:B], steps)
    expected = ((scores - VALUES[:B])[steps] ** 2).mean()
    assert value == pytest.approx(expected, rel=1e-14)


def test_cross_entropy_of_hello():
    """Loss and gradient for the "e", which is not the most probable letter."""
    loss, dscores = cross_entropy(np.array([1.0, 2.2, -3.0, 4.1]), 1)
    assert round(float(loss), 3) == 2.079
    np.testing.assert_array_equal(dscores.round(3), [0.038, -0.875, 0.001, 0.837])


def test_a_right_guess_still_learns():
    """The gradient p - y is not zero where the most probable letter is right."""
    scores = np.array([1.0, 2.2, -3.0, 4.1])
    loss, dscores = cross_entropy(scores, int(scores.argmax()))
    assert loss > 0.1
    assert abs(dscores).max() > 0.1


def test_the_gradient_of_one_step_is_p_minus_y():
    _, dscores = cross_entropy(SCORES[0, 0], TOKENS[0, 0])
    expected = softmax(SCORES[0, 0]) - one_hot(TOKENS[0, 0], V)
    np.testing.assert_allclose(dscores, expected, rtol=1e-13)


def test_two_classes_are_one_yes_or_no():
    """Softmax over the scores (0, a) is the sigmoid of a."""
    rng = np.random.default_rng(3)
    a, yes = rng.standard_normal(6), rng.integers(0, 2, size=6)
    pairs = np.stack([np.zeros(6), a], axis=1)
    value, dpairs = cross_entropy(pairs, yes)
    same, da = binary_cross_entropy(a, yes.astype(float))
    assert value == pytest.approx(same, rel=1e-14)
    np.testing.assert_allclose(dpairs[:, 1], da, rtol=1e-12)


def test_knowing_nothing_costs_the_logarithm_of_the_choices():
    value, _ = cross_entropy(np.full((T, B, V), 7.0), TOKENS)
    assert value == pytest.approx(math.log(V), rel=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_losses_survive_huge_scores(dtype):
    scores = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 0.0]], dtype)
    value, dscores = cross_entropy(scores, [0, 0])
    assert value == dtype(1e4)  # (0 + 20,000) / 2
    np.testing.assert_array_equal(dscores, [[0, 0, 0], [-0.5, 0.5, 0]])
    yes = np.array([[1, 0], [1, 0]], dtype)
    value, dscores = binary_cross_entropy(scores[:, :2], yes)
    assert value == 5e3  # the second row is wrong twice, by 10,000 each
    np.testing.assert_array_equal(dscores, [[0, 0], [-0.25, 0.25]])


def test_a_right_answer_far_out_keeps_its_tiny_loss():
    value, _ = binary_cross_entropy(np.array([40.0]), np.array([1.0]))
    assert value == pytest.approx(math.exp(-40), rel=1e-10)
    value, _ = cross_entropy(np.array([0.0, 30.0]), 1)
    assert value == pytest.approx(math.exp(-30), rel=1e-2)


def test_each_step_is_safe_whatever_the_scores_of_the_others():
    """What is largest is looked for in each step, not in all of them together."""
    scores = np.array([[1e4, 1e4 - 1], [-1e4, -1e4 - 1]])
    value, dscores = cross_entropy(scores, [0, 1])
    p = 1 / (1 + np.exp(-1))
    assert value == pytest.approx(-(np.log(p) + np.log(1 - p)) / 2)
    np.testing.assert_allclose(dscores, [[p - 1, 1 - p], [p, -p]] / np.array(2.0))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_scores_as_far_apart_as_floats_are_have_a_loss(dtype):
    most = np.finfo(dtype).max
    logits = np.array([[most, -most, 0.0], [1.0, 2.0, 3.0]], dtype)
    loss, dlogits = cross_entropy(logits, [0, 2])
    alone, dalone = cross_entropy(logits[1:], [2])
    assert loss == alone / 2
    np.testing.assert_array_equal(dlogits, np.vstack([np.zeros((1, 3)), dalone]) / 2)


SCORES = np.array([[900.0, -900.0, 3.0], [-1e4, 1e4, -5.0], [1e-200, 0.0, -1e-200]])
LOSSES_OF_SCORES = {
    "cross_entropy": lambda: cross_entropy(SCORES, [1, 1, 2]),
    "binary_cross_entropy": lambda: binary_cross_entropy(SCORES, np.eye(3)),
    "mean_squared_error": lambda: mean_squared_error(SCORES, np.eye(3)),
}


@pytest.mark.parametrize("name", LOSSES_OF_SCORES)
def test_ordinary_scores_have_a_loss_where_numpy_was_told_to_raise(name):
    expected = LOSSES_OF_SCORES[name]()
    with np.errstate(all="raise"):
        np.testing.assert_equal(LOSSES_OF_SCORES[name](), expected)
