"""Lesson 11: its exercises beside the library, its questions and cards computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnncourse.catalogue import exercise
from rnncourse.checking.questions import Guess
from rnncourse.lesson_11 import forced
from rnncourse.lesson_11.exercises.attend import attend
from rnncourse.lesson_11.exercises.attend_backward import attend_backward
from rnncourse.lesson_11.exercises.causal_head import causal_head, causal_head_backward
from rnncourse.lesson_11.exercises.look_again import look
from rnncourse.lesson_11.exercises.looks_back import (
    LENGTH,
    TASK,
    UNITS,
    WITHOUT,
    looks_back,
    trained_share,
)
from rnncourse.lesson_11.exercises.masked_softmax import masked_softmax
from rnncourse.lesson_11.force_a_weight.compute import forced_weights
from rnncourse.lesson_11.nets import stored
from rnncourse.shared.translators import TASKS
from rnncourse.shared.trials import SEEDS
from rnnlib import (
    AdditiveAttention,
    DotAttention,
    GRUCell,
    Recurrent,
    SelfAttention,
    softmax,
)
from rnnlib._typing import Array
from rnnlib.models.seq2seq import Seq2Seq

each_seed = pytest.mark.parametrize("seed", SEEDS)


def drawn(
    seed: int, T: int = 4, B: int = 3, S: int = 6, H: int = 5
) -> tuple[Array, ...]:
    """Return queries, keys and values, and a mask that leaves each a key."""
    rng = np.random.default_rng(seed)
    exists = rng.random((S, B)) < 0.6
    exists[rng.integers(0, S, B), np.arange(B)] = True
    q, k, v = (rng.standard_normal((n, B, H)) for n in (T, S, S))
    return q, k, v, exists


# the exercises


@each_seed
def test_a_look_and_its_way_back_are_those_of_the_library(seed: int) -> None:
    q, k, v, exists = drawn(seed)
    attention = DotAttention(scaled=True)
    context, weights, run = attention.forward(q, k, v, exists)
    mine, shares = attend(q, k, v, exists)
    np.testing.assert_allclose(mine, context, rtol=1e-12)
    np.testing.assert_allclose(shares, weights, rtol=1e-12)
    d = np.random.default_rng(seed + 1).standard_normal(context.shape)
    right = attention.backward(d, run)[:3]
    for found, expected in zip(attend_backward(d, shares, q, k, v), right, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)


@each_seed
def test_an_attention_that_looks_is_the_additive_one(seed: int) -> None:
    _, h, _, exists = drawn(seed)
    rng = np.random.default_rng(seed)
    s, net = rng.standard_normal((3, 2)), AdditiveAttention(2, 5, 4, rng=rng)
    context, weights, _ = net.forward(s[None], h, h, exists)
    W_qa, W_ka, v_a = (net.params[name] for name in ("W_qa", "W_ka", "v_a"))
    found = look(s, h, W_qa, W_ka, v_a, exists)
    np.testing.assert_allclose(found[0], context[0], rtol=1e-12)
    np.testing.assert_allclose(found[1], weights[0], rtol=1e-12)


@each_seed
def test_one_head_is_a_self_attention_without_its_last_matrix(seed: int) -> None:
    rng = np.random.default_rng(seed)
    layer = SelfAttention(3, 4, rng=rng)
    layer.params["W_vh"][...] = np.eye(4)
    x, dh = rng.standard_normal((7, 2, 3)), rng.standard_normal((7, 2, 4))
    h, _, run = layer.forward(x)
    params = [layer.params[name] for name in ("W_xq", "W_xk", "W_xv")]
    found, weights = causal_head(x, *params)
    np.testing.assert_allclose(found, h, rtol=1e-11)
    np.testing.assert_allclose(weights, run.weights[:, :, 0], rtol=1e-11)
    dx, _, grads = layer.backward(dh, run)
    back = causal_head_backward(dh, weights, x, *params)
    expected: list[Any] = [dx, *(grads[name] for name in ("W_xq", "W_xk", "W_xv"))]
    for mine, right in zip(back, expected, strict=True):
        np.testing.assert_allclose(mine, right, atol=1e-11)


@each_seed
def test_the_softmax_of_an_empty_row_is_what_a_lenient_attention_makes(
    seed: int,
) -> None:
    q, k, v, exists = drawn(seed)
    exists[:, 1] = False
    _, weights, _ = DotAttention(lenient=True).forward(q, k, v, exists)
    scores = np.einsum("tbh,sbh->tbs", q, k)
    for b in range(3):
        there = np.broadcast_to(exists[:, b], scores[:, b].shape)
        found = masked_softmax(scores[:, b], there)
        np.testing.assert_allclose(found, weights[:, b], atol=1e-13)


def test_what_looks_back_has_an_attention_without_parameters() -> None:
    model = looks_back(11, UNITS, np.random.default_rng(0))
    assert isinstance(model, Seq2Seq)
    assert model.parts["attention"].params == {}
    assert LENGTH == 8


# the questions


def test_the_row_of_the_alignment_is_as_it_is_asked() -> None:
    text, target = "wednesday, 2 december 2009", "2009-12-02"
    pairs = forced.pair_of(text, target)
    rows = stored("dates", "scaled").alignment(pairs)[:, 0]
    shown = int(rows[:, 14].argmax())
    assert shown == len(target) - 1
    assert [text[k] for k in sorted(np.argsort(rows[shown])[-2:])] == ["d", "e"]
    for month in (5, 6):
        assert text[int(rows[month].argmax())] in "mber"
        assert int(rows[month].argmax()) > text.index("m")
    assert rows[7].max() < 0.075
    assert exercise("11.5").right == "b"  # type: ignore[union-attr]
    assert 0.09 < rows[shown].max() < 0.13


def test_the_weights_of_the_tutorial_are_the_same_for_every_source() -> None:
    """Written out once more: the states come in when the weights are made."""
    rng = np.random.default_rng(5)
    asked, W_a, b_a = (rng.standard_normal(shape) for shape in ((1, 7), (7, 10), 10))
    one, other = rng.standard_normal((2, 6, 1, 4))
    weights = softmax(asked @ W_a + b_a)[:, :6]
    contexts = [np.einsum("bs,sbk->bk", weights, h) for h in (one, other)]
    assert not np.allclose(*contexts)
    assert weights.sum() < 1
    mended = AdditiveAttention(7, 4, 5, rng=rng)
    _, of_one, _ = mended.forward(asked[None], one, one)
    _, of_other, _ = mended.forward(asked[None], other, other)
    assert not np.allclose(of_one, of_other)


def test_without_the_largest_weight_one_of_100_digits_of_the_day_changes() -> None:
    guess = exercise("11.10")
    assert isinstance(guess, Guess)
    changed = 100 * (1 - forced.ten_runs("scaled")[:, 0, 2])
    assert guess.right == pytest.approx(changed.mean())
    assert (changed < guess.right * guess.tolerance).all()


# the cards


@each_seed
def test_the_context_knows_no_order(seed: int) -> None:
    q, k, v, exists = drawn(seed)
    order = np.random.default_rng(seed + 1).permutation(len(k))
    one, _ = attend(q, k, v, exists)
    other, _ = attend(q, k[order], v[order], exists[order])
    np.testing.assert_allclose(other, one, atol=1e-12)


def test_a_mask_behind_the_softmax_shrinks_the_context_by_the_padding() -> None:
    sums = []
    for padding in (0, 2, 20):
        q, k, *_ = drawn(3, S=4 + padding)
        exists = np.arange(4 + padding)[:, None] < [4, 4, 4]
        weights = softmax(np.einsum("tbh,sbh->tbs", q, k) / 5**0.5) * exists.T
        sums.append(weights.sum(axis=-1).mean())
    assert sums[0] == pytest.approx(1)
    assert sums[0] > sums[1] > sums[2]


@pytest.mark.parametrize("H", [1, 4, 64, 1024])
def test_scaled_scores_have_a_variance_of_one(H: int) -> None:
    """Within six standard errors, for entries that are no normal numbers either."""
    rng = np.random.default_rng(H)
    for draw in (rng.standard_normal, lambda size: rng.choice([-1.0, 1.0], size)):
        q, k = draw((4000, H)), draw((4000, H))
        z = (q * k).sum(axis=-1) / H**0.5
        error = np.sqrt((z**4).mean() - (z**2).mean() ** 2) / 4000**0.5
        assert abs((z**2).mean() - 1) < 6 * error + 1e-9


def test_an_attention_has_no_parameter_for_the_length() -> None:
    rng = np.random.default_rng(0)
    for attention in (DotAttention(), AdditiveAttention(5, 5, 3, rng=rng)):
        before = {name: a.shape for name, a in attention.params.items()}
        for S in (1, 10, 500):
            q, k, v, _ = drawn(1, S=S)
            _, weights, _ = attention.forward(q, k, v)
            assert weights.shape == (4, 3, S)
        assert {name: a.shape for name, a in attention.params.items()} == before


# weights that are moved by hand


def test_a_weight_that_is_moved_leaves_the_rest_in_their_order() -> None:
    own = np.array([0.4, 0.3, 0.2, 0.1])
    moved = forced_weights(own, 2, 0.6)
    assert moved == pytest.approx([0.2, 0.15, 0.6, 0.05])
    assert forced_weights(own, 0, 0.0)[1:] == pytest.approx(own[1:] / 0.6)


def test_the_ways_to_look_are_what_they_are_called() -> None:
    pairs = TASKS["dates"].sample(20, rng=np.random.default_rng(2), split="held_out")
    found = forced.looks(stored("dates", "dot"), pairs)
    for name, way in forced.WAYS.items():
        weights = way(found)
        there = np.asarray(pairs.source_mask).T
        assert not (weights * ~there).any()
        sums = weights.sum(axis=-1)
        np.testing.assert_allclose(sums, 0 if name == "nothing" else 1, atol=1e-5)
    largest = found.weights.argmax(axis=-1)[..., None]
    rest = forced.WAYS["without the largest"](found)
    assert not np.take_along_axis(rest, largest, -1).any()


def test_where_the_looks_are_wide_no_single_place_is_needed() -> None:
    """As section 6 tells it of ten nets: year, month, day."""
    largest, even, nothing = forced.ten_runs("scaled").transpose(1, 0, 2)
    assert largest.min() >= 0.96
    assert even[:, 0].min() >= 0.99
    assert even[:, 1:].max() < 0.8
    assert nothing[:, 0].min() >= 0.98
    assert nothing[:, 1:].max() < 0.5


def test_where_the_looks_are_narrow_a_place_is_needed_for_the_year() -> None:
    largest = forced.ten_runs("dot")[:, 0]
    assert largest[:, 0].max() < 0.675
    assert largest[:, 1].min() > 0.88


def test_the_looks_of_the_dot_are_narrow_for_year_and_month() -> None:
    pairs = TASKS["dates"].sample(100, rng=np.random.default_rng(4), split="held_out")
    for kind, narrow in (("dot", True), ("scaled", False)):
        weights = forced.looks(stored("dates", kind), pairs).weights.max(axis=-1)
        for part in ("year", "month"):
            assert (np.median(weights[forced.PARTS[part]]) > 0.5) == narrow


def test_a_net_that_cannot_look_is_as_far_behind_as_it_is_told() -> None:
    """One of the ten, seeds 100 to 109, that were measured."""
    rng, V = np.random.default_rng(101), len(TASK.source_vocabulary)
    cells = (GRUCell(V, UNITS, rng=rng, dtype=np.float32) for _ in range(2))
    blind = Seq2Seq(*map(Recurrent, cells), rng=rng)
    assert 0.05 < trained_share(blind, rng) <= WITHOUT + 0.05
