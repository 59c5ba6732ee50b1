"""Which letter mattered: by nudging each letter, and by leaving it out by hand."""

from typing import Any

import numpy as np
import pytest

from rnnlib import (
    Embedding,
    GRUCell,
    LanguageModel,
    LSTMCell,
    Recurrent,
    RNNCell,
    Stacked,
    log_softmax,
    one_hot,
)
from rnnlib.diagnostics import occlusion, saliency

V, H, TOKENS = 4, 6, np.array([2, 0, 3, 3, 1])
LAYERS: dict[str, Any] = {
    "plain": lambda rng: Recurrent(RNNCell(V, H, rng=rng)),
    "lstm": lambda rng: Recurrent(LSTMCell(V, H, rng=rng)),
    "two layers": lambda rng: Stacked(
        [Recurrent(GRUCell(V, H, rng=rng)), Recurrent(RNNCell(H, 3, rng=rng))]
    ),
}
each_layer = pytest.mark.parametrize("kind", LAYERS)


def draw_model(kind, seed=0):
    rng = np.random.default_rng(seed)
    model = LanguageModel(LAYERS[kind](rng), rng=rng)
    for array in model.params.values():
        array[...] = rng.standard_normal(array.shape)
    return model


def log_p(model, x, target):
    """Return ln p(target) after the last of some vectors (T, V)."""
    y, _ = model.logits(x[:, None])
    return log_softmax(y[-1, 0])[target]


@each_layer
def test_saliency_is_the_slope_that_nudging_each_letter_finds(kind):
    model, x, eps = draw_model(kind), one_hot(TOKENS, V), 1e-6
    slopes = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += eps
        down[place] -= eps
        slopes[place] = (log_p(model, up, 2) - log_p(model, down, 2)) / (2 * eps)
    found = saliency(model, TOKENS, 2)
    np.testing.assert_allclose(found, np.linalg.norm(slopes, axis=1), rtol=1e-6)


@each_layer
def test_occlusion_is_what_leaving_a_letter_out_costs(kind):
    model, x = draw_model(kind, 1), one_hot(TOKENS, V)
    expected = []
    for t in range(len(x)):
        without = x.copy()
        without[t] = 0
        expected.append(log_p(model, x, 3) - log_p(model, without, 3))
    np.testing.assert_allclose(occlusion(model, TOKENS, 3), expected, rtol=1e-10)


def test_a_saturated_unit_hides_a_letter_from_the_slope_and_not_from_leaving_it_out():
    model = draw_model("plain", 2)
    model.params["recurrent.W_hh"][...] = 0
    model.params["recurrent.W_xh"][1] = 40 * np.sign(model.params["output.W_hy"][:, 0])
    assert saliency(model, TOKENS, 0)[-1] < 1e-12
    assert abs(occlusion(model, TOKENS, 0)[-1]) > 0.1


@pytest.mark.parametrize("ask", [saliency, occlusion])
def test_a_model_that_embeds_is_refused(ask):
    rng = np.random.default_rng(3)
    layer = Stacked([Embedding(V, 3, rng=rng), Recurrent(RNNCell(3, H, rng=rng))])
    with pytest.raises(ValueError, match=r"one-hot vectors, got Stacked.*Embedding"):
        ask(LanguageModel(layer, rng=rng), TOKENS, 1)
