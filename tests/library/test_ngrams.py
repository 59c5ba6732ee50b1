"""Counting models: proper probabilities, from counts that one can make by hand."""

from collections import Counter

import numpy as np
import pytest

from rnnlib import batchify, bits_per_character, generate
from rnnlib.batches import Batch
from rnnlib.ngrams import NGramModel
from rnnlib.tasks import BracketLanguage

V = 5


def text(length, columns=1, seed=0):
    """Return tokens in which some follow others more often, and one never comes."""
    rng = np.random.default_rng(seed)
    return rng.choice(V - 1, size=(length, columns), p=[0.5, 0.3, 0.15, 0.05])


def by_counting(tokens, context, order):
    """Return the formula, written with counters of n-grams over a single text."""
    p = np.full(V, 1 / V)
    for n in range(min(len(context), order - 1) + 1) if order else ():
        grams = Counter(zip(*(tokens[k:] for k in range(n + 1)), strict=False))
        tail = tuple(context[len(context) - n :])
        follow = np.array([grams[*tail, w] for w in range(V)])
        if follow.sum():
            kinds = (follow > 0).sum()
            p = (follow + kinds * p) / (follow.sum() + kinds)
    return p


@pytest.mark.parametrize("order", [0, 1, 2, 3, 4])
def test_the_probabilities_are_those_of_the_counts(order):
    tokens, read = text(60)[:, 0].tolist(), [1, 0, 2, 0, 0, 3, 4]
    model = NGramModel(tokens, order, V)
    found = model.probabilities(np.array(read)[:, None])[:, 0]
    expected = [by_counting(tokens, read[: t + 1], order) for t in range(len(read))]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.parametrize("order", [0, 1, 2, 3, 9])
def test_they_add_up_to_one_and_nothing_is_impossible(order):
    p = NGramModel(text(40, 3), order, V).probabilities(text(20, 4, seed=1))
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    assert (p > 0).all()


def test_a_context_that_was_never_seen_backs_off_to_the_shorter_one():
    tokens = [0, 1, 2, 0, 1, 3]
    trigrams, bigrams = (NGramModel(tokens, n, V) for n in (3, 2))
    unseen = np.array([[3], [1]])  # 3 and 1 were seen, 3 before 1 never
    np.testing.assert_array_equal(
        trigrams.probabilities(unseen)[-1], bigrams.probabilities(unseen)[-1]
    )


def test_no_pair_is_counted_across_two_columns():
    model = NGramModel(np.array([[0, 2], [1, 3]]), 2, V)
    reverse = NGramModel(np.array([[2, 0], [3, 1]]), 2, V)
    read = np.arange(4)[:, None]
    np.testing.assert_array_equal(
        model.probabilities(read), reverse.probabilities(read)
    )


@pytest.mark.parametrize("order", [0, 1, 2, 4])
def test_step_by_step_it_says_what_it_says_at_once(order):
    model, read = NGramModel(text(50, 2), order, V), text(9, 3, seed=2)
    state, steps = model.start(3), []
    for tokens in read:
        scores, state = model.step(tokens, state)
        steps.append(np.exp(scores))
    np.testing.assert_allclose(steps, model.probabilities(read), rtol=1e-13)


def test_its_loss_is_the_mean_over_the_targets_that_count():
    model, read = NGramModel(text(50), 2, V), text(7, 2, seed=3)
    mask = np.random.default_rng(4).random((6, 2)) < 0.6
    p = model.probabilities(read[:-1])
    chosen = np.array([[p[t, b, read[t + 1, b]] for b in (0, 1)] for t in range(6)])
    whole = model.loss(Batch(read[:-1], read[1:]))
    part = model.loss(Batch(read[:-1], read[1:], mask))
    assert whole == pytest.approx(-np.log(chosen).mean())
    assert part == pytest.approx(-np.log(chosen[mask]).mean())


def test_what_stands_in_padding_is_not_looked_at():
    model, read = NGramModel(text(50), 2, V), text(7, 2, seed=3)
    mask = np.ones((6, 2), bool)
    mask[4:, 1] = False
    batch = Batch(read[:-1], read[1:], mask)
    padded = batch._replace(targets=np.where(mask, batch.targets, -1))
    assert model.loss(padded) == model.loss(batch)


def test_of_equal_chances_the_loss_is_that_of_the_vocabulary():
    assert NGramModel([0], 0, 8).loss(batchify([3, 1, 4], 1)) == pytest.approx(
        np.log(8)
    )


def test_each_order_beats_the_one_below_and_none_the_entropy_of_the_language():
    task, rng = BracketLanguage(steps=60), np.random.default_rng(5)
    seen, new = task.sample(200, rng=rng), task.sample(60, rng=rng, split="held_out")
    counted = np.concatenate([seen.inputs, seen.targets[-1:]])
    bits = [
        bits_per_character(NGramModel(counted, order, 7).loss(new))
        for order in range(4)
    ]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] == pytest.approx(np.log2(7))
    assert task.entropy < bits[3]
    assert abs(bits[1] - task.chance) < 0.05


def test_what_it_writes_has_the_frequencies_of_its_probabilities():
    model, n = NGramModel(text(80), 2, V), 20_000
    rng = np.random.default_rng(6)
    written = generate(model, 1, prompt=np.full((1, n), 2), rng=rng)
    p = model.probabilities([[2]])[0, 0]
    share = np.bincount(written[0], minlength=V) / n
    assert (abs(share - p) <= 5 * np.sqrt(p * (1 - p) / n)).all()
