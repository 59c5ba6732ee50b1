"""Each model learns its task, on two seeds; what cannot be learned so is not."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from rnnlib import (
    Adam,
    Bidirectional,
    ConditionalLanguageModel,
    DotAttention,
    Dropout,
    Embedding,
    GRUCell,
    LanguageModel,
    LSTMCell,
    Recurrent,
    RNNCell,
    Stacked,
    Vocabulary,
    batchify,
    generate,
    greedy,
    init,
)
from rnnlib._typing import Rng
from rnnlib.batches import chunks
from rnnlib.metrics import accuracy, exact_match
from rnnlib.models import Classifier, Model, SequenceClassifier, Tagger
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.tasks import (
    Adding,
    Batch,
    DateTranslation,
    Echo,
    Glyphs,
    GrammarTags,
    MovingDot,
    NegationReviews,
    NumberTranslation,
    PairTask,
    Parity,
    Reversal,
    ShapeScenes,
    Task,
    TemporalOrder,
)
from rnnlib.training import EarlyStop, cosine_decay, fit

F32: Any = np.float32
each_seed = pytest.mark.parametrize("seed", range(2))


def train(
    model: Model,
    task: Task[Any],
    updates: int,
    rng: Rng,
    *,
    batch_size: int = 32,
    learning_rate: float = 0.01,
    early_stop: EarlyStop | None = None,
) -> None:
    """Train by the recipe of the lessons: Adam, clipping, a rate that falls to 0."""
    fit(
        model,
        (task.sample(batch_size, rng=rng) for _ in range(updates)),
        Adam(learning_rate),
        clip_norm=1.0,
        schedule=cosine_decay(updates),
        early_stop=early_stop,
        progress=False,
    )


def held_out(task: Task[Any], rng: Rng, count: int = 500) -> Any:
    return task.sample(count, rng=rng, split="held_out")


def order_accuracy(
    cell: Callable[..., Any],
    steps: int,
    seed: int,
    *,
    hidden_size: int = 32,
    updates: int = 600,
    **options: Any,
) -> float:
    """Return what is right of the temporal order task; training ends when it is."""
    rng, task = np.random.default_rng(seed), TemporalOrder(steps=steps)
    layer = Recurrent(cell(6, hidden_size, rng=rng, dtype=F32))
    model = SequenceClassifier(layer, len(task.classes), rng=rng)

    def score(model: SequenceClassifier) -> float:
        batch = task.sample(200, rng=np.random.default_rng(seed + 1))
        return accuracy(model.predict(batch.inputs), batch.targets)

    stop = EarlyStop(score, every=50, patience=99, target=0.995)
    train(model, task, updates, rng, early_stop=stop, **options)
    batch = held_out(task, rng)
    return accuracy(model.predict(batch.inputs), batch.targets)


@each_seed
def test_a_plain_rnn_learns_the_order_of_two_marks_within_twenty_steps(seed):
    assert order_accuracy(RNNCell, 20, seed) >= 0.95


@each_seed
def test_a_plain_rnn_does_not_learn_it_over_sixty_steps(seed):
    assert order_accuracy(RNNCell, 60, seed) < 0.5


@each_seed
def test_an_lstm_that_starts_out_remembering_learns_it_over_sixty_steps(seed):
    """With few units it takes luck: a quarter of the seeds still guess at the end."""
    cell = partial(LSTMCell, recurrent_init=init.glorot)
    size: dict[str, Any] = {"hidden_size": 64, "updates": 1200, "learning_rate": 0.005}
    assert order_accuracy(cell, 60, seed, **size) >= 0.95


@each_seed
def test_an_lstm_adds_two_numbers_among_fifty(seed):
    rng, task = np.random.default_rng(seed), Adding(steps=50, dtype=F32)
    layer = Recurrent(LSTMCell(2, 32, rng=rng, dtype=F32))
    model = SequenceClassifier(layer, 1, rng=rng, loss="mean_squared_error")

    def score(model: Model) -> float:
        return -model.loss(task.sample(200, rng=np.random.default_rng(seed + 1))).value

    stop = EarlyStop(score, every=50, patience=99, target=-0.003)
    train(model, task, 1200, rng, early_stop=stop)
    assert model.loss(held_out(task, rng)).value < 0.01


def echo_accuracy(tau: int, seed: int) -> float:
    """Return what is right of an echo of eight steps ago, trained by chunks of tau."""
    rng, task = np.random.default_rng(seed), Echo(delay=8, steps=60)
    cell = RNNCell(2, 32, rng=rng, recurrent_init=init.uniform, dtype=F32)
    model = Tagger(Recurrent(cell), 2, rng=rng)
    samples = (task.sample(32, rng=rng) for _ in range(160))
    pieces = (piece for sample in samples for piece in chunks(sample, tau))
    fit(model, pieces, Adam(0.01), clip_norm=1.0, progress=False)
    batch = held_out(task, rng)
    return accuracy(model.predict(batch.inputs), batch.targets, batch.mask)


@each_seed
def test_an_echo_is_learned_by_gradients_that_reach_back_beyond_it(seed):
    assert echo_accuracy(9, seed) >= 0.95


@each_seed
def test_an_echo_is_not_learned_by_gradients_that_stop_before_it(seed):
    assert echo_accuracy(5, seed) < 0.75


def parity_accuracy(asked: str, seed: int) -> float:
    """Return what is right of the answers after ten steps."""
    rng, task = np.random.default_rng(seed), Parity(steps=10, asked=asked)
    model = Tagger(Recurrent(RNNCell(2, 16, rng=rng, dtype=F32)), 2, rng=rng)
    train(model, task, 1000, rng)
    batch = held_out(task, rng, 150)
    return accuracy(model.predict(batch.inputs), batch.targets, batch.mask)


@each_seed
def test_parity_is_learned_if_it_is_asked_for_at_each_step(seed):
    assert parity_accuracy("each step", seed) >= 0.99


@each_seed
def test_parity_is_not_learned_if_it_is_asked_for_only_at_the_end(seed):
    assert parity_accuracy("at the end", seed) < 0.6


def translator(
    task: PairTask, H: int, updates: int, seed: int, *, attends: bool = False
) -> tuple[Seq2Seq, Rng]:
    """Return a trained encoder and decoder, and the generator as it left it."""
    rng = np.random.default_rng(seed)
    sizes = len(task.source_vocabulary), len(task.target_vocabulary)
    encoder, decoder = (Recurrent(GRUCell(V, H, rng=rng, dtype=F32)) for V in sizes)
    attention = DotAttention(scaled=True) if attends else None
    model = Seq2Seq(encoder, decoder, rng=rng, attention=attention)
    train(model, task, updates, rng)
    return model, rng


def exact(model: Seq2Seq, task: PairTask, rng: Rng) -> float:
    """Return how many held-out answers of the free-running model are all right."""
    pairs = held_out(task, rng)
    said = model.predict(
        pairs.source, pairs.source_mask, max_length=len(pairs.target) + 2
    )
    return exact_match(said, pairs.target, pairs.target_mask)


@each_seed
def test_words_of_four_letters_are_reversed_without_attention(seed):
    model, rng = translator(Reversal(max_length=6), 48, 600, seed)
    assert exact(model, Reversal(max_length=4, min_length=4), rng) >= 0.85


@each_seed
def test_english_numbers_are_translated_into_french(seed):
    task = NumberTranslation("english", "french")
    model, rng = translator(task, 48, 600, seed)
    assert exact(model, task, rng) >= 0.95


@each_seed
def test_dates_are_rewritten_with_attention(seed):
    task = DateTranslation()
    model, rng = translator(task, 64, 500, seed, attends=True)
    assert exact(model, task, rng) >= 0.95


@each_seed
def test_dates_do_not_fit_through_one_state(seed):
    task = DateTranslation()
    model, rng = translator(task, 64, 500, seed)
    assert exact(model, task, rng) < 0.8


@each_seed
def test_a_recurrent_net_reads_negated_reviews(seed):
    rng, task = np.random.default_rng(seed), NegationReviews()
    layer = Recurrent(GRUCell(len(task.symbols), 24, rng=rng, dtype=F32))
    model = SequenceClassifier(layer, 2, rng=rng)
    train(model, task, 300, rng)
    batch = held_out(task, rng)
    said = model.predict(batch.inputs, batch.input_mask)
    assert accuracy(said, batch.targets) >= 0.95


class Bags(Task[Batch]):
    """Negation reviews, each as its word counts (B, V)."""

    task = NegationReviews()
    measure, chance = task.measure, task.chance

    def _draw(self, count: int, rng: Rng) -> Any:
        return self.task._draw(count, rng)

    def _is_held_out(self, item: Any) -> bool:
        return self.task._is_held_out(item)

    def _assemble(self, items: list[Any]) -> Batch:
        batch = self.task._assemble(items)
        assert batch.input_mask is not None
        words = np.eye(len(self.task.symbols), dtype=F32)[batch.inputs]
        counts = (words * batch.input_mask[..., None]).sum(axis=0)
        return Batch(counts.astype(F32), batch.targets)


@each_seed
def test_a_bag_of_words_cannot_read_negated_reviews(seed):
    rng, task = np.random.default_rng(seed), Bags()
    assert task.task.bag_ceiling < 0.75
    model = Classifier(len(task.task.symbols), 24, 2, rng=rng, dtype=F32)
    train(model, task, 1200, rng, batch_size=256)
    batch = held_out(task, rng, 2000)
    assert 0.55 < accuracy(model.predict(batch.inputs), batch.targets) < 0.75


@each_seed
def test_a_net_without_recurrence_knows_the_digits(seed):
    rng, task = np.random.default_rng(seed), Glyphs(dtype=F32)
    model = Classifier(64, 64, 10, rng=rng, dtype=F32)
    train(model, task, 800, rng, batch_size=64)
    batch = held_out(task, rng)
    assert accuracy(model.predict(batch.inputs), batch.targets) >= 0.9


def tags_accuracy(direction: str, seed: int) -> float:
    """Return which share of the words is tagged rightly."""
    rng, task = np.random.default_rng(seed), GrammarTags()
    one, other = (RNNCell(len(task.symbols), 16, rng=rng, dtype=F32) for _ in range(2))
    layer = Bidirectional(one, other) if direction == "both" else Recurrent(one)
    model = Tagger(layer, len(task.classes), rng=rng)
    train(model, task, 300, rng)
    batch = held_out(task, rng, 2000)
    said = model.predict(batch.inputs, batch.input_mask)
    return accuracy(said, batch.targets, batch.mask)


@each_seed
def test_tags_that_need_the_next_word_are_found_in_both_directions(seed):
    assert tags_accuracy("both", seed) >= 0.95


@each_seed
def test_one_direction_reaches_its_ceiling_and_no_more(seed):
    ceiling = GrammarTags().ceiling("left to right")
    assert tags_accuracy("left to right", seed) == pytest.approx(ceiling, abs=0.015)


@each_seed
@pytest.mark.parametrize(("layers", "updates"), [(1, 400), (2, 250)])
def test_the_frames_of_a_film_are_labelled(seed, layers, updates):
    rng, task = np.random.default_rng(seed), MovingDot(10, dtype=F32)
    sizes = ((25, 48), (48, 48))[:layers]
    cells = [RNNCell(D, H, rng=rng, dtype=F32) for D, H in sizes]
    model = Tagger(Stacked([*map(Recurrent, cells)]), 4, rng=rng)
    train(model, task, updates, rng, batch_size=64)
    batch = held_out(task, rng)
    assert accuracy(model.predict(batch.inputs), batch.targets, batch.mask) >= 0.95


@each_seed
def test_scenes_are_described_in_words(seed):
    rng, task = np.random.default_rng(seed), ShapeScenes(dtype=F32)
    layer = Recurrent(GRUCell(len(task.symbols), 64, rng=rng, dtype=F32))
    model = ConditionalLanguageModel(24, layer, rng=rng)
    train(model, task, 600, rng)
    batch = held_out(task, rng)
    said = model.predict(batch.inputs, max_length=len(batch.targets))
    assert exact_match(said, batch.targets, batch.mask) >= 0.95


@each_seed
def test_letters_are_learned_upon_an_embedding_and_with_dropout_between_layers(seed):
    """A sentence by heart, and then said again from its first word."""
    rng = np.random.default_rng(seed)
    wood = "how much wood would a woodchuck chuck if a woodchuck could chuck wood? "
    letters = Vocabulary(set(wood))
    sizes = ((16, 32), (32, 32))
    below, above = (Recurrent(LSTMCell(D, H, rng=rng, dtype=F32)) for D, H in sizes)
    embedding = Embedding(len(letters), 16, rng=rng, dtype=F32)
    drop = Dropout(0.1, same_over_time=True)
    layer = Stacked([embedding, below, drop, above])
    model = LanguageModel(layer, rng=rng, vocabulary=letters)
    text = batchify(letters.encode(20 * wood), 8)
    batches = (chunk for _ in range(40) for chunk in chunks(text, 30))
    fit(model, batches, Adam(0.01), clip_norm=1.0, rng=rng, progress=False)
    assert model.loss(text, gradients=False).value < 0.15
    said = generate(model, len(wood), prompt="how much ", choose=greedy)
    assert said == (wood + wood)[9 : 9 + len(wood)]


@each_seed
def test_one_number_a_sequence_is_learned_without_an_axis_of_its_own(seed):
    rng, task = np.random.default_rng(seed), Adding(steps=10, dtype=F32)
    layer = Recurrent(LSTMCell(2, 16, rng=rng, dtype=F32))
    model = SequenceClassifier(layer, rng=rng, loss="mean_squared_error")

    def flat(batch: Batch) -> Batch:
        return batch._replace(targets=batch.targets[:, 0])

    batches = (flat(task.sample(32, rng=rng)) for _ in range(600))
    schedule = cosine_decay(600)
    fit(model, batches, Adam(0.02), clip_norm=1.0, schedule=schedule, progress=False)
    batch = flat(held_out(task, rng))
    assert model.predict(batch.inputs).shape == batch.targets.shape
    assert model.loss(batch, gradients=False).value < 0.01
