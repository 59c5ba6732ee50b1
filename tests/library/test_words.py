"""What an error shows of what came: short, on one line, and with nothing unseen."""

import numpy as np
import pytest

from rnnlib import (
    SGD,
    Adam,
    LanguageModel,
    LSTMCell,
    Recurrent,
    RNNCell,
    Tagger,
    Vocabulary,
    fit,
    load,
)
from rnnlib._words import listed, plain, shown
from rnnlib.tasks import Echo

MARKS = "\u202e\u200b\x00\n\r\x1b[31m\u2028\ud800"


class Rude:
    """An object whose own line is long, broken, or none at all."""

    def __init__(self, line):
        self.line = line

    def __repr__(self):
        if self.line is None:
            raise RuntimeError("no line")
        return self.line


VALUES = [
    *("a" * 10**6, MARKS, MARKS * 1000, Rude("b\n" * 10**5), Rude(None), Rude(MARKS)),
    *(list(range(10**6)), {k: "c" * k for k in range(3000)}, np.ones((300, 400))),
    *(np.array(MARKS), 10**5000, {"d" * 500}, ("e",) * 10**6, lambda: None, object()),
    *([[[[[[[[MARKS]]]]]]]], {MARKS: MARKS}, Vocabulary("abc" + MARKS[:-1])),
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_any_value_is_shown_on_one_short_line_without_marks(value):
    line = shown(value)
    assert 0 < len(line) <= 80
    assert line.isprintable()


def test_a_long_list_says_how_many_more_there_are():
    assert listed([]) == ""
    assert listed(["a", "b"]) == "'a', 'b'"
    assert listed(range(50_000)).endswith("10, 11 and 49988 more")
    assert plain("a\tb\u202ec") == "a\\tb\\u202ec"


def said(function, *args, **options):
    with pytest.raises(ValueError, match=r"\bgot\b") as caught:
        function(*args, **options)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 500
    return message


WORDS = Vocabulary([f"word{n}" for n in range(50_000)])


def test_an_error_about_a_large_vocabulary_is_short():
    message = said(WORDS.encode, ["word3", "cat"])
    assert "got 'cat' at position 1; it knows word0 word1" in message
    assert message.endswith("and 49970 more")


def test_an_error_about_a_model_with_a_large_vocabulary_is_short():
    rng = np.random.default_rng(0)
    layer = Recurrent(RNNCell(50_000, 2, rng=rng))
    model = LanguageModel(layer, rng=rng, vocabulary=WORDS)
    assert len(repr(model)) < 200
    assert "['word0', 'word1', 'word2', ..., 'word49999']" in repr(model)
    said(Recurrent, model)
    said(model.step, model, model)
    said(RNNCell, model, 3, rng=rng)


@pytest.mark.parametrize("mark", MARKS)
def test_marks_that_nobody_sees_are_escaped_in_an_error(mark):
    said(Vocabulary(f"ab{mark}").encode, "abc")
    said(Vocabulary("ab").encode, f"ab{mark}")
    said(load, f"no{mark}file.npz" if mark not in "\x00\ud800" else "none.npz")
    rng = np.random.default_rng(0)
    cell = RNNCell(2, 3, rng=rng)
    said(cell.with_params, {**cell.params, f"W{mark}": cell.params["b_h"]})
    said(RNNCell, 2, 3, rng=rng, activation=mark)


def test_a_class_in_place_of_an_object_is_named_and_how_to_make_one():
    rng = np.random.default_rng(0)
    model = Tagger(Recurrent(RNNCell(2, 3, rng=rng)), 2, rng=rng)
    batch = Echo(1, 4).sample(2, rng=rng)
    assert "got the class SGD; make one: SGD(...)" in said(fit, model, [batch], SGD)
    assert "got the class Adam" in said(fit, Adam, [batch], SGD(0.1))
    assert "the class LSTMCell; make one" in said(Recurrent, LSTMCell)
    assert "got the class Tagger" in said(fit, Tagger, [batch], SGD(0.1))


def test_a_layer_in_a_layer_says_to_pass_its_cell():
    layer = Recurrent(RNNCell(2, 3, rng=np.random.default_rng(0)))
    assert "got Recurrent; pass its cell, layer.cell" in said(Recurrent, layer)
    Recurrent(layer.cell)


def test_keys_that_do_not_fit_are_told_as_what_to_add_and_what_to_leave_out():
    cell = RNNCell(2, 3, rng=np.random.default_rng(0))
    params = {**cell.params, "w": cell.params["b_h"]}
    del params["b_h"]
    assert said(cell.with_params, params).endswith("; add 'b_h'; leave out 'w'")
    many = {f"layer{n}.W": cell.params["b_h"] for n in range(5000)}
    assert "4988 more" in said(cell.with_params, many)
    said(cell.with_params, {1: cell.params["b_h"], "a": cell.params["b_h"]})
