from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rnnlib import (
    AdditiveAttention,
    Bidirectional,
    DotAttention,
    Dropout,
    Embedding,
    LSTMCell,
    Recurrent,
    RNNCell,
    Stacked,
    Vocabulary,
    check_gradients,
    cross_entropy,
)
from rnnlib._typing import Array, Params, Rng
from rnnlib.models import (
    Classifier,
    LanguageModel,
    Model,
    SequenceClassifier,
    Tagger,
    shifted,
)
from rnnlib.models.conditional import ConditionalLanguageModel
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.recurrent import Layer
from rnnlib.tasks import END, START, Batch, Pairs
from tests.library.nets import assert_same, draw_cell, draw_state, leaves

# T, B, D, H, V; sources have S steps. Lengths differ, and no two sizes are alike.
T, B, D, H, V, S = 4, 3, 2, 3, 5, 6
LENGTHS, SOURCE_LENGTHS = (4, 2, 3), (3, 6, 1)
LOSSES = ("cross_entropy", "binary_cross_entropy", "mean_squared_error")
CELLS = ("tanh", "lstm", "gru")


def recurrent(rng: Rng, kind: str, layers: int, size: int) -> Layer:
    """Return one layer, or two of different hidden sizes."""
    if layers == 1:
        return Recurrent(draw_cell(rng, size, H, kind))
    below, above = draw_cell(rng, size, 2, kind), draw_cell(rng, 2, H, kind)
    return Stacked([Recurrent(below), Recurrent(above)])


def both_directions(rng: Rng, kind: str, layers: int, size: int) -> Layer:
    """Return one layer that reads both ways, or one upon another layer."""
    below = size if layers == 1 else 2
    cells = draw_cell(rng, below, 1, kind), draw_cell(rng, below, 2, kind)
    if layers == 1:
        return Bidirectional(*cells)
    bottom = Recurrent(draw_cell(rng, size, below, kind))
    return Stacked([bottom, Bidirectional(*cells)])


def worded(rng: Rng, kind: str, layers: int, size: int, *, drop: float = 0.0) -> Layer:
    """Return layers upon an embedding, with dropout below each of them."""
    drops = Dropout(drop), Dropout(drop, same_over_time=True)
    above = recurrent(rng, kind, layers, 2)
    inner = above.layers if isinstance(above, Stacked) else [above]
    mixed = [part for pair in zip(drops, inner, strict=False) for part in pair]
    return Stacked([Embedding(size, 2, rng=rng), *mixed])


def exists(lengths: tuple[int, ...]) -> Array:
    """Return the mask of sequences of these lengths."""
    return np.arange(max(lengths))[:, None] < lengths


def answers(rng: Rng, loss: str, *steps: int) -> Array:
    """Return targets for a loss: classes, probabilities or numbers."""
    if loss == "cross_entropy":
        return rng.integers(0, V, size=steps)
    if loss == "binary_cross_entropy":
        return rng.random((*steps, V))
    return rng.standard_normal((*steps, V))


def classifier(rng: Rng, kind: str, layers: int) -> tuple[Model, Any, Any]:
    batch = Batch(
        rng.standard_normal((B, D)),
        rng.integers(0, V, size=B),
        np.array([True, False, True]),
    )
    return Classifier(D, H, V, rng=rng), batch, None


def one_number(loss: str) -> Callable[..., tuple[Model, Any, Any]]:
    def draw(rng: Rng, kind: str, layers: int) -> tuple[Model, Any, Any]:
        layer = recurrent(rng, kind, layers, D)
        model = SequenceClassifier(layer, rng=rng, loss=loss)
        x = rng.standard_normal((T, B, D))
        return model, Batch(x, rng.random(B), input_mask=exists(LENGTHS)), None

    return draw


def sequence_classifier(
    pool: str, loss: str, form: Callable[..., Layer] = recurrent, dropout: float = 0.0
) -> Callable[..., tuple[Model, Any, Any]]:
    def draw(rng: Rng, kind: str, layers: int) -> tuple[Model, Any, Any]:
        layer = form(rng, kind, layers, D)
        model = SequenceClassifier(
            layer, V, rng=rng, pool=pool, loss=loss, dropout=dropout
        )
        x = rng.standard_normal((T, B, D))
        batch = Batch(x, answers(rng, loss, B), input_mask=exists(LENGTHS))
        return model, batch, None

    return draw


def tagger(
    form: Callable[..., Layer], loss: str, dropout: float = 0.0
) -> Callable[..., tuple[Model, Any, Any]]:
    def draw(rng: Rng, kind: str, layers: int) -> tuple[Model, Any, Any]:
        layer = form(rng, kind, layers, D)
        model = Tagger(layer, V, rng=rng, loss=loss, dropout=dropout)
        asked = rng.random((T, B)) < 0.8
        asked[0] = True
        x, targets = rng.standard_normal((T, B, D)), answers(rng, loss, T, B)
        return model, Batch(x, targets, asked, exists(LENGTHS)), None

    return draw


def language_model(
    dropout: float = 0.0, form: Callable[..., Layer] = recurrent
) -> Callable[..., tuple[Model, Any, Any]]:
    def draw(rng: Rng, kind: str, layers: int) -> tuple[Model, Any, Any]:
        layer = form(rng, kind, layers, V)
        tokens = rng.integers(0, V, size=(T + 1, B))
        here = exists(LENGTHS)
        batch = Batch(tokens[:-1], tokens[1:], here, here)
        model = LanguageModel(layer, rng=rng, dropout=dropout)
        return model, batch, draw_state(rng, layer, B)

    return draw


def generator(
    dropout: float = 0.0, form: Callable[..., Layer] = recurrent
) -> Callable[..., tuple[Model, Any, Any]]:
    def draw(rng: Rng, kind: str, layers: int) -> tuple[Model, Any, Any]:
        layer = form(rng, kind, layers, V)
        targets = rng.integers(0, V, size=(T, B))
        batch = Batch(rng.standard_normal((B, D)), targets, exists(LENGTHS))
        return ConditionalLanguageModel(D, layer, rng=rng, dropout=dropout), batch, None

    return draw


def translator(
    attention: str = "", form: Callable[..., Layer] = recurrent, **options: Any
) -> Callable[..., tuple[Model, Any, Any]]:
    def draw(rng: Rng, kind: str, layers: int) -> tuple[Model, Any, Any]:
        encoder = form(rng, kind, layers, V + 1)
        decoder = form(rng, kind, layers, V)
        kinds: dict[str, Callable[[], Any]] = {
            "": lambda: None,
            "dot": lambda: DotAttention(scaled=True),
            "additive": lambda: AdditiveAttention(H, H, 3, rng=rng),
        }
        look = kinds[attention]()
        model = Seq2Seq(encoder, decoder, rng=rng, attention=look, **options)
        batch = Pairs(
            rng.integers(0, V + 1, size=(S, B)),
            exists(SOURCE_LENGTHS),
            rng.integers(0, V, size=(T, B)),
            exists(LENGTHS),
        )
        return model, batch, draw_state(rng, encoder, B)

    return draw


MODELS: dict[str, Callable[..., tuple[Model, Any, Any]]] = {
    **{
        f"sequence classifier, {pool}, {loss}": sequence_classifier(pool, loss)
        for pool in ("last", "mean")
        for loss in LOSSES
    },
    **{
        f"sequence classifier, both directions, {pool}": sequence_classifier(
            pool, LOSSES[0], both_directions
        )
        for pool in ("last", "mean")
    },
    **{f"tagger, {loss}": tagger(recurrent, loss) for loss in LOSSES},
    "tagger, both directions": tagger(both_directions, LOSSES[0]),
    "language model": language_model(),
    "generator": generator(),
    **{f"one number, {loss}": one_number(loss) for loss in LOSSES[1:]},
    "language model, embedding": language_model(form=worded),
    "generator, embedding": generator(form=worded),
    "translator, embedding": translator(form=worded),
    "translator": translator(),
    "translator, dot": translator("dot"),
    "translator, additive": translator("additive"),
}
DROPPED: dict[str, Callable[..., tuple[Model, Any, Any]]] = {
    "sequence classifier": sequence_classifier("last", LOSSES[0], dropout=0.5),
    "tagger": tagger(recurrent, LOSSES[0], dropout=0.5),
    "language model": language_model(dropout=0.5),
    "generator": generator(dropout=0.5),
    **{
        f"{name}, between layers": draw(form=partial(worded, drop=0.5))
        for name, draw in (
            ("language model", language_model),
            ("generator", generator),
            ("translator", translator),
        )
    },
}
each_model = pytest.mark.parametrize("name", MODELS)
each_cell = pytest.mark.parametrize("kind", CELLS)
each_depth = pytest.mark.parametrize("layers", [1, 2])


def drawn(
    draw: Callable[..., tuple[Model, Any, Any]],
    kind: str = "lstm",
    layers: int = 1,
    seed: int = 0,
) -> tuple[Rng, Any, Any, Any]:
    """Return a generator, a model with random biases, its batch and a state."""
    rng = np.random.default_rng(seed)
    model, batch, state = draw(rng, kind, layers)
    for array in model.params.values():
        if array.ndim == 1:
            array[...] = rng.standard_normal(array.shape)
    return rng, model, batch, state


def of_params(
    model: Model, batch: Any, state: Any, seed: int | None = None
) -> Callable[..., Any]:
    """Return the loss as a function of the parameters, with its backward pass."""

    def function(**params: Array) -> tuple[Any, Callable[[Any], Params]]:
        rng = None if seed is None else np.random.default_rng(seed)
        value, grads, _ = model.with_params(params).loss(batch, state, rng=rng)
        return value, lambda d: {name: d * array for name, array in grads.items()}

    return function


@each_depth
@each_cell
@each_model
def test_the_gradient_of_a_loss_is_its_derivative_by_every_parameter(
    name, kind, layers
):
    rng, model, batch, state = drawn(MODELS[name], kind, layers)
    function = of_params(model, batch, state)
    errors = check_gradients(function, model.params, rng=rng, method="complex")
    assert set(errors) == set(model.params)
    assert all(array.all() for array in model.params.values())


def test_the_gradient_without_a_recurrence_is_the_derivative():
    rng, model, batch, _ = drawn(classifier)
    check_gradients(of_params(model, batch, None), model.params, rng=rng)


@each_depth
@pytest.mark.parametrize("name", DROPPED)
def test_the_gradient_is_right_where_units_are_dropped(name, layers):
    """Two layers have gradients that are tiny: there by the complex step."""
    rng, model, batch, state = drawn(DROPPED[name], layers=layers)
    function = of_params(model, batch, state, seed=5)
    method = "central" if layers == 1 else "complex"
    check_gradients(function, model.params, rng=rng, method=method)


@pytest.mark.parametrize("attention", ["", "dot"])
def test_the_gradient_is_right_where_a_model_hears_itself(attention):
    """What it says does not change by the tiny steps of the check."""
    draw = translator(attention, teacher_forcing=0.5)
    rng, model, batch, state = drawn(draw)
    check_gradients(of_params(model, batch, state, seed=5), model.params, rng=rng)


def with_garbage(batch: Any, rng: Rng) -> Any:
    """Return a batch whose padding holds what is no token, or no number."""

    def spoilt(array: Array, mask: Array) -> Array:
        array = array.copy()
        floats = array.dtype.kind == "f"
        array[~mask] = np.nan if floats else rng.integers(-99, 99)
        return array

    if isinstance(batch, Pairs):
        return batch._replace(
            source=spoilt(batch.source, batch.source_mask),
            target=spoilt(batch.target, batch.target_mask),
        )
    if batch.input_mask is not None:
        batch = batch._replace(inputs=spoilt(batch.inputs, batch.input_mask))
    here = batch.input_mask if batch.mask is None else batch.mask
    if len(batch.targets) == len(here):
        batch = batch._replace(targets=spoilt(batch.targets, here))
    return batch


@each_depth
@each_model
def test_what_padding_holds_changes_neither_loss_nor_gradient(name, layers):
    rng, model, batch, state = drawn(MODELS[name], "gru", layers)
    clean = model.loss(batch, state)
    for _ in range(3):
        spoilt = model.loss(with_garbage(batch, rng), state)
        assert spoilt.value == clean.value
        assert_same(spoilt.grads, clean.grads, tolerance=0)
        np.testing.assert_equal(leaves(spoilt.state, ""), leaves(clean.state, ""))


@each_model
def test_more_padding_changes_neither_loss_nor_gradient(name):
    _, model, batch, state = drawn(MODELS[name])

    def longer(array: Array | None, steps: int) -> Array | None:
        if array is None or len(array) != steps:
            return array
        return np.concatenate([array, np.zeros_like(array[:2])])

    if isinstance(batch, Pairs):
        padded: Any = Pairs._make([longer(field, len(field)) for field in batch])
    else:
        padded = Batch._make([longer(field, T) for field in batch])
    clean, found = model.loss(batch, state), model.loss(padded, state)
    np.testing.assert_allclose(found.value, clean.value, rtol=1e-13)
    assert_same(found.grads, clean.grads)


@each_model
def test_the_order_of_the_sequences_in_a_batch_does_not_matter(name):
    _, model, batch, _ = drawn(MODELS[name])
    order = np.array([2, 0, 1])

    def mixed(array: Array | None) -> Array | None:
        axis = None if array is None else array.shape[:2].index(B)
        return None if array is None else np.take(array, order, axis=axis)

    clean, found = model.loss(batch), model.loss(type(batch)(*map(mixed, batch)))
    np.testing.assert_allclose(found.value, clean.value, rtol=1e-13)
    assert_same(found.grads, clean.grads)


# The same losses, written out: one sequence, one unit, one number at a time.


def rnn(params: Params, prefix: str, x: Array, h: Array) -> Array:
    """Return one step of a plain RNN, for one sequence."""
    W_xh, W_hh, b_h = (params[f"{prefix}.{name}"] for name in ("W_xh", "W_hh", "b_h"))
    return np.array(
        [
            np.tanh(
                sum(x[d] * W_xh[d, j] for d in range(len(x)))
                + sum(h[k] * W_hh[k, j] for k in range(len(h)))
                + b_h[j]
            )
            for j in range(len(h))
        ]
    )


def surprise(params: Params, h: Array, target: int) -> float:
    """Return -log p of a target, with scores made of a hidden state."""
    W, b = params["output.W_hy"], params["output.b_y"]
    y = [sum(h * W[:, v]) + b[v] for v in range(len(b))]
    return float(-np.log(np.exp(y[target]) / sum(map(np.exp, y))))


def test_the_loss_of_a_classifier_is_its_equation():
    _, model, batch, _ = drawn(classifier)
    p, found = model.params, []
    for x, target, counts in zip(*batch[:3], strict=True):
        h = [
            np.tanh(sum(x * p["hidden.W_xh"][:, j]) + p["hidden.b_h"][j])
            for j in range(H)
        ]
        if counts:
            found.append(surprise(p, np.array(h), target))
    np.testing.assert_allclose(model.loss(batch).value, np.mean(found), rtol=1e-12)


@pytest.mark.parametrize("pool", ["last", "mean"])
def test_the_loss_of_a_sequence_classifier_is_its_equation(pool):
    _, model, batch, _ = drawn(sequence_classifier(pool, LOSSES[0]), "tanh")
    found = []
    for b, length in enumerate(LENGTHS):
        states = [np.zeros(H)]
        for t in range(length):
            x = batch.inputs[t, b]
            states.append(rnn(model.params, "recurrent", x, states[-1]))
        h = states[-1] if pool == "last" else np.mean(states[1:], axis=0)
        found.append(surprise(model.params, h, batch.targets[b]))
    np.testing.assert_allclose(model.loss(batch).value, np.mean(found), rtol=1e-12)


def test_the_loss_of_a_tagger_is_its_equation():
    _, model, batch, _ = drawn(tagger(recurrent, LOSSES[0]), "tanh")
    found = []
    for b, length in enumerate(LENGTHS):
        h = np.zeros(H)
        for t in range(length):
            h = rnn(model.params, "recurrent", batch.inputs[t, b], h)
            if batch.mask[t, b]:
                found.append(surprise(model.params, h, batch.targets[t, b]))
    np.testing.assert_allclose(model.loss(batch).value, np.mean(found), rtol=1e-12)


def test_the_loss_of_a_language_model_is_its_equation():
    _, model, batch, state = drawn(language_model(), "tanh")
    found = []
    for b, length in enumerate(LENGTHS):
        h = state.h[b]
        for t in range(length):
            h = rnn(model.params, "recurrent", np.eye(V)[batch.inputs[t, b]], h)
            found.append(surprise(model.params, h, batch.targets[t, b]))
    np.testing.assert_allclose(
        model.loss(batch, state).value, np.mean(found), rtol=1e-12
    )


def test_the_loss_of_a_generator_is_its_equation():
    _, model, batch, _ = drawn(generator(), "tanh")
    p, found = model.params, []
    for b, length in enumerate(LENGTHS):
        h = np.tanh(batch.inputs[b] @ p["condition.W_vh"] + p["condition.b_h"])
        fed = START
        for t in range(length):
            h = rnn(p, "recurrent", np.eye(V)[fed], h)
            fed = batch.targets[t, b]
            found.append(surprise(p, h, fed))
    np.testing.assert_allclose(model.loss(batch).value, np.mean(found), rtol=1e-12)


@pytest.mark.parametrize("attention", ["", "dot", "additive"])
def test_the_loss_of_a_translator_is_its_equation(attention):
    _, model, batch, state = drawn(translator(attention), "tanh")
    p, found = model.params, []
    for b, length in enumerate(LENGTHS):
        h, read = state.h[b], []
        for token in batch.source[: SOURCE_LENGTHS[b], b]:
            h = rnn(p, "encoder", np.eye(V + 1)[token], h)
            read.append(h)
        s, fed = h, START
        for t in range(length):
            s = rnn(p, "decoder", np.eye(V)[fed], s)
            fed = batch.target[t, b]
            said = looked(attention, p, s, read) if attention else s
            found.append(surprise(p, said, fed))
    np.testing.assert_allclose(
        model.loss(batch, state).value, np.mean(found), rtol=1e-12
    )


def looked(attention: str, p: Params, s: Array, read: list[Array]) -> Array:
    """Return what a decoder state becomes by a look at what was read."""
    if attention == "dot":
        scores = [s @ h / np.sqrt(H) for h in read]
    else:
        W_q, W_k, v = (p[f"attention.{name}"] for name in ("W_qa", "W_ka", "v_a"))
        scores = [v @ np.tanh(s @ W_q + h @ W_k) for h in read]
    weights = np.exp(scores) / sum(np.exp(scores))
    context = sum(weight * h for weight, h in zip(weights, read, strict=True))
    both = np.concatenate([s, context])
    return np.tanh(both @ p["combine.W_sh"] + p["combine.b_h"])


def test_a_sequence_is_answered_from_its_last_step_that_exists():
    _, model, batch, _ = drawn(sequence_classifier("last", LOSSES[0]), "gru", 2)
    said = model.predict(batch.inputs, batch.input_mask)
    for b, length in enumerate(LENGTHS):
        alone = model.predict(batch.inputs[:length, b : b + 1])
        assert alone == said[b]
    h, end, _ = model.parts["recurrent"].forward(batch.inputs, None, batch.input_mask)
    last = h[np.array(LENGTHS) - 1, np.arange(B)]
    np.testing.assert_array_equal(model.parts["recurrent"].final(end), last)


def test_both_directions_end_at_the_two_ends_of_a_sequence():
    draw = sequence_classifier("last", LOSSES[0], both_directions)
    _, model, batch, _ = drawn(draw)
    layer = model.parts["recurrent"]
    h, end, _ = layer.forward(batch.inputs, None, batch.input_mask)
    H_left = layer.layers[0].hidden_size
    last = h[np.array(LENGTHS) - 1, np.arange(B), :H_left]
    expected = np.concatenate([last, h[0, :, H_left:]], axis=-1)
    np.testing.assert_array_equal(layer.final(end), expected)


def test_an_answer_has_the_form_of_its_question():
    _, model, batch, _ = drawn(classifier)
    assert model.predict(batch.inputs).shape == (B,)
    for loss, kind, more in zip(LOSSES, "ibf", [(), (V,), (V,)], strict=True):
        _, model, batch, _ = drawn(sequence_classifier("last", loss))
        said = model.predict(batch.inputs, batch.input_mask)
        assert (said.shape, said.dtype.kind) == ((B, *more), kind)
        _, model, batch, _ = drawn(tagger(recurrent, loss))
        said = model.predict(batch.inputs, batch.input_mask)
        assert (said.shape, said.dtype.kind) == ((T, B, *more), kind)


def test_a_writer_writes_one_column_for_each_input_and_ends_with_end():
    _, model, batch, _ = drawn(generator())
    said = model.predict(batch.inputs, max_length=9)
    assert said.shape[0] <= 9
    assert said.shape[1] == B
    _, model, batch, _ = drawn(translator("dot"))
    said = model.predict(batch.source, batch.source_mask, max_length=9)
    model.parts["output"].params["b_y"][END] = 1e3
    assert said.shape[1] == B
    said = model.predict(batch.source, batch.source_mask, max_length=9)
    np.testing.assert_array_equal(said, np.full((1, B), END))


def test_answers_are_those_with_the_highest_score():
    """The loss of what is predicted is below the loss of any other class."""
    _, model, batch, _ = drawn(sequence_classifier("mean", LOSSES[0]))
    said = model.predict(batch.inputs, batch.input_mask)
    for b in range(B):
        one = Batch(
            batch.inputs[:, [b]], np.array([0]), input_mask=batch.input_mask[:, [b]]
        )
        losses = [
            model.loss(one._replace(targets=np.array([v]))).value for v in range(V)
        ]
        assert np.argmin(losses) == said[b]


@pytest.mark.parametrize("name", DROPPED)
def test_units_are_dropped_only_where_a_generator_is_given(name):
    _, model, batch, state = drawn(DROPPED[name], layers=2)

    def value(seed: int | None) -> float:
        rng = None if seed is None else np.random.default_rng(seed)
        return model.loss(batch, state, rng=rng, gradients=rng is not None).value

    assert value(None) == value(None)
    assert value(1) == value(1)
    assert len({value(None), value(1), value(2)}) == 3
    for dropout in dropouts_of(model):
        dropout.rate = 0.0
    assert value(1) == value(None)


@pytest.mark.parametrize("name", DROPPED)
def test_a_model_that_drops_units_is_not_trained_without_a_generator(name):
    """Otherwise the dropout would be off, and nobody would know."""
    _, model, batch, state = drawn(DROPPED[name], layers=2)
    assert model.needs_rng
    with pytest.raises(ValueError, match=r"rng must be .*Generator, since this model"):
        model.loss(batch, state)
    for dropout in dropouts_of(model):
        dropout.rate = 0.0
    assert not model.needs_rng
    assert set(model.loss(batch, state).grads) == set(model.params)


def test_a_rate_of_dropout_is_checked_whenever_it_is_set():
    dropout: Any = Dropout(0.5)
    for wrong in (-0.1, 1, 2, np.nan, "0.5"):
        with pytest.raises(ValueError, match="rate must be"):
            dropout.rate = wrong
    assert dropout.rate == 0.5


def dropouts_of(model: Any) -> list[Dropout]:
    """Return all that drop units: before the output, and between layers."""
    layers = [layer for part in model.parts.values() for layer in inside(part)]
    return [x for x in [*layers, getattr(model, "dropout", None)] if hasattr(x, "rate")]


def inside(layer: Any) -> list[Any]:
    return list(layer.layers) if isinstance(layer, Stacked) else []


def said_after(model: Any, batch: Pairs, state: Any, fed: list[Array]) -> Array:
    """Return the most probable tokens after those that were fed, all fed anew."""
    steps = np.stack(fed)
    masks = batch.source_mask, batch.target_mask[: len(fed)]
    y, _ = model.logits(batch.source, steps, state, *masks)
    return y[-1].argmax(axis=-1)


def heard(model: Any, batch: Pairs, state: Any, share: float, rng: Rng) -> Array:
    """Return what is fed in scheduled sampling: truth, or the word after all before."""
    is_true = rng.random((T, B)) < share
    fed = [np.full(B, START)]
    for t in range(1, T):
        own = said_after(model, batch, state, fed)
        fed.append(np.where(is_true[t], batch.target[t - 1], own))
    return np.stack(fed)


@pytest.mark.parametrize("attention", ["", "dot"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
@pytest.mark.parametrize("started", [False, True], ids=["zero", "given"])
def test_each_own_word_is_what_the_model_says_after_what_it_was_really_fed(
    share, started, attention
):
    """Bengio et al. (2015): not what it would say after the truth, or in a free run."""
    other = 0
    for seed in range(6):
        draw = translator(attention, teacher_forcing=share)
        _, model, batch, state = drawn(draw, seed=seed)
        state = state if started else None
        found = model.loss(batch, state, rng=np.random.default_rng(7))
        fed = heard(model, batch, state, share, np.random.default_rng(7))
        true = shifted(batch.target, START)
        other += (fed != true).sum()
        masks = batch.source_mask, batch.target_mask
        y, _ = model.logits(batch.source, fed, state, *masks)
        expected, dy = cross_entropy(y, batch.target, batch.target_mask)
        np.testing.assert_allclose(found.value, expected, rtol=1e-12)
        _, _, cache = model.forward(batch.source, fed, state, *masks)
        assert_same(found.grads, model.backward(dy, cache))  # its words are constants
    assert other > 0


@pytest.mark.parametrize("attention", ["", "dot", "additive"])
def test_a_model_that_hears_itself_hears_the_same_in_training_as_alone(attention):
    _, model, batch, _ = drawn(translator(attention, teacher_forcing=0.0))
    said = model.predict(batch.source, batch.source_mask, max_length=T)
    taught = drawn(translator(attention))[1].with_params(model.params)
    known = batch._replace(
        target=said, target_mask=np.broadcast_to(exists((len(said),)), said.shape)
    )
    rng = np.random.default_rng(0)
    np.testing.assert_allclose(
        model.loss(known, rng=rng).value, taught.loss(known).value, rtol=1e-12
    )


def test_scheduled_sampling_asks_for_a_generator_to_train_and_not_to_evaluate():
    _, model, batch, _ = drawn(translator(teacher_forcing=0.5))
    with pytest.raises(ValueError, match=r"rng must be .*, got None; pass rng=rng to"):
        model.loss(batch)
    evaluated = model.loss(batch, gradients=False)
    model.teacher_forcing = 1.0
    assert not model.needs_rng
    assert evaluated.value == model.loss(batch).value  # with the truth fed in


def test_the_share_of_true_words_is_checked_whenever_it_is_set():
    _, model, _, _ = drawn(translator(teacher_forcing=0.5))
    for wrong in (-0.1, 1.5, np.nan, "half", None):
        with pytest.raises(ValueError, match="teacher_forcing must be"):
            model.teacher_forcing = wrong
    assert model.teacher_forcing == 0.5
    with pytest.raises(ValueError, match=r"teacher_forcing must be at most 1, got 1.5"):
        drawn(translator(teacher_forcing=1.5))


def test_what_padding_holds_changes_nothing_in_scheduled_sampling():
    rng, model, batch, _ = drawn(translator("dot", teacher_forcing=0.4))
    clean = model.loss(batch, rng=np.random.default_rng(3))
    spoilt = model.loss(with_garbage(batch, rng), rng=np.random.default_rng(3))
    assert spoilt.value == clean.value
    assert_same(spoilt.grads, clean.grads, tolerance=0)


def test_encoder_and_decoder_share_no_weights():
    rng = np.random.default_rng(0)
    cell = draw_cell(rng, V, H, "gru")
    shared = draw_cell(rng, V, H, "gru")
    shared.params["b_h"] = cell.params["b_h"][:]  # a view of the same memory
    for other in (cell, cell.with_params(cell.params), shared):
        with pytest.raises(ValueError, match="must not share weights"):
            Seq2Seq(Recurrent(cell), Recurrent(other), rng=rng)


def test_one_step_at_a_time_is_the_whole():
    """The scores that make the loss are those of `step`, of every writer."""
    _, model, batch, state = drawn(language_model(), layers=2)
    assert_steps_make_the_loss(model, state, batch.inputs, batch.targets, batch.mask)
    _, model, batch, _ = drawn(generator(), layers=2)
    fed = shifted(batch.targets, START)
    start = model.start(batch.inputs)
    assert_steps_make_the_loss(model, start, fed, batch.targets, batch.mask, batch)
    for attention in ("", "dot", "additive"):
        _, model, pairs, _ = drawn(translator(attention), layers=2)
        fed = shifted(pairs.target, START)
        start = model.start(pairs.source, pairs.source_mask)
        assert_steps_make_the_loss(
            model, start, fed, pairs.target, pairs.target_mask, pairs
        )


def assert_steps_make_the_loss(
    model: Any, start: Any, fed: Array, target: Array, mask: Array, batch: Any = None
) -> None:
    state, scores = start, []
    for tokens in fed:
        y, state = model.step(tokens, state)
        scores.append(y)
    expected, _ = cross_entropy(np.stack(scores), target, mask)
    if batch is None:
        found = model.loss(Batch(fed, target, mask, mask), start)
    else:
        found = model.loss(batch)
    np.testing.assert_allclose(found.value, expected, rtol=1e-12)


@each_cell
@each_depth
def test_a_text_in_two_chunks_is_the_whole_text(kind, layers):
    rng, model, _, state = drawn(language_model(), kind, layers)
    tokens = rng.integers(0, V, size=(8, B))
    whole = model.loss(Batch(tokens[:-1], tokens[1:]), state)
    values = []
    for start, stop in pairwise([0, 3, 7]):
        piece = Batch(tokens[start:stop], tokens[start + 1 : stop + 1])
        value, _, state = model.loss(piece, state)
        values.append(value)
    np.testing.assert_allclose(whole.value, np.average(values, weights=[3, 4]))
    for found, expected in zip(
        leaves(state, "").values(), leaves(whole.state, "").values(), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_piece_in_which_nothing_is_asked_only_hands_on_its_state():
    _, model, batch, state = drawn(tagger(recurrent, LOSSES[0]))
    state = draw_state(np.random.default_rng(1), model.parts["recurrent"], B)
    asked = model.loss(batch, state)
    value, grads, end = model.loss(batch._replace(mask=np.zeros((T, B), bool)), state)
    assert value == 0
    assert set(grads) == set(model.params)
    assert not any(array.any() for array in grads.values())
    np.testing.assert_equal(leaves(end, ""), leaves(asked.state, ""))


@pytest.mark.parametrize("name", ["last", "mean", "tagger", "generator", "translator"])
def test_float32_stays_float32(name):
    rng = np.random.default_rng(0)

    def cell(size: int) -> Recurrent:
        return Recurrent(draw_cell(rng, size, H, "lstm", np.float32))

    batch: Any = Batch(
        rng.integers(0, V, size=(T, B)),
        rng.integers(0, V, size=B),
        input_mask=exists(LENGTHS),
    )
    model: Any
    if name in ("last", "mean"):
        model = SequenceClassifier(cell(V), V, rng=rng, pool=name, dropout=0.5)
    elif name == "tagger":
        model, batch = (
            LanguageModel(cell(V), rng=rng, dropout=0.5),
            batch._replace(targets=batch.inputs),
        )
    elif name == "generator":
        model = ConditionalLanguageModel(D, cell(V), rng=rng, dropout=0.5)
        x = rng.standard_normal((B, D)).astype(np.float32)
        batch = Batch(x, batch.inputs, batch.input_mask)
    else:
        look = AdditiveAttention(H, H, 3, rng=rng, dtype=np.float32)
        model = Seq2Seq(cell(V), cell(V), rng=rng, attention=look, teacher_forcing=0.5)
        batch = Pairs(batch.inputs, batch.input_mask, batch.inputs, batch.input_mask)
    value, grads, state = model.loss(batch, rng=rng)
    everything = [np.asarray(value), *grads.values(), *leaves(state, "").values()]
    assert {array.dtype for array in everything} == {np.dtype(np.float32)}
    assert set(grads) == set(model.params)


def test_a_model_with_other_parameters_leaves_the_first_one_alone():
    _, model, batch, _ = drawn(translator("additive"))
    before = model.loss(batch).value
    moved = {name: array + 0.5 for name, array in model.params.items()}
    twin = model.with_params(moved)
    assert all(twin.params[name] is moved[name] for name in moved)
    assert twin.loss(batch).value != before
    assert model.loss(batch).value == before
    with pytest.raises(ValueError, match=r"params"):
        model.with_params(moved | {"output.W_hh": moved["output.W_hy"]})


def test_a_loss_changes_none_of_its_arguments():
    for draw in MODELS.values():
        _, model, batch, state = drawn(draw)
        before = [np.copy(array) for array in batch if array is not None]
        params = {name: array.copy() for name, array in model.params.items()}
        model.loss(batch, state)
        after = [array for array in batch if array is not None]
        np.testing.assert_equal(after, before)
        np.testing.assert_equal(model.params, params)


def test_the_weights_of_a_look_are_those_of_each_true_target():
    _, model, batch, _ = drawn(translator("dot"))
    weights = model.alignment(batch)
    assert weights.shape == (T, B, S)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)
    np.testing.assert_array_equal(
        weights > 0, np.broadcast_to(exists(SOURCE_LENGTHS).T, weights.shape)
    )
    with pytest.raises(ValueError, match=r"attention to show its weights, got none"):
        drawn(translator())[1].alignment(batch)


@pytest.mark.parametrize("writer", [LanguageModel, ConditionalLanguageModel, Seq2Seq])
def test_a_writer_does_not_look_ahead(writer):
    rng = np.random.default_rng(0)
    both = both_directions(rng, "gru", 2, V)
    arguments = {
        LanguageModel: (both,),
        ConditionalLanguageModel: (D, both),
        Seq2Seq: (both, both),
    }
    with pytest.raises(ValueError, match=r"must read from left to right only"):
        writer(*arguments[writer], rng=rng)


def test_a_decoder_must_be_able_to_start_where_the_encoder_ends():
    rng = np.random.default_rng(0)
    encoder, decoder = (
        Recurrent(draw_cell(rng, V, H, kind)) for kind in ("lstm", "gru")
    )
    wanted = r"form GRUState\(3\) of float64, got LSTMState\(3, 3\) of float64"
    with pytest.raises(ValueError, match=wanted):
        Seq2Seq(encoder, decoder, rng=rng)
    wide = Recurrent(RNNCell(V, H + 1, rng=rng))
    with pytest.raises(ValueError, match=r"RNNState\(3\) of .*, got RNNState\(4\)"):
        Seq2Seq(wide, Recurrent(RNNCell(V, H, rng=rng)), rng=rng)


# to inspect and to evaluate: scores, and a loss without its gradient


def scores_of(model: Any, batch: Any, state: Any) -> tuple[Array, Any]:
    """Return what `logits` says of what a loss is computed from."""
    if isinstance(batch, Pairs):
        fed, masks = (
            shifted(batch.target, START),
            (batch.source_mask, batch.target_mask),
        )
        return model.logits(batch.source, fed, state, *masks)
    if isinstance(model, ConditionalLanguageModel):
        return model.logits(batch.inputs, shifted(batch.targets, START), batch.mask)
    if isinstance(model, Classifier):
        return model.logits(batch.inputs)
    return model.logits(batch.inputs, state, batch.input_mask)


@each_depth
@pytest.mark.parametrize("name", ["classifier", *MODELS])
def test_a_loss_is_that_of_the_logits_and_goes_on_from_their_state(name, layers):
    _, model, batch, state = drawn(MODELS.get(name, classifier), layers=layers)
    y, end = scores_of(model, batch, state)
    found = model.loss(batch, state)
    if isinstance(batch, Pairs):
        expected, _ = cross_entropy(y, batch.target, batch.target_mask)
    elif isinstance(model, Classifier | ConditionalLanguageModel):
        expected, _ = cross_entropy(y, batch.targets, batch.mask)
    else:
        both = batch.mask if name.startswith(("seq", "one")) else batch.input_mask
        if name.startswith("tagger"):
            both = batch.mask & batch.input_mask
        expected, _ = model.criterion(y, batch.targets, both)
    np.testing.assert_allclose(found.value, expected, rtol=1e-13)
    if end is not None:
        np.testing.assert_equal(leaves(found.state, ""), leaves(end, ""))


@pytest.mark.parametrize("name", ["classifier", *MODELS, *DROPPED])
def test_a_loss_without_gradients_is_the_same_and_walks_no_step_back(name, monkeypatch):
    draw = classifier if name == "classifier" else {**MODELS, **DROPPED}[name]
    _, model, batch, state = drawn(draw)
    expected = model.loss(batch, state, rng=np.random.default_rng(3))

    def refused(*args: Any) -> Any:
        raise AssertionError("this is the backward pass")

    for kind in {type(part) for part in [*model.parts.values(), model]}:
        monkeypatch.setattr(kind, "backward", refused)
    rng = np.random.default_rng(3)
    found = model.loss(batch, state, rng=rng, gradients=False)
    assert found.value == expected.value
    assert found.grads == {}
    assert (found.state is None) == (expected.state is None)
    if found.state is not None:
        np.testing.assert_equal(leaves(found.state, ""), leaves(expected.state, ""))
    with pytest.raises(AssertionError, match="this is the backward pass"):
        model.loss(batch, state, rng=rng)


# one number a sequence


@pytest.mark.parametrize("loss", LOSSES[1:])
@pytest.mark.parametrize("kind", [SequenceClassifier, Tagger])
def test_one_number_is_the_first_of_one_and_has_no_axis_of_its_own(kind, loss):
    rng = np.random.default_rng(0)
    layer = recurrent(rng, "gru", 1, D)
    one, row = (
        kind(layer, size, rng=np.random.default_rng(1), loss=loss) for size in (None, 1)
    )
    x = rng.standard_normal((T, B, D))
    targets = rng.random(B) if kind is SequenceClassifier else rng.random((T, B))
    found = one.loss(Batch(x, targets, None, exists(LENGTHS)))
    expected = row.loss(Batch(x, targets[..., None], None, exists(LENGTHS)))
    assert found.value == expected.value
    assert_same(found.grads, expected.grads, tolerance=0)
    np.testing.assert_array_equal(one.predict(x), row.predict(x)[..., 0])
    assert one.predict(x).shape == targets.shape


def test_the_answer_to_a_yes_or_no_question_is_the_more_probable_one():
    _, model, batch, _ = drawn(one_number("binary_cross_entropy"), seed=4)
    y, _ = model.logits(batch.inputs, mask=batch.input_mask)
    said = model.predict(batch.inputs, batch.input_mask)
    np.testing.assert_array_equal(said, 1 / (1 + np.exp(-y)) > 0.5)
    assert said.any()
    assert not said.all()


def test_a_number_takes_a_loss_that_is_not_about_classes():
    layer = Recurrent(RNNCell(D, H, rng=np.random.default_rng(0)))
    for kind in (SequenceClassifier, Tagger):
        with pytest.raises(ValueError, match=r"number of classes, got None; for one"):
            kind(layer, rng=np.random.default_rng(0))


# what the tokens stand for


def test_a_vocabulary_has_a_symbol_for_each_token_of_the_model():
    rng = np.random.default_rng(0)
    model: Any = LanguageModel(Recurrent(LSTMCell(4, H, rng=rng)), rng=rng)
    assert model.vocabulary is None
    model.vocabulary = Vocabulary("helo")
    assert model.vocabulary.symbols == ("h", "e", "l", "o")
    with pytest.raises(ValueError, match=r"must have 4 symbols, .*, got 3"):
        model.vocabulary = Vocabulary("who")
    assert len(model.vocabulary) == 4
    assert model.with_params(model.params).vocabulary is model.vocabulary


@pytest.mark.parametrize("name", ["classifier", *MODELS])
def test_every_model_says_how_many_tokens_it_knows(name):
    _, model, _, _ = drawn(MODELS.get(name, classifier))
    model.vocabulary = Vocabulary([str(k) for k in range(model.vocab_size)])
    words = name.startswith(("language", "generator", "translator"))
    assert len(model.vocabulary) == (V if words else D)


def test_a_translator_has_a_vocabulary_for_each_of_its_languages():
    rng = np.random.default_rng(0)
    encoder, decoder = (Recurrent(RNNCell(size, H, rng=rng)) for size in (6, 4))
    options: Any = {"rng": rng, "vocabulary": Vocabulary("helo")}
    source = Vocabulary("abcdef")
    model = Seq2Seq(encoder, decoder, **options, source_vocabulary=source)
    assert (model.vocab_size, model.source_vocabulary) == (4, source)
    with pytest.raises(ValueError, match="source_vocabulary must have 6 symbols"):
        model.source_vocabulary = Vocabulary("helo")
    with pytest.raises(ValueError, match=r"source_vocabulary must have 6 symbols"):
        Seq2Seq(encoder, decoder, **options, source_vocabulary=Vocabulary("helo"))
