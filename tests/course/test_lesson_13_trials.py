"""What ten seeds make of the nets of lesson 13, and what the stored ones can do."""

from __future__ import annotations

import numpy as np
import pytest

from rnncourse.lesson_13 import resting
from rnncourse.lesson_13.nets import BITS, BRACKETS, brackets, flip_flop, reviews
from rnncourse.lesson_13.tasks import KEPT, REVIEWS, SILENCE, PausedReviews
from rnncourse.lesson_13.trials import (
    MEMORIES,
    OPERATIONS,
    READERS,
    SILENCES,
    read,
    ten_runs,
)
from rnncourse.shared.trials import SEEDS
from rnnlib._typing import Array
from rnnlib.metrics import bits_per_character
from rnnlib.tasks import read as as_words
from rnnlib.vocab import Vocabulary


def memories(bits: int) -> dict[str, Array]:
    return dict(zip(MEMORIES, ten_runs(f"memories, K = {bits}").T, strict=True))


def readers(kept: str) -> dict[str, Array]:
    return dict(zip(READERS, ten_runs(f"reviews, {kept}").T, strict=True))


def operations() -> dict[str, Array]:
    return dict(zip(OPERATIONS, ten_runs("surgery").T, strict=True))


def count(true: Array) -> int:
    assert len(true) == len(SEEDS) == 10
    return int(true.sum())


# the flip-flops


@pytest.mark.parametrize("bits", BITS)
def test_every_net_of_ten_rests_at_one_point_for_each_memory(bits: int) -> None:
    found = memories(bits)
    assert count(found["right"] > 0.995) == 10
    assert count(found["stable"] == 2**bits) == 10
    assert count(found["reached"] == found["stable"]) == 10  # none is spurious
    assert (found["slowest"] < 0.85).all()


def test_between_two_memories_there_is_a_saddle_and_between_four_another() -> None:
    one, two, three = map(memories, BITS)
    assert count(one["saddles"] + one["others"] == 1) == 10
    assert count(one["saddles"] == 1) == 4  # in the other six it has more ways out
    assert count(two["saddles"] == 4) == count(two["others"] == 1) == 10
    assert count(three["saddles"] == 12) == 10
    assert count(three["others"] == 7) == 9
    lost = [int(found["lost"].sum()) for found in (one, two, three)]
    assert lost == [0, 0, 4]


# the readers


def test_an_opinion_is_kept_at_two_points_in_eight_seeds_of_ten() -> None:
    found = readers("opinion")
    assert count(found["right"] > 0.99) == 10
    two = (found["stable"] == 2) & (found["saddles"] == 1)
    assert count(two) == 8
    assert count(found["stable"] == 1) == 2
    for n in SILENCES:
        assert (found[f"between after {n}"] < 0.04).all()
    assert count(found["right after 50"] > 0.99) == 10
    assert count(found["right after 200"] > 0.99) == 9


def test_stars_are_kept_on_a_slow_line_for_about_as_long_as_was_trained() -> None:
    found = readers("stars")
    assert count(found["right"] > 0.97) == 10
    for n in (20, 50):
        assert (found[f"between after {n}"] > 0.6).all()
    assert count(found["right after 20"] > 0.97) == 10
    assert count(found["right after 200"] < 0.5) == 9
    assert (found["right after 200"] < found["right after 20"]).all()
    assert count((found["stable"] == 2) & (found["saddles"] == 1)) == 8
    assert (abs(found["slowest"] - 1) < 0.02).all()


def test_an_eigenvalue_tells_a_line_from_two_points_and_the_variance_does_not() -> None:
    opinion, stars = readers("opinion"), readers("stars")
    assert (opinion["on a line"] > 0.98).all()
    assert (stars["on a line"] > 0.89).all()
    fast, slow = (found["steepest"][found["saddles"] > 0] for found in (opinion, stars))
    assert (len(fast), len(slow)) == (8, 9)
    assert 1 < slow.min() < slow.max() < 1.02 < 1.09 < fast.min()


# surgery


def test_a_probe_reads_along_one_direction_and_the_net_along_another() -> None:
    found = operations()
    assert (abs(found["the probe's"]) < 0.06).all()
    assert (found["between the means"] > 0.08).all()
    assert (found["read between the means"] > 0.5).all()
    assert (found["closed, between the means"] > found["closed, the probe's"]).all()


# the stored nets


@pytest.mark.parametrize("bits", BITS)
def test_the_stored_flip_flops_hold_their_bits(bits: int) -> None:
    model, rng = flip_flop(bits), np.random.default_rng(11)
    states, right = resting.held(model, bits, rng=rng)
    assert right > 0.999
    assert states.shape == (40 * 500, 16)
    assert model.parts["recurrent"].dtype == np.float64


def test_the_stored_net_of_brackets_is_close_to_the_bound() -> None:
    batch = BRACKETS.sample(100, rng=np.random.default_rng(12), split="held_out")
    bits = bits_per_character(float(brackets().loss(batch, gradients=False).value))
    assert BRACKETS.entropy - 0.05 < bits < BRACKETS.entropy + 0.08


@pytest.mark.parametrize("kept", KEPT)
def test_the_stored_readers_keep_what_they_read(kept: str) -> None:
    batch = PausedReviews(kept).sample(
        300, rng=np.random.default_rng(13), split="held_out"
    )
    said = np.round(reviews(kept).predict(batch.inputs, batch.input_mask))
    assert (said == batch.targets)[batch.mask].mean() > 0.98


# the reviews, and the silence


def opinion(words: list[str]) -> int:
    """Return 1 or -1: what one review means, word by word."""
    from rnnlib.tasks.reviews import BLAME, PRAISE

    sign, said = 1, 0
    for word in words:
        if word == "not":
            sign = -1
        elif word in PRAISE or word in BLAME:
            said, sign = sign * (1 if word in PRAISE else -1), 1
    return said


@pytest.mark.parametrize("kept", KEPT)
def test_a_paused_review_asks_from_its_last_word_on(kept: str) -> None:
    task = PausedReviews(kept, 7)
    batch = task.sample(60, rng=np.random.default_rng(14))
    assert batch.mask is not None
    assert batch.input_mask is not None
    vocabulary = Vocabulary(REVIEWS.symbols)
    silences = []
    for tokens, targets, asked, exists in zip(
        *(array.T for array in (batch.inputs, batch.targets)),
        batch.mask.T,
        batch.input_mask.T,
        strict=True,
    ):
        length = int((tokens != SILENCE).sum())
        assert (tokens[:length] != SILENCE).all()
        assert [*np.flatnonzero(asked)] == [*range(length - 1, int(exists.sum()))]
        (text,) = as_words(tokens[:length, None], vocabulary)
        texts = [part.split() for part in text.split("the ")[1:]]
        assert len(texts) <= task.most
        truth = sum(map(opinion, texts))
        assert {*targets[asked]} == {truth if kept == "stars" else (truth + 1) // 2}
        silences.append(int(exists.sum()) - length)
    assert {*silences} == {*range(8)}


def test_a_net_that_is_left_in_silence_goes_on_by_itself() -> None:
    model, rng = reviews("opinion"), np.random.default_rng(15)
    states, answers = resting.visited("opinion", model, 50, rng=rng)
    cell, one = model.parts["recurrent"].cell, states
    for _ in range(3):
        one = cell.forward(np.zeros(50, int), cell.State(one))[0].h
    np.testing.assert_allclose(resting.silent(model, states, 3), one)
    assert ((read(model, one) > 0) == answers).all()


def test_a_start_between_two_states_is_on_their_line() -> None:
    states = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, -3.0]])
    places = resting.between(states, 20, rng=np.random.default_rng(16))
    share = places[:, 0]
    np.testing.assert_allclose(places, share[:, None] * states[1])
    assert ((share >= 0) & (share <= 1)).all()
