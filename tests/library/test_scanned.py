"""A layer that scans is the layer that goes step by step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import (
    Adam,
    Embedding,
    MinGRUCell,
    MinLSTMCell,
    Recurrent,
    Scanned,
    SequenceClassifier,
    Stacked,
    Tagger,
    check_gradients,
    fit,
    load,
    save,
)
from rnnlib.tasks import Parity
from tests.library.nets import (
    CELLS,
    assert_same,
    differentiable,
    draw_cell,
    draw_mask,
    draw_state,
    everything,
    where_to_check,
)

KINDS = [kind for kind, (made, _) in CELLS.items() if made in (MinGRUCell, MinLSTMCell)]
SEEDS = st.integers(0, 2**32 - 1)
SIZES = [(5, 3, 3, 4), (1, 1, 1, 1), (1, 4, 2, 3), (70, 1, 3, 2), (300, 2, 1, 50)]


def both(rng, kind, D, H, *, learned=False):
    """Return a layer that scans and one that steps, of the same weights."""
    cell = draw_cell(rng, D, H, kind)
    layers = [made(cell, learn_initial_state=learned) for made in (Scanned, Recurrent)]
    for array in layers[0].initial_params.values():
        array[...] = rng.standard_normal(array.shape)
    layers[1].initial_params = layers[0].initial_params
    return layers


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("given_state", [False, True], ids=["alone", "state"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_all_results_are_those_of_the_loop(kind, sizes, given_state, masked):
    T, B, D, H = sizes
    rng = np.random.default_rng(1)
    scanned, stepped = both(rng, kind, D, H)
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, H))
    state = draw_state(rng, stepped, B) if given_state else None
    mask = draw_mask(rng, T, B) if masked else None
    rest = x, state, mask, dh, draw_state(rng, stepped, B)
    assert_same(everything(scanned, *rest), everything(stepped, *rest), 1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_no_input_and_a_learned_start_are_those_of_the_loop(kind):
    T, B, D, H = 9, 3, 4, 5
    rng = np.random.default_rng(2)
    scanned, stepped = both(rng, kind, D, H, learned=True)
    mask, dh = draw_mask(rng, T, B), rng.standard_normal((T, B, H))
    for x in (rng.integers(0, D, (T, B)), None):
        rest = x, None, mask, dh, draw_state(rng, stepped, B)
        assert_same(everything(scanned, *rest), everything(stepped, *rest), 1e-12)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("kind", KINDS)
def test_backward_is_the_derivative(kind, method):
    rng = np.random.default_rng(3)
    layer, _ = both(rng, kind, 3, 4)
    x, state = rng.standard_normal((6, 2, 3)), draw_state(rng, layer, 2)
    function = differentiable(layer, mask=draw_mask(rng, 6, 2))
    arrays = where_to_check(layer, state, x)
    check_gradients(function, arrays, rng=rng, method=method)


@given(SEEDS, st.sampled_from(KINDS), st.integers(1, 11))
def test_chunks_are_the_whole(seed, kind, cut):
    rng = np.random.default_rng(seed)
    layer, _ = both(rng, kind, 3, 4)
    x, state = rng.standard_normal((12, 2, 3)), draw_state(rng, layer, 2)
    whole, end, _ = layer.forward(x, state)
    first, middle, _ = layer.forward(x[:cut], state)
    second, last, _ = layer.forward(x[cut:], middle)
    found = np.concatenate([first, second])
    np.testing.assert_allclose(found, whole, rtol=0, atol=1e-12)
    np.testing.assert_allclose(last.h, end.h, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_padding_holds_changes_nothing(kind):
    rng = np.random.default_rng(4)
    layer, _ = both(rng, kind, 3, 4)
    x, mask = rng.standard_normal((8, 3, 3)), draw_mask(rng, 8, 3)
    mask[0] = False
    dh, d_state = rng.standard_normal((8, 3, 4)), draw_state(rng, layer, 3)
    expected = everything(layer, x, None, mask, dh, d_state)
    x = np.where(mask[..., None], x, np.nan)
    assert_same(everything(layer, x, None, mask, dh, d_state), expected, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_shut_gate_keeps_the_state_for_ever(kind):
    rng = np.random.default_rng(5)
    made, options = CELLS[kind]
    cell = made(2, 3, rng=rng, forget_bias=800.0, **options)
    if made is MinLSTMCell:  # f alone is shared with i
        cell.params["b_h"][:3] = -800
    state = draw_state(rng, cell, 2)
    _, end, _ = Scanned(cell).forward(rng.standard_normal((500, 2, 2)), state)
    np.testing.assert_array_equal(end.h, state.h)


@pytest.mark.parametrize("size", [1e3, -1e3])
def test_gates_that_are_too_small_for_a_float_still_share_all(size):
    cell = MinLSTMCell(1, 2, rng=np.random.default_rng(6))
    cell.params["b_h"][...] = [-size, -size - 2, -size, -size, 5, 7]
    _, cache = cell.forward(np.zeros((1, 1)), cell.initial_state(1))
    expected = [1 / 2, 1 / (1 + np.exp(2))] if size > 0 else [1 / 2, 1 / 2]
    np.testing.assert_allclose(cache.w[0], expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_the_precision_that_goes_in_comes_out(kind, dtype):
    rng = np.random.default_rng(7)
    layer = Scanned(draw_cell(rng, 3, 4, kind, dtype))
    x = rng.standard_normal((9, 2, 3)).astype(dtype)
    found = everything(layer, x, None, draw_mask(rng, 9, 2), layer.forward(x)[0], None)
    assert {array.dtype for array in found.values()} == {np.dtype(dtype)}


def test_only_a_linear_cell_can_be_scanned():
    cell = draw_cell(np.random.default_rng(8), 3, 4, "gru")
    with pytest.raises(
        ValueError, match=r"cell must be a LinearCell, got GRUCell; run"
    ):
        Scanned(cell)


def test_it_stands_in_a_stack_trains_and_comes_back_from_a_file(tmp_path):
    rng = np.random.default_rng(9)
    lower = Scanned(MinGRUCell(4, 8, rng=rng, signed=True))
    upper = Scanned(MinLSTMCell(8, 6, rng=rng), learn_initial_state=True)
    stack = Stacked([Embedding(2, 4, rng=rng), lower, upper])
    model = Tagger(stack, 2, rng=rng)
    batches = [Parity(6).sample(8, rng=rng) for _ in range(30)]
    history = fit(model, batches, Adam(0.02), progress=False)
    assert np.mean(history.loss[-5:]) < np.mean(history.loss[:5])
    save(tmp_path / "model.npz", model)
    twin = load(tmp_path / "model.npz")
    assert repr(twin) == repr(model)
    x = batches[0].inputs
    np.testing.assert_array_equal(twin.logits(x)[0], model.logits(x)[0])


def test_the_last_state_answers_for_the_sequence():
    rng = np.random.default_rng(10)
    cell = MinGRUCell(3, 4, rng=rng)
    models = [
        SequenceClassifier(made(cell), 2, rng=np.random.default_rng(0))
        for made in (Scanned, Recurrent)
    ]
    x, mask = rng.standard_normal((7, 3, 3)), draw_mask(rng, 7, 3)
    found, expected = (model.logits(x, mask=mask)[0] for model in models)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)
