"""Which input mattered: by nudging each number, by leaving it out, by walking there."""

from typing import Any

import numpy as np
import pytest

from rnnlib import (
    AdditiveAttention,
    Bidirectional,
    Classifier,
    ConditionalLanguageModel,
    Embedding,
    GRUCell,
    LanguageModel,
    LSTMCell,
    Recurrent,
    RNNCell,
    Seq2Seq,
    SequenceClassifier,
    Stacked,
    Tagger,
    log_softmax,
    one_hot,
)
from rnnlib.diagnostics import integrated_gradients, occlusion, saliency
from rnnlib.models import shifted

V, H, T = 4, 6, 5
SAID = np.array([3, 0, 2])


def language(rng):
    layer = Stacked(
        [Recurrent(GRUCell(V, H, rng=rng)), Recurrent(RNNCell(H, 3, rng=rng))]
    )
    model = LanguageModel(layer, rng=rng)
    return model, lambda x: model.logits(x[:, None])[0][-1, 0], 2, {}


def early(rng):
    model = Tagger(Recurrent(LSTMCell(V, H, rng=rng)), 3, rng=rng)
    return model, lambda x: model.logits(x[:, None])[0][1, 0], 1, {"step": 1}


def tagger_of_both_directions(rng):
    layer = Bidirectional(LSTMCell(V, H, rng=rng), RNNCell(V, H, rng=rng))
    model = Tagger(layer, 3, rng=rng)
    return model, lambda x: model.logits(x[:, None])[0][-3, 0], 2, {"step": -3}


def mean_classifier(rng):
    layer = Recurrent(RNNCell(V, H, rng=rng))
    model = SequenceClassifier(layer, 3, rng=rng, pool="mean")
    return model, lambda x: model.logits(x[:, None])[0][0], 0, {}


def one_number(rng):
    layer = Recurrent(LSTMCell(V, H, rng=rng))
    model = SequenceClassifier(layer, rng=rng, loss="mean_squared_error")
    return model, lambda x: model.logits(x[:, None])[0], 0, {}


def numbers_at_each_step(rng):
    layer = Recurrent(GRUCell(V, H, rng=rng))
    model = Tagger(layer, 3, rng=rng, loss="binary_cross_entropy")
    return model, lambda x: model.logits(x[:, None])[0][2, 0], 1, {"step": 2}


def translator(rng):
    encoder, decoder = (Recurrent(GRUCell(n, H, rng=rng)) for n in (V, 5))
    attention = AdditiveAttention(H, H, 3, rng=rng)
    model = Seq2Seq(encoder, decoder, rng=rng, attention=attention)
    fed = shifted(SAID[:, None], model.start_token)
    return model, lambda x: model.logits(x[:, None], fed)[0][1, 0], SAID, {"step": 1}


def describer(rng):
    model = ConditionalLanguageModel(V, Recurrent(LSTMCell(5, H, rng=rng)), rng=rng)
    fed = shifted(SAID[:, None], model.start_token)
    return model, lambda v: model.logits(v[None], fed)[0][-1, 0], SAID, {}


def vector_classifier(rng):
    model = Classifier(V, H, 3, rng=rng)
    return model, lambda v: model.logits(v[None])[0][0], 1, {}


MODELS: dict[str, Any] = {
    make.__name__: make
    for make in (
        language,
        early,
        tagger_of_both_directions,
        mean_classifier,
        one_number,
        numbers_at_each_step,
        translator,
        describer,
        vector_classifier,
    )
}
each_model = pytest.mark.parametrize("kind", MODELS)


def draw(kind, seed):
    """Return a random model, what it reads, and its answer to it as a function."""
    rng = np.random.default_rng(seed)
    model, scores, target, options = MODELS[kind](rng)
    for array in model.params.values():
        array[...] = rng.standard_normal(array.shape)
    x = rng.standard_normal(V if kind.startswith(("desc", "vector")) else (T, V))
    asked: Any = np.ravel(target)[options.get("step", -1) if np.ndim(target) else 0]
    is_token = kind not in ("one_number", "numbers_at_each_step")

    def answer(x):
        y = scores(x)
        return (log_softmax(y) if is_token else y)[asked]

    return model, x, answer, target, options


@each_model
def test_saliency_is_the_slope_that_nudging_each_number_finds(kind):
    model, x, answer, target, options = draw(kind, 0)
    slopes, eps = np.zeros_like(x), 1e-6
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += eps
        down[place] -= eps
        slopes[place] = (answer(up) - answer(down)) / (2 * eps)
    expected = np.linalg.norm(slopes, axis=-1) if x.ndim == 2 else abs(slopes)
    found = saliency(model, x, target, **options)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


@each_model
def test_occlusion_is_what_leaving_an_input_out_costs(kind):
    model, x, answer, target, options = draw(kind, 1)
    expected = []
    for n in range(len(x)):
        without = x.copy()
        without[n] = 0
        expected.append(answer(x) - answer(without))
    found = occlusion(model, x, target, **options)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)


@each_model
def test_what_all_inputs_add_is_the_answer_less_that_to_nothing(kind):
    model, x, answer, target, options = draw(kind, 2)
    parts = integrated_gradients(model, x, target, points=200, **options)
    assert parts.shape == x.shape[:1]
    np.testing.assert_allclose(parts.sum(), answer(x) - answer(0 * x), atol=1e-6)


@each_model
def test_on_a_straight_way_all_slopes_times_the_input_are_what_it_adds(kind):
    """Small inputs see a plane, and then slope times input is the whole of it."""
    model, x, answer, target, options = draw(kind, 3)
    x *= 1e-5
    parts = integrated_gradients(model, x, target, points=3, **options)
    alone = []
    for n in range(len(x)):
        only = np.zeros_like(x)
        only[n] = x[n]
        alone.append(answer(only) - answer(0 * x))
    np.testing.assert_allclose(parts, alone, rtol=1e-2, atol=1e-9)


def test_tokens_are_read_as_one_hot_vectors():
    model, _, _, target, _ = draw("language", 4)
    tokens = np.array([2, 0, 3, 3, 1])
    for ask in (saliency, occlusion, integrated_gradients):
        np.testing.assert_array_equal(
            ask(model, tokens, target), ask(model, one_hot(tokens, V), target)
        )


def test_an_embedding_is_asked_with_the_vectors_that_it_looks_up():
    rng = np.random.default_rng(5)
    embedding, above = Embedding(7, V, rng=rng), Recurrent(RNNCell(V, H, rng=rng))
    model = SequenceClassifier(Stacked([embedding, above]), 3, rng=rng)
    plain = SequenceClassifier(above, 3, rng=rng)
    plain.parts["output"] = model.parts["output"]
    tokens = np.array([6, 0, 3])
    vectors = embedding.params["W_xe"][tokens]
    for ask in (saliency, occlusion, integrated_gradients):
        np.testing.assert_array_equal(ask(model, tokens, 2), ask(plain, vectors, 2))


def test_a_saturated_unit_hides_an_input_from_the_slope_alone():
    rng = np.random.default_rng(2)
    model = LanguageModel(Recurrent(RNNCell(V, H, rng=rng)), rng=rng)
    for array in model.params.values():
        array[...] = rng.standard_normal(array.shape)
    model.params["recurrent.W_hh"][...] = 0
    model.params["recurrent.W_xh"][1] = 40 * np.sign(model.params["output.W_hy"][:, 0])
    tokens = [2, 0, 3, 3, 1]
    assert saliency(model, tokens, 0)[-1] < 1e-12
    assert abs(occlusion(model, tokens, 0)[-1]) > 0.1
    assert abs(integrated_gradients(model, tokens, 0, points=300)[-1]) > 0.1
