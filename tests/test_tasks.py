import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.tasks import Echo, TemporalOrder

SEEDS = st.integers(0, 2**32 - 1)


@given(st.integers(5, 60), st.integers(1, 8), SEEDS)
def test_two_marks_stand_where_the_task_says(steps, batch_size, seed):
    task = TemporalOrder(steps)
    batch = task.sample(batch_size, rng=np.random.default_rng(seed))
    assert batch.inputs.shape == (steps, batch_size)
    assert batch.targets.shape == (batch_size,)
    assert batch.mask is None
    for column, target in zip(batch.inputs.T, batch.targets, strict=True):
        symbols = [task.symbols[token] for token in column]
        places = [t for t, symbol in enumerate(symbols) if symbol in "XY"]
        first, second = places
        assert 0 <= first < steps / 5
        assert 2 * steps // 5 <= second < 3 * steps / 5
        assert task.classes[target] == symbols[first] + symbols[second]


def test_marks_use_all_the_places_they_may_use():
    batch = TemporalOrder(20).sample(2000, rng=np.random.default_rng(0))
    marks = batch.inputs >= 4
    counts = marks.sum(axis=1)
    np.testing.assert_array_equal(np.flatnonzero(counts), [0, 1, 2, 3, 8, 9, 10, 11])
    expected, sigma = 2000 / 4, np.sqrt(2000 * 0.25 * 0.75)
    assert abs(counts[counts > 0] - expected).max() < 5 * sigma


def test_the_four_orders_are_equally_frequent_and_distractors_too():
    n = 8000
    batch = TemporalOrder(10).sample(n, rng=np.random.default_rng(1))
    counts = np.bincount(batch.targets, minlength=4)
    assert abs(counts - n / 4).max() < 5 * np.sqrt(n * 0.25 * 0.75)
    distractors = batch.inputs[batch.inputs < 4]
    shares = np.bincount(distractors) / distractors.size
    spread = np.sqrt(0.25 * 0.75 / distractors.size)
    assert abs(shares - 0.25).max() < 5 * spread


def test_one_guess_for_all_reaches_the_chance_level():
    n = 8000
    rng = np.random.default_rng(2)
    task = TemporalOrder(25)
    targets = task.sample(n, rng=rng).targets
    for guess in range(4):
        share = (targets == guess).mean()
        assert abs(share - task.chance) < 5 * np.sqrt(task.chance * 0.75 / n)


def test_the_second_mark_alone_tells_only_half():
    """Who forgets the first mark is right every second time, not always."""
    n = 8000
    batch = TemporalOrder(20).sample(n, rng=np.random.default_rng(3))
    second = batch.targets % 2
    for mark in (0, 1):
        rest = batch.targets[second == mark] // 2
        assert abs(rest.mean() - 0.5) < 5 * 0.5 / np.sqrt(rest.size)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 6), SEEDS)
def test_the_echo_is_the_bit_of_some_steps_ago(delay, more, batch_size, seed):
    steps = delay + more
    task = Echo(delay, steps)
    batch = task.sample(batch_size, rng=np.random.default_rng(seed))
    assert batch.mask is not None
    for found in (batch.inputs, batch.targets, batch.mask):
        assert found.shape == (steps, batch_size)
    for t in range(steps):
        assert (batch.mask[t] == (t >= delay)).all()
        if t >= delay:
            np.testing.assert_array_equal(batch.targets[t], batch.inputs[t - delay])
    assert set(np.unique(batch.inputs)) <= {0, 1}


def test_bits_are_fair_and_the_last_one_is_no_help():
    n = 200
    task = Echo(delay=3, steps=43)
    batch = task.sample(n, rng=np.random.default_rng(4))
    assert batch.mask is not None
    asked = batch.targets[batch.mask]
    spread = 0.5 / np.sqrt(asked.size)
    assert abs(asked.mean() - task.chance) < 5 * spread
    copied = (batch.inputs[batch.mask] == asked).mean()  # says what it hears just now
    assert abs(copied - task.chance) < 5 * spread


@pytest.mark.parametrize("task", [TemporalOrder(15), Echo(2, 9)], ids=["order", "echo"])
def test_a_seed_gives_the_same_data_again_and_another_seed_other_data(task):
    samples = [task.sample(20, rng=np.random.default_rng(seed)) for seed in (5, 5, 6)]
    np.testing.assert_array_equal(samples[0].inputs, samples[1].inputs)
    np.testing.assert_array_equal(samples[0].targets, samples[1].targets)
    assert (samples[0].inputs != samples[2].inputs).any()


@pytest.mark.parametrize("task", [TemporalOrder(15), Echo(2, 9)], ids=["order", "echo"])
def test_every_token_is_one_of_the_symbols(task):
    tokens = task.sample(500, rng=np.random.default_rng(7)).inputs
    assert tokens.dtype.kind == "i"
    np.testing.assert_array_equal(np.unique(tokens), range(len(task.symbols)))
