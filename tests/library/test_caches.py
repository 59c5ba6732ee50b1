"""A cache is what the forward pass saw: nobody can change it afterwards."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np
import pytest

from rnnlib import (
    AdditiveAttention,
    Classifier,
    ConditionalLanguageModel,
    DotAttention,
    Dropout,
    Embedding,
    Linear,
    Recurrent,
    Seq2Seq,
    SequenceClassifier,
    Stacked,
    Tagger,
    batchify,
)
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import gate_traces
from tests.library.nets import (
    KINDS,
    LAYERS,
    draw_cell,
    draw_layer,
    draw_mask,
    draw_state,
)

T, B, D, H, V = 5, 3, 4, 6, 7


class Case(NamedTuple):
    """A forward pass, what it is given, and the backward pass from its cache."""

    forward: Callable[..., tuple[Any, ...]]
    given: list[Any]
    backward: Callable[[Any], Any]


def floats(rng: Rng, *shape: int) -> Array:
    return rng.standard_normal(shape)


def of_a_cell(kind: str) -> Callable[[Rng], Case]:
    def make(rng: Rng) -> Case:
        cell = draw_cell(rng, D, H, kind)
        d_state = draw_state(rng, cell, B)
        given = [floats(rng, B, D), draw_state(rng, cell, B)]
        return Case(cell.forward, given, lambda cache: cell.backward(d_state, cache))

    return make


def of_a_layer(form: str, inputs: str, masked: bool) -> Callable[[Rng], Case]:
    def make(rng: Rng) -> Case:
        layer = draw_layer(rng, form, D)
        dh = floats(rng, T, B, layer.output_size)
        x: Any = {
            "floats": floats(rng, T, B, D),
            "tokens": rng.integers(D, size=(T, B)),
            "nothing": None,
        }[inputs]
        mask = draw_mask(rng, T, B) if masked or x is None else None
        given = [x, draw_state(rng, layer, B), mask]
        return Case(layer.forward, given, lambda cache: layer.backward(dh, cache))

    return make


def of_a_stack(rng: Rng) -> Case:
    cells = draw_cell(rng, D, H, "gru"), draw_cell(rng, H, 2, "lstm")
    below, above = map(Recurrent, cells)
    embedding = Embedding(V, D, rng=rng)
    layer = Stacked([embedding, Dropout(0.5), below, Dropout(0.5), above])
    dh = floats(rng, T, B, 2)
    return Case(
        lambda x, mask: layer.forward(x, None, mask, rng=np.random.default_rng(0)),
        [rng.integers(V, size=(T, B)), draw_mask(rng, T, B)],
        lambda cache: layer.backward(dh, cache),
    )


def of_an_attention(kind: str, masked: bool) -> Callable[[Rng], Case]:
    def make(rng: Rng) -> Case:
        look = DotAttention(scaled=True)
        attention = look if kind == "dot" else AdditiveAttention(H, H, 2, rng=rng)
        dcontext = floats(rng, T, B, D)
        given = [floats(rng, T, B, H), floats(rng, V, B, H), floats(rng, V, B, D)]
        return Case(
            attention.forward,
            [*given, draw_mask(rng, V, B) if masked else None],
            lambda cache: attention.backward(dcontext, cache),
        )

    return make


def of_a_model(make: Callable[[Rng], Any]) -> Callable[[Rng], Case]:
    """Return the case of a model, given what makes it and the arguments of forward."""

    def case(rng: Rng) -> Case:
        model, given = make(rng)
        dy = floats(rng, *model.forward(*given)[0].shape)
        return Case(model.forward, given, lambda cache: model.backward(dy, cache))

    return case


def layer(rng: Rng, size: int = V) -> Recurrent:
    return Recurrent(draw_cell(rng, size, H, "lstm"))


def tokens(rng: Rng) -> Array:
    return rng.integers(V, size=(T, B))


def reader(rng: Rng, pool: str) -> Any:
    model = SequenceClassifier(layer(rng, D), V, rng=rng, pool=pool)
    return model, [floats(rng, T, B, D), None, draw_mask(rng, T, B)]


def translator(rng: Rng) -> Any:
    look = DotAttention(scaled=True)
    model = Seq2Seq(layer(rng), layer(rng), rng=rng, attention=look)
    masks = draw_mask(rng, T, B), draw_mask(rng, T, B)
    return model, [tokens(rng), tokens(rng), None, *masks]


MODELS: dict[str, Callable[[Rng], Any]] = {
    "classifier": lambda rng: (Classifier(D, H, V, rng=rng), [floats(rng, B, D)]),
    "tagger": lambda rng: (
        Tagger(layer(rng), V, rng=rng),
        [tokens(rng), None, draw_mask(rng, T, B)],
    ),
    "reader, last": lambda rng: reader(rng, "last"),
    "reader, mean": lambda rng: reader(rng, "mean"),
    "speaker": lambda rng: (
        ConditionalLanguageModel(D, layer(rng), rng=rng),
        [floats(rng, B, D), tokens(rng), draw_mask(rng, T, B)],
    ),
    "translator": translator,
}


def of_a_linear(rng: Rng) -> Case:
    linear, dy = Linear(D, V, rng=rng), floats(rng, T, B, V)
    forward, given = linear.forward, [floats(rng, T, B, D)]
    return Case(forward, given, lambda cache: linear.backward(dy, cache))


def of_an_embedding(rng: Rng) -> Case:
    embedding, de = Embedding(V, D, rng=rng), floats(rng, T, B, D)
    forward, given = embedding.forward, [tokens(rng)]
    return Case(forward, given, lambda cache: embedding.backward(de, cache))


def of_a_dropout(rng: Rng) -> Case:
    dropout, dy = Dropout(0.5), floats(rng, T, B, D)
    return Case(
        lambda x: dropout.forward(x, rng=np.random.default_rng(0)),
        [floats(rng, T, B, D)],
        lambda cache: dropout.backward(dy, cache),
    )


CASES: dict[str, Callable[[Rng], Case]] = {
    **{f"cell, {kind}": of_a_cell(kind) for kind in KINDS},
    **{
        f"{form}, {inputs}{', masked' * masked}": of_a_layer(form, inputs, masked)
        for form in LAYERS
        for inputs in ("floats", "tokens", "nothing")
        for masked in (False, True)
    },
    "stack with dropout": of_a_stack,
    "linear": of_a_linear,
    "embedding": of_an_embedding,
    "dropout": of_a_dropout,
    **{
        f"{kind} attention{', masked' * masked}": of_an_attention(kind, masked)
        for kind in ("dot", "additive")
        for masked in (False, True)
    },
    **{name: of_a_model(make) for name, make in MODELS.items()},
}
each_case = pytest.mark.parametrize("name", CASES)


def arrays_in(found: Any) -> Iterator[Array]:
    """Yield all arrays of a nested tuple, list or dict."""
    if isinstance(found, np.ndarray):
        yield found
    elif isinstance(found, dict | tuple | list):
        inner = found.values() if isinstance(found, dict) else found
        for each in inner:
            yield from arrays_in(each)


def spoil(found: Any) -> None:
    """Write something else into all arrays that can be written to."""
    for array in arrays_in(found):
        if array.flags.writeable:
            array[...] = ~array if array.dtype == bool else array[::-1] * 0


def drawn(name: str, seed: int = 0) -> Case:
    return CASES[name](np.random.default_rng(seed))


@each_case
def test_what_is_changed_after_the_forward_pass_changes_no_gradient(name):
    """Neither arguments nor results: states, attention weights, hidden states."""
    case = drawn(name)
    expected = deepcopy(case.backward(case.forward(*deepcopy(case.given))[-1]))
    given = deepcopy(case.given)
    *results, cache = case.forward(*given)
    spoil(given)
    spoil(results)
    np.testing.assert_equal(case.backward(cache), expected)


@each_case
def test_what_is_handed_out_of_a_cache_is_a_copy_or_read_only(name):
    case = drawn(name)
    *results, cache = case.forward(*case.given)
    for inside in arrays_in(cache):
        for array in arrays_in(results):
            assert not (np.shares_memory(array, inside) and array.flags.writeable)
        for array in arrays_in(case.given):
            assert not np.shares_memory(array, inside)


NETS = [name for name in CASES if name.startswith("cell") or "attention" in name]
NETS += [f"{form}, floats, masked" for form in LAYERS]


@pytest.mark.parametrize("name", NETS)
def test_a_cache_is_read_only(name):
    case = drawn(name)
    arrays = [*arrays_in(case.forward(*case.given)[-1])]
    assert arrays
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("form", LAYERS)
def test_the_hidden_states_of_every_layer_are_read_only_and_its_states_are_not(form):
    rng = np.random.default_rng(0)
    layer = draw_layer(rng, form, D)
    h, state, _ = layer.forward(floats(rng, T, B, D))
    assert not h.flags.writeable
    assert all(array.flags.writeable for array in arrays_in(state))


@pytest.mark.parametrize("view", ["broadcast", "window"])
def test_a_read_only_view_of_what_may_change_is_copied(view):
    rng = np.random.default_rng(0)
    layer, dh = draw_layer(rng, "recurrent", D), floats(rng, T, B, H - 2)
    row = floats(rng, B, D) if view == "broadcast" else floats(rng, T + B - 1, D)

    def seen(array: Array) -> Array:
        if view == "broadcast":
            return np.broadcast_to(array, (T, B, D))
        windows = np.lib.stride_tricks.sliding_window_view(array, B, axis=0)
        return windows.swapaxes(1, 2)

    expected = layer.backward(dh, layer.forward(seen(row.copy()))[2])
    _, _, cache = layer.forward(seen(row))
    row[...] = 7
    np.testing.assert_equal(layer.backward(dh, cache), expected)


def test_what_nobody_can_change_is_not_copied():
    rng = np.random.default_rng(0)
    h, _, cache = layer(rng).forward(tokens(rng))
    _, kept = Linear(H, V, rng=rng).forward(h)
    assert np.shares_memory(kept, cache.h)


@pytest.mark.parametrize("kind", KINDS)
def test_gates_cannot_be_changed_through_their_traces(kind):
    rng = np.random.default_rng(0)
    cell = draw_cell(rng, D, H, kind)
    _, _, cache = Recurrent(cell).forward(floats(rng, T, B, D))
    for gate in gate_traces(cell, cache).values():
        if np.shares_memory(gate, cache.h) or np.shares_memory(gate, cache[-3]):
            assert not gate.flags.writeable


def test_a_decoder_goes_on_with_the_mask_that_it_was_started_with():
    rng = np.random.default_rng(0)
    model, (source, _, _, mask, _) = translator(rng)
    state = model.start(source, mask)
    before = model.step(source[0], state)[0]
    mask[...] = ~mask
    np.testing.assert_equal(model.step(source[0], state)[0], before)


def test_inputs_and_targets_of_a_text_are_two_arrays():
    text = np.random.default_rng(0).integers(V, size=40)
    batch = batchify(text, 3)
    before = batch.targets.copy()
    batch.inputs[...] = 0
    np.testing.assert_equal(batch.targets, before)
    assert text.any()
    assert not np.shares_memory(batch.targets, text)
