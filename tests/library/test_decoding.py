from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest

from rnnlib import (
    DotAttention,
    GRUCell,
    LSTMCell,
    Recurrent,
    RNNCell,
    Stacked,
    Vocabulary,
    log_softmax,
    softmax,
)
from rnnlib._typing import Array
from rnnlib.decoding import batch_size, beam_search, generate, select
from rnnlib.models import LanguageModel
from rnnlib.models.conditional import ConditionalLanguageModel
from rnnlib.models.seq2seq import DecoderState, Seq2Seq
from rnnlib.sampling import greedy, probabilities, sample
from tests.library.nets import draw_cell, leaves

START, END = 1, 2
SEEDS = range(20)


def sharpened(model: Any, rng: np.random.Generator) -> Any:
    """Return a model whose scores are far apart, so that beams have a choice."""
    for name, array in model.params.items():
        array[...] = rng.standard_normal(array.shape) * (2 if "output" in name else 1)
    return model


def translator(seed: int, V: int = 3, B: int = 1) -> tuple[Seq2Seq, DecoderState]:
    """Return a random translator with attention, and where its decoder starts."""
    rng = np.random.default_rng(seed)
    encoder, decoder = (Recurrent(draw_cell(rng, V, 4, "gru")) for _ in range(2))
    model = Seq2Seq(encoder, decoder, rng=rng, attention=DotAttention(scaled=True))
    sharpened(model, rng)
    source = rng.integers(0, V, size=(4, B))
    return model, model.start(source, np.arange(4)[:, None] < rng.integers(1, 5, B))


class Counter(NamedTuple):
    """A state that counts the steps."""

    steps: Array


class Table:
    """A model whose scores are a table: those of each last token, at any time."""

    start_token = START

    def __init__(self, probabilities: Any) -> None:
        self.log_p = np.log(probabilities)

    def step(self, tokens: Array, state: Counter) -> tuple[Array, Counter]:
        return self.log_p[tokens], Counter(state.steps + 1)


def at_start(B: int = 1) -> Counter:
    return Counter(np.zeros((B, 1)))


def log_probability(model: Any, state: Any, tokens: tuple[int, ...]) -> float:
    """Return the sum over the steps, each taken by itself."""
    total, last = 0.0, model.start_token
    for token in tokens:
        scores, state = model.step(np.array([last]), state)
        total += float(log_softmax(scores)[0, token])
        last = token
    return total


def all_sequences(V: int, length: int) -> list[tuple[int, ...]]:
    """Return all that end with their first END, or are as long as can be."""
    ends = [
        (*inner, END)
        for n in range(length)
        for inner in product([v for v in range(V) if v != END], repeat=n)
    ]
    whole = product([v for v in range(V) if v != END], repeat=length)
    return ends + list(whole)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_beam_of_one_is_the_greedy_choice(seed):
    model, state = translator(seed, V=5)
    (found,) = beam_search(model, state, width=1, max_length=6, end=END)
    said = generate(model, 6, state=state, end=END, choose=greedy)
    assert found.tokens == tuple(said[:, 0])
    expected = log_probability(model, state, found.tokens)
    np.testing.assert_allclose(found.log_probability, expected, rtol=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_beam_of_full_width_is_an_exhaustive_search(seed, alpha):
    model, state = translator(seed)
    found = beam_search(model, state, width=27, max_length=3, end=END, alpha=alpha)
    scored = [
        (tokens, log_probability(model, state, tokens))
        for tokens in all_sequences(3, 3)
    ]
    scored.sort(key=lambda item: -item[1] / len(item[0]) ** alpha)
    assert [hypothesis.tokens for hypothesis in found] == [item[0] for item in scored]
    for hypothesis, (tokens, log_p) in zip(found, scored, strict=True):
        np.testing.assert_allclose(hypothesis.log_probability, log_p, rtol=1e-12)
        np.testing.assert_allclose(hypothesis.score, log_p / len(tokens) ** alpha)
    total = sum(np.exp(hypothesis.log_probability) for hypothesis in found)
    np.testing.assert_allclose(total, 1, rtol=1e-12)


def test_a_beam_finds_what_the_greedy_choice_misses():
    """After START comes 0 with .4 and 3 with .6; but only 0 is sure to end well."""
    certain, split = [1e-9, 1e-9, 1, 1e-9], [0.34, 1e-9, 0.32, 0.34]
    table = Table([certain, [0.4, 1e-9, 1e-9, 0.6], certain, split])
    said = generate(table, 2, state=at_start(), end=END, choose=greedy)[:, 0]
    assert list(said) == [3, 0]
    best, *_ = beam_search(table, at_start(), width=2, max_length=2, end=END)
    assert best.tokens == (0, END)
    np.testing.assert_allclose(best.log_probability, np.log(0.4), atol=1e-8)


def test_alpha_makes_up_for_length():
    """END at once has .4; 0 0 0 has .6 * .7 * .7 = .294, but .665 a token."""
    table = Table([[0.7, 1e-9, 0.3], [0.6, 1e-9, 0.4], [1e-9, 1e-9, 1.0]])
    options: Any = {"width": 8, "max_length": 3, "end": END}
    by_sum = beam_search(table, at_start(), **options)
    assert [found.tokens for found in by_sum[:4]] == [
        (END,),  # .4
        (0, 0, 0),  # .6 * .7 * .7 = .294
        (0, END),  # .6 * .3 = .18
        (0, 0, END),  # .6 * .7 * .3 = .126
    ]
    by_mean = beam_search(table, at_start(), **options, alpha=1)
    assert [found.tokens for found in by_mean[:4]] == [
        (0, 0, 0),  # the cube root of .294 is .665
        (0, 0, END),  # the cube root of .126 is .501
        (0, END),  # the square root of .18 is .424
        (END,),
    ]
    np.testing.assert_allclose(
        [np.exp(found.score) for found in by_mean[:4]],
        [0.294 ** (1 / 3), 0.126 ** (1 / 3), 0.18**0.5, 0.4],
        rtol=1e-6,
    )


def test_no_beam_finds_more_than_that_of_full_width():
    for seed in SEEDS:
        model, state = translator(seed)
        best = [
            beam_search(model, state, width=width, max_length=3, end=END)[0]
            for width in (1, 2, 27, 99)
        ]
        assert best[2].tokens == best[3].tokens
        most = max(found.log_probability for found in best)
        np.testing.assert_allclose(best[2].log_probability, most, rtol=1e-12)


def test_a_beam_returns_no_more_than_its_width():
    model, state = translator(0, V=5)
    found = beam_search(model, state, width=4, max_length=6, end=END)
    assert len(found) == 4
    scores = [hypothesis.score for hypothesis in found]
    assert scores == sorted(scores, reverse=True)
    assert len({hypothesis.tokens for hypothesis in found}) == 4


def test_a_beam_is_for_one_input():
    model, state = translator(0, B=2)
    with pytest.raises(ValueError, match=r"must be of a batch of one, got one of 2"):
        beam_search(model, state, width=2, max_length=3, end=END)


def test_after_its_end_a_sequence_holds_end_and_all_ends_stop_it():
    """From 1 one goes to 0, 3, 2, from 3 to 2: two lengths."""
    sure = np.full((4, 4), 1e-9)
    sure[[1, 0, 3, 2], [0, 3, 2, 0]] = 1
    given: Any = {"prompt": [[1, 3]], "state": at_start(2), "choose": greedy}
    said = generate(Table(sure), 9, **given, end=END)
    np.testing.assert_array_equal(said, [[0, END], [3, END], [END, END]])
    on = generate(Table(sure), 5, **given)
    np.testing.assert_array_equal(on.T, [[0, 3, 2, 0, 3], [2, 0, 3, 2, 0]])
    cut = generate(Table(sure), 2, **given, end=END)
    assert cut.shape == (2, 2)


def test_tokens_are_fed_back():
    model, state = translator(4, V=5, B=3)
    said = generate(model, 6, state=state, choose=greedy)
    fed = np.full(3, START)
    for tokens in said:
        scores, state = model.step(fed, state)
        np.testing.assert_array_equal(scores.argmax(axis=-1), tokens)
        fed = tokens


def test_a_sequence_does_not_depend_on_the_others_of_its_batch():
    for seed in SEEDS:
        model, state = translator(seed, V=5, B=3)
        together = generate(model, 6, state=state, choose=greedy)
        for b in range(3):
            alone = generate(
                model, 6, state=select(state, np.array([b])), choose=greedy
            )
            np.testing.assert_array_equal(alone[:, 0], together[:, b])


@pytest.mark.parametrize("seed", SEEDS)
def test_at_a_temperature_near_zero_the_highest_score_is_drawn(seed):
    model, state = translator(seed, V=5, B=3)
    rng = np.random.default_rng(seed)
    cold = partial(sample, rng=rng, temperature=1e-9)
    np.testing.assert_array_equal(
        generate(model, 6, state=state, choose=cold),
        generate(model, 6, state=state, choose=greedy),
    )


@pytest.mark.parametrize(
    "options", [{}, {"temperature": 0.5}, {"temperature": 2.0, "top_k": 2}]
)
def test_tokens_come_as_often_as_their_probabilities_say(options):
    """Pairs of tokens, since the second depends on the first."""
    rng, N, V = np.random.default_rng(0), 40_000, 4
    layer = Recurrent(draw_cell(rng, V, 3, "lstm"))
    model = sharpened(LanguageModel(layer, rng=rng), rng)
    choose = partial(sample, rng=rng, **options)
    said = generate(model, 2, prompt=np.full((1, N), 3), choose=choose)
    found = np.bincount(V * said[0] + said[1], minlength=V * V)

    scores, state = model.step(np.array([3]), model.start(1))
    p = probabilities(scores, **options)[0]
    after = [model.step(np.array([v]), state)[0] for v in range(V)]
    pairs = p[:, None] * np.concatenate([probabilities(y, **options) for y in after])
    expected = N * pairs.ravel()
    assert (abs(found - expected) <= 5 * np.sqrt(expected * (1 - pairs.ravel()))).all()


def test_with_end_sampled_lengths_are_geometric():
    """END comes with .25 at each step."""
    table, N = Table(np.tile([0.75, 1e-12, 0.25], (3, 1))), 20_000
    choose = partial(sample, rng=np.random.default_rng(0))
    said = generate(table, 4, state=at_start(N), end=END, choose=choose)
    for t, tokens in enumerate(said, start=1):
        open_share = 0.75**t
        sigma = np.sqrt(open_share * (1 - open_share) / N)
        assert abs((tokens != END).mean() - open_share) < 5 * sigma


def nested_states() -> dict[str, tuple[Any, Any]]:
    """Return a layer of each form, and a state of three sequences, all different."""
    rng = np.random.default_rng(0)
    one = Recurrent(LSTMCell(3, 4, rng=rng))
    two = Stacked(
        [Recurrent(GRUCell(3, 2, rng=rng)), Recurrent(RNNCell(2, 5, rng=rng))]
    )
    deep = Stacked([Stacked([Recurrent(LSTMCell(3, 2, rng=rng))])])
    x = rng.standard_normal((2, 3, 3))
    layers: dict[str, Any] = {"one": one, "two": two, "deep": deep}
    found = {name: (layer, layer.forward(x)[1]) for name, layer in layers.items()}
    return found


@pytest.mark.parametrize("name", nested_states())
@pytest.mark.parametrize("rows", [[0], [2, 0], [1, 1, 2, 0]])
def test_selected_rows_are_those_of_each_array(name, rows):
    _, state = nested_states()[name]
    assert batch_size(state) == 3
    found = select(state, np.array(rows))
    assert type(found) is type(state)
    assert batch_size(found) == len(rows)
    for path, array in leaves(found, "").items():
        np.testing.assert_array_equal(array, leaves(state, "")[path][rows])


@pytest.mark.parametrize("rows", [[0], [2, 0], [1, 1, 2, 0, 0]])
def test_what_a_decoder_looks_at_is_selected_along_the_batch(rows):
    model, state = translator(1, V=5, B=3)
    assert state.keys is not None
    assert state.mask is not None
    found = select(state, np.array(rows))
    assert isinstance(found, DecoderState)
    assert batch_size(found) == len(rows)
    np.testing.assert_array_equal(found.keys, state.keys[:, rows])
    np.testing.assert_array_equal(found.mask, state.mask[:, rows])
    np.testing.assert_array_equal(found.recurrent.h, state.recurrent.h[rows])
    scores, _ = model.step(np.full(3, START), state)
    chosen, _ = model.step(np.full(len(rows), START), found)
    np.testing.assert_allclose(chosen, scores[rows], rtol=1e-12)
    blind = DecoderState(state.recurrent)
    assert select(blind, np.array(rows)).keys is None
    assert batch_size(blind) == 3


def test_a_generator_and_a_stacked_translator_can_be_searched_too():
    rng = np.random.default_rng(3)
    writer = ConditionalLanguageModel(
        2, Recurrent(draw_cell(rng, 4, 3, "lstm")), rng=rng
    )
    start = writer.start(rng.standard_normal((1, 2)))
    encoder, decoder = (
        Stacked(
            [Recurrent(draw_cell(rng, 4, 3, "lstm")), Recurrent(draw_cell(rng, 3, 3))]
        )
        for _ in range(2)
    )
    stacked = Seq2Seq(encoder, decoder, rng=rng)
    read = stacked.start(rng.integers(0, 4, size=(5, 1)))
    for model, state in ((sharpened(writer, rng), start), (stacked, read)):
        found = beam_search(model, state, width=64, max_length=3, end=END)
        assert len(found) == len(all_sequences(4, 3))
        best = max(
            all_sequences(4, 3),
            key=lambda tokens: log_probability(model, state, tokens),
        )
        assert found[0].tokens == best


def test_scores_far_apart_do_not_upset_the_search():
    table = Table([[0.5, 0.2, 0.3]] * 3)
    table.log_p = np.array([[1e4, 0.0, -1e4]] * 3)
    (found,) = beam_search(table, at_start(), width=1, max_length=3, end=END)
    assert found.tokens == (0, 0, 0)
    assert found.log_probability == 0
    assert softmax(table.log_p)[0, 0] == 1


def writer(symbols: str = "abcd", seed: int = 0, **options: Any) -> LanguageModel:
    """Return a random language model of some letters."""
    rng = np.random.default_rng(seed)
    layer = Recurrent(draw_cell(rng, len(symbols), 3, "lstm"))
    model = LanguageModel(layer, rng=rng, vocabulary=Vocabulary(symbols), **options)
    sharpened(model, rng).params["output.b_y"][...] = 0
    return model


def test_a_model_without_a_start_token_must_be_told_what_comes_first():
    rng = np.random.default_rng(0)
    model = LanguageModel(Recurrent(RNNCell(3, 4, rng=rng)), rng=rng)
    with pytest.raises(ValueError, match=r"a text or tokens \(P, B\), since a Lang"):
        generate(model, 3, state=model.start(2), rng=rng)
    with pytest.raises(ValueError, match=r"prompt must have .*, got \(1, 3\)"):
        generate(model, 3, prompt=[[0, 1, 2]], state=model.start(2), rng=rng)


def test_a_prompt_is_read_token_by_token_before_the_first_choice():
    model, prompt = writer(), np.array([[0, 1], [3, 1], [2, 2]])
    state = model.start(2)
    for tokens in prompt:
        scores, state = model.step(tokens, state)
    said = generate(model, 5, prompt=prompt, choose=greedy)
    np.testing.assert_array_equal(said[0], scores.argmax(axis=-1))
    rest = generate(model, 4, prompt=said[:1], state=state, choose=greedy)
    np.testing.assert_array_equal(said[1:], rest)


def test_a_prompt_goes_on_where_a_given_state_stands():
    model = writer()
    whole = generate(model, 5, prompt="abcadd", choose=greedy)
    _, state = model.logits(np.array([[0], [1], [2]]))
    assert generate(model, 5, prompt="add", state=state, choose=greedy) == whole


def test_what_comes_out_has_the_form_of_the_prompt():
    model = writer()
    text = generate(model, 5, prompt="ab", choose=greedy)
    one = generate(model, 5, prompt=[0, 1], choose=greedy)
    column = generate(model, 5, prompt=[[0], [1]], choose=greedy)
    assert text == "".join("abcd"[token] for token in one)
    assert one.shape == (5,)
    np.testing.assert_array_equal(column[:, 0], one)


def test_words_are_read_and_written_with_spaces_between_them():
    model = writer()
    model.vocabulary = words = Vocabulary(["the", "cat", "sat"], unknown="<unk>")
    text = generate(model, 3, prompt="the dog", choose=greedy)
    said = generate(model, 3, prompt=[0, 3], choose=greedy)
    assert text == " ".join(words.decode(said))


def test_a_text_stops_before_its_end():
    table: Any = Table(np.roll(np.eye(4), 1, axis=1) + 1e-9)  # each is followed by + 1
    table.vocabulary = Vocabulary(["<pad>", "<start>", "<end>", "a"])
    assert generate(table, 9, prompt="a", state=at_start(), choose=greedy) == (
        "<pad><start><end>a<pad><start><end>a<pad>"
    )
    options: Any = {"state": at_start(), "choose": greedy, "end": END}
    assert generate(table, 9, prompt="a", **options) == "<pad><start>"
    assert generate(table, 9, prompt="", **options) == ""


def test_a_start_token_is_fed_in_before_the_prompt():
    rng = np.random.default_rng(0)
    model = ConditionalLanguageModel(
        2, Recurrent(draw_cell(rng, 4, 3, "lstm")), rng=rng
    )
    state = sharpened(model, rng).start(rng.standard_normal((1, 2)))
    said = generate(model, 6, state=state, choose=greedy)
    rest = generate(model, 4, state=state, prompt=said[:2], choose=greedy)
    np.testing.assert_array_equal(said[2:], rest)


def test_without_another_choice_tokens_are_drawn_at_a_temperature():
    model = writer()
    options: Any = {"prompt": "abc", "temperature": 1.5}
    choose = partial(sample, rng=np.random.default_rng(5), temperature=1.5)
    said = generate(model, 20, **options, rng=np.random.default_rng(5))
    assert said == generate(model, 20, prompt="abc", choose=choose)
    assert said != generate(model, 20, **options, rng=np.random.default_rng(6))
    with pytest.raises(ValueError, match=r"rng must be a .*Generator, got NoneType"):
        generate(model, 20, **options)


# what a text is, and for whom


def test_a_text_is_written_for_one_sequence():
    vocabulary = Vocabulary(["<p>", "<s>", "<e>", "a", "b"])
    layer = Recurrent(GRUCell(5, 8, rng=np.random.default_rng(0)))
    rng = np.random.default_rng(1)
    model = ConditionalLanguageModel(3, layer, rng=rng, vocabulary=vocabulary)
    v = rng.standard_normal((3, 3))
    said = generate(model, 4, prompt="", state=model.start(v[:1]), rng=rng)
    assert set(said) <= set("".join(vocabulary.symbols))
    with pytest.raises(ValueError, match=r"tokens \(P, 3\) for a state of 3 sequences"):
        generate(model, 4, prompt="", state=model.start(v), rng=rng)
    model.vocabulary = None
    with pytest.raises(ValueError, match="the model has no vocabulary, got a text"):
        generate(model, 4, prompt="", state=model.start(v[:1]), rng=rng)


def test_several_texts_at_once_are_refused_with_what_to_pass():
    model = LanguageModel(
        Recurrent(GRUCell(5, 8, rng=np.random.default_rng(0))),
        rng=np.random.default_rng(1),
        vocabulary=Vocabulary("helo "),
    )
    with pytest.raises(ValueError, match="got a list of texts; for several at once"):
        generate(model, 4, prompt=["he", "ho"], rng=np.random.default_rng(0))


# states of every nesting, and none


class Remembering:
    """A table of scores that also hears how far it has come, in a state of any form."""

    start_token = START

    def __init__(self, form: str, V: int = 4, seed: int = 0) -> None:
        self.scores = np.random.default_rng(seed).standard_normal((6, V, V)) * 2
        self.form, self.V = form, V

    def begin(self, B: int) -> Any:
        return self.packed(np.zeros((B, 1)))

    def packed(self, h: Array) -> Any:
        forms: dict[str, Callable[[], Any]] = {
            "array": lambda: h,
            "named": lambda: Counter(h),
            "tuple": lambda: (h, h + 1),
            "list": lambda: [h, [h + 1]],
            "dict": lambda: {"keys": h, "mask": {"deep": h + 1}},
            "dict with a count": lambda: {"steps": int(h[0, 0]), "h": h, "name": "x"},
        }
        return forms[self.form]()

    def step(self, tokens: Array, state: Any) -> tuple[Array, Any]:
        while not isinstance(state, np.ndarray):
            parts = state.values() if isinstance(state, dict) else state
            state = next(p for p in parts if not isinstance(p, int))
        places = state[:, 0].astype(int) % len(self.scores)
        return self.scores[places, tokens], self.packed(state + 1 + tokens[:, None])


FORMS = ["named", "tuple", "list", "dict", "dict with a count"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(5))
def test_a_state_may_be_a_tuple_a_list_or_a_dict(form, seed):
    """Each sequence of the beam keeps its own, whatever the state is made of."""
    plain, other = Remembering("array", seed=seed), Remembering(form, seed=seed)
    options: Any = {"width": 3, "max_length": 5, "end": END}
    expected = beam_search(plain, plain.begin(1), **options)
    assert beam_search(other, other.begin(1), **options) == expected
    said = generate(plain, 5, state=plain.begin(3), choose=greedy)
    found = generate(other, 5, state=other.begin(3), choose=greedy)
    np.testing.assert_array_equal(found, said)
    assert said.shape == (5, 3)


@pytest.mark.parametrize("form", FORMS)
def test_the_batch_of_a_state_is_that_of_its_arrays(form):
    model = Remembering(form)
    assert batch_size(model.begin(7)) == 7
    assert batch_size(None) is None
    with pytest.raises(ValueError, match=r"of one batch size, got 2, 3"):
        batch_size([model.begin(2), model.begin(3)])
    with pytest.raises(ValueError, match=r"in tuples, lists or dicts, got set"):
        batch_size((model.begin(2), {1, 2}))


class Bigrams:
    """A model that remembers nothing but the last token."""

    def __init__(self, log_p: Array) -> None:
        self.log_p = log_p

    def step(self, tokens: Array, state: None) -> tuple[Array, None]:
        assert state is None
        return self.log_p[tokens], None


def test_a_model_without_a_state_writes():
    log_p = np.random.default_rng(0).standard_normal((5, 5))
    model = Bigrams(log_p)
    said = generate(model, 4, prompt=[[0, 3, 1]], choose=greedy)
    last, expected = np.array([0, 3, 1]), []
    for _ in range(4):
        last = log_p[last].argmax(axis=-1)
        expected.append(last)
    np.testing.assert_array_equal(said, expected)
    (best,) = beam_search(model, prompt=[0], width=1, max_length=4, end=END)
    reached = [*said[:, 0].tolist()]
    until = reached.index(END) + 1 if END in reached else 4
    assert best.tokens == tuple(reached[:until])


# a beam for a language model


def language_model(seed: int = 0, V: int = 5) -> LanguageModel:
    rng = np.random.default_rng(seed)
    layer = Recurrent(draw_cell(rng, V, 4, "gru"))
    return sharpened(LanguageModel(layer, rng=rng), rng)


@pytest.mark.parametrize("seed", range(5))
def test_a_beam_goes_on_from_the_prompt_of_a_language_model(seed):
    model, prompt = language_model(seed), [0, 3, 1]
    wide: Any = {"width": 5**3, "max_length": 3, "end": END}
    found = beam_search(model, prompt=prompt, **wide)
    state = model.start(1)
    for token in prompt[:-1]:
        _, state = model.step(np.array([token]), state)

    def log_p(tokens: tuple[int, ...]) -> float:
        total, last, at = 0.0, prompt[-1], state
        for token in tokens:
            scores, at = model.step(np.array([last]), at)
            total, last = total + float(log_softmax(scores)[0, token]), token
        return total

    expected = sorted(all_sequences(5, 3), key=log_p, reverse=True)
    assert [each.tokens for each in found] == expected[: 5**3]
    again = beam_search(model, state, prompt=prompt[-1:], **wide)
    assert [each.tokens for each in again] == [each.tokens for each in found]


def test_a_beam_of_a_language_model_reads_a_text():
    model = language_model()
    model.vocabulary = Vocabulary("helo ")
    options: Any = {"width": 2, "max_length": 4, "end": END}
    by_text = beam_search(model, prompt="hole", **options)
    assert by_text == beam_search(model, prompt=[0, 3, 2, 1], **options)
    with pytest.raises(ValueError, match=r"prompt must be a text or tokens"):
        beam_search(model, **options)


# a score of -inf


def test_a_token_that_cannot_come_is_never_said():
    """By no way of decoding, and a beam does not return what has no probability."""
    rng = np.random.default_rng(0)
    log_p = rng.standard_normal((5, 5))
    log_p[:, 3] = -np.inf
    log_p[0, [0, 1, 2]] = -np.inf  # after 0 only 4 can come
    model = Bigrams(log_p)
    prompt = rng.choice([0, 1, 2, 4], size=(1, 200))
    for choose in (greedy, partial(sample, rng=rng), partial(sample, rng=rng, top_k=2)):
        said = generate(model, 6, prompt=prompt, choose=choose)
        assert not (said == 3).any()
        assert (said[1:][said[:-1] == 0] == 4).all()
    found = beam_search(model, prompt=[0], width=5**3, max_length=3, end=END)
    assert all(3 not in each.tokens and each.tokens[0] == 4 for each in found)
    assert all(np.isfinite(each.log_probability) for each in found)
    total = sum(np.exp(each.log_probability) for each in found)
    np.testing.assert_allclose(total, 1, rtol=1e-12)


def test_what_a_vector_makes_is_the_state_of_a_conditional_model():
    rng = np.random.default_rng(0)
    layer = Recurrent(GRUCell(5, 4, rng=rng))
    model = ConditionalLanguageModel(3, layer, rng=rng)
    v = rng.standard_normal((2, 3))
    with pytest.raises(ValueError, match=r"pass state=model.start\(v\)"):
        generate(model, 2, state=v, choose=greedy)
    said = generate(model, 2, state=model.start(v), choose=greedy)
    assert said.shape == (2, 2)
