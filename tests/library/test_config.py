"""What an object is shown by makes it again: its config, and the line it prints."""

from typing import Any

import numpy as np
import pytest

import rnnlib
from rnnlib import (
    SGD,
    Adam,
    AdditiveAttention,
    Bidirectional,
    Classifier,
    ConditionalLanguageModel,
    DotAttention,
    Dropout,
    Embedding,
    FastWeights,
    GRUCell,
    LanguageModel,
    Linear,
    LSTMCell,
    MinGRUCell,
    MinLSTMCell,
    Momentum,
    Recurrent,
    RMSProp,
    RNNCell,
    Scanned,
    Seq2Seq,
    SequenceClassifier,
    Stacked,
    Tagger,
    Vocabulary,
)
from rnnlib.tasks import (
    Adding,
    Echo,
    FlipFlop,
    Glyphs,
    GrammarTags,
    NumberTranslation,
    Reversal,
    ShapeScenes,
)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def gru(D: int = 3, H: int = 4) -> Recurrent:
    return Recurrent(GRUCell(D, H, rng=rng()))


# Each line is what one types, but for the rng, and what is shown.
SHOWN: dict[str, Any] = {
    "Linear(3, 4)": Linear(3, 4, rng=rng()),
    "Linear(3, 4, names=('W', 'b'), dtype='float32')": Linear(
        3, 4, rng=rng(), names=("W", "b"), dtype=np.float32
    ),
    "Embedding(9, 2)": Embedding(9, 2, rng=rng()),
    "Dropout(0.5)": Dropout(0.5),
    "Dropout(0.25, same_over_time=True)": Dropout(0.25, same_over_time=True),
    "DotAttention()": DotAttention(),
    "DotAttention(scaled=True)": DotAttention(scaled=True),
    "AdditiveAttention(2, 3, 4)": AdditiveAttention(2, 3, 4, rng=rng()),
    "FastWeights(3, 4, 2)": FastWeights(3, 4, 2, rng=rng()),
    "FastWeights(3, 4, 2, rule='delta', dtype='float32')": FastWeights(
        3, 4, 2, rule="delta", rng=rng(), dtype="f4"
    ),
    "Scanned(MinGRUCell(3, 4, signed=True), learn_initial_state=True)": Scanned(
        MinGRUCell(3, 4, signed=True, rng=rng()), learn_initial_state=True
    ),
    "Scanned(MinLSTMCell(3, 4))": Scanned(MinLSTMCell(3, 4, rng=rng())),
    "SGD(0.1)": SGD(0.1),
    "Momentum(0.1, momentum=0.5)": Momentum(0.1, momentum=0.5),
    "RMSProp(0.1, decay=0.5, epsilon=0.001)": RMSProp(0.1, decay=0.5, epsilon=1e-3),
    "Adam(0.01)": Adam(0.01),
    "Adam(0.01, beta_1=0.5, beta_2=0.75, epsilon=1.0)": Adam(
        0.01, beta_1=0.5, beta_2=0.75, epsilon=1
    ),
    "Vocabulary(['h', 'e', 'l', 'o'])": Vocabulary("hello"),
    "Vocabulary(['a', '?'], unknown='?')": Vocabulary("a", unknown="?"),
    "Classifier(3, 4, 2)": Classifier(3, 4, 2, rng=rng()),
    "SequenceClassifier(Recurrent(GRUCell(3, 4)), output_size=2, dropout=0.5)": (
        SequenceClassifier(gru(), 2, rng=rng(), dropout=0.5)
    ),
    "SequenceClassifier(Recurrent(GRUCell(3, 4)), pool='mean', "
    "loss='mean_squared_error')": SequenceClassifier(
        gru(), rng=rng(), pool="mean", loss="mean_squared_error"
    ),
    "Tagger(Bidirectional(RNNCell(3, 4), LSTMCell(3, 4)), output_size=5)": Tagger(
        Bidirectional(RNNCell(3, 4, rng=rng()), LSTMCell(3, 4, rng=rng())), 5, rng=rng()
    ),
    "LanguageModel(Stacked([Embedding(2, 3), Recurrent(GRUCell(3, 4)), Dropout(0.5), "
    "Recurrent(GRUCell(4, 4))]), vocabulary=Vocabulary(['a', 'b']))": LanguageModel(
        Stacked([Embedding(2, 3, rng=rng()), gru(), Dropout(0.5), gru(4)]),
        rng=rng(),
        vocabulary=Vocabulary("ab"),
    ),
    "ConditionalLanguageModel(2, Recurrent(GRUCell(3, 4)), start=0)": (
        ConditionalLanguageModel(2, gru(), rng=rng(), start=0)
    ),
    "Seq2Seq(Recurrent(GRUCell(3, 4)), Recurrent(GRUCell(3, 4)), "
    "attention=DotAttention(), teacher_forcing=0.5)": Seq2Seq(
        gru(), gru(), rng=rng(), attention=DotAttention(), teacher_forcing=0.5
    ),
}
DRAWS = "Linear Embedding AdditiveAttention Classifier SequenceClassifier Tagger "
DRAWS += "LanguageModel ConditionalLanguageModel Seq2Seq GRUCell RNNCell LSTMCell "
DRAWS += "FastWeights MinGRUCell MinLSTMCell"


def made_again(line: str) -> Any:
    """Return what a line makes, with a generator where one is needed."""

    def with_rng(kind: Any) -> Any:
        return lambda *args, **options: kind(*args, rng=rng(), **options)

    names = {name: getattr(rnnlib, name) for name in rnnlib.__all__}
    names |= {name: with_rng(names[name]) for name in DRAWS.split()}
    return eval(line, names)


@pytest.mark.parametrize("line", SHOWN)
def test_an_object_is_shown_by_the_line_that_makes_it(line):
    thing = SHOWN[line]
    assert repr(thing) == line
    assert repr(made_again(line)) == line


@pytest.mark.parametrize("line", SHOWN)
def test_an_object_made_from_its_config_has_the_same_config(line):
    thing = SHOWN[line]
    config = thing.config()
    options = {} if type(thing).__name__ not in DRAWS.split() else {"rng": rng()}
    twin = type(thing)(**config, **options)
    assert repr(twin) == repr(thing)
    assert [*twin.config()] == [*config]
    shapes = {n: a.shape for n, a in getattr(thing, "params", {}).items()}
    assert {n: a.shape for n, a in getattr(twin, "params", {}).items()} == shapes


@pytest.mark.parametrize("line", SHOWN)
def test_a_config_holds_plain_values_and_what_has_a_config(line):
    def plain(value: Any) -> bool:
        if isinstance(value, list | tuple):
            return all(map(plain, value))
        kinds = bool | int | float | str | None
        return isinstance(value, kinds) or hasattr(value, "config")

    assert all(map(plain, SHOWN[line].config().values()))


TASKS = {
    "Adding(5)": Adding(5),
    "Adding(5, dtype='float32')": Adding(5, dtype=np.float32),
    "Echo(2, 9)": Echo(delay=2, steps=9),
    "FlipFlop(3, 20)": FlipFlop(bits=3, steps=20),
    "FlipFlop(1, 9, rate=0.25, dtype='float32')": FlipFlop(1, 9, 0.25, np.float32),
    "Reversal(4)": Reversal(4),
    "Reversal(4, min_length=2, alphabet='xyz')": Reversal(4, 2, "xyz"),
    "Glyphs(noise=0.25, dtype='float32')": Glyphs(0.25, dtype="float32"),
    "ShapeScenes()": ShapeScenes(np.float64),
    "GrammarTags()": GrammarTags(),
    "NumberTranslation('digits', 'french', largest=99)": NumberTranslation(
        "digits", "french", 99
    ),
}


@pytest.mark.parametrize("line", TASKS)
def test_a_task_is_shown_by_the_line_that_makes_it(line):
    task = TASKS[line]
    assert repr(task) == line
    again = eval(line, {type(task).__name__: type(task)})
    assert repr(again) == line
    both: list[Any] = [task, again]
    one, other = (each.sample(3, rng=rng()) for each in both)
    np.testing.assert_equal(tuple(one), tuple(other))


def test_a_list_of_thousands_is_cut_short_and_an_alphabet_is_not():
    words = Vocabulary([f"w{n}" for n in range(3000)])
    assert repr(words) == "Vocabulary(['w0', 'w1', 'w2', ..., 'w2999'])"
    letters = Vocabulary("abcdefghijklmnopqrstuvwxyz .,'")
    assert repr(made_again(repr(letters))) == repr(letters)
    assert made_again(repr(letters)).symbols == letters.symbols


# what was renamed


RENAMED = {"Generator": "ConditionalLanguageModel", "columns": "batchify"}


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_name_is_answered_with_the_new_one(old, new):
    says = f"rnnlib.{old} was renamed; it is rnnlib.{new} now"
    with pytest.raises(AttributeError, match=says):
        getattr(rnnlib, old)
    with pytest.raises(ImportError, match=says):
        exec(f"from rnnlib import Adam, {old}")
    assert not hasattr(rnnlib, old)
    assert hasattr(rnnlib, new)


def test_a_name_that_never_was_is_refused_as_python_does():
    with pytest.raises(AttributeError, match="module 'rnnlib' has no attribute 'RNN'"):
        rnnlib.RNN  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'RNN' from 'rnnlib'"):
        exec("from rnnlib import RNN")
