"""Lesson 00: what its explorers compute, and what it claims."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_00 import ngrams
from rnncourse.lesson_00.figures.pair_table import pair_table
from rnncourse.lesson_00.figures.two_readers import two_readers
from rnncourse.lesson_00.moved_word import compute as moved_word
from rnncourse.lesson_00.moved_word import hidden_word
from rnncourse.lesson_00.parameter_race import compute as parameter_race
from rnncourse.lesson_00.word_order import compute as order
from rnncourse.shared import review_readers as reviews
from rnnlib import Classifier, LanguageModel, Recurrent, RNNCell, Vocabulary
from rnnlib.models import Model, Tagger
from rnnlib.tasks import NegationReviews

SIZES = list(product((1, 2, 20), (2, 27), (4, 5, 64)))


def size_of(model: Model) -> int:
    return sum(array.size for array in model.params.values())


@pytest.mark.parametrize(("T", "V", "H"), SIZES)
def test_the_formulas_count_the_parameters_of_the_librarys_nets(
    T: int, V: int, H: int
) -> None:
    rng = np.random.default_rng(0)
    window = Classifier(T * V, H, V, rng=rng)
    rnn = LanguageModel(Recurrent(RNNCell(V, H, rng=rng)), rng=rng)
    assert parameter_race.window_parameters(T, V, H) == size_of(window)
    assert parameter_race.rnn_parameters(V, H) == size_of(rnn)


@pytest.mark.parametrize(("V", "H"), [(2, 4), (2, 256), (5000, 256), (27, 54), (7, 9)])
def test_the_window_is_larger_from_the_length_that_is_named(V: int, H: int) -> None:
    race = parameter_race.compute(steps=1, vocab=V, hidden=H)
    larger = race.lengths[race.window > race.rnn]
    first = larger[0] if len(larger) else parameter_race.LONGEST + 1
    assert race.larger_from == first or race.larger_from > parameter_race.LONGEST
    for T in (1, first - 1, min(first, parameter_race.LONGEST)):
        verdict = parameter_race.compute(steps=T, vocab=V, hidden=H).verdict
        assert (f"from T = {first} on" in verdict) == (first <= T)
    assert (race.larger_from > parameter_race.LONGEST) == (not len(larger))


def test_at_one_step_the_rnn_has_its_memory_weights_more() -> None:
    race = parameter_race.compute(steps=1, vocab=27, hidden=64)
    assert race.rnn - race.at_steps == 64**2


def test_a_hidden_unit_of_each_net_reads_so_many_numbers() -> None:
    race = parameter_race.compute(steps=20, vocab=27, hidden=64)
    window = Classifier(20 * 27, 64, 27, rng=np.random.default_rng(0))
    cell = RNNCell(27, 64, rng=np.random.default_rng(0))
    into_unit = len(cell.params["W_xh"]) + len(cell.params["W_hh"])
    assert race.inputs == (len(window.params["hidden.W_xh"]), into_unit)


def test_a_text_holds_the_word_once_or_not_at_all() -> None:
    tokens, found = hidden_word.texts(500, [1, 4, 21], rng=np.random.default_rng(0))
    letters = np.array(list(hidden_word.ALPHABET))[tokens]
    for column, ends in zip(letters.T, found.T, strict=True):
        text = "".join(column)
        assert text.count(hidden_word.WORD) == ends[-1]
        if ends[-1]:
            start = text.index(hidden_word.WORD)
            assert start in (0, 3, 20)
            assert ends.argmax() == start + len(hidden_word.WORD) - 1
    assert 0.4 < found[-1].mean() < 0.6


def test_a_text_without_the_word_has_its_letters_in_another_order() -> None:
    tokens, found = hidden_word.texts(200, [8], rng=np.random.default_rng(0))
    planted = tokens[7:10, ~found[-1]]
    word = [hidden_word.ALPHABET.index(letter) for letter in hidden_word.WORD]
    assert {tuple(sorted(letters)) for letters in planted.T} == {tuple(sorted(word))}


def shift(asked: str, trained: str = "first ten") -> moved_word.MovedWord:
    return moved_word.compute(position=16, trained=trained, asked=asked, text=1)


def test_a_window_net_knows_the_word_only_where_it_was() -> None:
    right = shift(moved_word.ASKED[0]).window
    assert right[:10].min() > 0.9
    assert right[10:].min() > 0.35
    assert right[10:].max() < 0.65


def test_an_rnn_knows_it_where_it_never_was() -> None:
    assert shift("after each letter").rnn.min() > 0.95


def test_an_rnn_that_is_asked_only_at_the_end_learns_the_place() -> None:
    right = shift("only at the end").rnn
    assert right[:10].min() > 0.95
    assert right[12:].max() < 0.65


def test_a_window_net_must_learn_the_word_anew_for_each_place() -> None:
    few, all_of_them = (
        shift("after each letter", trained).window[:10].mean()
        for trained in moved_word.TRAINED_ON
    )
    assert few > all_of_them + 0.1
    assert 0.6 < all_of_them < 0.9


@pytest.mark.parametrize("asked", ["window", "after each letter"])
def test_training_again_gives_the_stored_accuracy(asked: str) -> None:
    rng = np.random.default_rng(moved_word.SEED)
    again = moved_word.accuracies(
        moved_word.train(asked, moved_word.TRAINED_ON["first ten"], rng=rng)
    )
    data = shift("after each letter")
    stored = data.window if asked == "window" else data.rnn
    assert abs(again[:10].mean() - stored[:10].mean()) < 0.05
    assert abs(again[10:].mean() - stored[10:].mean()) < 0.1


def test_the_answer_after_each_letter_is_the_librarys() -> None:
    data = shift("after each letter")
    model = moved_word.load(moved_word.WEIGHTS / "after_each_letter_first_ten.npz")
    tokens = Vocabulary(hidden_word.ALPHABET).encode(data.text)[:, None]
    assert isinstance(model, Tagger)
    said = model.predict(tokens)[:, 0]
    assert (said == (data.rnn_says > 0.5)).all()
    assert said.argmax() + 1 == data.position + 2


REVIEWS = ("the plot was good not bad", "the film is not very good but really bad")


@pytest.mark.parametrize("review", REVIEWS)
@pytest.mark.parametrize("kind", order.ORDERS[1:])
def test_a_bag_of_words_says_the_same_of_every_order(review: str, kind: str) -> None:
    data = order.compute(review=review, order=kind)
    assert data.first != data.second
    assert Counter(data.first) == Counter(data.second) == data.bag
    assert data.bag_says[0] == data.bag_says[1]
    assert data.rnn_says[0] != data.rnn_says[1]


@pytest.mark.parametrize("review", REVIEWS)
def test_swapped_judgements_turn_the_rnns_opinion(review: str) -> None:
    data = order.compute(review=review, order="swapped")
    assert abs(data.rnn_says[0] - data.rnn_says[1]) > 0.9
    assert 0.35 < data.bag_says[0] < 0.65


def test_each_word_is_found_where_the_places_say() -> None:
    data = order.compute(review=REVIEWS[1], order="shuffled")
    for word, place in zip(data.first, data.places, strict=True):
        assert data.second[place] == word


@pytest.mark.parametrize(
    ("review", "left", "says"),
    [
        ("", (), "Write a review"),
        (
            "The FILM is a good one.",
            ("the", "film", "is", "good"),
            "Left out: “a” and “one”, not known",
        ),
        ("very " * 12, ("very",) * 10, "Left out: 2 words after the first 10. "),
    ],
)
def test_any_review_may_be_typed(review: str, left: tuple[str, ...], says: str) -> None:
    data = order.compute(review=review, order="backwards")
    assert data.first == left
    assert says in data.verdict


def test_the_stored_nets_are_as_good_as_can_be() -> None:
    bag, rnn = reviews.stored("bag"), reviews.stored("rnn")
    assert abs(reviews.accuracy(bag) - NegationReviews().bag_ceiling) < 0.03
    assert reviews.accuracy(rnn) > 0.99


def test_training_the_bag_again_gives_the_stored_accuracy() -> None:
    again = reviews.train("bag", rng=np.random.default_rng(reviews.SEED))
    assert reviews.accuracy(again) == pytest.approx(
        reviews.accuracy(reviews.stored("bag")), abs=0.03
    )


TEXT = ngrams.number_words()
SYMBOLS = Vocabulary(TEXT)
TOKENS = SYMBOLS.encode(TEXT)


def test_each_row_of_the_table_is_a_distribution_of_what_was_counted() -> None:
    table = ngrams.bigram_table(TOKENS, len(SYMBOLS))
    assert table.sum(axis=1) == pytest.approx(np.ones(len(SYMBOLS)))
    o, n = SYMBOLS.encode("on")
    count = sum(pair == ("o", "n") for pair in pairwise(TEXT))
    total = TEXT[:-1].count("o")
    assert table[o, n] == pytest.approx((count + 1) / (total + len(SYMBOLS)))


def test_counting_pairs_beats_guessing() -> None:
    table = ngrams.bigram_table(TOKENS, len(SYMBOLS))
    assert ngrams.cross_entropy(table, TOKENS) < 0.5 * np.log(len(SYMBOLS))


def test_hardly_any_context_is_ever_seen() -> None:
    seen = [ngrams.contexts_seen(TEXT, n) for n in range(2, 8)]
    possible = [ngrams.contexts(len(SYMBOLS), n) for n in range(2, 8)]
    assert seen[0] == possible[0] == 20
    assert seen[-1] / possible[-1] < 2e-5
    assert seen == sorted(seen)


def test_the_table_of_pairs_is_shown_with_the_row_that_is_asked_for() -> None:
    table = ngrams.bigram_table(TOKENS, len(SYMBOLS))
    picture = pair_table(table, SYMBOLS.symbols, "v")
    _, right = picture.figure.axes
    bars: Any = right.patches
    heights = [bar.get_height() for bar in bars]
    assert heights == pytest.approx(table[SYMBOLS.encode("v")[0]])
    assert "most probable is “e”" in repr(picture)


def test_the_two_readers_read_the_same_letters() -> None:
    picture = two_readers("helo")
    written = [text.get_text() for text in picture.figure.axes[0].texts]
    assert Counter(written)["h"] == Counter(written)["o"] == 2
    assert "h, e, l, o" in repr(picture)
