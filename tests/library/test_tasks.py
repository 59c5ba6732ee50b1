import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.tasks import (
    END,
    PAD,
    SPECIALS,
    SPLITS,
    START,
    Adding,
    AnBn,
    BracketLanguage,
    Copy,
    DateTranslation,
    Echo,
    FlipFlop,
    Glyphs,
    GrammarTags,
    MovingDot,
    Names,
    NegationReviews,
    NumberTranslation,
    Pairs,
    PairTask,
    Parity,
    Reversal,
    ShapeScenes,
    Sorting,
    Task,
    TemporalOrder,
    Tunes,
    is_held_out,
)

SEEDS = st.integers(0, 2**32 - 1)
TASKS = [
    TemporalOrder(15),
    Echo(2, 9),
    Adding(6),
    Adding(6, dtype=np.float32),
    Copy(4, 3),
    Parity(10),
    Parity(10, asked="at the end"),
    AnBn(6, beyond=3),
    FlipFlop(3, 12),
    FlipFlop(1, 20, 0.25, dtype=np.float32),
    NegationReviews(),
    BracketLanguage(30),
    Glyphs(),
    Glyphs(noise=0.3, dtype=np.float32),
    MovingDot(8),
    MovingDot(6, side=4, turn=1.0, dtype=np.float32),
    ShapeScenes(),
    GrammarTags(),
    Tunes(),
    Names("minerals"),
    Names("numbers"),
    Reversal(5),
    Sorting(5, min_length=2, alphabet="xyz"),
    NumberTranslation("english", "french"),
    NumberTranslation("digits", "english", largest=1000),
    NumberTranslation("french", "digits"),
    DateTranslation("written", "iso"),
    DateTranslation("iso", "written", first_year=2000, last_year=2030),
]
# Words of numbers from 1000 on; characters that no date written day first has.
RARE = {"thousand", "mille", "w", ","}
ALL = pytest.mark.parametrize("task", TASKS, ids=str)


def examples(sampled):
    """Return what each sequence holds, without its padding."""
    inputs, exists = inputs_of(sampled)
    return [inputs[exists[:, b], b].tobytes() for b in range(exists.shape[1])]


def inputs_of(sampled):
    """Return what goes in, and which steps of it exist."""
    if isinstance(sampled, Pairs):
        return sampled.source, sampled.source_mask
    if sampled.input_mask is not None:
        return sampled.inputs, sampled.input_mask
    inputs = sampled.inputs
    if inputs.dtype.kind == "f" and inputs.ndim == 2:  # one vector, no sequence
        inputs = inputs[None]
    return inputs, np.ones(inputs.shape[:2], dtype=bool)


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


def test_a_dot_may_begin_anywhere():
    batch = MovingDot(5, side=3).sample(2000, rng=np.random.default_rng(0))
    begins = np.bincount(batch.inputs[0].argmax(axis=-1), minlength=9)
    assert begins.min() > 2000 / 9 / 2


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


@given(st.integers(2, 40), st.integers(1, 6), SEEDS)
def test_the_answer_is_the_sum_of_the_two_marked_numbers(steps, batch_size, seed):
    batch = Adding(steps).sample(batch_size, rng=np.random.default_rng(seed))
    assert batch.inputs.shape == (steps, batch_size, 2)
    assert batch.targets.shape == (batch_size, 1)
    for b in range(batch_size):
        values, marks = batch.inputs[:, b].T
        first, second = np.flatnonzero(marks)
        assert first < steps // 2 <= second
        assert {*marks} <= {0.0, 1.0}
        assert values.min() >= 0
        assert values.max() < 1
        np.testing.assert_allclose(batch.targets[b], values[first] + values[second])


def test_marks_of_the_adding_problem_stand_anywhere_in_their_half():
    batch = Adding(9).sample(4000, rng=np.random.default_rng(8))
    counts = batch.inputs[..., 1].sum(axis=1)
    assert abs(counts[:4] - 1000).max() < 5 * np.sqrt(4000 * 0.25 * 0.75)
    assert abs(counts[4:] - 800).max() < 5 * np.sqrt(4000 * 0.2 * 0.8)


def test_the_constant_guess_of_the_adding_problem_has_the_error_it_says():
    n = 20_000
    targets = Adding(5).sample(n, rng=np.random.default_rng(9)).targets
    squares = (targets - 1) ** 2
    assert abs(squares.mean() - Adding.chance) < 5 * squares.std() / np.sqrt(n)
    assert abs(targets.mean() - 1) < 5 * targets.std() / np.sqrt(n)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_numbers_come_in_the_precision_asked_for(dtype):
    batch = Adding(5, dtype=dtype).sample(3, rng=np.random.default_rng(10))
    assert batch.inputs.dtype == batch.targets.dtype == dtype


@given(st.integers(1, 6), st.integers(0, 9), SEEDS)
def test_the_copy_is_asked_for_when_called(length, delay, seed):
    task = Copy(length, delay)
    batch = task.sample(3, rng=np.random.default_rng(seed))
    assert batch.mask is not None
    texts = ["".join(task.symbols[token] for token in x) for x in batch.inputs.T]
    for b, text in enumerate(texts):
        word, rest = text[:length], text[length:]
        assert {*word} <= {*"abcdefgh"}
        assert rest == "_" * delay + ">" + "_" * (length - 1)
        asked = batch.mask[:, b]
        np.testing.assert_array_equal(
            np.flatnonzero(asked), delay + length + np.arange(length)
        )
        assert "".join(task.symbols[t] for t in batch.targets[asked, b]) == word


def test_letters_to_copy_are_equally_frequent():
    batch = Copy(10, 0).sample(1000, rng=np.random.default_rng(11))
    assert batch.mask is not None
    shares = np.bincount(batch.targets[batch.mask], minlength=8) / 10_000
    spread = np.sqrt(Copy.chance * (1 - Copy.chance) / 10_000)
    assert abs(shares - Copy.chance).max() < 5 * spread


@given(st.integers(1, 40), SEEDS)
def test_parity_turns_over_with_every_one(steps, seed):
    batch = Parity(steps + 1).sample(4, rng=np.random.default_rng(seed))
    for bits, odd in zip(batch.inputs.T, batch.targets.T, strict=True):
        assert [*odd] == [sum(bits[: t + 1]) % 2 for t in range(steps + 1)]


def test_both_forms_of_parity_differ_in_the_mask_alone():
    tasks = Parity(10), Parity(10, asked="at the end")
    each, end = (task.sample(50, rng=np.random.default_rng(12)) for task in tasks)
    np.testing.assert_array_equal(each.inputs, end.inputs)
    np.testing.assert_array_equal(each.targets, end.targets)
    assert each.mask is not None
    assert end.mask is not None
    assert each.mask.all()
    assert end.mask[-1].all()
    assert not end.mask[:-1].any()


def test_all_bits_but_one_say_nothing_about_parity():
    n = 20_000
    batch = Parity(12).sample(n, rng=np.random.default_rng(13))
    spread = 5 * 0.5 / np.sqrt(n)
    assert abs(batch.targets[-1].mean() - 0.5) < spread
    for t in range(12):
        without = (batch.targets[-1] + batch.inputs[t]) % 2
        assert abs(without.mean() - 0.5) < spread


@given(st.integers(1, 4), st.integers(2, 30), st.floats(0, 0.5), SEEDS)
def test_a_bit_is_what_its_last_pulse_made_it(bits, more, rate, seed):
    task = FlipFlop(bits, 8 + more, rate)
    batch = task.sample(3, rng=np.random.default_rng(seed))
    assert batch.inputs.shape == (8 + more, 3, bits)
    assert batch.mask is not None
    for pulses, targets, asked in zip(
        batch.inputs.swapaxes(0, 1), batch.targets.T, batch.mask.T, strict=True
    ):
        assert set(pulses[0]) <= {-1, 1}
        now = [""] * bits
        for pulse, target, is_asked in zip(pulses, targets, asked, strict=True):
            now = [
                {1: "1", -1: "0", 0: old}[p] for p, old in zip(pulse, now, strict=True)
            ]
            assert task.classes[target] == "".join(now)
            assert is_asked == (not any(pulse))


def test_pulses_come_at_their_rate_and_one_answer_for_all_reaches_the_chance_level():
    task, n = FlipFlop(2, 30, rate=0.2), 2000
    batch = task.sample(n, rng=np.random.default_rng(25))
    assert batch.mask is not None
    pulses = batch.inputs[1:]
    assert abs((pulses != 0).mean() - 0.2) < 5 * np.sqrt(0.2 * 0.8 / pulses.size)
    up = (pulses[pulses != 0] > 0).mean()
    assert abs(up - 0.5) < 5 * 0.5 / np.sqrt(0.2 * pulses.size)
    shares = np.bincount(batch.targets[batch.mask], minlength=4) / batch.mask.sum()
    assert task.chance == 0.25
    # Answers of one sequence hang together, so the spread is that of its sequences.
    assert abs(shares - task.chance).max() < 5 * np.sqrt(0.25 * 0.75 / n)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_pulses_come_in_the_precision_asked_for(dtype):
    batch = FlipFlop(2, 9, dtype=dtype).sample(3, rng=np.random.default_rng(26))
    assert batch.inputs.dtype == dtype


def test_a_string_of_the_counting_language_is_asked_for_where_it_is_certain():
    task = AnBn(max_n=4, beyond=3)
    for split, sizes in zip(SPLITS, ({1, 2, 3, 4}, {5, 6, 7}), strict=True):
        batch = task.sample(200, rng=np.random.default_rng(14), split=split)
        assert batch.mask is not None
        assert batch.input_mask is not None
        found = set()
        for b in range(200):
            exists, asked = batch.input_mask[:, b], batch.mask[:, b]
            inputs = [task.symbols[token] for token in batch.inputs[exists, b]]
            n = inputs.count("a")
            found.add(n)
            assert inputs == ["<start>"] + n * ["a"] + n * ["b"]
            targets = [task.symbols[token] for token in batch.targets[exists, b]]
            assert targets == [*inputs[1:], "<end>"]
            np.testing.assert_array_equal(
                np.flatnonzero(asked), [0, *range(n + 1, 2 * n + 1)]
            )
        assert found == sizes


@ALL
def test_a_seed_gives_the_same_data_again_and_another_seed_other_data(task):
    samples = [task.sample(30, rng=np.random.default_rng(seed)) for seed in (5, 5, 6)]
    for first, again in zip(samples[0], samples[1], strict=True):
        np.testing.assert_array_equal(first, again)
    assert examples(samples[0]) != examples(samples[2])


@ALL
def test_training_and_held_out_sets_have_no_example_in_common(task):
    rng = np.random.default_rng(15)
    train, held_out = (
        {*examples(task.sample(1500, rng=rng, split=split))} for split in SPLITS
    )
    assert len(train) > 1 < len(held_out)
    assert not train & held_out


@ALL
def test_the_training_set_is_what_a_task_gives_unasked(task):
    unasked = task.sample(20, rng=np.random.default_rng(16))
    train = task.sample(20, rng=np.random.default_rng(16), split="train")
    assert examples(unasked) == examples(train)


@ALL
def test_a_batch_has_as_many_sequences_as_asked_for(task):
    for batch_size in (1, 2, 33):
        for split in SPLITS:
            sampled = task.sample(
                batch_size, rng=np.random.default_rng(17), split=split
            )
            assert len(examples(sampled)) == batch_size


def tokens_in(task, sampled):
    """Yield tokens, which of them exist, the symbols, and which stay out of a side."""
    if isinstance(sampled, Pairs):
        source, target = task.source_vocabulary, task.target_vocabulary
        yield sampled.source, sampled.source_mask, source.symbols, {PAD, START, END}
        yield sampled.target, sampled.target_mask, target.symbols, {PAD, START}
    elif isinstance(task, ShapeScenes):
        yield sampled.targets, sampled.mask, task.symbols, {PAD, START}
    elif sampled.inputs.dtype.kind == "i":
        tokens, exists = inputs_of(sampled)
        out = (
            {PAD, END} if isinstance(task, AnBn | Names | Tunes) else {PAD, START, END}
        )
        out = out if task.symbols[:3] == SPECIALS else set()
        yield tokens, exists, task.symbols, out


@ALL
def test_every_token_is_one_of_the_symbols_and_each_symbol_occurs(task):
    sampled = task.sample(3000, rng=np.random.default_rng(18))
    for tokens, exists, symbols, out in tokens_in(task, sampled):
        assert tokens.dtype.kind == "i"
        missing = {*range(len(symbols))} - out - {*np.unique(tokens[exists])}
        assert {symbols[token] for token in missing} <= RARE
        assert not out & {*np.unique(tokens[exists])}
        assert tokens.max() < len(symbols)
        assert (tokens[~exists] == PAD).all()


@ALL
def test_padding_comes_after_what_exists(task):
    sampled = task.sample(50, rng=np.random.default_rng(19))
    masks = [array for array in sampled if array is not None and array.dtype == bool]
    if isinstance(sampled, Pairs):
        assert len(masks) == 2
    else:
        masks = [] if sampled.input_mask is None else [sampled.input_mask]
    for mask in masks:
        assert mask[0].all()
        assert mask.any(axis=1).all()
        assert (mask[1:] <= mask[:-1]).all()


@ALL
def test_a_task_says_how_it_is_scored(task):
    assert isinstance(task, Task)
    assert task.measure in (
        "accuracy",
        "exact match",
        "mean squared error",
        "bits per character",
    )
    assert 0 <= task.chance < 5
    says = inspect.getdoc(type(task)) or ""
    assert "CC0" in says
    assert "What is random" in says


@pytest.mark.parametrize(
    "task", [task for task in TASKS if isinstance(task, PairTask)], ids=str
)
def test_a_target_ends_with_its_end_and_with_nothing_else(task):
    pairs = task.sample(40, rng=np.random.default_rng(20))
    for column, exists in zip(pairs.target.T, pairs.target_mask.T, strict=True):
        assert np.flatnonzero(column == END) == [exists.sum() - 1]
    assert not (pairs.source == END).any()
    assert not (pairs.target == START).any()
    vocabularies = task.source_vocabulary, task.target_vocabulary
    for vocabulary in vocabularies:
        assert vocabulary.symbols[:3] == SPECIALS
        assert [vocabulary.symbols[token] for token in (PAD, START, END)] == [*SPECIALS]


def test_about_a_fifth_of_all_is_held_out():
    n = 20_000
    rng = np.random.default_rng(21)
    share = np.mean([is_held_out(rng.bytes(40)) for _ in range(n)])
    assert abs(share - 0.2) < 5 * np.sqrt(0.2 * 0.8 / n)
    bits = [*rng.integers(0, 2, size=(n, 20))]
    share = np.mean([is_held_out(row.tobytes()) for row in bits])
    assert abs(share - 0.2) < 5 * np.sqrt(0.2 * 0.8 / n)


def test_what_is_held_out_is_the_same_on_every_machine():
    assert [n for n in range(50) if is_held_out(str(n))] == [
        6,
        12,
        29,
        31,
        37,
        40,
        44,
        48,
    ]
    assert is_held_out("é") == is_held_out("é".encode())
    batch = Echo(1, 12).sample(4, rng=np.random.default_rng(22), split="held_out")
    rows = [row.astype("<i8").tobytes() for row in batch.inputs.T]
    assert all(map(is_held_out, rows))
