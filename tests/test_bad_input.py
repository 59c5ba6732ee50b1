"""What every public function says to what it cannot use: expected, got, and the fix."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rnnlib
from rnnlib import (
    SGD,
    Adam,
    Momentum,
    Recurrent,
    RMSProp,
    RNNCell,
    RNNState,
    Vocabulary,
    activations,
    binary_cross_entropy,
    check_gradients,
    clip_by_norm,
    clip_by_value,
    cross_entropy,
    diagnostics,
    global_norm,
    init,
    mean_squared_error,
    numerical_gradients,
    one_hot,
    pad,
)
from rnnlib.activations import ACTIVATIONS
from rnnlib.cells import Cell, cache_at
from rnnlib.optimizers import Optimizer
from rnnlib.reading import source_of
from rnnlib.tasks import Echo, TemporalOrder
from tests.nets import draw_cell

NAN = float("nan")
T, B, D, H, V = 4, 2, 3, 5, 6


def rng():
    return np.random.default_rng(0)


CELL = draw_cell(rng(), D, H)
BROKEN = CELL.with_params(CELL.params | {"W_hh": np.full((H, H), NAN)})
SINGLE = draw_cell(rng(), D, H, dtype=np.float32)
LAYER = Recurrent(CELL)
X = rng().standard_normal((T, B, D))
MASK = np.array([[True, True], [True, False], [False, True], [True, True]])
NOTHING = np.zeros((T, B), dtype=bool)
RAGGED = [[1.0, 2.0], [3.0]]
START = RNNState(rng().standard_normal((B, H)))
STATE, STEP_CACHE = CELL.forward(X[0], START)
STATES, _, CACHE = LAYER.forward(X, START)
_, _, OTHER_CACHE = Recurrent(draw_cell(rng(), D, H + 1)).forward(X)
SCORES = rng().standard_normal((T, B, V))
TOKENS = rng().integers(0, V, size=(T, B))
JACOBIANS = rng().standard_normal((T, B, H, H))
PARAMS = {"W": rng().standard_normal((2, 3)), "b": rng().standard_normal(3)}
GRADS = {"W": rng().standard_normal((2, 3)), "b": rng().standard_normal(3)}


def square(x):
    return x**2, lambda dy: {"x": 2 * x * dy}


IN_ONE_LINE = lambda x: x  # noqa: E731


def with_nan(array):
    broken = array.copy()
    broken.flat[1] = NAN
    return broken


def updated_before(optimizer):
    """Return an optimiser that has worked on other parameters."""
    optimizer.update({"U": np.ones(2)}, {"U": np.ones(2)})
    return optimizer


def bad(says, *args, **options):
    """Return a call that must be refused, with what the error says."""
    return args, options, says


HALF = RNNState(np.zeros((B, H), np.float32))
ROWS: dict[Callable[..., Any], list[Any]] = {
    # activations: floats of any shape
    **{
        getattr(activations, name): [
            bad(r"[ah] must hold floats, got dtype int64; .*dtype=float", [1, 2]),
            bad(r"[ah] must hold floats, got dtype <U1; convert", np.array(["a"])),
            bad(r"[ah] must hold floats, got dtype object; convert", None),
            bad(r"[ah] must be an array, got rows of unequal .*pad sets", RAGGED),
        ]
        for name in (
            *ACTIVATIONS,
            *(f"{name}_slope" for name in ACTIVATIONS),
            *("log_sigmoid", "softmax", "log_softmax"),
        )
    },
    activations.softmax_backward: [
        bad(r"dp must have shape \(4, 2, 3\), got \(2, 3\)", X[0], X),
        bad(r"dp must have dtype float64, got float32; .*", X.astype(np.float32), X),
        bad(r"p must hold floats, got dtype int64; convert", X, TOKENS),
    ],
    activations.log_softmax_backward: [
        bad(r"dlog_p must have shape \(4, 2, 3\), got \(2, 3\)", X[0], X),
        bad(r"dlog_p must hold floats, got dtype int64; convert", TOKENS, X),
        bad(r"log_p must hold floats, got dtype int64; convert", X, 3),
    ],
    activations.activation: [
        bad(r"activation must be one of 'tanh', 'relu', .*, got 'tan'", "tan"),
        bad(r"activation must be one of 'tanh', .*, got <ufunc 'tanh'>", np.tanh),
    ],
    # initial values
    **{
        getattr(init, name): [
            bad(r"each size in shape must be at least 1, got 0", (3, 0)),
            bad(r"each size in shape must be at least 1, got -3", (-3, 2)),
            bad(r"each size in shape must be a whole number, got 3.0", (3.0, 2)),
            bad(r"shape must be a pair \(rows, columns\), got 3", 3),
            bad(r"shape must be a pair \(rows, columns\), got \(2, 3, 4", (2, 3, 4)),
            bad(r"rng must be a .*Generator, got int; make one", (3, 3), rng=0),
            bad(r"rng must be a .*, got NoneType; make one", (3, 3), rng=None),
            bad(r"gain must be a number, got '2'", (3, 3), gain="2"),
            bad(r"gain must be finite, got nan", (3, 3), gain=NAN),
            bad(r"dtype must be np.float64 or .*, got int64", (3, 3), dtype=int),
            bad(r"dtype must be np.float64 or .*, got 'real'", (3, 3), dtype="real"),
        ]
        for name in init.__all__
    },
    # text to arrays
    Vocabulary: [
        bad(r"symbols must hold at least one, got none", ""),
        bad(r"symbols must hold at least one, got none", []),
        bad(r"symbols must be strings, got 1", [1, 2]),
        bad(r"symbols must be strings, got \['a'\]", [["a"]]),
        bad(r"symbols must be a list, got int", 5),
    ],
    Vocabulary.encode: [
        bad(r"got 'p' at position 3; it knows h e l o", Vocabulary("helo"), "help"),
        bad(r"symbols must hold at least one, got none", Vocabulary("helo"), ""),
        bad(r"symbols must be a list, got int", Vocabulary("helo"), 3),
        bad(r"symbols must be strings, got \['h'\]", Vocabulary("helo"), [["h"]]),
    ],
    Vocabulary.decode: [
        bad(r"tokens must lie between 0 and 3, got 4", Vocabulary("helo"), [0, 4]),
        bad(r"tokens must lie between 0 and 3, got -1", Vocabulary("helo"), [-1]),
        bad(r"tokens must hold whole numbers, got .*int", Vocabulary("helo"), [0.0]),
        bad(r"tokens must have shape \(T,\), got \(1, 1", Vocabulary("helo"), [[0]]),
        bad(r"got \(0,\); an axis of size 0", Vocabulary("helo"), TOKENS[0, :0]),
    ],
    one_hot: [
        bad(r"tokens must lie between 0 and 2, got 3", [0, 3], 3),
        bad(r"tokens must lie between 0 and 2, got -1", [-1], 3),
        bad(r"tokens must hold whole numbers, got dtype float64; convert", [0.5], 3),
        bad(r"tokens must hold whole numbers, got dtype bool; convert", [True], 3),
        bad(r"got \(0, 2\); an axis of size 0 holds nothing", TOKENS[:0], 3),
        bad(r"vocab_size must be at least 1, got 0", [0], 0),
        bad(r"vocab_size must be at least 1, got -4", [0], -4),
        bad(r"vocab_size must be a whole number, got 2.5", [0], 2.5),
        bad(r"dtype must be np.float64 or np.float32, got bool", [0], 2, dtype=bool),
        bad(r"tokens must be an array, got rows of unequal size", [[0, 1], [2]], 3),
    ],
    pad: [
        bad(r"sequences must hold at least one, got none", []),
        bad(r"sequences must be a list, got int", 3),
        bad(r"sequence 1 must have a step, got shape \(0,\)", [[1], []]),
        bad(r"sequence 1 must have a step, got shape \(\)", [[1], 2]),
        bad(r"sequence 0 must hold tokens or floats, got dtype <U1; a Voc", [["a"]]),
        bad(r"sequence 1 must have .* of dtype int64 .*, got .*float64", [[1], [2.0]]),
        bad(r"must have features \(3,\) .*, got \(2,\) of float", [X[0], X[0, :, :2]]),
        bad(r"sequence 0 must be an array, got rows of unequal size", [[RAGGED]]),
        bad(r"fill must be a number that dtype int64 .*, got 0.5", [[1]], fill=0.5),
        bad(r"fill must be a number that dtype int64 .*, got 'a'", [[1]], fill="a"),
    ],
    # losses
    cross_entropy: [
        bad(r"targets must have shape \(4, 2\), got \(3, 2\)", SCORES, TOKENS[1:]),
        bad(r"targets must hold whole numbers, got dtype float64", SCORES, SCORES),
        bad(r"targets must lie between 0 and 5, got \d; encode", SCORES, TOKENS + 3),
        bad(r"targets must lie between 0 and 5, got -\d; encode", SCORES, TOKENS - 9),
        bad(r"targets must be an array, got rows of unequal", SCORES, [[1], [2, 3]]),
        bad(r"logits must hold floats, got dtype int64; convert it", TOKENS, TOKENS),
        bad(r"logits must have shape \(\.\.\., V\), got \(\)", np.float64(3), 0),
        bad(r"logits .*, got \(0, 2, 6\); an axis of size 0", SCORES[:0], TOKENS[:0]),
        bad(r"logits must be finite, got nan at .*", with_nan(SCORES), TOKENS),
        bad(r"mask must leave at least one .*; True marks", SCORES, TOKENS, NOTHING),
        bad(r"mask must have shape \(4, 2\), got \(3, 2\)", SCORES, TOKENS, MASK[1:]),
        bad(r"mask must have shape \(4, 2\), got \(2,\)", SCORES, TOKENS, MASK[0]),
        bad(r"mask must hold booleans, got .*astype\(bool\)", SCORES, TOKENS, TOKENS),
    ],
    binary_cross_entropy: [
        bad(r"targets must have shape \(4, 2, 6\), got \(3, 2, 6", SCORES, SCORES[1:]),
        bad(r"targets must lie between 0 and 1, got [\d.]+; they are", X, X**2 + 1.5),
        bad(r"targets must lie between 0 and 1, got -[\d.e-]+; they are", X, -(X**2)),
        bad(r"targets must hold floats, got dtype int64; convert it", [0.5], [1]),
        bad(r"logits must hold floats, got dtype int64; convert it", [1], [0.5]),
        bad(r"logits must be finite, got nan at index \(0, 0, 1\)", with_nan(X), X**2),
        bad(r"targets must be finite, got nan at index", X, np.full((T, B, D), NAN)),
        bad(r"logits must have .*, got \(0, 2, 3\); an axis of size 0", X[:0], X[:0]),
        bad(r"mask must leave at least one step, got False everywhere", X, X, NOTHING),
        bad(r"mask must have shape \(4, 2\), got \(2, 2\)", X, X, MASK[:2]),
        bad(r"targets must have dtype float64, .*astype", X, X.astype(np.float32)),
    ],
    mean_squared_error: [
        bad(r"targets must have shape \(4, 2, 3\), got \(4, 2, 2\)", X, X[..., :2]),
        bad(r"predictions must hold floats, got dtype int64", TOKENS, TOKENS),
        bad(r"targets must be finite, got nan at index \(0, 0, 1\)", X, with_nan(X)),
        bad(r"predictions must have .*; an axis of size 0 holds", X[:, :0], X[:, :0]),
        bad(r"mask must leave at least one step, got False everywhere", X, X, NOTHING),
        bad(r"mask must hold booleans, got dtype float64; write mask.astype", X, X, X),
        bad(r"mask must be an array, got rows of", X, X, [[True], [True, False]]),
        bad(r"targets must have dtype float32, got float64", X.astype(np.float32), X),
    ],
    # cells
    RNNCell: [
        bad(r"input_size must be at least 1, got 0", 0, 4),
        bad(r"hidden_size must be at least 1, got -4", 3, -4),
        bad(r"hidden_size must be a whole number, got 4.0", 3, 4.0),
        bad(r"input_size must be at least 1, got True", True, 4),
        bad(r"rng must be a .*Generator, got module; make one", 3, 4, rng=np.random),
        bad(r"activation must be one of .*, got 'ReLU'", 3, 4, activation="ReLU"),
        bad(r"dtype must be np.float64 .*, got float16", 3, 4, dtype=np.float16),
        bad(r"must be a function, got", 3, 4, recurrent_init="orthogonal"),
        bad(
            r"recurrent_init must have shape \(4, 4\), got \(3, 3\)",
            3,
            4,
            recurrent_init=lambda shape, rng, dtype: np.ones((3, 3)),
        ),
    ],
    Cell.initial_state: [
        bad(r"batch_size must be at least 1, got 0", CELL, 0),
        bad(r"batch_size must be a whole number, got 2.0", CELL, 2.0),
    ],
    Cell.forward: [
        bad(r"x must have shape \(2, 3\), got \(4, 2, 3\)", CELL, X, START),
        bad(r"x must have shape \(2, 3\), got \(2, 2\)", CELL, X[0, :, :2], START),
        bad(r"x must have shape \(2, 3\), got \(1, 3\)", CELL, X[0, :1], START),
        bad(r"x must be finite, got nan at .*", CELL, with_nan(X[0]), START),
        bad(r"x must lie between 0 and 2, got 3", CELL, [0, D], START),
        bad(r"x must lie between 0 and 2, got -1", CELL, [0, -1], START),
        bad(r"x must hold floats, got dtype bool; convert it", CELL, X[0] > 0, START),
        bad(r"must have dtype float64, .*astyp", CELL, X[0].astype(np.float32), START),
        bad(r"x must have dtype float32, got float64; .*astype", SINGLE, X[0], HALF),
        bad(r"state must be of type RNNState, got NoneType", CELL, X[0], None),
        bad(r"state must be of type RNNState, got ndarray", CELL, X[0], START.h),
        bad(r"state.h must have dtype float64, got float32", CELL, X[0], HALF),
        bad(r"state.h must have .*\(B, 5\), got \(2, 3\)", CELL, X[0], RNNState(X[0])),
        bad(r"state.h must be finite, got", CELL, X[0], RNNState(with_nan(START.h))),
        bad(r"got \(0, 5\); an axis of size 0", CELL, X[:0, 0], RNNState(START.h[:0])),
        bad(r"parameter W_hh must be finite, got NaN .*; lower", BROKEN, X[0], START),
    ],
    Cell.backward: [
        bad(r"d_state must be of type RNNState, got NoneType", CELL, None, STEP_CACHE),
        bad(r"d_state.h must have shape \(2, 5\)", CELL, RNNState(X[0]), STEP_CACHE),
        bad(r"d_state.h must have dtype float64, got float32", CELL, HALF, STEP_CACHE),
        bad(r"d_state.h must be finite", CELL, RNNState(with_nan(START.h)), STEP_CACHE),
        bad(r"cache.h must have shape \(B, 5\), got \(4, 2, 5\)", CELL, START, CACHE),
        bad(r"cache must be of type RNNCache, got RNNState", CELL, START, STATE),
        bad(r"cache must be of type RNNCache, got NoneType", CELL, START, None),
    ],
    Cell.with_params: [
        bad(r"params must have the keys \['W_hh', 'W_xh', 'b_h'\], got \[\]", CELL, {}),
        bad(r"params must be a dict of arrays, got NoneType; write", CELL, None),
        bad(r"\['b_h'\] must have shape \(5,\),", CELL, CELL.params | {"b_h": X[0]}),
        bad(r"must have dtype float64, got float32; convert", CELL, SINGLE.params),
        bad(r"must be an array, got list", CELL, CELL.params | {"b_h": [0.0] * H}),
        bad(r"must hold floats, got dtype int64", CELL, CELL.params | {"b_h": TOKENS}),
    ],
    cache_at: [
        bad(r"cache must be that of a sequence with a step 4, got RNNCache", CACHE, T),
        bad(r"cache must be that of a sequence with a step 0, got None", None, 0),
        bad(r"cache must be that of a sequence with a step '0', got", CACHE, "0"),
    ],
    # layers
    Recurrent: [
        bad(r"cell must be a Cell, got int; make one with RNNCell", 3),
        bad(r"cell must be a Cell, got ABCMeta; make one with RNNCell", RNNCell),
        bad(r"cell must be a Cell, got Recurrent; make one with RNNCell", LAYER),
    ],
    Recurrent.initial_state: [
        bad(r"batch_size must be at least 1, got -1", LAYER, -1),
        bad(r"batch_size must be a whole number, got '2'", LAYER, "2"),
    ],
    Recurrent.with_params: [
        bad(r"params must have the keys .*, got \['W_hh'\]", LAYER, {"W_hh": START.h}),
        bad(r"params must be a dict of arrays, got list; write", LAYER, [1.0]),
    ],
    Recurrent.forward: [
        bad(r"x must have shape \(T, B, 3\), got \(4, 3\); .*x\[:, No", LAYER, X[:, 0]),
        bad(r"x must have shape \(T, B, 3\), got \(4, 2, 2\)", LAYER, X[..., :2]),
        bad(r"got \(0, 2, 3\); an axis of size 0 holds nothing", LAYER, X[:0]),
        bad(r"got \(4, 0, 3\); an axis of size 0 holds nothing", LAYER, X[:, :0]),
        bad(r"got \(0, 2\); an axis of size 0 holds nothing", LAYER, TOKENS[:0] % D),
        bad(
            r"x must have shape \(T, B\), got \(3,\); .*x\[:, None\]", LAYER, [0, 1, 2]
        ),
        bad(r"x must have .*; whole numbers are", LAYER, np.ones((T, B, D), int)),
        bad(r"x must lie between 0 and 2, got \d+", LAYER, TOKENS + 9),
        bad(r"x must lie between 0 and 2, got -\d+", LAYER, TOKENS - 9),
        bad(r"x must be finite, got nan at index \(0, 0, 1\)", LAYER, with_nan(X)),
        bad(r"dtype float64, got float32; .*np.float64", LAYER, X.astype(np.float32)),
        bad(r"x must have dtype float32, got float64; .*float32", Recurrent(SINGLE), X),
        bad(r"x must be an array, got rows of unequal size; rnnlib.pad", LAYER, RAGGED),
        bad(r"x must hold floats, got dtype <U5; convert", LAYER, "hello"),
        bad(r"x is None, so mask must say .*, got None; pass mask=np.one", LAYER, None),
        bad(r"mask must have shape \(T, B\), got \(1,\)", LAYER, None, None, [True]),
        bad(r"got \(0, 2\); an axis of size 0 holds", LAYER, None, None, NOTHING[:0]),
        bad(r"mask must leave at least one step, got False", LAYER, X, None, NOTHING),
        bad(r"mask must have shape \(4, 2\), got \(3, 2\)", LAYER, X, None, MASK[1:]),
        bad(r"mask must hold booleans, got dtype int64; write", LAYER, X, None, TOKENS),
        bad(r"x must have shape \(T, B, 3\), got \(4, 3\)", LAYER, X[:, 0], None, MASK),
        bad(r"x must have shape \(T, B, 3\), got \(3,\)", LAYER, X[0, 0], None, MASK),
        bad(r"x must be finite, got nan at index", LAYER, with_nan(X), None, MASK),
        bad(r"state must be of type RNNState, got ndarray", LAYER, X, STATES),
        bad(r"state.h must have shape \(2, 5\), got \(4", LAYER, X, RNNState(STATES)),
        bad(r"state.h must have .*, got \(1, 5\)", LAYER, X, RNNState(START.h[:1])),
        bad(r"parameter W_hh must be finite, got NaN .*; lower", Recurrent(BROKEN), X),
    ],
    Recurrent.backward: [
        bad(r"dh must have shape \(4, 2, 5\), got \(2, 5\)", LAYER, STATES[0], CACHE),
        bad(r"dh must have dtype float64,", LAYER, STATES.astype(np.float32), CACHE),
        bad(r"dh must be finite, got nan at .*", LAYER, with_nan(STATES), CACHE),
        bad(r"dh must hold floats, got dtype int64; convert", LAYER, TOKENS, CACHE),
        bad(r"cache.h must have shape \(T, B, 5\), got \(2", LAYER, STATES, STEP_CACHE),
        bad(r"cache.h must have shape \(T, B, 5\), got \(", LAYER, STATES, OTHER_CACHE),
        bad(r"cache must be of type RNNCache, got RNNState", LAYER, STATES, START),
        bad(r"d_state must be of type RNNState, got", LAYER, STATES, CACHE, START.h),
        bad(r"d_state.h must have dtype float64, got", LAYER, STATES, CACHE, HALF),
    ],
    # gradient checks
    check_gradients: [
        bad(r"function must be a function, got", 3, {"x": X}, rng=rng()),
        bad(r"rng must be a .*, got int; make one", square, {"x": X}, rng=1),
        bad(r"one of 'central', .*", square, {"x": X}, rng=rng(), method="exact"),
        bad(r"greater than 0, got 0", square, {"x": X}, rng=rng(), tolerance=0),
        bad(r"arrays must hold at least one array, got none", square, {}, rng=rng()),
        bad(r"arrays must be a dict of arrays, got list", square, [X], rng=rng()),
        bad(r"must hold floats, got dtype int64", square, {"x": TOKENS}, rng=rng()),
        bad(r"float64, got float32", square, {"x": X.astype(np.float32)}, rng=rng()),
        bad(r"must return its output and a", lambda x: x**2, {"x": X}, rng=rng()),
        bad(r"a dict .*, got ndarray", lambda x: (x, lambda d: d), {"x": X}, rng=rng()),
        bad(r"for 'x', got none", lambda x: (x, lambda d: {}), {"x": X}, rng=rng()),
        bad(
            r"gradient of x must have shape \(4, 2, 3\), got \(2, 3\)",
            lambda x: (x, lambda d: {"x": d[0]}),
            {"x": X},
            rng=rng(),
        ),
    ],
    numerical_gradients: [
        bad(r"loss must be a function, got", 3, {"x": X}),
        bad(r"arrays must be a dict of arrays, got list; write", np.sum, [X]),
        bad(r"arrays must hold at least one array, got none", np.sum, {}),
        bad(r"loss must return one number, got shape \(4, 2, 3", lambda x: x, {"x": X}),
        bad(r"must hold floats, got dtype int64", lambda x: x.sum(), {"x": TOKENS}),
        bad(r"one of 'central', 'complex', got 'lef", np.sum, {"x": X}, method="left"),
    ],
    # optimisers
    **{
        optimizer: [
            bad(r"learning_rate must be greater than 0, got 0", 0),
            bad(r"learning_rate must be greater than 0, got -0.1", -0.1),
            bad(r"learning_rate must be finite, got nan", NAN),
            bad(r"learning_rate must be a number, got 'fast'", "fast"),
            bad(r"learning_rate must be a number, got \{'W'", PARAMS),
            bad(r"learning_rate must be a number, got True", True),
            *(
                bad(
                    rf"{name} must .*got {re.escape(repr(wrong))}", 0.1, **{name: wrong}
                )
                for name in options
                for wrong in (-0.5, NAN, "much", 0.0 if name == "epsilon" else 1.0)
            ),
        ]
        for optimizer, options in {
            SGD: [],
            Momentum: ["momentum"],
            RMSProp: ["decay", "epsilon"],
            Adam: ["beta_1", "beta_2", "epsilon"],
        }.items()
    },
    Optimizer.update: [
        bad(r"must have the keys \['W', 'b'\],", SGD(0.1), PARAMS, {"W": GRADS["W"]}),
        bad(r"keys \['W', 'b'\], got \['W', 'b'", SGD(0.1), PARAMS, GRADS | {"c": X}),
        bad(r"\['b'\] must have shape \(3,\), got", SGD(0.1), PARAMS, GRADS | {"b": X}),
        bad(r"\['b'\] must be an array, got", SGD(0.1), PARAMS, GRADS | {"b": 1.0}),
        bad(r"gradient of b must", SGD(0.1), PARAMS, GRADS | {"b": with_nan(X[0, 0])}),
        bad(
            r"grads\['b'\] must have dtype float64, got float32; convert",
            SGD(0.1),
            PARAMS,
            GRADS | {"b": X[0, 0].astype(np.float32)},
        ),
        bad(r"params\['n'\] must hold floats, got", SGD(0.1), {"n": TOKENS}, {"n": X}),
        bad(r"params must be a dict of arrays, got list; write", SGD(0.1), [X], [X]),
        bad(r"grads must be a dict of arrays, got NoneType", SGD(0.1), PARAMS, None),
        bad(r"params must have .*\['U'\],", updated_before(Adam(0.1)), PARAMS, GRADS),
    ],
    global_norm: [
        bad(r"grads must be a dict of arrays, got list; write", [X]),
        bad(r"grads\['b'\] must be an array, got list; convert it", {"b": [1.0]}),
        bad(r"grads\['b'\] must hold floats, got dtype int64; convert", {"b": TOKENS}),
    ],
    clip_by_norm: [
        bad(r"max_norm must be greater than 0, got 0", GRADS, 0),
        bad(r"max_norm must be greater than 0, got -1.0", GRADS, -1.0),
        bad(r"max_norm must be a number, got None", GRADS, None),
        bad(r"gradient of b must be finite, got nan", GRADS | {"b": with_nan(X)}, 1.0),
        bad(r"grads must be a dict of arrays, got ndarray; write", X, 1.0),
        bad(r"grads\['b'\] must hold floats, got dtype int64", {"b": TOKENS}, 1.0),
    ],
    clip_by_value: [
        bad(r"limit must be greater than 0, got 0.0", GRADS, 0.0),
        bad(r"limit must be a number, got array\(\[1.\]\)", GRADS, np.array([1.0])),
        bad(r"gradient of b must be finite, got nan", GRADS | {"b": with_nan(X)}, 1.0),
        bad(r"grads must be a dict of arrays, got NoneType; write", None, 1.0),
        bad(r"grads\['b'\] must hold floats, got dtype int64", {"b": TOKENS}, 1.0),
    ],
    # tasks
    Echo: [
        bad(r"delay must be at least 1, got 0", 0, 5),
        bad(r"steps must be at least 6, got 5", 5, 5),
        bad(r"delay must be a whole number, got 2.0", 2.0, 5),
        bad(r"steps must be a whole number, got '5'", 2, "5"),
    ],
    Echo.sample: [
        bad(r"batch_size must be at least 1, got 0", Echo(1, 3), 0, rng=rng()),
        bad(r"rng must be a .*Generator, got int; make one", Echo(1, 3), 2, rng=7),
    ],
    TemporalOrder: [
        bad(r"steps must be at least 5, got 4", 4),
        bad(r"steps must be at least 5, got -10", -10),
        bad(r"steps must be a whole number, got 10.0", 10.0),
    ],
    TemporalOrder.sample: [
        bad(r"batch_size must be at least 1, got -1", TemporalOrder(5), -1, rng=rng()),
        bad(r"rng must be a .*, got NoneType; make", TemporalOrder(5), 2, rng=None),
    ],
    # diagnostics
    diagnostics.step_jacobians: [
        bad(r"cell must be a Cell, got Recurrent", LAYER, CACHE),
        bad(r"cache.h must have shape \(T, B, 5\), got \(2, 5\)", CELL, STEP_CACHE),
        bad(r"cache.h must have shape \(T, B, 5\), got \(4, 2, 6\)", CELL, OTHER_CACHE),
        bad(r"cache must be of type RNNCache, got ndarray", CELL, STATES),
        bad(r"cache.h must have dtype float32, got float64; convert", SINGLE, CACHE),
    ],
    diagnostics.state_jacobians: [
        bad(r"jacobians must have shape \(T, B, S, S\), got \(2, 5, 5\)", JACOBIANS[0]),
        bad(r"\(T, B, S, S\), got \(4, 2, 5, 4\)", JACOBIANS[..., :4]),
        bad(r"got \(0, 2, 5, 5\); an axis of size 0 holds nothing", JACOBIANS[:0]),
        bad(r"jacobians must hold floats, got dtype bool; convert", JACOBIANS > 0),
    ],
    diagnostics.singular_values: [
        bad(r"products must have .*S, S\), got \(5,\)", JACOBIANS[0, 0, 0]),
        bad(r"products must have .*S, S\), got \(4, 2, 5, 4\)", JACOBIANS[..., :4]),
        bad(r"products must be finite, got nan at .*", with_nan(JACOBIANS)),
        bad(r"products must hold floats, got dtype int64; convert", [[1, 2], [3, 4]]),
    ],
    diagnostics.gradient_norms: [
        bad(r"dh must have shape \(4, 2, 5\), got \(2, 5\)", CELL, CACHE, STATES[0]),
        bad(r"dh must have dtype float64,", CELL, CACHE, STATES.astype(np.float32)),
        bad(r"dh must be finite, got nan at .*", CELL, CACHE, with_nan(STATES)),
        bad(r"cache must be of type RNNCache, got RNNState", CELL, START, STATES),
        bad(r"cell must be a Cell, got NoneType", None, CACHE, STATES),
    ],
    diagnostics.jacobian_bound: [
        bad(r"cell must be an RNNCell, got Recurrent", LAYER, 3),
        bad(r"steps must be at least 0, got -1", CELL, -1),
        bad(r"steps must be a whole number, got 1.5", CELL, 1.5),
        bad(r"parameter W_hh must be finite, got NaN or infinity; lower", BROKEN, 3),
    ],
    diagnostics.saturation: [
        bad(r"h must hold floats, got dtype int64; convert it", TOKENS),
        bad(r"h must have shape \(\.\.\., H\), got \(\)", np.float64(1)),
        bad(r"h must have .*, got \(0, 2, 3\); an axis of size 0 holds", X[:0]),
        bad(r"h must be finite, got nan at index \(0, 0, 1\)", with_nan(X)),
        bad(r"activation must be one of 'tanh', .*, got 'gelu'", X, "gelu"),
        bad(r"threshold must be greater than 0, got 0", X, threshold=0),
        bad(r"threshold must be a number, got 'a'", X, threshold="a"),
    ],
    # reading
    source_of: [
        bad(r"function must be a function or class written in Python, got int", 3),
        bad(r"function must be a function or class .*, got builtin_function", len),
        bad(r"function must be written with def or class, got a lambda", IN_ONE_LINE),
    ],
}


def name_of(function):
    return function.__qualname__


@pytest.mark.parametrize(
    ("function", "args", "options", "says"),
    [
        pytest.param(function, *row, id=f"{name_of(function)}-{n}")
        for function, rows in ROWS.items()
        for n, row in enumerate(rows)
    ],
)
def test_bad_input_is_refused_with_what_was_expected_and_what_came(
    function, args, options, says
):
    if "rng" in inspect.signature(function).parameters:
        options = {"rng": rng()} | options
    with pytest.raises(ValueError, match=says) as caught:
        function(*args, **options)
    assert type(caught.value) is ValueError
    assert re.search(r"\bgot\b", str(caught.value))


# What explorers are made of: their arguments come from controls, not from a learner.
FLOORS_ABOVE = ("rnnlib.computations", "rnnlib.views", "rnnlib.explorers")
# The pieces of a cell and of an optimiser: called in loops, on what has been checked.
PIECES = {"step", "step_backward", "parameter_gradients", "project", "direction"}
CHECKS = {"check_input", "check_state", "check_cache"}


def public_modules():
    yield rnnlib
    for found in pkgutil.walk_packages(rnnlib.__path__, "rnnlib."):
        private = any(part.startswith("_") for part in found.name.split("."))
        if not private and not found.name.startswith(FLOORS_ABOVE):
            yield importlib.import_module(found.name)


def is_record(found):
    """Return whether `found` is a NamedTuple, which takes whatever it is given."""
    return isinstance(found, type) and issubclass(found, tuple)


def public_callables():
    for module in public_modules():
        for name in module.__all__:
            found = getattr(module, name)
            if not callable(found) or is_record(found):
                continue
            if isinstance(found, type):
                if issubclass(found, Exception):
                    continue
                yield from methods_of(found)
                if inspect.isabstract(found):
                    continue
            yield found


def methods_of(kind):
    for name, method in vars(kind).items():
        own = inspect.isfunction(method) and not name.startswith("_")
        if own and name not in PIECES | CHECKS:
            yield method


def test_every_public_function_constructor_and_method_has_its_rows():
    names = {name_of(found) for found in public_callables()}
    assert names == {name_of(function) for function in ROWS}
    assert {"Cell.forward", "cross_entropy", "SGD", "Recurrent.backward"} <= names


def test_each_function_has_several_rows():
    for function, rows in ROWS.items():
        assert len(rows) >= 2, name_of(function)


@pytest.mark.parametrize("piece", sorted(PIECES | CHECKS))
def test_only_pieces_go_unchecked(piece):
    assert hasattr(Cell, piece) or hasattr(Optimizer, piece)
