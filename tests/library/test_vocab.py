import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import Vocabulary, one_hot, pad

TEXT = st.text(min_size=1, max_size=30)


def test_tokens_of_hello():
    vocabulary = Vocabulary("hello")
    assert vocabulary.symbols == ("h", "e", "l", "o")
    np.testing.assert_array_equal(vocabulary.encode("hello"), [0, 1, 2, 2, 3])
    assert (len(vocabulary), "l" in vocabulary, "x" in vocabulary) == (4, True, False)


@given(TEXT)
def test_a_text_comes_back_from_its_tokens(text):
    vocabulary = Vocabulary(text)
    tokens = vocabulary.encode(text)
    assert tokens.dtype.kind == "i"
    assert "".join(vocabulary.decode(tokens)) == text


@given(TEXT)
def test_every_token_is_the_place_of_its_symbol(text):
    vocabulary = Vocabulary(text)
    assert vocabulary.decode(np.arange(len(vocabulary))) == list(vocabulary.symbols)


def test_words_are_symbols_too():
    words = ["good", "not", "bad", "not"]
    vocabulary = Vocabulary(words)
    np.testing.assert_array_equal(vocabulary.encode(words), [0, 1, 2, 1])
    assert vocabulary.decode([2, 1, 0]) == ["bad", "not", "good"]


def test_the_representation_makes_the_vocabulary_again():
    vocabulary = Vocabulary("o'k\n")
    assert eval(repr(vocabulary)).symbols == vocabulary.symbols


@given(
    st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=1),
)
def test_one_hot_is_one_at_the_token_and_zero_elsewhere(tokens):
    found = one_hot(tokens, 7)
    assert found.shape == (len(tokens), 2, 7)
    for index in np.ndindex(found.shape):
        assert found[index] == (index[-1] == tokens[index[0]][index[1]])


def test_a_product_with_a_one_hot_picks_a_row():
    rng = np.random.default_rng(0)
    W, tokens = rng.standard_normal((5, 3)), rng.integers(0, 5, size=(4, 2))
    np.testing.assert_array_equal(one_hot(tokens, 5) @ W, W[tokens])


def test_pad_sets_sequences_side_by_side():
    rng = np.random.default_rng(1)
    sequences = [rng.standard_normal((length, 3)) for length in (4, 1, 6)]
    padded, mask = pad(sequences, fill=-5)
    assert padded.shape == (6, 3, 3)
    assert mask.dtype == bool
    for b, sequence in enumerate(sequences):
        np.testing.assert_array_equal(padded[mask[:, b], b], sequence)
        np.testing.assert_array_equal(np.flatnonzero(mask[:, b]), range(len(sequence)))
    np.testing.assert_array_equal(padded[~mask], np.full((7, 3), -5.0))


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_padded_texts_come_back(texts):
    vocabulary = Vocabulary("".join(texts))
    padded, mask = pad([vocabulary.encode(text) for text in texts])
    assert padded.dtype.kind == "i"
    for b, text in enumerate(texts):
        assert "".join(vocabulary.decode(padded[mask[:, b], b])) == text


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int8])
def test_pad_keeps_the_dtype(dtype):
    padded, _ = pad([np.array([1, 2], dtype), np.array([3], dtype)])
    assert padded.dtype == dtype


def test_padding_may_be_filled_with_nan():
    padded, mask = pad([[1.5], [2.5, 3.5]], fill=np.nan)
    np.testing.assert_array_equal(np.isnan(padded), ~mask)


def test_the_symbols_of_a_set_are_sorted():
    assert Vocabulary(set("hello")).symbols == ("e", "h", "l", "o")
    assert Vocabulary(frozenset(["b", "a", "c"])).symbols == ("a", "b", "c")
    assert Vocabulary({"b": 1, "a": 2}.keys()).symbols == ("b", "a")
    assert Vocabulary(["b", "a"]).symbols == ("b", "a")


def test_what_is_not_known_is_encoded_as_unknown():
    words = Vocabulary(["the", "cat"], unknown="<unk>")
    assert words.symbols == ("the", "cat", "<unk>")
    assert words.encode(["a", "the", "dog"]).tolist() == [2, 0, 2]
    assert words.decode([2, 1]) == ["<unk>", "cat"]


def test_an_unknown_that_is_among_the_symbols_keeps_its_place():
    words = Vocabulary(["<unk>", "a"], unknown="<unk>")
    assert words.symbols == ("<unk>", "a")
    assert words.encode(["b", "a"]).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("symbols", "separator"),
    [
        ("helo", ""),
        (["<pad>", "<end>", "a", "b"], ""),
        (["a", "be"], " "),
        (["<end>", "cat"], " "),
        (["<", ">", "a"], ""),
    ],
)
def test_words_are_parted_by_a_space_and_characters_by_nothing(symbols, separator):
    assert Vocabulary(symbols).separator == separator


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint64", "int64"])
def test_what_a_whole_number_can_hold_is_filled_in_and_nothing_else(dtype):
    info = np.iinfo(dtype)
    sequences = [np.array([1, 2], dtype), np.array([3], dtype)]
    for fill in (int(info.min), 0, int(info.max)):
        padded, _ = pad(sequences, fill=fill)
        assert padded[1, 1] == fill
        assert padded.dtype == dtype
    wrong = (int(info.min) - 1, int(info.max) + 1, 0.5, np.nan, True, "0", None)
    for fill in wrong:  # type: ignore[assignment]
        with pytest.raises(
            ValueError, match=rf"fill must be .* dtype {dtype} can hold"
        ):
            pad(sequences, fill=fill)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_float_may_be_filled_with_any_number_that_it_can_hold(dtype):
    sequences = [np.ones(2, dtype), np.ones(1, dtype)]
    for fill in (0.1, -3, np.inf, -np.inf, float(np.finfo(dtype).max)):
        assert pad(sequences, fill=fill)[0][1, 1] == dtype(fill)
    with pytest.raises(ValueError, match="fill must be a number that dtype float32"):
        pad([np.ones(2, np.float32)], fill=1e39)
