from math import exp, inf, log, prod, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.metrics import accuracy, bits_per_character, bleu, exact_match, perplexity

SENTENCES = st.lists(st.lists(st.integers(0, 3), max_size=9), min_size=1, max_size=4)


def test_accuracy_is_the_share_of_right_tokens():
    assert accuracy([0, 1, 2, 3], [0, 1, 2, 0]) == 0.75
    assert accuracy([[1, 2], [3, 4]], [[1, 2], [3, 4]]) == 1
    assert accuracy([1], [0]) == 0


def test_padding_is_neither_right_nor_wrong():
    rng = np.random.default_rng(0)
    targets, mask = rng.integers(0, 3, size=(7, 5)), rng.random((7, 5)) < 0.6
    predictions = rng.integers(0, 3, size=(7, 5))
    expected = accuracy(predictions, targets, mask)
    assert expected == accuracy(predictions[mask], targets[mask])
    for padding in (0, -100, 99):
        other = np.where(mask, targets, padding)
        assert accuracy(predictions, other, mask) == expected


def test_a_sequence_counts_if_all_of_it_is_right():
    targets = np.array([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]])
    predictions = targets.copy()
    predictions[0, 1] = predictions[2, 2] = predictions[1, 2] = 0
    assert exact_match(targets, targets) == 1
    assert exact_match(predictions, targets) == 0.5
    mask = np.ones((3, 4), dtype=bool)
    mask[0, 1] = False
    assert exact_match(predictions, targets, mask) == 0.75


def test_what_follows_the_end_does_not_matter_and_what_is_missing_does():
    end = 2
    targets = np.array([[5, 5, end], [end, 6, 0], [0, end, 0]])
    mask = np.array([[1, 1, 1], [1, 1, 0], [0, 1, 0]], dtype=bool)
    longer = np.array([[5, 5, end], [end, 6, 9], [9, end, 9], [9, 9, 9]])
    assert exact_match(longer, targets, mask) == 1
    assert exact_match(longer[:2], targets, mask) == 2 / 3
    assert exact_match(longer[:1], targets, mask) == 1 / 3
    goes_on = np.array([[5, 5, 5], [6, 6, end]])
    assert exact_match(goes_on, targets, mask) == 0


def test_a_sequence_of_nothing_is_left_out():
    tokens, mask = np.array([[1, 1], [1, 1]]), np.array([[True, False]] * 2)
    assert exact_match(tokens, tokens, mask) == 1
    assert exact_match(tokens, tokens + 1, mask) == 0


def test_perplexity_counts_equally_probable_choices():
    for choices in (1, 2, 27, 1000):
        assert perplexity(log(choices)) == pytest.approx(choices)
        assert bits_per_character(log(choices)) == pytest.approx(np.log2(choices))
    assert perplexity(np.float64(1.0)) == pytest.approx(exp(1))
    assert perplexity(1e4) == inf


def words(text):
    return text.split()


CANDIDATE = words(
    "It is a guide to action which ensures that the military always obeys the "
    "commands of the party"
)
REFERENCES = [
    words(
        "It is a guide to action that ensures that the military will forever heed "
        "Party commands"
    ),
    words(
        "It is the guiding principle which guarantees the military forces always "
        "being under the command of the Party"
    ),
    words(
        "It is the practical guide for the army always to heed the directions of "
        "the party"
    ),
]


def test_bleu_of_the_first_example_of_the_paper():
    by_hand = (17 / 18 * 10 / 17 * 7 / 16 * 4 / 15) ** (1 / 4)
    assert bleu([CANDIDATE], [REFERENCES]) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(0.5046, abs=5e-5)


def test_a_word_counts_at_most_as_often_as_one_reference_has_it():
    candidate = words("the the the the the the the")
    references = [words("the cat is on the mat"), words("there is a cat on the mat")]
    assert bleu([candidate], [references], max_n=1) == pytest.approx(2 / 7)
    assert bleu([candidate], [references]) == 0


def test_bleu_by_hand():
    reference = words("the cat sat on the mat")
    one_word_more = words("the cat sat on the red mat")
    found = bleu([one_word_more], [[reference]])
    assert found == pytest.approx((6 / 7 * 4 / 6 * 3 / 5 * 2 / 4) ** (1 / 4))
    swapped = words("the mat sat on the cat")
    found = bleu([swapped], [[reference]], max_n=3)
    assert found == pytest.approx((6 / 6 * 4 / 5 * 1 / 4) ** (1 / 3))


def test_what_is_too_short_pays_and_what_is_too_long_does_not():
    reference = words("a b c d e f")
    assert bleu([reference[:5]], [[reference]]) == pytest.approx(exp(1 - 6 / 5))
    assert bleu([reference[:4]], [[reference]]) == pytest.approx(exp(1 - 6 / 4))
    assert bleu([[*reference, "g"]], [[reference]]) == pytest.approx(
        (6 / 7 * 5 / 6 * 4 / 5 * 3 / 4) ** (1 / 4)
    )


def test_the_closest_reference_sets_the_length_and_of_two_the_shorter():
    candidate = list("abcde")
    shorter, longer, far = list("abcd"), list("abcdef"), list("abcdefghij")
    assert bleu([candidate], [[longer, shorter, far]]) == 1
    assert bleu([candidate], [[longer, far]]) == pytest.approx(exp(1 - 6 / 5))


def test_counts_are_added_over_the_corpus():
    """A mean over sentences would be (1 + 0) / 2, or leave the short one out."""
    candidates = [list("abcde"), list("xy")]
    references = [[list("abcde")], [list("xz")]]
    by_hand = (6 / 7 * 4 / 5 * 3 / 3 * 2 / 2) ** (1 / 4)
    assert bleu(candidates, references) == pytest.approx(by_hand)


def test_smoothing_adds_to_both_counts_of_longer_ngrams():
    candidate, reference = ["a", "b"], ["a", "c"]
    assert bleu([candidate], [[reference]], max_n=2) == 0
    assert bleu([candidate], [[reference]], max_n=2, smooth=1) == pytest.approx(0.5)
    found = bleu([candidate], [[reference]], max_n=2, smooth=0.5)
    assert found == pytest.approx(sqrt(1 / 2 * 0.5 / 1.5))
    assert bleu([["x"]], [[["a"]]], smooth=1) == 0


def test_an_empty_candidate_is_no_error():
    assert bleu([[]], [[["a"]]]) == 0
    found = bleu([[], list("abcd")], [[["a"]], [list("abcd")]])
    assert found == pytest.approx(exp(1 - 5 / 4))


def test_words_tokens_and_arrays_score_alike():
    vocabulary = sorted({word for s in [CANDIDATE, *REFERENCES] for word in s})
    tokens = [vocabulary.index(word) for word in CANDIDATE]
    answers = [np.array([vocabulary.index(w) for w in r]) for r in REFERENCES]
    expected = bleu([CANDIDATE], [REFERENCES])
    assert bleu([tokens], [answers]) == expected
    assert bleu(np.array([tokens]), [answers]) == expected


@given(SENTENCES)
def test_a_corpus_is_its_own_perfect_translation(corpus):
    expected = float(any(len(sentence) >= 4 for sentence in corpus))
    assert bleu(corpus, [[sentence] for sentence in corpus]) == expected


def clumsy_bleu(candidates, references):
    """Return BLEU with one reference each, counted in another way."""
    precisions = []
    for n in range(1, 5):
        right = total = 0
        for candidate, reference in zip(candidates, references, strict=True):
            left = [tuple(reference[i : i + n]) for i in range(len(reference) - n + 1)]
            for i in range(len(candidate) - n + 1):
                total += 1
                if tuple(candidate[i : i + n]) in left:
                    left.remove(tuple(candidate[i : i + n]))
                    right += 1
        precisions.append(right / total if total else 0)
    c, r = sum(map(len, candidates)), sum(map(len, references))
    return min(1, exp(1 - r / c)) * prod(precisions) ** (1 / 4) if c else 0


@given(st.lists(st.tuples(*[st.lists(st.integers(0, 1), max_size=12)] * 2), min_size=1))
def test_two_ways_to_count_agree(pairs):
    candidates, references = zip(*pairs, strict=True)
    found = bleu(candidates, [[reference] for reference in references])
    assert found == pytest.approx(clumsy_bleu(candidates, references))
    assert 0 <= found <= 1


def test_answers_no_and_yes_may_be_booleans_or_0_and_1():
    rng = np.random.default_rng(0)
    targets, mask = rng.random((9, 6)) < 0.4, rng.random((9, 6)) < 0.7
    predictions = targets ^ (rng.random((9, 6)) < 0.1)
    for score in (accuracy, exact_match):
        expected = score(predictions.astype(int), targets.astype(int), mask)
        assert 0 < expected < 1
        assert score(predictions, targets, mask) == expected
        assert score(predictions, targets.astype(np.uint8), mask) == expected
        assert score(predictions.astype(int), targets, mask) == expected
        with pytest.raises(ValueError, match=r"convert it with targets.astype\(int\)"):
            score(predictions, targets.astype(float), mask)
