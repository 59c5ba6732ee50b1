"""Batches: chunks of long sequences, columns of a text, shuffled mini-batches."""

import numpy as np
import pytest

from rnnlib import Vocabulary
from rnnlib.batches import batchify, chunks, mini_batches
from rnnlib.tasks import Batch


def rng(seed=0):
    return np.random.default_rng(seed)


def batch_of(T=7, B=3, D=None, *, masks=False):
    shape = (T, B) if D is None else (T, B, D)
    inputs = np.arange(np.prod(shape)).reshape(shape)
    inputs = inputs if D is None else inputs.astype(float)
    targets = np.arange(T * B).reshape(T, B) + 100
    mask, exists = rng().random((2, T, B)) < 0.7
    return Batch(inputs, targets, *((mask, exists) if masks else ()))


# chunks


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 8, 100])
@pytest.mark.parametrize("D", [None, 2])
def test_chunks_put_together_are_the_whole(steps, D):
    batch = batch_of(D=D, masks=True)
    pieces = [*chunks(batch, steps)]
    for field in Batch._fields:
        whole = np.concatenate([getattr(piece, field) for piece in pieces])
        np.testing.assert_array_equal(whole, getattr(batch, field))


@pytest.mark.parametrize("steps", [1, 3, 7, 9])
def test_only_the_last_chunk_is_shorter_and_only_the_first_is_first(steps):
    pieces = [*chunks(batch_of(), steps)]
    lengths = [len(piece.inputs) for piece in pieces]
    assert set(lengths[:-1]) <= {steps}
    assert 1 <= lengths[-1] <= steps
    assert [piece.is_first for piece in pieces] == [True] + [False] * (len(pieces) - 1)


def test_what_a_batch_does_not_have_its_chunks_do_not_have():
    for piece in chunks(batch_of(), 2):
        assert piece.mask is None
        assert piece.input_mask is None


def test_a_wrong_batch_is_refused_before_the_first_chunk_is_asked_for():
    with pytest.raises(ValueError, match=r"targets must have shape \(7, 3\)"):
        chunks(batch_of()._replace(targets=np.zeros(3, int)), 2)


# columns


def test_the_target_of_each_token_is_the_one_that_follows():
    text = rng().integers(0, 50, size=41)
    batch = batchify(text, 4)
    assert batch.inputs.shape == batch.targets.shape == (10, 4)
    np.testing.assert_array_equal(batch.inputs[1:], batch.targets[:-1])
    np.testing.assert_array_equal(batch.inputs.T.ravel(), text[:40])
    np.testing.assert_array_equal(batch.targets.T.ravel(), text[1:])


@pytest.mark.parametrize("size", [5, 6, 7, 8, 9])
def test_what_does_not_fill_the_columns_is_left_out_at_the_end(size):
    batch = batchify(np.arange(size), 4)
    length = (size - 1) // 4
    np.testing.assert_array_equal(batch.inputs.T.ravel(), np.arange(4 * length))


def test_one_column_is_the_text():
    batch = batchify(Vocabulary("ab").encode("abba"), 1)
    np.testing.assert_array_equal(batch.inputs, [[0], [1], [1]])
    np.testing.assert_array_equal(batch.targets, [[1], [1], [0]])


def test_a_text_that_is_too_short_says_how_long_it_must_be():
    with pytest.raises(ValueError, match="at least 5 for 4 columns, got 4"):
        batchify(np.arange(4), 4)
    assert batchify(np.arange(5), 4).inputs.shape == (1, 4)


# mini-batches

SEQUENCES = [np.arange(1, n + 1) + 10 * n for n in (3, 1, 4, 2, 5)]
CLASSES = [3, 1, 4, 2, 5]


def columns_of(batch):
    """Return each sequence of a padded batch by itself."""
    return [
        tuple(column[exists])
        for column, exists in zip(batch.inputs.T, batch.input_mask.T, strict=True)
    ]


@pytest.mark.parametrize("size", [1, 2, 5, 9])
def test_each_sequence_comes_once_and_with_its_own_target(size):
    found: dict[tuple[int, ...], int] = {}
    for batch in mini_batches(SEQUENCES, CLASSES, size, rng=rng()):
        found |= dict(zip(columns_of(batch), batch.targets, strict=True))
        assert batch.mask is None
    assert found == {tuple(s): c for s, c in zip(SEQUENCES, CLASSES, strict=True)}


def test_the_last_batch_may_be_smaller():
    batches = [*mini_batches(SEQUENCES, CLASSES, 2, rng=rng())]
    assert [batch.inputs.shape[1] for batch in batches] == [2, 2, 1]


def test_a_batch_is_as_long_as_its_longest_sequence():
    for batch in mini_batches(SEQUENCES, CLASSES, 2, rng=rng()):
        exists = np.asarray(batch.input_mask)
        assert exists.sum(axis=0).max() == len(batch.inputs)
        assert (batch.inputs[~exists] == 0).all()


def test_answers_at_each_step_are_padded_alike_and_masked():
    answers = [-sequence for sequence in SEQUENCES]
    for batch in mini_batches(SEQUENCES, answers, 2, rng=rng()):
        np.testing.assert_array_equal(batch.targets, -batch.inputs)
        np.testing.assert_array_equal(batch.mask, batch.input_mask)


def test_features_are_padded_along_time():
    inputs = [rng(n).standard_normal((n, 2)) for n in (3, 1)]
    (batch,) = mini_batches(inputs, [0, 1], 2, rng=rng())
    assert batch.inputs.shape == (3, 2, 2)
    assert batch.inputs.dtype == np.float64


def test_the_order_is_drawn_from_the_generator():
    def order(seed):
        batches = mini_batches(SEQUENCES, CLASSES, 1, rng=rng(seed))
        return [int(batch.targets[0]) for batch in batches]

    assert order(0) == order(0)
    assert len({tuple(order(seed)) for seed in range(5)}) > 1


def test_single_precision_stays_single():
    inputs = [np.ones((n, 2), np.float32) for n in (2, 3)]
    targets = [np.float32(0.5), np.float32(1.5)]
    (batch,) = mini_batches(inputs, targets, 2, rng=rng())
    assert batch.inputs.dtype == batch.targets.dtype == np.float32


def test_lists_of_lists_will_do():
    (batch,) = mini_batches([[1, 2], [3]], [[1, 0], [1]], 2, rng=rng())
    assert batch.inputs.shape == batch.targets.shape == (2, 2)
