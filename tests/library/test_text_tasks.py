"""Tasks of words and letters: reviews, names, brackets, translations."""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest

from rnnlib import Vocabulary
from rnnlib.tasks import (
    END,
    PAD,
    SPLITS,
    START,
    BracketLanguage,
    DateTranslation,
    Names,
    NegationReviews,
    NumberTranslation,
    Reversal,
    Sorting,
    read,
)
from rnnlib.tasks.dates import STYLES, written
from rnnlib.tasks.names import LISTS
from rnnlib.tasks.numbers import english, french
from rnnlib.tasks.reviews import BLAME, PRAISE, SIZES, _Review

REVIEWS = NegationReviews()


def sides(task, n, split="train", seed=0):
    """Return n sources and targets as text."""
    pairs = task.sample(n, rng=np.random.default_rng(seed), split=split)
    sources = read(pairs.source, task.source_vocabulary)
    return [*zip(sources, read(pairs.target, task.target_vocabulary), strict=True)]


def test_read_stops_at_the_end_and_leaves_padding_out():
    letters = Vocabulary(("<pad>", "<start>", "<end>", "a", "b"))
    tokens = np.array([[3, PAD, END, 4], [4, 3, 3, 4], [END, PAD, 4, 4]])
    assert read(tokens, letters) == ["ab", "a", "", "bbb"]
    words = Vocabulary(("<pad>", "<start>", "<end>", "not", "bad"))
    assert read(tokens, words) == ["not bad", "not", "", "bad bad bad"]


def test_reversal_and_sorting():
    for word, answer in sides(Reversal(8), 200):
        assert answer == "".join(reversed(word))
    for word, answer in sides(Sorting(8), 200):
        assert answer == "".join(sorted(word))
    for word, answer in sides(Sorting(6, alphabet="zyx"), 200):
        assert answer == "".join(sorted(word, reverse=True))


def test_words_have_the_lengths_asked_for_equally_often():
    n = 6000
    lengths = [len(word) for word, _ in sides(Reversal(6, min_length=4), n)]
    counts = Counter(lengths)
    assert {*counts} == {4, 5, 6}
    assert abs(np.array([*counts.values()]) - n / 3).max() < 5 * np.sqrt(n * 2 / 9)


def test_a_word_is_held_out_at_whatever_length_it_is_drawn():
    train = {word for word, _ in sides(Reversal(4), 3000)}
    held_out = {word for word, _ in sides(Reversal(4, min_length=4), 600, "held_out")}
    assert not train & held_out


@pytest.mark.parametrize("kind", [Reversal, Sorting])
@pytest.mark.parametrize("shortest", [1, 2, 3, 5])
def test_the_chance_of_a_constant_answer(kind, shortest):
    task = kind(6, min_length=shortest, alphabet="abc")
    shares: Counter[str] = Counter()
    for length in range(shortest, 7):
        for letters in product("abc", repeat=length):
            _, answer = task._sides("".join(letters))
            shares["".join(answer)] += 1 / (7 - shortest) / 3**length
    assert max(shares.values()) == pytest.approx(task.chance)


def opinion(review):
    """Return +1 or -1: a word is denied by the `not` before it; all must agree."""
    signs, sign = [], 1
    for word in review.split():
        if word == "not":
            sign = -1
        elif word in (*PRAISE, *BLAME):
            signs.append(sign if word in PRAISE else -sign)
            sign = 1
    assert signs in ([1], [-1], [1, 1], [-1, -1])
    return signs[0]


def test_a_review_means_what_its_words_say_in_their_order():
    batch = REVIEWS.sample(3000, rng=np.random.default_rng(1))
    reviews = read(batch.inputs, Vocabulary(REVIEWS.symbols))
    assert [opinion(review) for review in reviews] == [*(2 * batch.targets - 1)]
    kinds = dict.fromkeys(PRAISE, "P") | dict.fromkeys(BLAME, "B")
    forms = {
        " ".join(
            kinds.get(word, word)
            for word in review.split()[3:]
            if word not in ("very", "really")
        )
        for review in reviews
    }
    plain = {"P", "B", "not P", "not B"}
    assert forms == plain | {"P not B", "B not P", "not P but B", "not B but P"}


def test_half_of_the_reviews_are_positive():
    n = 8000
    targets = REVIEWS.sample(n, rng=np.random.default_rng(2)).targets
    assert abs(targets.mean() - REVIEWS.chance) < 5 * 0.5 / np.sqrt(n)


@pytest.fixture(scope="module")
def bags():
    """Return for every bag of words the probability of each opinion."""
    found: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
    share_of = {1: REVIEWS.contrast, 0: 1 - REVIEWS.contrast}
    for numbers in product(*map(range, SIZES), share_of):
        review = _Review(*numbers)
        bag = tuple(sorted(review.words())), REVIEWS._is_held_out(review)
        found[bag][review.positive] += share_of[review.contrast] / np.prod(SIZES)
    return found


def test_no_function_of_the_bag_of_words_passes_the_ceiling(bags):
    assert sum(map(sum, bags.values())) == pytest.approx(1)
    best = sum(map(max, bags.values()))
    assert best == pytest.approx(REVIEWS.bag_ceiling)
    assert REVIEWS.bag_ceiling == 0.625


@pytest.mark.parametrize("held_out", [False, True])
def test_the_ceiling_holds_in_each_of_the_two_sets(bags, held_out):
    own = [shares for (_, kept), shares in bags.items() if kept == held_out]
    share = sum(map(sum, own))
    assert share == pytest.approx(0.2 if held_out else 0.8, abs=0.02)
    assert sum(map(max, own)) / share == pytest.approx(REVIEWS.bag_ceiling, abs=0.02)


def test_a_bag_is_in_one_set_only(bags):
    assert len({words for words, _ in bags}) == len(bags)


def test_the_share_of_contrasts_sets_the_ceiling():
    assert NegationReviews(contrast=1).bag_ceiling == 0.5
    assert NegationReviews(contrast=0).bag_ceiling == 1
    task, n = NegationReviews(contrast=1), 500
    batch = task.sample(n, rng=np.random.default_rng(3))
    for review in read(batch.inputs, Vocabulary(task.symbols)):
        assert sum(word in (*PRAISE, *BLAME) for word in review.split()) == 2


def test_numbers_are_translated_word_by_word():
    for source, target in sides(NumberTranslation("english", "french"), 300):
        (n,) = [n for n in range(1000) if english(n).replace("-", " ") == source]
        assert target == french(n).replace("-", " ")
    for source, target in sides(NumberTranslation("digits", "french", 5000), 300):
        assert target == french(int(source)).replace("-", " ")
    for source, target in sides(NumberTranslation("english", "digits", 5000), 300):
        assert source == english(int(target)).replace("-", " ")


def test_a_number_is_held_out_in_all_languages():
    found = []
    for language in ("english", "french"):
        for n, task in enumerate([("digits", language), (language, "digits")]):
            texts = sides(NumberTranslation(*task), 3000, "held_out")
            found.append({int(text[n]) for text in texts})
    assert found == found[:1] * 4
    assert 150 < len(found[0]) < 250


@pytest.mark.parametrize("largest", [999, 1000, 9999])
@pytest.mark.parametrize("language", ["english", "french"])
def test_every_word_is_met_in_training(language, largest):
    task = NumberTranslation("digits", language, largest)
    words = {*task.target_vocabulary.symbols[3:]}
    if largest < 1000:
        words -= {"thousand", "mille"}
    trained = (n for n in range(largest + 1) if not task._is_held_out(n))
    assert {word for n in trained for word in task._sides(n)[1]} == words


def test_written_dates_are_read_and_iso_dates_are_said():
    leap_year = [date(2020, 1, 1) + timedelta(n) for n in range(366)]
    known = {written(day, s): (day, s) for day in leap_year for s in STYLES}
    styles: Counter[str] = Counter()
    for source, target in sides(DateTranslation("written", "iso", 2020, 2020), 2000):
        day, style = known[source]
        assert target == day.isoformat()
        styles[style] += 1
    assert abs(np.array([*styles.values()]) - 500).max() < 5 * np.sqrt(2000 * 3 / 16)
    for source, target in sides(DateTranslation("iso", "written", 2020, 2020), 200):
        assert target == written(date.fromisoformat(source))


def test_days_span_the_years_and_are_held_out_in_all_styles():
    found = []
    for split in SPLITS:
        texts = sides(DateTranslation(first_year=1999, last_year=2001), 3000, split)
        found.append({target for _, target in texts})
        assert {text[:4] for text in found[-1]} == {"1999", "2000", "2001"}
    assert not found[0] & found[1]
    assert DateTranslation(first_year=1999, last_year=2001).chance == 1 / (365 * 3 + 1)


def brackets_fit(text):
    """Return whether brackets and quotes of a text, which may break off, are right."""
    stack, quoted = [], False
    for symbol in text:
        if symbol == '"':
            quoted = not quoted
        elif symbol in "()[]":
            if quoted:
                return False
            if symbol in "([":
                stack.append(symbol)
            elif not stack or stack.pop() + symbol not in ("()", "[]"):
                return False
        if len(stack) > 4:
            return False
    return True


def test_brackets_and_quotes_fit():
    task = BracketLanguage(60)
    batch = task.sample(300, rng=np.random.default_rng(4))
    np.testing.assert_array_equal(batch.inputs[1:], batch.targets[:-1])
    texts = ["".join(task.symbols[token] for token in x) for x in batch.inputs.T]
    assert all(map(brackets_fit, texts))
    deepest = max(text.count("(") + text.count("[") for text in texts)
    assert deepest > 4


def test_probabilities_are_those_with_which_symbols_come():
    task = BracketLanguage(100)
    batch = task.sample(2000, rng=np.random.default_rng(5))
    p = task.probabilities(batch.inputs)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    for symbol in range(len(task.symbols)):
        came = batch.targets == symbol
        expected, variance = p[..., symbol], p[..., symbol] * (1 - p[..., symbol])
        assert abs((came - expected).sum()) < 5 * np.sqrt(variance.sum())
        assert not came[expected == 0].any()


def test_the_bound_is_what_the_true_probabilities_need():
    task = BracketLanguage(40)
    for split in SPLITS:
        batch = task.sample(2000, rng=np.random.default_rng(6), split=split)
        p = task.probabilities(batch.inputs)
        picked = np.take_along_axis(p, batch.targets[..., None], axis=-1)
        bits = -np.log2(picked[..., 0]).mean(axis=0)
        assert abs(bits.mean() - task.entropy) < 5 * bits.std() / np.sqrt(2000)


def test_chance_is_what_the_shares_of_the_symbols_need():
    task = BracketLanguage(40)
    batch = task.sample(4000, rng=np.random.default_rng(7))
    shares = np.bincount(batch.targets.ravel(), minlength=7) / batch.targets.size
    assert -(shares * np.log2(shares)).sum() == pytest.approx(task.chance, abs=0.01)
    assert task.entropy + 0.5 < task.chance < np.log2(7)


def test_the_first_bits_by_hand():
    """After one symbol: a letter, ( or [, or a quote, each with one fifth."""
    outside, opened = np.log2(5), 3 / 8 * np.log2(8 / 3) + 5 / 8 * 3
    quoted = 0.8 * np.log2(2.5) + 0.2 * np.log2(5)
    expected = (2 * outside + 2 * opened + quoted) / 5
    assert BracketLanguage(1).entropy == pytest.approx(expected)


def test_a_language_without_brackets_has_letters_and_quotes():
    task = BracketLanguage(50, max_depth=0)
    batch = task.sample(100, rng=np.random.default_rng(8))
    assert {task.symbols[token] for token in np.unique(batch.inputs)} == {*'ab"'}


def test_the_decoder_can_be_fed_from_a_target():
    task = Reversal(4)
    pairs = task.sample(5, rng=np.random.default_rng(9))
    fed = np.vstack([np.full((1, 5), START), pairs.target[:-1]])
    assert read(fed[1:], task.target_vocabulary) == read(
        pairs.target, task.target_vocabulary
    )


@pytest.mark.parametrize("of", LISTS)
def test_names_are_different_words_of_small_letters_in_order(of):
    names = LISTS[of]
    assert len(names) == len(set(names)) > 300
    assert all(re.fullmatch("[a-z]+([- ][a-z]+)*", name) for name in names)
    if of != "numbers":
        assert [*names] == sorted(names)


@pytest.mark.parametrize("of", LISTS)
def test_the_two_sets_of_names_are_all_names_and_have_none_in_common(of):
    task = Names(of)
    train, held_out = (task.names(split) for split in SPLITS)
    assert sorted([*train, *held_out]) == sorted(LISTS[of])
    assert 0.15 < len(held_out) / len(LISTS[of]) < 0.25


def test_a_name_is_read_from_start_and_asked_for_up_to_its_end():
    task = Names("minerals")
    batch = task.sample(60, rng=np.random.default_rng(3), split="held_out")
    known = task.names("held_out")
    assert batch.mask is not None
    for b, length in enumerate(batch.mask.sum(axis=0)):
        inputs = [task.symbols[token] for token in batch.inputs[:length, b]]
        targets = [task.symbols[token] for token in batch.targets[:length, b]]
        assert (inputs[0], targets[-1]) == ("<start>", "<end>")
        assert inputs[1:] == targets[:-1]
        assert "".join(targets[:-1]) in known


@pytest.mark.parametrize("of", LISTS)
def test_the_chance_of_names_is_the_loss_of_their_own_frequencies(of):
    task = Names(of)
    batch = task.batch(LISTS[of])
    targets = batch.targets[batch.mask]
    share = np.bincount(targets, minlength=len(task.symbols)) / len(targets)
    assert -np.log2(share[targets]).mean() == pytest.approx(task.chance)


def test_novelty_counts_where_each_made_name_stands():
    task, rng = Names("dinosaurs"), np.random.default_rng(4)
    train, held_out = (task.names(split) for split in SPLITS)
    made = [*train[:7], *held_out[:3], *(name + "q" for name in train[:5]), train[0]]
    assert task.novelty(rng.permutation(made).tolist()) == (8, 3, 5)
    assert task.novelty([]) == (0, 0, 0)
