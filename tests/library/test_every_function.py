"""What holds for every function: precision, and arrays that nobody writes over."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnlib import (
    SGD,
    Adam,
    AdditiveAttention,
    Batch,
    Bidirectional,
    Classifier,
    ConditionalLanguageModel,
    DotAttention,
    Dropout,
    Embedding,
    FastWeights,
    Linear,
    Momentum,
    Pairs,
    Recurrent,
    RMSProp,
    Scanned,
    Seq2Seq,
    SequenceClassifier,
    Stacked,
    Tagger,
    activations,
    binary_cross_entropy,
    chunks,
    clip_by_norm,
    clip_by_value,
    convert_gru,
    cross_entropy,
    diagnostics,
    init,
    mean_squared_error,
    mini_batches,
    one_hot,
    pad,
    probabilities,
    to_keras,
    to_torch,
)
from rnnlib.cells import Cell, stacked_preactivation
from rnnlib.recurrent import Layer
from rnnlib.scan import recurrence, scan, scan_backward, scan_in_logs
from rnnlib.state_space import (
    euler,
    hold,
    selective_dt,
    state_space,
    state_space_backward,
)
from tests.library.nets import KINDS, draw_cell, draw_mask, draw_state

T, B, D, H = 5, 3, 4, 6
PRECISIONS = [np.float64, np.float32]


class Draw:
    """Random arguments of one precision, and layers that use them."""

    def __init__(self, dtype, seed, kind="tanh", size=1.0):
        self.dtype, self.size = dtype, size
        self.rng = rng = np.random.default_rng(seed)
        self.cell = draw_cell(rng, D, H, kind, dtype)
        self.layer: Layer = Recurrent(self.cell)
        self.both = Bidirectional(
            draw_cell(rng, D, 2, "lstm", dtype),
            draw_cell(rng, D, 4, "gru", dtype),
            learn_initial_state=True,
        )
        above = draw_cell(rng, 6, H, "lstm peephole", dtype)
        self.stack = Stacked([self.both, Recurrent(above)])
        self.linear = Linear(D, H, rng=rng, dtype=dtype)
        self.embedding = Embedding(D, H, rng=rng, dtype=dtype)
        self.dot = DotAttention(scaled=True)
        self.additive = AdditiveAttention(D, H, 2, rng=rng, dtype=dtype)
        self.scanned = Scanned(draw_cell(rng, D, H, "minimal", dtype))
        self.matrix = FastWeights(D, 3, H, rng=rng, rule="delta", dtype=dtype)
        self.models = models_of(self.layer, rng, dtype)
        self.again()

    def again(self):
        """Draw other arguments for the same layer."""
        self.mask = draw_mask(self.rng, T, B)
        self.tokens = self.rng.integers(0, D, size=(T, B))
        self.x = self.floats(T, B, D)
        self.state = self.draw_state()
        self.d_state = self.draw_state()
        self.dh = self.floats(T, B, H)
        self.cache = self.layer.forward(self.x, self.state, self.mask)[2]
        self.token_cache = self.layer.forward(self.tokens, self.state)[2]
        self.step_cache = self.cell.forward(self.x[0], self.state)[1]

    def floats(self, *shape):
        return (self.size * self.rng.standard_normal(shape)).astype(self.dtype)

    def draw_state(self, layer=None):
        return draw_state(self.rng, layer or self.cell, B)

    def run(self, layer, x, *rest):
        """Return the arguments of a backward pass."""
        *_, cache = layer.forward(x, *rest)
        return cache


def models_of(layer, rng, dtype):
    """Return a model of each kind, of inputs of size D."""
    second = Recurrent(draw_cell(rng, D, H, "lstm", dtype))
    encoder = Recurrent(draw_cell(rng, D, H, "lstm", dtype))
    return {
        "classifier": Classifier(D, H, 2, rng=rng, dtype=dtype),
        "tagger": Tagger(layer, D, rng=rng, dropout=0.5),
        "reader": SequenceClassifier(layer, D, rng=rng, pool="mean"),
        "speaker": ConditionalLanguageModel(H, second, rng=rng),
        "translator": Seq2Seq(
            encoder, second, rng=rng, attention=DotAttention(scaled=True)
        ),
    }


def convert_call(reset, kind):
    """Return the call that lets z write in a GRU."""
    return lambda d: (
        lambda cell: convert_gru(cell, reset=reset, z_writes=True),
        [draw_cell(d.rng, D, H, kind, d.dtype)],
    )


def model_calls(name):
    """Return the calls of a model of `Draw`: its loss, and its scores of one step."""

    def loss(d):
        given = {
            "classifier": Batch(d.x[0], d.tokens[0] % 2),
            "tagger": Batch(d.x, d.tokens, d.mask, d.mask),
            "reader": Batch(d.x, d.tokens[0], None, d.mask),
            "speaker": Batch(d.dh[0], d.tokens, d.mask),
            "translator": Pairs(
                d.tokens[:3], np.ones((3, B), dtype=bool), d.tokens, d.mask
            ),
        }[name]
        model, draw = d.models[name], np.random.default_rng(0)
        return lambda batch: model.loss(batch, rng=draw), [given]

    def scores(d):
        model = d.models[name]
        if name == "classifier":
            return lambda x: model.logits(x)[0], [d.x[0]]
        state = model.start(d.dh[0] if name == "speaker" else d.tokens)
        return model.step, [d.tokens[0], state]

    both = {"loss": loss, "scores": scores}
    return {"loss": loss} if name in ("tagger", "reader") else both


def activation_call(name):
    count = 2 if name.endswith("_backward") else 1
    return lambda d: (
        getattr(activations, name),
        [d.floats(T, D) for _ in range(count)],
    )


def init_call(name):
    return lambda d: (
        lambda: getattr(init, name)((4, 4), rng=d.rng, dtype=d.dtype),
        [],
    )


def layer_calls(name):
    """Return the calls of a layer of `Draw`, by what they do."""

    def backward(d):
        layer = getattr(d, name)
        cache = d.run(layer, d.x, d.draw_state(layer), d.mask)
        return layer.backward, [d.dh, cache, d.draw_state(layer)]

    return {
        "initial_state": lambda d: (getattr(d, name).initial_state, [B]),
        "forward": lambda d: (
            getattr(d, name).forward,
            [d.x, d.draw_state(getattr(d, name)), d.mask],
        ),
        "forward tokens": lambda d: (getattr(d, name).forward, [d.tokens]),
        "forward None": lambda d: (getattr(d, name).forward, [None, None, d.mask]),
        "backward": backward,
    }


def attention_call(name, masked, way):
    def call(d):
        attention = getattr(d, name)
        keys = d.floats(T, B, D if name == "dot" else H)
        given = [d.x, keys, d.floats(T, B, 2), d.mask if masked else None]
        if way == "forward":
            return attention.forward, given
        return attention.backward, [d.floats(T, B, 2), d.run(attention, *given)]

    return call


# Each line is one call of a public function, with what it is given.
CALLS: dict[str, Callable[[Draw], tuple[Callable[..., Any], list[Any]]]] = {
    **{
        name: activation_call(name)
        for name in activations.__all__
        if name not in ("ACTIVATIONS", "Activation", "activation")
    },
    **{f"init.{name}": init_call(name) for name in init.__all__},
    "one_hot": lambda d: (
        lambda tokens: one_hot(tokens, D, dtype=d.dtype),
        [d.tokens],
    ),
    "pad": lambda d: (pad, [[d.floats(3, D), d.floats(1, D)]]),
    "probabilities, nucleus": lambda d: (
        lambda logits: probabilities(logits, top_p=0.7),
        [d.floats(T, B, D)],
    ),
    "probabilities": lambda d: (probabilities, [d.floats(T, B, D)]),
    "chunks": lambda d: (
        lambda batch: list(chunks(batch, 2)),
        [Batch(d.x, d.tokens, d.mask, d.mask)],
    ),
    "mini_batches": lambda d: (
        lambda x: list(mini_batches(x, [0, 1], 2, rng=np.random.default_rng(0))),
        [[d.floats(3, D), d.floats(1, D)]],
    ),
    **{
        f"{name} {what}": call
        for name in ("classifier", "tagger", "reader", "speaker", "translator")
        for what, call in model_calls(name).items()
    },
    "cross_entropy": lambda d: (cross_entropy, [d.x, d.tokens, d.mask]),
    "binary_cross_entropy": lambda d: (
        binary_cross_entropy,
        [d.x, d.floats(T, B, D) ** 2 % 1, d.mask],
    ),
    "mean_squared_error": lambda d: (
        mean_squared_error,
        [d.x, d.floats(T, B, D), d.mask],
    ),
    "cell.initial_state": lambda d: (d.cell.initial_state, [B]),
    "cell.forward": lambda d: (d.cell.forward, [d.x[0], d.state]),
    "cell.forward tokens": lambda d: (d.cell.forward, [d.tokens[0], d.state]),
    "cell.forward None": lambda d: (d.cell.forward, [None, d.state]),
    "cell.backward": lambda d: (d.cell.backward, [d.d_state, d.step_cache]),
    "layer.forward": lambda d: (d.layer.forward, [d.x, d.state, d.mask]),
    "layer.forward alone": lambda d: (d.layer.forward, [d.x]),
    "layer.forward tokens": lambda d: (d.layer.forward, [d.tokens, d.state]),
    "layer.forward None": lambda d: (d.layer.forward, [None, d.state, d.mask]),
    "layer.backward": lambda d: (d.layer.backward, [d.dh, d.cache, d.d_state]),
    "layer.backward alone": lambda d: (d.layer.backward, [d.dh, d.cache]),
    "layer.backward tokens": lambda d: (d.layer.backward, [d.dh, d.token_cache]),
    **{
        f"{name} {what}": call
        for name in ("both", "stack")
        for what, call in layer_calls(name).items()
    },
    **{
        f"{name} {what}": call
        for name in ("scanned", "matrix")
        for what, call in layer_calls(name).items()
        if (name, what) != ("matrix", "forward None")
    },
    "scan": lambda d: (scan, [d.floats(T, 1, D) / 3, d.x, d.floats(B, D)]),
    "recurrence": lambda d: (recurrence, [d.floats(T, 1, D) / 3, d.x, d.floats(B, D)]),
    "scan_backward": lambda d: (
        scan_backward,
        [d.x, d.floats(T, 1, D) / 3, d.floats(T, B, D), d.floats(B, D)],
    ),
    "scan_in_logs": lambda d: (scan_in_logs, [d.floats(T, 1, D), d.x, d.floats(B, D)]),
    "hold": lambda d: (hold, [-(d.floats(D) ** 2), d.floats(T, D) ** 2]),
    "euler": lambda d: (euler, [-(d.floats(D) ** 2), d.floats(T, D) ** 2]),
    "state_space": lambda d: (
        state_space,
        [d.x, -(d.floats(D) ** 2), d.floats(T, 1, D) ** 2, d.floats(B, D)],
    ),
    "state_space_backward": lambda d: (
        state_space_backward,
        [d.x, d.floats(T, B, D), d.x, -(d.floats(D) ** 2), d.floats(T, 1, D) ** 2],
    ),
    "selective_dt": lambda d: (selective_dt, [d.x]),
    "linear.forward": lambda d: (d.linear.forward, [d.x]),
    "linear.backward": lambda d: (
        d.linear.backward,
        [d.dh, d.run(d.linear, d.x)],
    ),
    "embedding.forward": lambda d: (d.embedding.forward, [d.tokens]),
    "embedding.forward mask": lambda d: (d.embedding.forward, [d.tokens, d.mask]),
    "embedding.backward": lambda d: (
        d.embedding.backward,
        [d.dh, d.run(d.embedding, d.tokens, d.mask)],
    ),
    "dropout.forward": lambda d: (
        lambda x: Dropout(0.5).forward(x, rng=np.random.default_rng(0)),
        [d.x],
    ),
    "dropout.backward": lambda d: (Dropout(0.5).backward, [d.x, d.floats(T, B, D)]),
    **{
        f"{name} attention, {'masked' if masked else 'whole'}, {way}": attention_call(
            name, masked, way
        )
        for name in ("dot", "additive")
        for masked in (False, True)
        for way in ("forward", "backward")
    },
    "stacked_preactivation": lambda d: (stacked_preactivation, [d.cell, d.x, d.dh]),
    "to_torch": lambda d: (to_torch, [d.cell]),
    "to_keras": lambda d: (to_keras, [d.cell]),
    "convert_gru, after": convert_call("after", "gru"),
    "convert_gru, before": convert_call("before", "gru before"),
    "clip_by_norm": lambda d: (clip_by_norm, [{"W": d.floats(3, 2)}, 0.5]),
    "clip_by_norm, nothing to do": lambda d: (clip_by_norm, [{"W": d.floats(2)}, 99]),
    "clip_by_value": lambda d: (clip_by_value, [{"W": d.floats(3, 2)}, 0.5]),
    "step_jacobians": lambda d: (diagnostics.step_jacobians, [d.cell, d.cache]),
    "state_jacobians": lambda d: (diagnostics.state_jacobians, [d.floats(T, B, H, H)]),
    "lyapunov_exponents": lambda d: (
        diagnostics.lyapunov_exponents,
        [d.floats(T, B, H, H), d.mask],
    ),
    "singular_values": lambda d: (diagnostics.singular_values, [d.floats(T, H, H)]),
    "gradient_norms": lambda d: (diagnostics.gradient_norms, [d.cell, d.cache, d.dh]),
    "state_gradients": lambda d: (diagnostics.state_gradients, [d.cell, d.cache, d.dh]),
    "gate_traces": lambda d: (diagnostics.gate_traces, [d.cell, d.cache]),
    "memory_half_life": lambda d: (
        diagnostics.memory_half_life,
        [0.1 + 0.8 * activations.sigmoid(d.x)],
    ),
}
# The same for every kind of cell, where the cell is among the arguments.
OF_A_CELL = [
    *(name for name in CALLS if name.startswith(("cell.", "layer."))),
    *("step_jacobians", "gradient_norms", "state_gradients", "gate_traces"),
]


EVERY_CALL = [
    *((name, "tanh") for name in CALLS),
    *((name, kind) for name in OF_A_CELL for kind in KINDS if kind != "tanh"),
]


def arrays_in(found):
    """Yield all arrays of a nested result, or argument."""
    if isinstance(found, np.ndarray | np.generic):
        yield np.asarray(found)
    elif isinstance(found, Cell | Layer):
        yield from found.params.values()
    elif isinstance(found, dict):
        for each in found.values():
            yield from arrays_in(each)
    elif isinstance(found, tuple | list):
        for each in found:
            yield from arrays_in(each)


def copies(found):
    return [array.copy() for array in arrays_in(found)]


TINY = {np.float64: 1e-170, np.float32: 1e-25}  # their squares are below all floats


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("tiny", [False, True])
@pytest.mark.parametrize(("name", "kind"), EVERY_CALL)
def test_it_computes_the_same_where_numpy_was_told_to_raise(name, kind, tiny, dtype):
    """`np.seterr(all="raise")` is for mistakes; a number that fades is none."""
    size = TINY[dtype] if tiny else 1.0
    function, args = CALLS[name](Draw(dtype, 5, kind, size))
    expected = copies(function(*args))
    function, args = CALLS[name](Draw(dtype, 5, kind, size))
    with np.errstate(all="raise"):
        found = function(*args)
    for array, same in zip(arrays_in(found), expected, strict=True):
        np.testing.assert_array_equal(array, same)


@pytest.mark.parametrize("optimizer", [SGD, Momentum, RMSProp, Adam])
@pytest.mark.parametrize("size", [1.0, 1e-170])
def test_an_optimiser_steps_where_numpy_was_told_to_raise(optimizer, size):
    params, rng = {"W": np.ones((2, 3))}, np.random.default_rng(0)
    with np.errstate(all="raise"):
        made = optimizer(0.1)
        for _ in range(3):
            made.update(params, {"W": size * rng.standard_normal((2, 3))})
    assert np.isfinite(params["W"]).all()


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize(("name", "kind"), EVERY_CALL)
def test_the_precision_that_goes_in_comes_out(name, kind, dtype):
    function, args = CALLS[name](Draw(dtype, 0, kind))
    found = [a.dtype for a in arrays_in(function(*args)) if a.dtype.kind == "f"]
    assert found
    assert set(found) == {np.dtype(dtype)}


@pytest.mark.parametrize(("name", "kind"), EVERY_CALL)
def test_single_precision_is_double_precision_with_fewer_digits(name, kind):
    single, args = CALLS[name](Draw(np.float32, 1, kind))
    double, exact_args = CALLS[name](Draw(np.float64, 1, kind))
    pairs = zip(arrays_in(single(*args)), arrays_in(double(*exact_args)), strict=True)
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize(("name", "kind"), EVERY_CALL)
def test_no_argument_is_changed(name, kind):
    function, args = CALLS[name](Draw(np.float64, 2, kind))
    before = copies(args)
    function(*args)
    for array, kept in zip(arrays_in(args), before, strict=True):
        np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize(("name", "kind"), EVERY_CALL)
def test_a_returned_array_is_never_written_over(name, kind):
    draw = Draw(np.float64, 3, kind)
    function, args = CALLS[name](draw)
    first = function(*args)
    kept = copies(first)
    for _ in range(2):
        draw.again()
        function, args = CALLS[name](draw)
        function(*args)
    for array, expected in zip(arrays_in(first), kept, strict=True):
        np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_an_update_leaves_earlier_results_alone(kind):
    draw = Draw(np.float64, 6, kind)
    for optimizer in (SGD(0.1), Momentum(0.1), RMSProp(0.1), Adam(0.1)):
        h, state, cache = draw.layer.forward(draw.x, draw.state, draw.mask)
        results = [h, state, cache, draw.layer.backward(draw.dh, cache, draw.d_state)]
        kept = copies(results)
        for _ in range(2):
            optimizer.update(draw.layer.params, results[-1][2])
        for array, expected in zip(arrays_in(results), kept, strict=True):
            np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_results_do_not_share_memory_with_each_other(kind):
    """Who changes one of them in place changes only that one, unless it is refused."""
    draw = Draw(np.float64, 7, kind)
    h, state, cache = draw.layer.forward(draw.x, draw.state)
    dx, d_state, grads = draw.layer.backward(draw.dh, cache)
    results = [*arrays_in([h, state, dx, d_state, grads])]
    for i, one in enumerate(results):
        for other in results[:i]:
            assert not np.shares_memory(one, other)
        for array in arrays_in([draw.cell, cache]):
            assert not np.shares_memory(one, array) or not one.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        h *= 2
