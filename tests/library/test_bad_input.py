"""What every public function says to what it cannot use: expected, got, and the fix."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_origin

import numpy as np
import pytest

import rnnlib
from rnnlib import (
    SGD,
    Adam,
    AdditiveAttention,
    Bidirectional,
    DotAttention,
    Dropout,
    Embedding,
    FastWeights,
    GRUCell,
    Linear,
    LSTMCell,
    LSTMState,
    MinGRUCell,
    MinLSTMCell,
    Momentum,
    Recurrent,
    RMSProp,
    RNNCell,
    RNNState,
    Scanned,
    SelfAttention,
    Stacked,
    Vocabulary,
    activations,
    batches,
    binary_cross_entropy,
    cells,
    check_gradients,
    clip_by_norm,
    clip_by_value,
    convert_gru,
    cross_entropy,
    diagnostics,
    from_keras,
    from_torch,
    global_norm,
    init,
    mean_squared_error,
    metrics,
    numerical_gradients,
    one_hot,
    pad,
    positions,
    sampling,
    sound,
    to_keras,
    to_torch,
)
from rnnlib._checks import NotFiniteError
from rnnlib.activations import ACTIVATIONS
from rnnlib.attention import Attention
from rnnlib.cells import (
    Cell,
    CoupledLSTMCell,
    CoupledPeepholeLSTMCell,
    LinearCell,
    NoForgetGateLSTMCell,
    NoInputGateLSTMCell,
    NoOutputGateLSTMCell,
    NoOutputTanhLSTMCell,
    PeepholeLSTMCell,
    cache_at,
    stacked_preactivation,
)
from rnnlib.decoding import beam_search, generate
from rnnlib.models import (
    Classifier,
    LanguageModel,
    Model,
    SequenceClassifier,
    Tagger,
    shifted,
)
from rnnlib.models.base import check_vocabulary
from rnnlib.models.conditional import ConditionalLanguageModel
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.ngrams import NGramModel
from rnnlib.optimizers import Optimizer
from rnnlib.recurrent import check_causal, check_layer, run
from rnnlib.scan import compose, recurrence, scan, scan_backward, scan_in_logs
from rnnlib.self_attention.table import check_table
from rnnlib.state_space import (
    euler,
    hold,
    selective_dt,
    state_space,
    state_space_backward,
)
from rnnlib.storage import (
    StorageError,
    load,
    look_into,
    read_arrays,
    save,
    write_arrays,
)
from rnnlib.tasks import (
    Adding,
    AnBn,
    Batch,
    BracketLanguage,
    Copy,
    DateTranslation,
    Echo,
    FlipFlop,
    Glyphs,
    GrammarTags,
    MovingDot,
    Names,
    NegationReviews,
    NumberTranslation,
    Parity,
    Reversal,
    ShapeScenes,
    Sorting,
    Task,
    TemporalOrder,
    dates,
    is_held_out,
    numbers,
    read,
    tunes,
)
from rnnlib.training import fit
from rnnlib.training.checkpoints import Checkpoint, resume
from rnnlib.training.history import EarlyStop, History
from rnnlib.training.schedules import cosine_decay, exponential_decay, linear_warmup
from rnnlib.training.threads import blas_threads, limit_blas_threads
from tests.library.nets import draw_cell, draw_state

NAN = float("nan")
HERE = Path(__file__).parent
DAY = date(1969, 7, 20)
WORDS = ["a", "b"]
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
MASKS = np.ones((T, B, T), dtype=bool)
MASKS[1, 1] = False
RAGGED = [[1.0, 2.0], [3.0]]
START = RNNState(rng().standard_normal((B, H)))
STATE, STEP_CACHE = CELL.forward(X[0], START)
STATES, _, CACHE = LAYER.forward(X, START)
_, _, OTHER_CACHE = Recurrent(draw_cell(rng(), D, H + 1)).forward(X)
SCORES = rng().standard_normal((T, B, V))
TOKENS = rng().integers(0, V, size=(T, B))
HALVES = X.astype(np.float16)
LSTM = draw_cell(rng(), D, H, "lstm")
GRU = draw_cell(rng(), D, H, "gru")
GRU_BEFORE = draw_cell(rng(), D, H, "gru before")
MINIMAL = draw_cell(rng(), D, H, "minimal")
MATRIX = FastWeights(D, 4, 2, rng=rng())
READ, MEMORY, MATRIX_CACHE = MATRIX.forward(X)
ODD_MEMORY = MEMORY._replace(M=MEMORY.M[:, 1:])
GROWS = np.full(2000, -3.0)
AFTER = {"reset": "after", "z_writes": True}
PEEPHOLE = draw_cell(rng(), D, H, "lstm peephole")
VARIANTS = {
    "lstm coupled": "CoupledLSTMCell",
    "lstm coupled peephole": "CoupledPeepholeLSTMCell",
    "lstm, no input gate": "NoInputGateLSTMCell",
    "lstm, no forget gate": "NoForgetGateLSTMCell",
    "lstm, no output gate": "NoOutputGateLSTMCell",
    "lstm, no output tanh": "NoOutputTanhLSTMCell",
}
BOTH = Bidirectional(LSTM, draw_cell(rng(), D, 2))
ABOVE = Recurrent(draw_cell(rng(), H + 2, H))
STACK = Stacked([BOTH, ABOVE])
WIDE = rng().standard_normal((T, B, H + 2))
BOTH_STATE = draw_state(rng(), BOTH, B)
BOTH_CACHE = BOTH.forward(X)[2]
STACK_CACHE = STACK.forward(X)[2]
LSTM_CACHE = Recurrent(LSTM).forward(X)[2]
LINEAR = Linear(D, V, rng=rng())
EMBEDDING = Embedding(V, D, rng=rng())
LAZY = Dropout(0.5, same_over_time=True)
WORDY = Stacked([EMBEDDING, LAZY, LAYER])
DOT = DotAttention()
ADDITIVE = AdditiveAttention(D, H, 2, rng=rng())
DOT_CACHE = DOT.forward(X, X, X)[2]
SELF = SelfAttention(D, 4, heads=2, rng=rng())
FOURS, TABLE, SELF_CACHE = SELF.forward(X)
EMPTY = SELF.initial_state(B)
KEYS = rng().standard_normal((T + 1, B, H))
KEY_MASK = np.array([[True, False]] * (T + 1))
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


def nan_in(layer):
    """Return the same layer with NaN in its first parameter."""
    name, array = next(iter(layer.params.items()))
    return layer.with_params(layer.params | {name: with_nan(array)})


def bad(says, *args, **options):
    """Return a call that must be refused, with what the error says."""
    return args, options, says


def broken_dict(arrays):
    """Return the same arrays, all of them NaN."""
    return {name: np.full_like(array, NAN) for name, array in arrays.items()}


TABLE_OF_ONE = SELF.initial_state(1)
NAN_TABLE = TABLE._replace(keys=with_nan(TABLE.keys))
LONG_TABLE = SELF.forward(X, TABLE)[1]
FLAT = TABLE._replace(keys=TABLE.h)
UNEVEN = TABLE._replace(values=TABLE.values[:3])
BROKEN_TABLE = TABLE._replace(h=with_nan(TABLE.h))
ODD = TABLE._replace(exists=TOKENS)
SHORT = TABLE._replace(exists=TABLE.exists[:3])
HALF_TABLE = TABLE._replace(h=TABLE.h.astype(np.float32))
LONG = LSTMState(START.h, START.h)
ODD_STATE = LSTMState(START.h, STATES)
BROKEN_STATE = LSTMState(START.h, with_nan(START.h))
STEP_CACHES = LSTM.forward(X[0], LONG)[1]
BROKEN_PEEPHOLE = PEEPHOLE.with_params(PEEPHOLE.params | {"w_ci": np.full(H, NAN)})
SQUARE = Recurrent(draw_cell(rng(), D, D))
THIN = Recurrent(draw_cell(rng(), D, D, dtype=np.float32))
MIXED = Stacked([SQUARE, Bidirectional(draw_cell(rng(), D, D), draw_cell(rng(), D, D))])
WIDE_8 = np.zeros((T, B, 8 * H))
HALF = RNNState(np.zeros((B, H), np.float32))
TAGGER = Tagger(Recurrent(draw_cell(rng(), V, H)), V, rng=rng())
TEXT = Batch(TOKENS, TOKENS)
ONCE = Batch(TOKENS, TOKENS[0])
BIGRAMS = NGramModel(TOKENS, 2, V)
MASKED_BY_NUMBERS = Batch(TOKENS, TOKENS, TOKENS)
LATER = [*batches.chunks(TEXT, 2)][1]
SCENES = ShapeScenes().sample(1, rng=rng()).inputs
PAIRS = Reversal(3).sample(B, rng=rng())
NOWHERE = Checkpoint("none/run.npz", rng())

SIZE = len(Reversal(3).source_vocabulary)
LAYER_2 = Recurrent(draw_cell(rng(), D, H))
CLASSIFIER = Classifier(D, H, V, rng=rng())
READER = SequenceClassifier(
    Recurrent(draw_cell(rng(), V, H)), V, rng=rng(), dropout=0.5
)
DROPPER = Tagger(Recurrent(draw_cell(rng(), V, H)), V, rng=rng(), dropout=0.5)
HELD, HELD_6 = rng().standard_normal(H), rng().standard_normal(H + 1)
SEEDS = rng().standard_normal((7, H))
WRITER = LanguageModel(Recurrent(draw_cell(rng(), V, H)), rng=rng())
START_6 = WRITER.start(B)
ASKED = WRITER, 2
HELLO = Vocabulary("helo")
SPEAKER = ConditionalLanguageModel(D, Recurrent(draw_cell(rng(), V, H)), rng=rng())


def translator(**options):
    """Return a translator for `PAIRS`."""
    encoder, decoder = (Recurrent(draw_cell(rng(), SIZE, H)) for _ in range(2))
    return Seq2Seq(encoder, decoder, rng=rng(), **options)


TRANSLATOR = translator()
SAMPLER = translator(teacher_forcing=0.5)
LOOKER = translator(attention=DotAttention())


def nan_model():
    """Return a model with NaN in its last parameter."""
    return TAGGER.with_params(TAGGER.params | {"output.b_y": np.full(V, NAN)})


ROWS: dict[Callable[..., Any], list[Any]] = {
    # activations: floats of any shape
    **{
        getattr(activations, name): [
            bad(r"[ah] must hold floats, got dtype int64; .*dtype=float", [1, 2]),
            bad(r"[ah] must hold floats, got text; a Vocabulary", np.array(["a"])),
            bad(r"[ah] must hold floats, got NoneType; pass numbers", None),
            bad(r"[ah] must have dtype float64 or float32, got float16; .*", HALVES),
            bad(r"[ah] must have dtype float64 or .*, got >f8;", X.astype(">f8")),
            bad(r"[ah] must be an array, got rows of unequal .*pad sets", RAGGED),
        ]
        for name in (
            *ACTIVATIONS,
            *(f"{name}_slope" for name in ACTIVATIONS),
            *("log_sigmoid", "softmax", "log_softmax"),
        )
    },
    activations.softmax_backward: [
        bad(r"p must have dtype float64 or float32, got float16; .*", X, HALVES),
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
        bad(r"symbols must be strings, got 1", {1, 2}),
        bad(r"symbols must be strings, got 0", "helo", unknown=0),
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
        bad(r"tokens must hold whole numbers, got .*; a token is the", [0.5], 3),
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
        bad(r"sequence 0 must hold floats, got text; a Vocabulary encodes", [["a"]]),
        bad(r"sequence 1 must have .* of dtype int64 .*, got .*float64", [[1], [2.0]]),
        bad(r"must have features \(3,\) .*, got \(2,\) of float", [X[0], X[0, :, :2]]),
        bad(r"sequence 0 must be an array, got rows of unequal size", [[RAGGED]]),
        bad(r"fill must be a number that dtype int64 .*, got 0.5", [[1]], fill=0.5),
        bad(r"fill must be a number that dtype int64 .*, got 'a'", [[1]], fill="a"),
        bad(r"dtype uint8 can hold, got -1", [np.array([1], np.uint8)], fill=-1),
        bad(r"dtype int8 can hold, got 128", [np.array([1], np.int8)], fill=128),
        bad(r"dtype float32 can hold, got 1e\+39", [np.ones(2, "f4")], fill=1e39),
        bad(r"fill must be a number .*, got \[0, 1\]", [[1]], fill=[0, 1]),
        bad(r"sequence 0 must have dtype float64 or .*, got float16", [HALVES]),
    ],
    # losses
    cross_entropy: [
        bad(r"targets must have shape \(4, 2\), got \(3, 2\)", SCORES, TOKENS[1:]),
        bad(r"targets must hold whole numbers, got dtype float64", SCORES, SCORES),
        bad(r"targets must lie between 0 and 5, got \d; there", SCORES, TOKENS + 3),
        bad(r"targets must lie between 0 and 5, got -\d; there", SCORES, TOKENS - 9),
        bad(r"targets must be an array, got rows of unequal", SCORES, [[1], [2, 3]]),
        bad(r"logits must hold floats, got dtype int64; convert it", TOKENS, TOKENS),
        bad(r"logits must have shape \(\.\.\., V\), got \(\)", np.float64(3), 0),
        bad(r"logits .*, got \(0, 2, 6\); an axis of size 0", SCORES[:0], TOKENS[:0]),
        bad(r"logits must be finite, got nan at .*", with_nan(SCORES), TOKENS),
        bad(r"float64 or float32, got float16", SCORES.astype(np.float16), TOKENS),
        bad(r"the token targets.argmax", SCORES, one_hot(TOKENS, V)),
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
        bad(
            r"recurrent_init must have dtype float64, got float32",
            3,
            4,
            recurrent_init=lambda shape, rng, dtype: np.ones(shape, np.float32),
        ),
    ],
    LSTMCell: [
        bad(r"input_size must be at least 1, got 0", 0, 4),
        bad(r"hidden_size must be at least 1, got -4", 3, -4),
        bad(r"hidden_size must be a whole number, got 4.0", 3, 4.0),
        bad(r"rng must be a .*Generator, got int; make one", 3, 4, rng=1),
        bad(r"forget_bias must be finite, got nan", 3, 4, forget_bias=NAN),
        bad(r"forget_bias must be a number, got True", 3, 4, forget_bias=True),
        bad(r"forget_bias must be a number, got an arr", 3, 4, forget_bias=X),
        bad(r"without peephole, got .*True; .*, PeepholeLSTMCell", 3, 4, peephole=True),
        bad(r"without coupled, got .*True; .*, CoupledLSTMCell", 3, 4, coupled=True),
        bad(r"must be a function, got", 3, 4, recurrent_init="orthogonal"),
        bad(r"dtype must be np.float64 .*, got int64", 3, 4, dtype=int),
    ],
    **{
        variant: [
            bad(r"input_size must be at least 1, got 0", 0, 4),
            bad(r"hidden_size must be a whole number, got 4.0", 3, 4.0),
            bad(r"rng must be a .*Generator, got int; make one", 3, 4, rng=1),
            bad(r"forget_bias must be a number, got True", 3, 4, forget_bias=True),
            bad(r"dtype must be np.float64 .*, got int64", 3, 4, dtype=int),
        ]
        for variant in (
            *(PeepholeLSTMCell, CoupledLSTMCell, CoupledPeepholeLSTMCell),
            *(NoInputGateLSTMCell, NoOutputGateLSTMCell, NoOutputTanhLSTMCell),
        )
    },
    NoForgetGateLSTMCell: [
        bad(r"input_size must be at least 1, got 0", 0, 4),
        bad(r"hidden_size must be a whole number, got 4.0", 3, 4.0),
        bad(r"rng must be a .*Generator, got int; make one", 3, 4, rng=1),
        bad(r"recurrent_init must be a function, got", 3, 4, recurrent_init=1),
        bad(r"dtype must be np.float64 .*, got int64", 3, 4, dtype=int),
    ],
    LSTMCell.split: [
        bad(r"stacked must have shape \(\.\.\., 20\), got \(4, 2, 5\)", LSTM, STATES),
        bad(r"stacked must have shape \(\.\.\., 20\), got \(4, 2, 40\)", LSTM, WIDE_8),
        bad(r"stacked must have shape \(\.\.\., 20\), got \(\)", LSTM, 3.0),
    ],
    GRUCell: [
        bad(r"input_size must be a whole number, got '3'", "3", 4),
        bad(r"hidden_size must be at least 1, got 0", 3, 0),
        bad(r"rng must be a .*Generator, got NoneType; make", 3, 4, rng=None),
        bad(r"reset must be one of 'after', 'before', got 'late'", 3, 4, reset="late"),
        bad(r"reset must be one of 'after', 'before', got True", 3, 4, reset=True),
        bad(r"z_writes must be True or False, got 'after'", 3, 4, z_writes="after"),
        bad(r"must be a function, got", 3, 4, recurrent_init=1),
        bad(r"dtype must be np.float64 .*, got float16", 3, 4, dtype=np.float16),
    ],
    **{
        minimal: [
            bad(r"input_size must be at least 1, got 0", 0, 4),
            bad(r"hidden_size must be a whole number, got 4.0", 3, 4.0),
            bad(r"rng must be a .*Generator, got int; make one", 3, 4, rng=1),
            bad(r"forget_bias must be a number, got True", 3, 4, forget_bias=True),
            bad(r"forget_bias must be finite, got inf", 3, 4, forget_bias=np.inf),
            bad(r"signed must be True or False, got 1", 3, 4, signed=1),
            bad(r"dtype must be np.float64 .*, got int64", 3, 4, dtype=int),
        ]
        for minimal in (MinGRUCell, MinLSTMCell)
    },
    stacked_preactivation: [
        bad(r"cell must be an RNNCell or .*, got GRUCell; a GRU", GRU, X, STATES),
        bad(r"cell must be an RNNCell or .*, got Recurrent", LAYER, X, STATES),
        bad(r"cell must be an RNNCell or .*, got MinGRUCell", MINIMAL, X, STATES),
        bad(r"x must have shape \(\.\.\., 3\), got \(4, 2, 5\)", LSTM, STATES, STATES),
        bad(r"h_prev must have shape \(4, 2, 5\), got \(2, 5\)", LSTM, X, STATES[0]),
        bad(r"x must hold floats, got dtype int64; convert", LSTM, TOKENS, STATES),
        bad(r"h_prev must have dtype float64, got", LSTM, X, STATES.astype("float32")),
        bad(r"x must have dtype float64, got", LSTM, X.astype("float32"), STATES),
    ],
    Cell.initial_state: [
        bad(r"batch_size must be at least 1, got 0", CELL, 0),
        bad(r"batch_size must be a whole number, got 2.0", CELL, 2.0),
    ],
    Cell.forward: [
        bad(r"x must have shape \(2, 3\), got \(2, 5\)", LSTM, STATES[0], LONG),
        bad(r"x must lie between 0 and 2, got 3", GRU, [0, D], GRU.State(START.h)),
        bad(r"state must be of type LSTMState, got RNNState", LSTM, X[0], START),
        bad(r"state must be of type GRUState, got RNNState", GRU, X[0], START),
        bad(r"state.c must have shape \(2, 5\), got \(4,", LSTM, X[0], ODD_STATE),
        bad(r"state.c must be finite, got nan", LSTM, X[0], BROKEN_STATE),
        bad(r"parameter w_ci must be finite, got NaN", BROKEN_PEEPHOLE, X[0], LONG),
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
        bad(r"d_state must be of type LSTMState, got RNNSt", LSTM, START, STEP_CACHES),
        bad(r"d_state.c must have .*, got \(4, 2, 5\)", LSTM, ODD_STATE, STEP_CACHES),
        bad(r"d_state.c must be finite, got nan", LSTM, BROKEN_STATE, STEP_CACHES),
        bad(r"cache must be of type LSTMCache, got RNNCache", LSTM, LONG, STEP_CACHE),
        bad(r"cache must be of type GRUCache, got LSTMCache", GRU, LONG, STEP_CACHES),
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
        bad(r"a Cell, got the class RNNCell; make one: RNNCell\(\.\.\.", RNNCell),
        bad(r"cell must be a Cell, got Recurrent; pass its cell, layer.cell", LAYER),
        bad(r"must be True or False, got 'zeros'", CELL, learn_initial_state="zeros"),
    ],
    Scanned: [
        bad(r"cell must be a Cell, got int; make one with RNNCell", 3),
        bad(r"a LinearCell, got GRUCell; run any other cell as Recurrent\(cell", GRU),
        bad(r"cell must be a Cell, got Scanned; pass its cell", Scanned(MINIMAL)),
        bad(r"must be True or False, got 0", MINIMAL, learn_initial_state=0),
    ],
    FastWeights: [
        bad(r"input_size must be at least 1, got 0", 0, 3, 2),
        bad(r"key_size must be at least 1, got -3", 3, -3, 2),
        bad(r"value_size must be a whole number, got 2.0", 3, 3, 2.0),
        bad(r"rule must be one of 'sum', 'decay', 'delta', got 'd", 3, 3, 2, rule="d"),
        bad(r"rng must be a .*Generator, got int; make one", 3, 3, 2, rng=1),
        bad(r"gate_bias must be finite, got nan", 3, 3, 2, gate_bias=NAN),
        bad(r"dtype must be np.float64 .*, got float16", 3, 3, 2, dtype=np.float16),
    ],
    FastWeights.initial_state: [
        bad(r"batch_size must be at least 1, got -1", MATRIX, -1),
        bad(r"batch_size must be a whole number, got '2'", MATRIX, "2"),
    ],
    FastWeights.with_params: [
        bad(r"params must have the keys .*, got \['W_k'\]", MATRIX, {"W_k": START.h}),
        bad(r"params must be a dict of arrays, got list; write", MATRIX, [1.0]),
    ],
    FastWeights.forward: [
        bad(r"x must be an array \(T, B, D\), got None; a step", MATRIX, None),
        bad(r"x must have shape \(T, B, 3\), got \(4, 3\); .*x\[:, N", MATRIX, X[:, 0]),
        bad(r"x must have shape \(T, B, 3\), got \(4, 3", MATRIX, X[:, 0], None, MASK),
        bad(r"x must have shape \(T, B, 3\), got \(4, 2, 2\)", MATRIX, X[..., :2]),
        bad(r"got \(0, 2, 3\); an axis of size 0 holds nothing", MATRIX, X[:0]),
        bad(r"x must lie between 0 and 2, got \d+", MATRIX, TOKENS + 9),
        bad(r"x must be finite, got nan at index", MATRIX, with_nan(X)),
        bad(r"x must be finite, got nan at index", MATRIX, with_nan(X), None, MASK),
        bad(r"dtype float64, got float32; .*np.float64", MATRIX, X.astype("f4")),
        bad(r"mask must have shape \(4, 2\), got \(3, 2\)", MATRIX, X, None, MASK[1:]),
        bad(r"mask must leave at least one step, got False", MATRIX, X, None, NOTHING),
        bad(r"state must be of type FastWeightsState, got RNNSt", MATRIX, X, START),
        bad(r"state.M must have shape \(2, 4, 2\), got", MATRIX, X, ODD_MEMORY),
        bad(r"parameter W_k must be finite, got NaN", nan_in(MATRIX), X),
    ],
    FastWeights.backward: [
        bad(r"dh must have shape \(4, 2, 2\), got \(2,", MATRIX, READ[0], MATRIX_CACHE),
        bad(r"dh must be finite, got nan at", MATRIX, with_nan(READ), MATRIX_CACHE),
        bad(r"dh must have dtype float64", MATRIX, READ.astype("f4"), MATRIX_CACHE),
        bad(r"cache must be of type FastWeightsCache, got RNN", MATRIX, READ, CACHE),
        bad(r"d_state must be .*, got RNNState", MATRIX, READ, MATRIX_CACHE, START),
    ],
    # linear recurrences
    compose: [
        bad(r"second must be a pair \(a, b\), got int", 3, (1.0, 2.0)),
        bad(r"first must be a pair \(a, b\), got tuple", (1.0, 2.0), (1.0,)),
    ],
    **{
        way: [
            bad(r"a must hold floats, got dtype int64; convert", [1, 2], [1.0, 2.0]),
            bad(r"b must hold floats, got text; a Vocabulary", X, "hello"),
            bad(r"b must have dtype float32, got float64; .*", X.astype("f4"), X),
            bad(r"a must be finite, got nan at index", with_nan(X), X),
            bad(r"b must be finite, got nan at index", X, with_nan(X)),
            bad(r"shapes \(T, ...\) that fit, got \(4, 2, 3\) and \(2, 3", X, X[0]),
            bad(r"shapes \(T, ...\) that fit, got \(4, 2, 3\) and \(3, 2", X, X[1:]),
            bad(r"that fit, got \(\) and \(\); give both", 0.5, 1.0),
            bad(r"a must have shape .*, got \(0, 2, 3\); an axis", X[:0], X[:0]),
            bad(r"h_0 must have shape \(2, 3\), got \(2, 5\)", X, X, STATES[0]),
            bad(r"h_0 must be finite, got nan", X, X, with_nan(X[0])),
            bad(r"h_0 must have dtype float64, got", X, X, X[0].astype("f4")),
            bad(r"h must stay finite, got -?inf at step \d+; keep", GROWS, GROWS),
        ]
        for way in (scan, recurrence)
    },
    scan_backward: [
        bad(r"a must hold floats, got dtype int64; convert", X, [1, 2], X),
        bad(r"dh must have shape \(4, 2, 3\), got \(2, 3\)", X[0], X, X),
        bad(r"dh must be finite, got nan", with_nan(X), X, X),
        bad(r"a and h .* that fit, got \(2, 3\) and \(4, 2, 3\); give", X, X[0], X),
        bad(r"^h must be finite, got nan", X, X, with_nan(X)),
        bad(r"h_0 must have shape \(2, 3\), got \(2, 5\)", X, X, X, STATES[0]),
    ],
    scan_in_logs: [
        bad(r"log_a must hold floats, got dtype int64; convert", [1, 2], [1.0, 2.0]),
        bad(r"log_a must hold logarithms, .*, got inf; for", np.full(2, np.inf), GROWS),
        bad(r"log_b must hold logarithms, .*, got nan; for", X, with_nan(X)),
        bad(r"log_a must hold logarithms, .*, got complex n", X * 1j, X),
        bad(r"log_b must have dtype float32, got float64; .*", X.astype("f4"), X),
        bad(r"log_a and log_b must have shapes .*, got", X, X[0]),
        bad(r"log_h_0 must have shape \(2, 3\), got \(2, 5\)", X, X, STATES[0]),
    ],
    **{
        way: [
            bad(r"rate must hold floats, got text; a Vocabulary", "slow", 1.0),
            bad(r"rate must be finite, got inf", np.inf, 1.0),
            bad(r"dt must be at least 0, got -1.0; time does not", -1.0, -1.0),
            bad(r"dt must be an array, got rows of unequal", -1.0, RAGGED),
            bad(r"rate and dt must have shapes that fit, got \(4, 2, 3", X, STATES**2),
        ]
        for way in (hold, euler)
    },
    state_space: [
        bad(r"u must hold floats, got dtype int64; convert", [1, 2], -1.0, 1.0),
        bad(r"u must be finite, got nan at index", with_nan(X), -1.0, 1.0),
        bad(
            r"method must be one of 'hold', .*, got 'exact'",
            X,
            -1.0,
            1.0,
            method="exact",
        ),
        bad(r"dt must be at least 0, got -2.0", X, -1.0, -2.0),
        bad(r"that fit, got \(4, 2, 3\) and \(2, 5\)", X, STATES[0], 1.0),
        bad(r"h_0 must have shape \(2, 3\), got \(2, 5\)", X, -1.0, 1.0, STATES[0]),
    ],
    state_space_backward: [
        bad(r"dh must have shape \(4, 2, 3\), got \(2, 3\)", X[0], X, X, -1.0, 1.0),
        bad(r"h must have shape \(4, 2, 3\), got \(2, 3\)", X, X[0], X, -1.0, 1.0),
        bad(r"must be one of 'hold', .*, got 3", X, X, X, -1.0, 1.0, method=3),
    ],
    selective_dt: [
        bad(r"a must hold floats, got dtype int64; convert", [1, 2]),
        bad(r"a must be finite, got nan at index", with_nan(X)),
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
        bad(r"features must be floats, as of", LAYER, np.ones((T, B, D), int)),
        bad(r"tokens must be integers, as of x.astype", LAYER, TOKENS.astype(float)),
        bad(r"x must have shape \(T, B, 3\), got \(4, 2\)$", LAYER, X[..., 0] + np.inf),
        bad(r"x must lie between 0 and 2, got \d+", LAYER, TOKENS + 9),
        bad(r"x must lie between 0 and 2, got -\d+", LAYER, TOKENS - 9),
        bad(r"x must be finite, got nan at index \(0, 0, 1\)", LAYER, with_nan(X)),
        bad(r"dtype float64, got float32; .*np.float64", LAYER, X.astype(np.float32)),
        bad(r"x must have dtype float32, got float64; .*float32", Recurrent(SINGLE), X),
        bad(r"x must be an array, got rows of unequal size; rnnlib.pad", LAYER, RAGGED),
        bad(r"x must hold floats, got text; a Vocabulary", LAYER, "hello"),
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
    Bidirectional: [
        bad(r"cell must be a Cell, got int; make one with RNNCell", 3, CELL),
        bad(r"cell must be a Cell, got Recurrent; pass its cell", CELL, LAYER),
        bad(r"must not share weights, got the same .*; make a second", CELL, CELL),
        bad(r"must not share weights", CELL, CELL.with_params(CELL.params)),
        bad(
            r"have the same input_size, got 3 and 7", CELL, draw_cell(rng(), D + H - 1)
        ),
        bad(r"have the same dtype, got float64 and float32", CELL, SINGLE),
        bad(r"must be True or False, got 0", CELL, LSTM, learn_initial_state=0),
    ],
    Bidirectional.forward: [
        bad(r"x must have shape \(T, B, 3\), got \(4, 3\); .*x\[:, No", BOTH, X[:, 0]),
        bad(r"x must have shape \(T, B, 3\), got \(4, 2, 7\)", BOTH, WIDE),
        bad(r"got \(0, 2, 3\); an axis of size 0 holds nothing", BOTH, X[:0]),
        bad(r"x must lie between 0 and 2, got \d", BOTH, TOKENS + D),
        bad(r"x must be finite, got nan at index \(0, 0, 1\)", BOTH, with_nan(X)),
        bad(r"x must be an array, got rows of unequal size", BOTH, RAGGED),
        bad(r"x must have dtype float64, got float32", BOTH, X.astype(np.float32)),
        bad(r"x is None, so mask must say .*, got None; pass mask=np.one", BOTH, None),
        bad(r"mask must leave at least one step, got False", BOTH, X, None, NOTHING),
        bad(r"mask must have shape \(4, 2\), got \(3, 2\)", BOTH, X, None, MASK[1:]),
        bad(r"state must be a tuple of 2 states, got LSTMState;", BOTH, X, LONG),
        bad(r"state must be a tuple of 2 states, got list; start", BOTH, X, [LONG]),
        bad(r"a tuple of 2 states, got tuple of 1; start", BOTH, X, (LONG,)),
        bad(r"state must be of type RNNState, got LSTMState", BOTH, X, (LONG, LONG)),
        bad(r"parameter W_xh must be finite, got NaN", nan_in(BOTH), X),
    ],
    Bidirectional.backward: [
        bad(
            r"dh must have shape \(4, 2, 7\), got \(4, 2, 5\)", BOTH, STATES, BOTH_CACHE
        ),
        bad(r"dh must be finite, got nan at", BOTH, with_nan(WIDE), BOTH_CACHE),
        bad(r"dh must have dtype float64", BOTH, WIDE.astype("float32"), BOTH_CACHE),
        bad(r"cache must be a tuple of 2 caches, got LSTMCach", BOTH, WIDE, LSTM_CACHE),
        bad(r"got tuple of 3; pass what forward", BOTH, WIDE, (*BOTH_CACHE, None)),
        bad(r"cache must be of type LSTMCache, got RNN", BOTH, WIDE, BOTH_CACHE[::-1]),
        bad(r"cache must be a tuple of 2 caches, got NoneType", BOTH, WIDE, None),
        bad(r"d_state must be a tuple of 2 states", BOTH, WIDE, BOTH_CACHE, LONG),
    ],
    Stacked: [
        bad(r"layers must hold at least one layer, got none", []),
        bad(r"layers must be a list, got Recurrent; write Stacked\(\[", LAYER),
        bad(r"layers must be a list, got int; write Stacked\(\[", 2),
        bad(r"layer 0 must be a Recurrent, .*, got RNNCell; wrap a cell", [CELL]),
        bad(r"layer 1 must be a Recurrent, .*, got str; make one", [LAYER, "a"]),
        bad(r"layer 0 must be a Recurrent, .*, got Linear; make", [LINEAR, LAYER]),
        bad(r"the lowest layer, got one as layer 1; it takes to", [LAYER, EMBEDDING]),
        bad(r"the highest layer must be a Rec.*, got Dropout; a model", [LAYER, LAZY]),
        bad(r"the highest layer must be a Recurrent.*, got Embedding", [EMBEDDING]),
        bad(r"layer 2 must have input_size 7, .*, got 3", [BOTH, LAZY, LAYER]),
        bad(r"must not share weights, got the same .* twice", [SQUARE, SQUARE]),
        bad(r"must not share weights, got", [SQUARE, Recurrent(SQUARE.cell)]),
        bad(r"layer 1 must have input_size 7, .*, got 3", [BOTH, LAYER]),
        bad(r"layer 1 must have dtype float64, .*, got float32", [SQUARE, THIN]),
    ],
    Stacked.forward: [
        bad(r"x must have shape \(T, B, 3\), got \(4, 3\); .*x\[:, N", STACK, X[:, 0]),
        bad(r"got \(4, 0, 3\); an axis of size 0 holds nothing", STACK, X[:, :0]),
        bad(r"x must lie between 0 and 2, got -\d", STACK, TOKENS - 9),
        bad(r"x must be finite, got nan at index \(0, 0, 1\)", STACK, with_nan(X)),
        bad(r"mask must leave at least one step, got False", STACK, X, None, NOTHING),
        bad(r"mask must hold booleans, got dtype int64;", STACK, X, None, TOKENS),
        bad(r"state must be a tuple of 2 states, got RNNState", STACK, X, START),
        bad(r"state must be a tuple of 2 states, got tuple of 0;", STACK, X, ()),
        bad(r"state must be of type RNNState", STACK, X, (BOTH_STATE, LONG)),
        bad(r"parameter W_xh must be finite, got NaN", nan_in(STACK), X),
        bad(r"x must hold whole numbers, got dtype float64; a tok", WORDY, X),
        bad(r"a one-hot vector is the token x.argmax", WORDY, one_hot(TOKENS, V)),
        bad(r"x must be tokens \(T, B\), got None; an Embe", WORDY, None, None, MASK),
        bad(
            r"got dtype int64; tokens go through an Emb", Stacked([LAZY, LAYER]), TOKENS
        ),
        bad(r"tokens must lie between 0 and 5, got 6", WORDY, [[6]]),
        bad(r"x must have shape .*, got \(1,\); .*x\[:, None\]", WORDY, [0]),
        bad(r"rng must be a .*, got int", WORDY, TOKENS, rng=3),
    ],
    Stacked.backward: [
        bad(r"dh must have shape \(4, 2, 5\), got", STACK, X, STACK_CACHE),
        bad(r"dh must be finite, got nan at", STACK, with_nan(STATES), STACK_CACHE),
        bad(r"dh must hold floats, got dtype int64", STACK, TOKENS, STACK_CACHE),
        bad(r"cache must be a tuple of 2 caches, got tuple of", STACK, STATES, ()),
        bad(r"must be a tuple of 2 caches, got RNNCache", STACK, STATES, CACHE),
        bad(r"d_state must be a tuple of 2 s", STACK, STATES, STACK_CACHE, START),
    ],
    Stacked.initial_state: [
        bad(r"batch_size must be at least 1, got 0", BOTH, 0),
        bad(r"batch_size must be a whole number, got 2.0", STACK, 2.0),
    ],
    Stacked.with_params: [
        bad(r"params must have the keys \['left_to_right.W_hh',", BOTH, LSTM.params),
        bad(r"params must be a dict of arrays, got NoneType", STACK, None),
        bad(
            r"params\['1.b_h'\] must have shape \(5,\), got \(4, 2, 3\)",
            STACK,
            STACK.params | {"1.b_h": X},
        ),
    ],
    # layers without a memory
    Linear: [
        bad(r"names must be a pair of strings, .*, got 'W'", 3, 4, names="W"),
        bad(r"names must be a pair of strings, .*, got \('W',\)", 3, 4, names=("W",)),
        bad(r"names must be a pair of strings, .*, got \['W', 1", 3, 4, names=["W", 1]),
        bad(r"input_size must be at least 1, got 0", 0, 4),
        bad(r"output_size must be at least 1, got -1", 3, -1),
        bad(r"output_size must be a whole number, got 4.0", 3, 4.0),
        bad(r"rng must be a .*Generator, got int; make one", 3, 4, rng=7),
        bad(r"dtype must be np.float64 .*, got int64", 3, 4, dtype=int),
    ],
    Linear.forward: [
        bad(r"h must have shape \(\.\.\., 3\), got \(4, 2, 5\)", LINEAR, STATES),
        bad(r"h must have shape \(\.\.\., 3\), got \(\)", LINEAR, 3.0),
        bad(r"got \(0, 2, 3\); an axis of size 0 holds nothing", LINEAR, X[:0]),
        bad(r"h must hold floats, got dtype int64; convert it", LINEAR, TOKENS),
        bad(r"h must have dtype float64, got float32", LINEAR, X.astype(np.float32)),
        bad(r"h must be finite, got nan at index \(0, 0, 1\)", LINEAR, with_nan(X)),
        bad(r"h must be an array, got rows of unequal size", LINEAR, RAGGED),
        bad(r"parameter W_hy must be finite, got NaN", nan_in(LINEAR), X),
    ],
    Linear.backward: [
        bad(r"dy must have shape \(4, 2, 6\), got \(4, 2, 3\)", LINEAR, X, X),
        bad(r"dy must be finite, got nan at index", LINEAR, with_nan(SCORES), X),
        bad(r"dy must have dtype float64,", LINEAR, SCORES.astype(np.float32), X),
        bad(r"cache must have shape \(\.\.\., 3\), got", LINEAR, SCORES, STATES),
        bad(r"cache must hold floats, got NoneType; pass what f", LINEAR, SCORES, None),
    ],
    Embedding: [
        bad(r"vocab_size must be at least 1, got 0", 0, 4),
        bad(r"embedding_size must be at least 1, got -1", 3, -1),
        bad(r"embedding_size must be a whole number, got '4'", 3, "4"),
        bad(r"rng must be a .*Generator, got NoneType; make one", 3, 4, rng=None),
        bad(r"dtype must be np.float64 .*, got bool", 3, 4, dtype=bool),
    ],
    Embedding.forward: [
        bad(r"tokens must lie between 0 and 5, got \d", EMBEDDING, TOKENS + V),
        bad(r"tokens must lie between 0 and 5, got -1", EMBEDDING, [-1]),
        bad(r"tokens must hold whole numbers, got dtype float64", EMBEDDING, X),
        bad(r"tokens must hold whole numbers, got dtype float", EMBEDDING, X, X > 0),
        bad(r"tokens must be an array, got rows of unequal", EMBEDDING, [[1], [2, 3]]),
        bad(r"got \(0, 2\); an axis of size 0 holds nothing", EMBEDDING, TOKENS[:0]),
        bad(r"tokens must lie between 0 and 5", EMBEDDING, TOKENS + V, MASK),
        bad(r"mask must leave at least one step, got", EMBEDDING, TOKENS, NOTHING),
        bad(r"mask must have shape \(4, 2\), got \(2,\)", EMBEDDING, TOKENS, MASK[0]),
        bad(r"mask must hold booleans, got dtype int64", EMBEDDING, TOKENS, TOKENS),
        bad(r"parameter W_xe must be finite, got NaN", nan_in(EMBEDDING), TOKENS),
    ],
    Embedding.backward: [
        bad(r"de must have shape \(4, 2, 3\), got \(2, 3\)", EMBEDDING, X[0], TOKENS),
        bad(r"de where a token exists must be finite", EMBEDDING, with_nan(X), TOKENS),
        bad(r"de must have dtype float64", EMBEDDING, X.astype(np.float32), TOKENS),
        bad(r"cache must hold whole numbers, got dtype float64; pass", EMBEDDING, X, X),
        bad(r"cache must hold whole numbers, got dtype object", EMBEDDING, X, None),
    ],
    Linear.with_params: [
        bad(r"params must have the keys \['W_hy', 'b_y'\], got \[", LINEAR, {}),
        bad(r"params must be a dict of arrays, got list", EMBEDDING, [X]),
        bad(r"must have shape \(6, 3\), got", EMBEDDING, {"W_xe": X}),
    ],
    Dropout: [
        bad(r"rate must be less than 1, got 1", 1),
        bad(r"rate must be less than 1, got 50", 50),
        bad(r"rate must be at least 0, got -0.1", -0.1),
        bad(r"rate must be finite, got nan", NAN),
        bad(r"rate must be a number, got 'half'", "half"),
        bad(r"same_over_time must be True or False, got 1", 0.5, same_over_time=1),
    ],
    Dropout.forward: [
        bad(r"rng must be a .*Generator, got int; make one", LAZY, X, rng=3),
        bad(r"x must hold floats, got dtype int64; tokens go through", LAZY, TOKENS),
        bad(r"x must have dtype float64 or float32, got float16", LAZY, HALVES),
        bad(r"x must have shape \(\.\.\., D\), got \(\)", LAZY, 1.0),
        bad(r"got \(0, 2, 3\); an axis of size 0 holds nothing", LAZY, X[:0]),
        bad(r"x must be an array, got rows of unequal size", LAZY, RAGGED),
    ],
    Dropout.backward: [
        bad(r"dy must have shape \(4, 2, 3\), got \(2, 3\)", LAZY, X[0], X),
        bad(r"dy must have dtype float64, got", LAZY, X.astype(np.float32), X),
        bad(r"dy must hold floats, got dtype int64; convert", LAZY, TOKENS, None),
        bad(r"cache must hold floats, got dtype int64", LAZY, X, TOKENS),
    ],
    # attention
    DotAttention: [
        bad(r"scaled must be True or False, got 1", scaled=1),
        bad(r"scaled must be True or False, got 'sqrt'", scaled="sqrt"),
        bad(r"lenient must be True or False, got 1", lenient=1),
    ],
    AdditiveAttention: [
        bad(r"query_size must be at least 1, got 0", 0, 3, 2),
        bad(r"key_size must be at least 1, got -3", 3, -3, 2),
        bad(r"attention_size must be a whole number, got 2.0", 3, 3, 2.0),
        bad(r"rng must be a .*Generator, got int; make one", 3, 3, 2, rng=1),
        bad(r"dtype must be np.float64 .*, got float16", 3, 3, 2, dtype=np.float16),
        bad(
            r"lenient must be True or False, got None", 3, 3, 2, rng=rng(), lenient=None
        ),
    ],
    Attention.forward: [
        bad(r"queries must have shape \(T, B, H\), got \(2, 3\)", DOT, X[0], X, X),
        bad(r"float64 or float32, got float16", DOT, HALVES, HALVES, HALVES),
        bad(
            r"scores must be finite, got infinity; scale", DOT, 1e200 * X, 1e200 * X, X
        ),
        bad(r"got \(0, 2, 3\); an axis of size 0 holds nothing", DOT, X[:0], X, X),
        bad(r"queries must hold floats, got dtype int64", DOT, TOKENS, X, X),
        bad(r"queries must be finite, got nan at index", DOT, with_nan(X), X, X),
        bad(r"keys must have shape \(S, 2, H\), got \(4, 1, 3", DOT, X, X[:, :1], X),
        bad(r"keys must have shape \(S, B, 3\), .*; additive", DOT, X, KEYS, KEYS),
        bad(r"keys must have .*, got \(0, 2, 3\); an axis of", DOT, X, X[:0], X),
        bad(r"keys must have dtype float64,", DOT, X, X.astype(np.float32), X),
        bad(r"keys must be finite, got nan at index \(0, 0, 1", DOT, X, with_nan(X), X),
        bad(r"values must have shape \(4, 2, E\), got \(5", DOT, X, X, KEYS),
        bad(r"values must be finite, got nan at index", DOT, X, X, with_nan(X)),
        bad(r"keys must be finite, got nan", DOT, X, with_nan(X), X, X[..., 0] < 9),
        bad(r"mask must leave at least one step, got", DOT, X, X, X, NOTHING),
        bad(r"a key, got none for sequence 1", ADDITIVE, X, KEYS, KEYS, KEY_MASK),
        bad(r"query a key, got none for query 1 of sequence 1", DOT, X, X, X, MASKS),
        bad(r"mask must have shape \(4, 2, 4\), got \(1", DOT, X, X, X, MASKS[:1]),
        bad(r"mask must have shape \(5, 2\), got \(4", ADDITIVE, X, KEYS, KEYS, MASK),
        bad(r"mask must hold booleans, got dtype int64", DOT, X, X, X, TOKENS),
        bad(r"queries must have shape \(T, B, 3\)", ADDITIVE, KEYS, KEYS, KEYS),
        bad(r"keys must have shape \(S, B, 5\), got", ADDITIVE, X, X, X),
        bad(
            r"dtype float64, got float32", ADDITIVE, *(a.astype("f4") for a in (X,) * 3)
        ),
        bad(r"parameter W_qa must be finite, got", nan_in(ADDITIVE), X, KEYS, KEYS),
    ],
    Attention.backward: [
        bad(r"dcontext must have shape \(4, 2, 3\), got", DOT, X[0], DOT_CACHE),
        bad(r"dcontext must be finite, got nan at", DOT, with_nan(X), DOT_CACHE),
        bad(r"dcontext must have dtype float64", DOT, X.astype("f4"), DOT_CACHE),
        bad(r"cache must be of type AttentionCache, got NoneType", DOT, X, None),
        bad(r"cache must be of type AttentionCache, got RNNCache", DOT, X, CACHE),
        bad(r"that of an AdditiveAttention, got that of a Dot", ADDITIVE, X, DOT_CACHE),
    ],
    Attention.with_params: [
        bad(r"params must have the keys \[\], got \['v_a'\]", DOT, {"v_a": X}),
        bad(r"params must be a dict of arrays, got list", ADDITIVE, [X]),
        bad(r"\['v_a'\] must have shape", ADDITIVE, ADDITIVE.params | {"v_a": X}),
    ],
    # self-attention
    SelfAttention: [
        bad(r"input_size must be at least 1, got 0", 0, 4),
        bad(r"hidden_size must be a whole number, got 4.0", 3, 4.0),
        bad(r"heads must be at least 1, got 0", 3, 4, heads=0),
        bad(r"heads must divide hidden_size 4, got 3; each", 3, 4, heads=3, rng=rng()),
        bad(r"causal must be True or False, got 1", 3, 4, causal=1),
        bad(r"rng must be a .*Generator, got int; make one", 3, 4, rng=1),
        bad(r"dtype must be np.float64 .*, got float16", 3, 4, dtype=np.float16),
    ],
    SelfAttention.forward: [
        bad(r"x must be an array \(T, B, D\), got None; a step", SELF, None),
        bad(r"x must have shape \(T, B, 3\), got \(4, 3\); .*x\[:, N", SELF, X[:, 0]),
        bad(r"x must have shape \(T, B, 3\), got \(4, 2, 5\)", SELF, STATES),
        bad(r"x must have shape \(T, B\), got \(4,\); for a batch", SELF, TOKENS[:, 0]),
        bad(r"got \(0, 2, 3\); an axis of size 0 holds nothing", SELF, X[:0]),
        bad(r"x must have dtype float64, got float32", SELF, X.astype("f4")),
        bad(r"x must be finite, got nan at index \(0, 0, 1\)", SELF, with_nan(X)),
        bad(r"x must lie between 0 and 2, got 3", SELF, TOKENS // 9 + 3),
        bad(r"x must be an array, got rows of unequal size", SELF, RAGGED),
        bad(r"mask must leave at least one step, got False", SELF, X, None, NOTHING),
        bad(r"mask must hold booleans, got dtype int64;", SELF, X, None, TOKENS),
        bad(r"mask must have shape \(4, 2\), got \(2, 2", SELF, X, None, MASK[:2]),
        bad(r"state must be a Table, got RNNState; start from", SELF, X, START),
        bad(r"state.h must have shape \(2, 4\), got \(1, 4", SELF, X, TABLE_OF_ONE),
        bad(r"keys must be finite, got nan", SELF, X, NAN_TABLE),
        bad(r"parameter W_xq must be finite, got NaN", nan_in(SELF), X),
    ],
    SelfAttention.backward: [
        bad(r"dh must have shape \(4, 2, 4\), got \(4, 2, 3", SELF, X, SELF_CACHE),
        bad(r"dh must be finite, got nan at", SELF, with_nan(FOURS), SELF_CACHE),
        bad(r"cache must be a SelfAttentionCache, got RNNCache", SELF, FOURS, CACHE),
        bad(r"cache must be a SelfAttentionCache, got NoneType", SELF, FOURS, None),
        bad(r"all 4 steps, or none, got 8", SELF, FOURS, SELF_CACHE, LONG_TABLE),
        bad(r"d_state must be a Table, got RNNState", SELF, FOURS, SELF_CACHE, START),
    ],
    SelfAttention.initial_state: [
        bad(r"batch_size must be at least 1, got 0", SELF, 0),
        bad(r"batch_size must be a whole number, got 2.0", SELF, 2.0),
    ],
    SelfAttention.with_params: [
        bad(r"params must be a dict of arrays, got NoneType", SELF, None),
        bad(r"params must have the keys \['W_vh', 'W_xk', .*got \[\]", SELF, {}),
    ],
    check_table: [
        bad(r"state must be a Table, got tuple; start", "state", (), EMPTY),
        bad(r"s.keys must have shape \(2, 4\), got \(2,\)|shape", "s", FLAT, EMPTY),
        bad(r"s.values must have shape \(4, 2, 4\), got \(3", "s", UNEVEN, EMPTY),
        bad(r"s.h must be finite, got nan", "s", BROKEN_TABLE, EMPTY),
        bad(r"s.exists must be booleans of shape \(4, 2\), got int", "s", ODD, EMPTY),
        bad(r"s.exists must be booleans of shape \(4, 2\), .*\(3", "s", SHORT, EMPTY),
        bad(r"s.h must have dtype float64, got float32", "s", HALF_TABLE, EMPTY),
        bad(r"s.keys must hold all 9 steps, or none, got 4", "s", TABLE, EMPTY, (0, 9)),
    ],
    positions: [
        bad(r"T must be at least 1, got 0", 0, 4),
        bad(r"size must be a whole number, got 4.0", 3, 4.0),
        bad(r"start must be at least 0, got -1", 3, 4, start=-1),
        bad(r"dtype must be np.float64 .*, got int64", 3, 4, dtype=np.int64),
    ],
    # conventions, and layouts of other libraries
    convert_gru: [
        bad(r"cell must be a GRUCell, got LSTMCell; only a", LSTM, **AFTER),
        bad(r"reset must be one of .*, got 'in'", GRU, **AFTER | {"reset": "in"}),
        bad(r"must be True or False, got 'no'", GRU, **AFTER | {"z_writes": "no"}),
        bad(r"be 'after', .*'before'; no", GRU, **AFTER | {"reset": "before"}),
        bad(r"reset must be 'before', as in the cell, got 'a", GRU_BEFORE, **AFTER),
        bad(r"parameter W_xh must be finite, got NaN", nan_in(GRU), **AFTER),
    ],
    to_torch: [
        bad(r"layer must be a cell, a Recurrent .*, got int", 3),
        bad(r"state, or Stacked of these, got Stacked", Stacked([STACK])),
        bad(r"a learned initial state", Recurrent(LSTM, learn_initial_state=True)),
        bad(r"PyTorch must have the same .*, got the variant Pee", PEEPHOLE),
        *(
            bad(rf"got the variant {name}", draw_cell(rng(), D, H, kind))
            for kind, name in VARIANTS.items()
        ),
        bad(r"PyTorch must have the same kind of cell, got MinGRUCell", MINIMAL),
        bad(r"got the reset gate before the", draw_cell(rng(), D, H, "gru before")),
        bad(r"got the activation sigmoid", draw_cell(rng(), D, H, "sigmoid")),
        bad(r"got the activation identity", draw_cell(rng(), D, H, "identity")),
        bad(r"in all layers, got different ones", BOTH),
        bad(r"in all layers, got different ones", MIXED),
        bad(r"parameter W_hh must be finite, got NaN or infinity", BROKEN),
    ],
    from_torch: [
        bad(r"layer must be a cell, a Recurrent .*, got NoneType", None, {}),
        bad(r"state_dict must have the keys \['bias_hh_l0',", LSTM, LSTM.params),
        bad(r"state_dict must be a dict of arrays, got list", LSTM, [X]),
        bad(
            r"must have shape \(20, 3\), got",
            LSTM,
            to_torch(LSTM) | {"weight_ih_l0": X},
        ),
        bad(r"must have dtype float64, got float32", CELL, to_torch(SINGLE)),
        bad(
            r"must be an array, got list", CELL, to_torch(CELL) | {"bias_ih_l0": [0.0]}
        ),
        bad(r"parameter .* must be finite, got", CELL, broken_dict(to_torch(CELL))),
        bad(r"PyTorch must have the same .*variant P", PEEPHOLE, to_torch(LSTM)),
    ],
    to_keras: [
        bad(r"cell must be a Cell, got Recurrent; pass layer.cell", LAYER),
        bad(r"cell must be a Cell, got NoneType; pass layer.cell", None),
        bad(r"Keras must have the same kind of cell, got the variant P", PEEPHOLE),
        *(
            bad(rf"got the variant {name}", draw_cell(rng(), D, H, kind))
            for kind, name in VARIANTS.items()
        ),
        bad(r"parameter W_hh must be finite, got NaN or infinity", BROKEN),
    ],
    from_keras: [
        bad(r"cell must be a Cell, got Recurrent; pass layer.cell", LAYER, {}),
        bad(r"weights must have the keys \['bias', 'kernel',", LSTM, LSTM.params),
        bad(r"weights must be a dict of arrays, got list", LSTM, [X]),
        bad(
            r"\['bias'\] must have shape \(2, 15\), got",
            GRU,
            to_keras(GRU) | {"bias": X},
        ),
        bad(r"with the reset gate before the", GRU, to_keras(GRU_BEFORE)),
        bad(r"got \(2, 15\), .* after the product; make", GRU_BEFORE, to_keras(GRU)),
        bad(r"must have dtype float64, got float32", CELL, to_keras(SINGLE)),
        bad(r"parameter .* must be finite, got", CELL, broken_dict(to_keras(CELL))),
        bad(r"Keras must have the same .*variant P", PEEPHOLE, to_keras(LSTM)),
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
            bad(r"learning_rate must be finite, got an integer of \d+ bits", 10**400),
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
        bad(r"factor must be at least 0, got -1", SGD(0.1), PARAMS, GRADS, factor=-1),
        bad(r"factor must be finite, got nan", SGD(0.1), PARAMS, GRADS, factor=NAN),
        *(
            bad(
                r"the square of the gradient of W must be finite, got infinity of "
                r"1e\+20 in float32; set clip_norm",
                optimizer(0.1),
                {"W": np.ones(2, np.float32)},
                {"W": np.array([1, -1e20], np.float32)},
            )
            for optimizer in (RMSProp, Adam)
        ),
        bad(
            r"params\['h'\] must have dtype float64 or float32, got float16",
            Adam(0.1),
            {"h": HALVES},
            {"h": HALVES},
        ),
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
        bad(r"must have dtype float64 or float32, got float16", {"h": HALVES}),
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
    # threads
    blas_threads: [
        bad(r"count must be at least 1, got 0", 0),
        bad(r"count must be a whole number, got 1.5", 1.5),
    ],
    limit_blas_threads: [
        bad(r"count must be at least 1, got -1", -1),
        bad(r"count must be a whole number, got None", None),
    ],
    # tasks
    Echo: [
        bad(r"delay must be at least 1, got 0", 0, 5),
        bad(r"steps must be at least 6, got 5", 5, 5),
        bad(r"delay must be a whole number, got 2.0", 2.0, 5),
        bad(r"steps must be a whole number, got '5'", 2, "5"),
    ],
    FlipFlop: [
        bad(r"bits must be at least 1, got 0", 0, 5),
        bad(r"bits must be at most 8, got 9", 9, 5),
        bad(r"bits must be a whole number, got 2.0", 2.0, 5),
        bad(r"steps must be at least 2, got 1", 2, 1),
        bad(r"steps must be a whole number, got '5'", 2, "5"),
        bad(r"rate must be at least 0, got -0.1", 2, 5, -0.1),
        bad(r"rate must be at most 0.5, got 0.6; nothing is as", 2, 5, 0.6),
        bad(r"rate must be finite, got nan", 2, 5, NAN),
        bad(r"rate must be a number, got '0.1'", 2, 5, "0.1"),
        bad(r"dtype must be np.float64 .*, got int64", 2, 5, dtype=int),
    ],
    TemporalOrder: [
        bad(r"steps must be at least 5, got 4", 4),
        bad(r"steps must be at least 5, got -10", -10),
        bad(r"steps must be a whole number, got 10.0", 10.0),
    ],
    Task.sample: [
        bad(r"batch_size must be at least 1, got 0", Echo(1, 3), 0),
        bad(r"batch_size must be a whole number, got 2.0", Reversal(3), 2.0),
        bad(r"rng must be a .*Generator, got int; make one", Echo(1, 3), 2, rng=7),
        bad(r"rng must be a .*, got NoneType; make", TemporalOrder(5), 2, rng=None),
        bad(
            r"split must be one of 'train', 'held_out', .*", Echo(1, 3), 2, split="all"
        ),
        bad(r"split must be one of .*, got None", Parity(3), 2, split=None),
        bad(
            r"got 'held_out' with 0 examples in 400 draws of Echo.*; make the seq",
            Echo(1, 2),
            2,
            split="held_out",
        ),
    ],
    is_held_out: [
        bad(r"content must be text or bytes, got int; an array gives its", 3),
        bad(r"content must be text or bytes, got ndarray; an array gives", X),
    ],
    read: [
        bad(
            r"tokens must have .*, got \(3,\); .*\[:, None\]",
            [0, 1, 2],
            Vocabulary("ab"),
        ),
        bad(r"tokens must lie between 0 and 1, got 5; encode", [[5]], Vocabulary("ab")),
        bad(r"tokens must hold whole numbers, got dtype float64", X, Vocabulary("ab")),
    ],
    Adding: [
        bad(r"steps must be at least 2, got 1", 1),
        bad(r"steps must be a whole number, got 4.0", 4.0),
        bad(r"dtype must be np.float64 or np.float32, got int64", 4, dtype=int),
    ],
    Copy: [
        bad(r"length must be at least 1, got 0", 0, 3),
        bad(r"delay must be at least 0, got -1", 3, -1),
        bad(r"delay must be a whole number, got '3'", 3, "3"),
    ],
    Parity: [
        bad(r"steps must be at least 1, got 0", 0),
        bad(
            r"asked must be one of 'each step', 'at the end', got 'end'", 3, asked="end"
        ),
        bad(r"asked must be one of 'each step', .*, got True", 3, asked=True),
    ],
    AnBn: [
        bad(r"max_n must be at least 1, got 0", 0),
        bad(r"beyond must be at least 1, got 0", 3, beyond=0),
        bad(r"max_n must be a whole number, got 2.5", 2.5),
    ],
    NegationReviews: [
        bad(r"contrast must be at most 1, got 1.5", 1.5),
        bad(r"contrast must be at least 0, got -0.5", -0.5),
        bad(r"contrast must be finite, got nan", NAN),
        bad(r"contrast must be a number, got '1'", "1"),
    ],
    Glyphs: [
        bad(r"noise must be at most 0.5, got 0.6", 0.6),
        bad(r"noise must be at least 0, got -0.1", -0.1),
        bad(r"noise must be a number, got '0'", "0"),
        bad(r"dtype must be np.float64 or np.float32, got int64", dtype=int),
    ],
    MovingDot: [
        bad(r"steps must be at least 2, got 1", 1),
        bad(r"side must be at least 3, got 2", 5, 2),
        bad(r"turn must be at most 1, got 1.5", 5, turn=1.5),
        bad(r"turn must be a number, got None", 5, turn=None),
        bad(r"dtype must be np.float64 or np.float32, got bool", 5, dtype=bool),
    ],
    ShapeScenes: [
        bad(r"dtype must be np.float64 or np.float32, got int64", int),
        bad(r"dtype must be np.float64 or np.float32, got 'real'", "real"),
    ],
    ShapeScenes.caption: [
        bad(r"vector must have shape \(24,\), got \(1, 24\)", ShapeScenes(), SCENES),
        bad(r"vector must hold floats, got dtype int64", ShapeScenes(), [1] * 24),
        bad(r"vector must be that of a scene, got", ShapeScenes(), np.full(24, 0.5)),
        bad(r"vector must be that of a scene, got", ShapeScenes(), np.zeros(24)),
    ],
    GrammarTags.ceiling: [
        bad(r"direction must be one of 'left to .*, got 'left'", GrammarTags(), "left"),
        bad(r"direction must be one of 'left to .*, got None", GrammarTags(), None),
        bad(r"doubtful must be .*, got 1", GrammarTags(), "both", doubtful=1),
    ],
    tunes.note: [
        bad(r"symbol must be a letter .*, got 'H2'; write", "H2"),
        bad(r"symbol must be a letter .*, got '<end>'; write", "<end>"),
        bad(r"symbol must be a letter .*, got 60; write", 60),
    ],
    # sound
    sound.frequency: [
        bad(r"pitch must be at least 21, got 20", 20),
        bad(r"pitch must be at most 108, got 109", 109),
        bad(r"pitch must be a whole number, got 60.5", 60.5),
    ],
    sound.samples: [
        bad(r"notes must hold at least one note, got none", []),
        bad(r"each note must be a pitch and its beats, got 60; write Note", [60, 1]),
        bad(r"the beats of a note must be greater than 0, got 0", [(60, 0)]),
        bad(r"pitch must be at least 21, got 0", [(0, 1)]),
        bad(r"beats_per_minute must be .*, got 0", [(60, 1)], beats_per_minute=0),
    ],
    sound.wav: [
        bad(r"sound must lie between -1 and 1, got 2.0; divide", [0.5, -2.0]),
        bad(r"sound must be finite, got nan", [0.5, NAN]),
        bad(r"sound must have shape \(N,\), got", X),
        bad(r"sound must hold floats, got dtype int64", [0, 1]),
    ],
    BracketLanguage: [
        bad(r"steps must be at least 1, got 0", 0),
        bad(r"max_depth must be at least 0, got -1", 5, -1),
        bad(r"max_depth must be at most 6, got 7", 5, 7),
    ],
    Names: [
        bad(r"of must be .*minerals.*, got 'rivers'", "rivers"),
        bad(r"of must be .*, got 3", 3),
    ],
    Names.names: [
        bad(r"split must be .*, got 'test'", Names("minerals"), "test"),
        bad(r"split must be .*, got 3", Names("minerals"), 3),
    ],
    Names.batch: [
        bad(r"names must be a list of names, got 'opal'", Names("minerals"), "opal"),
        bad(r"symbols must be in the vocabulary, got 'ö'", Names("minerals"), ["jö"]),
        bad(r"sequences must hold at least one, got none", Names("minerals"), []),
        bad(r"names must be a list of names, got 3", Names("minerals"), [3]),
    ],
    Names.novelty: [
        bad(r"made must be a list of names, got 'opal'", Names("minerals"), "opal"),
        bad(r"made must be .*Iterable, got .*int", Names("minerals"), 3),
    ],
    BracketLanguage.probabilities: [
        bad(r"got '\)' at step 0, where .*; close what is", BracketLanguage(5), [[4]]),
        bad(r"got '\]' at step 1, where", BracketLanguage(5), [[2, 0], [4, 5]]),
        bad(r"tokens must lie between 0 and 6, got 7", BracketLanguage(5), [[7]]),
        bad(r"tokens must have shape \(T, B\), got \(2,\)", BracketLanguage(5), [0, 1]),
        bad(r"tokens must hold whole numbers, got dtype float", BracketLanguage(5), X),
    ],
    **{
        kind: [
            bad(r"min_length must be at least 1, got 0", 3, 0),
            bad(r"max_length must be at least 4, got 3", 3, 4),
            bad(r"max_length must be a whole number, got 3.0", 3.0),
            bad(
                r"alphabet must be a text of distinct .*, got 'aab'; write", 3, 1, "aab"
            ),
            bad(
                r"alphabet must be a text of distinct letters, got ''; write", 3, 1, ""
            ),
            bad(r"alphabet must be a text .*, got \['a', 'b'\]; write", 3, 1, WORDS),
        ]
        for kind in (Reversal, Sorting)
    },
    NumberTranslation: [
        bad(r"source must be one of 'digits', .*, got 'german'", "german", "french"),
        bad(r"target must be one of 'digits', .*, got 3", "digits", 3),
        bad(
            r"target must differ from source, got 'french' for both", "french", "french"
        ),
        bad(r"largest must be at least 1, got 0", "digits", "french", 0),
        bad(r"largest must be at most 999999, got 1000000", "digits", "french", 10**6),
    ],
    DateTranslation: [
        bad(r"source must be one of 'written', 'iso', got 'ISO'", "ISO", "written"),
        bad(
            r"target must differ from source, got 'iso' for both; choose", "iso", "iso"
        ),
        bad(r"first_year must be at least 1000, got 999", first_year=999),
        bad(r"last_year must be at least 1900, got 1899", last_year=1899),
        bad(r"last_year must be at most 9999, got 10000", last_year=10_000),
    ],
    **{
        function: [
            bad(r"n must be at least 0, got -1", -1),
            bad(r"n must be at most 999999, got 1000000", 1_000_000),
            bad(r"n must be a whole number, got 2.0", 2.0),
            bad(r"n must be a whole number, got '21'", "21"),
        ]
        for function in (numbers.english, numbers.french)
    },
    dates.iso: [
        bad(r"day must be a date, got str; write datetime.date", "1969-07-20"),
        bad(r"day must be a date, got NoneType; write datetime.date", None),
    ],
    dates.written: [
        bad(r"day must be a date, got int; write datetime.date", 1969),
        bad(r"style must be one of 'day first', .*, got 'short'", DAY, "short"),
    ],
    # scores
    metrics.accuracy: [
        bad(r"predictions must have shape \(4, 2\), got \(3, 2\)", TOKENS[1:], TOKENS),
        bad(r"predictions must hold whole numbers, got .*float64", SCORES, TOKENS),
        bad(
            r"targets must hold whole .*; convert it with targets", TOKENS, TOKENS * 1.0
        ),
        bad(r"targets must be an array, got rows of unequal size", TOKENS, RAGGED),
        bad(r"targets .*, got \(0, 2\); an axis of size 0", TOKENS[:0], TOKENS[:0]),
        bad(r"mask must leave at least one .*; True marks", TOKENS, TOKENS, NOTHING),
        bad(r"mask must have shape \(4, 2\), got \(3, 2\)", TOKENS, TOKENS, MASK[1:]),
        bad(r"mask must hold booleans, got .*astype\(bool\)", TOKENS, TOKENS, TOKENS),
    ],
    metrics.exact_match: [
        bad(r"predictions must have shape \(4, 2\), got \(3, 2\)", TOKENS[1:], TOKENS),
        bad(r"must have .*\(T, 2\), got \(4, 1\)", TOKENS[:, :1], TOKENS, MASK),
        bad(r"targets .*, got \(4,\); .*\[:, None\]", TOKENS[:, 0], TOKENS[:, 0]),
        bad(r"targets must hold whole numbers, got dtype float64", TOKENS, X[..., 0]),
        bad(r"mask must leave at least one step, got False", TOKENS, TOKENS, NOTHING),
    ],
    **{
        function: [
            bad(r"loss must be at least 0, got -0.5", -0.5),
            bad(r"loss must be finite, got nan", NAN),
            bad(r"loss must be a number, got array\(\[1.\]\)", np.array([1.0])),
            bad(r"loss must be a number, got '1'", "1"),
        ]
        for function in (metrics.perplexity, metrics.bits_per_character)
    },
    metrics.bleu: [
        bad(
            r"candidates must be a list of sentences, got str; a text", "a b", [[WORDS]]
        ),
        bad(r"candidates\[0\] must be a list of tokens, got str", ["a b"], [[WORDS]]),
        bad(r"candidates\[0\] must hold words .*, got \['a'\]", [[["a"]]], [[WORDS]]),
        bad(r"references\[0\] must be a list of sentences, got str", [WORDS], ["a b"]),
        bad(
            r"references\[0\]\[0\] must be a list of tokens, got str", [WORDS], [WORDS]
        ),
        bad(r"references\[0\] must hold at least one .*, got none", [WORDS], [[]]),
        bad(r"got 1 for 2 candidates", [WORDS, WORDS], [[WORDS]]),
        bad(r"at least one, got 0 for 0 candidates", [], []),
        bad(r"references must be a list of lists .*, got NoneType", [WORDS], None),
        bad(r"max_n must be at least 1, got 0", [WORDS], [[WORDS]], max_n=0),
        bad(r"smooth must be at least 0, got -1", [WORDS], [[WORDS]], smooth=-1),
    ],
    # sampling
    sampling.greedy: [
        bad(r"logits must leave each step a token, got -inf for", [[-np.inf] * 2]),
        bad(r"logits must be finite, got inf at index \(0,\)", [np.inf, -np.inf]),
        bad(r"logits must have dtype float64 or .*, got float16", HALVES),
        bad(r"logits must hold floats, got dtype int64; convert it", TOKENS),
        bad(r"logits must have shape \(\.\.\., V\), got \(\)", np.float64(3)),
        bad(r"logits .*, got \(0, 2, 6\); an axis of size 0 holds", SCORES[:0]),
        bad(r"logits must be finite, got nan at index \(0, 0, 1\)", with_nan(SCORES)),
        bad(r"logits must be an array, got rows of unequal size", RAGGED),
    ],
    **{
        function: [
            bad(r"temperature must be greater than 0, got 0", SCORES, temperature=0),
            bad(r"temperature must be greater than 0, got -1", SCORES, temperature=-1),
            bad(r"temperature must be finite, got inf", SCORES, temperature=np.inf),
            bad(r"temperature must be a number, got None", SCORES, temperature=None),
            bad(r"top_k must be at least 1, got 0", SCORES, top_k=0),
            bad(r"top_k must be at most 6, .*, got 7; None takes all", SCORES, top_k=7),
            bad(r"top_k must be a whole number, got 2.0", SCORES, top_k=2.0),
            bad(r"top_p must be greater than 0, got 0", SCORES, top_p=0),
            bad(r"top_p must be at most 1, got 90; it is a", SCORES, top_p=90),
            bad(r"top_p must be a number, got '0.9'", SCORES, top_p="0.9"),
            bad(r"logits must hold floats, got dtype int64; convert it", TOKENS),
            bad(r"logits must be finite, got nan at index", with_nan(SCORES)),
            bad(r"logits must leave each step a token, got", [[-np.inf], [0.0]]),
        ]
        for function in (sampling.probabilities, sampling.sample)
    },
    # ngrams
    NGramModel: [
        bad(r"order must be at least 0, got -1", [0, 1], -1, V),
        bad(r"order must be a whole number, got 2.0", [0, 1], 2.0, V),
        bad(r"vocab_size must be at least 1, got 0", [0, 1], 2, 0),
        bad(r"tokens must lie between 0 and 5, got 6", [0, 6], 2, V),
        bad(r"tokens must have shape \(N, B\), got \(1, 2, 1\)", [[[0], [1]]], 2, V),
        bad(r"tokens must hold whole numbers, got dtype float64", [0.0, 1.0], 2, V),
    ],
    NGramModel.probabilities: [
        bad(r"tokens must have shape \(T, B\), got \(2,\)", BIGRAMS, [0, 1]),
        bad(r"tokens must lie between 0 and 5, got -1", BIGRAMS, [[0], [-1]]),
    ],
    NGramModel.loss: [
        bad(r"batch must be of type Batch, got ndarray; it has", BIGRAMS, TOKENS),
        bad(r"targets must have shape \(4, 2\), got \(2,\)", BIGRAMS, ONCE),
        bad(r"mask must hold booleans, got dtype int64", BIGRAMS, MASKED_BY_NUMBERS),
    ],
    NGramModel.start: [
        bad(r"batch_size must be at least 1, got 0", BIGRAMS, 0),
        bad(r"batch_size must be a whole number, got None", BIGRAMS, None),
    ],
    # batches
    batches.chunks: [
        bad(r"steps must be at least 1, got 0", TEXT, 0),
        bad(r"steps must be a whole number, got 2.0", TEXT, 2.0),
        bad(r"steps must be a whole number, got None", TEXT, None),
        bad(r"batch must be a Batch, got ndarray; one with inputs", TOKENS, 2),
        bad(r"batch must be a Batch, got Pairs; one with inputs", PAIRS, 2),
        bad(r"must have shape \(4, 2\), one for each step .*, got \(2,\)", ONCE, 2),
        bad(r"got \(2, 2\); a task that asks once", Batch(X, TOKENS[:2]), 2),
    ],
    batches.batchify: [
        bad(r"batch_size must be at least 1, got 0", [0, 1, 2], 0),
        bad(r"batch_size must be a whole number, got '2'", [0, 1, 2], "2"),
        bad(r"tokens must hold at least 4 for 3 columns, got 3", [0, 1, 2], 3),
        bad(r"tokens must hold at least 2 for 1 columns, got 1", [0], 1),
        bad(r"tokens must hold whole numbers, got text; a Voc", "hello", 1),
        bad(r"tokens must have shape \(N,\), got \(0,\); an axis of", [], 1),
        bad(r"tokens .*, got \(0,\); an axis of size 0", TOKENS[0, :0], 1),
        bad(r"tokens must have shape \(N,\), got \(4, 2\)", TOKENS, 1),
        bad(r"tokens must lie between 0 and \d+, got -1", [0, -1, 2], 1),
    ],
    batches.mini_batches: [
        bad(r"batch_size must be at least 1, got 0", [[1]], [0], 0),
        bad(r"rng must be a .*Generator, got int; make one", [[1]], [0], 1, rng=3),
        bad(r"one for each .*, at least one, got 0 for 0", [], [], 1),
        bad(r"one for each of the inputs, .*, got 1 for 2", [[1], [2]], [0], 1),
        bad(r"inputs must be a list of .*, got str; a Voc", "ab", [0, 1], 1),
        bad(r"inputs must be a list of sequences, got int", 3, [0], 1),
        bad(r"targets must be a list of .*, got NoneType", [[1]], None, 1),
        bad(r"target 1 must have shape \(\), got \(1,\);", [[1], [2]], [0, [1]], 1),
        bad(r"target 1 must have .*\(2,\), got \(1,\)", [[1], [2, 3]], [[0], [1]], 1),
        bad(r"target 0 must have .*\(1,\), got \(2,\)", [[1]], [[0, 1]], 1),
        bad(r"inputs\[0\] must be an array, got rows of", [RAGGED], [0], 1),
    ],
    # models
    check_causal: [
        bad(r"layer must read from left to right only, .*, got Bidirectional", BOTH),
        bad(r"must read from left to right only, .*, got Bidirectional", STACK),
        bad(r"layer must be a Recurrent, .*, got RNNCell; wrap a cell", CELL),
        bad(r"layer must be a Recurrent, .*, got NoneType; make one", None),
    ],
    check_layer: [
        bad(r"layer must be a Recurrent, .*, got RNNCell; wrap a cell", CELL),
        bad(r"layer must be a Recurrent, .*, got Dropout; put it below", LAZY),
    ],
    run: [
        bad(r"rng must be a .*, got int", WORDY, TOKENS, None, None, rng=3),
        bad(r"x must have shape \(T, B, 3\)", LAYER, X[0], None, None),
    ],
    check_vocabulary: [
        bad(r"vocabulary must have 5 symbols, .*, got 4", "vocabulary", HELLO, 5),
        bad(r"vocabulary must be a Vocabulary, got str", "vocabulary", "helo", 4),
    ],
    shifted: [
        bad(r"targets must have shape \(T, B\), got \(3,\)", [3, 4, 2], 1),
        bad(r"targets must hold whole numbers, got dtype float64", X[..., 0], 1),
        bad(r"targets .*, got \(0, 2\); an axis of size 0", TOKENS[:0], 1),
        bad(r"start must be at least 0, got -1", TOKENS, -1),
        bad(r"start must be a whole number, got '<start>'", TOKENS, "<start>"),
    ],
    Model.check_training: [
        *(
            bad(r"since .* draws .*, got None;", model, rng=None, gradients=True)
            for model in (DROPPER, SAMPLER)
        ),
        bad(r"rng must be a .*Generator, got int;", TAGGER, rng=3, gradients=False),
        bad(r"gradients must be True or False, got 1", TAGGER, gradients=1),
    ],
    Model.with_params: [
        bad(r"params must have the keys .*, got \[\]", TAGGER, {}),
        bad(r"params must be a dict of arrays, got NoneType", TAGGER, None),
        bad(r"params must have the keys", TAGGER, TAGGER.params | {"more.W": X}),
        bad(r"must have shape \(6,\)", TAGGER, TAGGER.params | {"output.b_y": X}),
    ],
    Classifier: [
        bad(r"input_size must be at least 1, got 0", 0, 4, 2),
        bad(r"hidden_size must be at least 1, got -4", 3, -4, 2),
        bad(r"classes must be at least 1, got 0", 3, 4, 0),
        bad(r"classes must be a whole number, got 2.0", 3, 4, 2.0),
        bad(r"rng must be a .*Generator, got int; make one", 3, 4, 2, rng=0),
        bad(r"dtype must be np.float64 .*, got int64", 3, 4, 2, dtype=int),
        bad(r"vocabulary must have 3 symbols, .* 4", 3, 4, 2, vocabulary=HELLO),
        bad(r"input_size must be a whole number, got Recurrent\(", LAYER, 4, 2),
    ],
    Classifier.loss: [
        bad(
            r"gradients must be True or False, got 'no'",
            CLASSIFIER,
            Batch(X[0], TOKENS[0]),
            gradients="no",
        ),
        bad(r"batch must be of type Batch, got ndarray", CLASSIFIER, X[0]),
        bad(r"batch must be of type Batch, got Pairs", CLASSIFIER, PAIRS),
        bad(
            r"targets must lie between 0 and 5, got \d+",
            CLASSIFIER,
            Batch(X[0], TOKENS[0] + V),
        ),
        bad(
            r"targets must have shape \(2,\), got \(1,\)",
            CLASSIFIER,
            Batch(X[0], TOKENS[0, :1]),
        ),
        bad(
            r"x must have shape \(B, 3\), got \(2, 5\)",
            CLASSIFIER,
            Batch(STATES[0], TOKENS[0]),
        ),
        bad(r"x must be finite, got nan", CLASSIFIER, Batch(with_nan(X[0]), TOKENS[0])),
    ],
    **{
        function: [
            bad(
                r"x must have shape \(B, 3\), got \(3,\); .*x\[None\]",
                CLASSIFIER,
                X[0, 0],
            ),
            bad(r"x must have shape \(B, 3\), got \(4, 2, 3\)", CLASSIFIER, X),
            bad(r"x must hold floats, got dtype int64", CLASSIFIER, TOKENS[:, :1]),
        ]
        for function in (Classifier.forward, Classifier.logits, Classifier.predict)
    },
    **{
        kind: [
            bad(r"layer must be a Recurrent, .*, got RNNCell; wrap a cell", CELL, 2),
            bad(r"layer must be a Recurrent, .*, got int", 3, 2),
            bad(r"output_size must be at least 1, got 0", LAYER, 0),
            bad(r"output_size must be a whole number, got 2.0", LAYER, 2.0),
            bad(r"rng must be a .*Generator, got int; make one", LAYER, 2, rng=0),
            bad(r"loss must be one of 'cross_entropy', .*, got 'h", LAYER, 2, loss="h"),
            bad(r"loss must be one of .*, got None", LAYER, 2, loss=None),
            bad(r"output_size must be the number of classes, got None; ", LAYER),
            bad(r"vocabulary must have 3 symbols, .* 4", LAYER, 2, vocabulary=HELLO),
            bad(r"rate must be less than 1, got 1", LAYER, 2, dropout=1),
            bad(r"rate must be at least 0, got -0.1", LAYER, 2, dropout=-0.1),
        ]
        for kind in (SequenceClassifier, Tagger)
    },
    **{
        function: [
            bad(r"batch must be of type Batch, got ndarray", model, TOKENS),
            bad(r"batch must be of type Batch, got Pairs", model, PAIRS),
            bad(
                r"x must lie between 0 and 5, got \d+", model, Batch(TOKENS + V, answer)
            ),
            bad(r"x must have shape .*\[:, None\]", model, Batch(TOKENS[0], answer)),
            bad(
                r"targets must lie between 0 and 5, got",
                model,
                Batch(TOKENS, answer + V),
            ),
            bad(r"targets must h.* got", model, Batch(TOKENS, X)),
            bad(
                r"mask must leave at least", model, Batch(TOKENS, answer, None, NOTHING)
            ),
            bad(r"rng must be a .*, got int", model, Batch(TOKENS, answer), rng=3),
            bad(r"got None; pass rng", model, Batch(TOKENS, answer), rng=None),
            bad(r"state must be of type RNNState", model, Batch(TOKENS, answer), 3),
            bad(r"gradients must be", model, Batch(TOKENS, answer), gradients=None),
        ]
        for function, model, answer in (
            (SequenceClassifier.loss, READER, TOKENS[0]),
            (Tagger.loss, DROPPER, TOKENS),
        )
    },
    **{
        function: [
            bad(r"x must lie between 0 and 5, got \d+", model, TOKENS + V),
            bad(r"x must have shape .*\[:, None\]", model, TOKENS[0]),
            bad(r"mask must have shape \(4, 2\), got \(2,\)", model, TOKENS, MASK[0]),
            bad(r"mask must hold booleans, got dtype int64", model, TOKENS, TOKENS),
        ]
        for function, model in (
            (SequenceClassifier.predict, READER),
            (Tagger.predict, TAGGER),
        )
    },
    **{
        function: [
            bad(r"x must lie between 0 and 5, got \d+", model, TOKENS + V),
            bad(r"x must have shape .*\[:, None\]", model, TOKENS[0]),
            bad(r"state must be of type RNNState, got int", model, TOKENS, 3),
            bad(r"mask must have shape \(4, 2\)", model, TOKENS, None, MASK[0]),
            *(
                [bad(r"rng must be a .*, got int", model, TOKENS, rng=3)]
                if function.__name__ == "forward"
                else []
            ),
        ]
        for model in (READER, DROPPER)
        for function in (type(model).forward, type(model).logits)
    },
    **{
        kind.backward: [
            bad(r"dy must have shape .*, got \(\)", model, 3.0, cache),
            bad(r"dy must be finite, got nan at index", model, with_nan(y), cache),
        ]
        for kind, model, (y, _, cache) in (
            (Classifier, CLASSIFIER, CLASSIFIER.forward(X[0])),
            (SequenceClassifier, READER, READER.forward(TOKENS)),
            (Tagger, TAGGER, TAGGER.forward(TOKENS)),
            (ConditionalLanguageModel, SPEAKER, SPEAKER.forward(X[0], TOKENS)),
            (Seq2Seq, TRANSLATOR, TRANSLATOR.forward(TOKENS, TOKENS)),
        )
    },
    LanguageModel: [
        bad(r"must read from left to right only, .*, got Bidirectional", BOTH),
        bad(r"layer must be a Recurrent, .*, got RNNCell; wrap a cell", CELL),
        bad(r"layer must be a Recurrent, .*, got Embedding; put it below", EMBEDDING),
        bad(r"layer must be a .*, got list; put layers one above the", [LAYER, LAYER]),
        bad(
            r"layer must be a Recurrent, .*, got the class LSTMCell; make one", LSTMCell
        ),
        bad(r"rng must be a .*, got NoneType", LAYER, rng=None),
        bad(r"rate must be less than 1, got 2", LAYER, dropout=2),
        bad(r"vocabulary must have 3 symbols, .*, got 4", LAYER, vocabulary=HELLO),
        bad(r"vocabulary must be a Vocabulary, got str;", LAYER, vocabulary="help"),
    ],
    LanguageModel.start: [
        bad(r"batch_size must be at least 1, got 0", WRITER, 0),
        bad(r"batch_size must be a whole number, got 2.0", WRITER, 2.0),
    ],
    # generation
    generate: [
        bad(r"steps must be at least 1, got 0", WRITER, 0),
        bad(r"steps must be a whole .*, got None", WRITER, None),
        bad(r"steps must be a whole number, got RNNState", WRITER, START_6),
        bad(
            r"prompt must have shape .*, got \(1, 3\)",
            WRITER,
            2,
            prompt=[[0] * 3],
            state=START_6,
        ),
        bad(r"must lie between 0 and 5, got 9", *ASKED, prompt=[[0, 9]]),
        bad(r"must lie between 0 and 5, got 9", *ASKED, prompt=[[0, 1], [0, 9]]),
        bad(r"prompt must hold whole numbers, got .*float64", *ASKED, prompt=[[0.5]]),
        bad(r"prompt must have shape \(P, B\), got \(\)", *ASKED, prompt=3),
        bad(r"prompt must be a text or tokens .*, got None", *ASKED),
        bad(r"model must be one that writes .*, got LSTMCell", LSTM, 2, prompt=[0]),
        bad(r"model must be one that writes .*, got Tagger", TAGGER, 2, prompt=[0]),
        bad(r"must be tokens, since .* no vocabulary, got a ", *ASKED, prompt=""),
        bad(r"must be tokens, since .* no vocabulary, got a ", *ASKED, prompt="ab"),
        bad(r"end must lie between 0 and 5, got 9", *ASKED, prompt=[[0, 1]], end=9),
        bad(r"choose must be a function, got", *ASKED, prompt=[[0, 1]], choose=0.7),
        bad(r"rng must be a .*, got NoneType", WRITER, 2, prompt=[0], rng=None),
        bad(r"temperature must be greater than 0, got 0", *ASKED, temperature=0),
        bad(r"temperature must be a number, got None", *ASKED, temperature=None),
        bad(r"state must be .*, got None", SPEAKER, 2),
        bad(r"an array \(2, 3\); pass state=model.start\(v\)", SPEAKER, 2, state=X[0]),
        bad(r"got ndarray; pass what model.start", TRANSLATOR, 2, state=TOKENS),
        bad(r"got the class LanguageModel", LanguageModel, 2, prompt=[0]),
        bad(r"of one batch size, got 1, 2", *ASKED, prompt=[0], state=[X[0], X[0, :1]]),
        bad(
            r"arrays \(B, \.\.\.\), in tuples.*, got set", *ASKED, prompt=[0], state={1}
        ),
        bad(r"must be an array, got rows of unequal", *ASKED, prompt=[[0], [1, 2]]),
        bad(
            r"what choose returns must have shape \(2,\), got \(2, 6\)",
            *ASKED,
            prompt=[[0, 1]],
            choose=lambda scores: scores.astype(int),
        ),
    ],
    beam_search: [
        *(
            bad(
                says,
                SPEAKER,
                SPEAKER.start(X[0, :1]),
                **{"width": 2, "max_length": 3, "end": 2} | option,
            )
            for says, option in (
                (r"width must be at least 1, got 0", {"width": 0}),
                (r"width must be a whole number, got 1.5", {"width": 1.5}),
                (r"max_length must be at least 1, got -1", {"max_length": -1}),
                (r"alpha must be at least 0, got -0.5", {"alpha": -0.5}),
                (r"alpha must be finite, got nan", {"alpha": NAN}),
                (r"end must lie between 0 and 5, got 6", {"end": 6}),
                (r"end must hold whole numbers, got NoneType", {"end": None}),
            )
        ),
        bad(
            r"must be of a batch of one, got one of 2; search",
            SPEAKER,
            SPEAKER.start(X[0]),
            width=1,
            max_length=2,
            end=2,
        ),
        *(
            bad(says, WRITER, width=1, max_length=2, end=2, **options)
            for says, options in (
                (r"prompt must be a text or tokens .*, got None", {}),
                (r"must be of a batch of one, got one of 2", {"prompt": [[0, 1]]}),
                (r"must lie between 0 and 5, got 6", {"prompt": [6]}),
                (r"since the model has no vocabulary, got a", {"prompt": "ab"}),
            )
        ),
    ],
    ConditionalLanguageModel: [
        bad(r"condition_size must be at least 1, got 0", 0, LAYER),
        bad(r"layer must be a Recurrent, .*, got RNNCell; wrap a cell", 3, CELL),
        bad(r"vocabulary must have 3 symbols, .*, got 4", 3, LAYER, vocabulary=HELLO),
        bad(r"condition_size must be a whole number, got '3'", "3", LAYER),
        bad(r"must read from left to right only, .*, got Bidirectional", 3, BOTH),
        bad(r"start must lie between 0 and 2, got 3", 3, LAYER, start=3),
        bad(r"end must lie between 0 and 2, got -1", 3, LAYER, end=-1),
        bad(r"end must hold whole numbers, got dtype float64", 3, LAYER, end=0.5),
        bad(r"rate must be less than 1, got 1", 3, LAYER, dropout=1),
        bad(r"rng must be a .*, got int", 3, LAYER, rng=1),
    ],
    **{
        function: [
            bad(r"v must have shape \(B, 3\), .*v\[None\]", SPEAKER, X[0, 0], TOKENS),
            bad(r"x must lie between 0 and 5, got \d+", SPEAKER, X[0], TOKENS + V),
            bad(r"state.h must have shape \(2, 5\)", SPEAKER, X[0, :1], TOKENS),
            bad(r"mask must leave at least", SPEAKER, X[0], TOKENS, NOTHING),
        ]
        for function in (
            ConditionalLanguageModel.forward,
            ConditionalLanguageModel.logits,
        )
    },
    ConditionalLanguageModel.loss: [
        bad(r"batch must be of type Batch, got Pairs", SPEAKER, PAIRS),
        bad(r"gradients must be True", SPEAKER, Batch(X[0], TOKENS), gradients=2),
        bad(
            r"targets must have shape \(T, B\), got \(2,\)",
            SPEAKER,
            Batch(X[0], TOKENS[0]),
        ),
        bad(r"must lie between 0 and 5, got", SPEAKER, Batch(X[0], TOKENS + V)),
        bad(r"mask must leave at least", SPEAKER, Batch(X[0], TOKENS, NOTHING)),
        bad(r"must have shape .*, got \(2, 5\)", SPEAKER, Batch(STATES[0], TOKENS)),
    ],
    ConditionalLanguageModel.start: [
        bad(r"must have shape .*, got \(2, 5\)", SPEAKER, STATES[0]),
        bad(r"must have shape .*, got \(3,\)", SPEAKER, X[0, 0]),
        bad(r"must be finite, got nan", SPEAKER, with_nan(X[0])),
    ],
    ConditionalLanguageModel.predict: [
        bad(r"max_length must be at least 1, got 0", SPEAKER, X[0], max_length=0),
        bad(r"must have shape .*, got \(2, 5\)", SPEAKER, STATES[0], max_length=2),
    ],
    **{
        function: [
            bad(r"x must have shape .*\[:, None\]", TRANSLATOR, [3, 4], TOKENS),
            bad(r"x must lie between 0 and 10, got 99", TRANSLATOR, TOKENS, [[99]]),
            bad(r"state must be of type RNNState", TRANSLATOR, TOKENS, TOKENS, 3),
            bad(r"mask must", TRANSLATOR, TOKENS, TOKENS, None, NOTHING),
            bad(r"mask must", TRANSLATOR, TOKENS, TOKENS, None, MASK, NOTHING),
        ]
        for function in (Seq2Seq.forward, Seq2Seq.logits)
    },
    Seq2Seq: [
        bad(r"encoder must be a Recurrent, .*, got RNNCell; wrap", CELL, CELL),
        bad(r"decoder must be a Recurrent, .*, got RNNCell; wrap", LAYER, CELL),
        bad(r"must read from left to right only, .*, got Bidirectional", BOTH, LAYER),
        bad(r"must read from left to right only, .*, got Bidirectional", LAYER, BOTH),
        bad(
            r"encoder's state .*RNNState\(4\) of float64, got RNNState\(5\) of f",
            LAYER,
            Recurrent(draw_cell(rng(), D, 4)),
        ),
        bad(
            r"encoder's state .*LSTMState\(5, 5\) of .*, got RNN",
            LAYER,
            Recurrent(LSTM),
        ),
        bad(r"form RNNState\(5\) of float32, got .* of flo", LAYER, Recurrent(SINGLE)),
        bad(
            r"teacher_forcing must be at most 1, got 2",
            LAYER,
            LAYER_2,
            teacher_forcing=2,
        ),
        bad(
            r"teacher_forcing must be at least 0, got -1",
            LAYER,
            LAYER_2,
            teacher_forcing=-1,
        ),
        bad(
            r"teacher_forcing must be a number, got None",
            LAYER,
            LAYER_2,
            teacher_forcing=None,
        ),
        bad(r"start must lie between 0 and 2, got 3", LAYER, LAYER_2, start=3),
        bad(r"end must lie between 0 and 2, got 7", LAYER, LAYER_2, end=7),
        bad(
            r"attention must be a.* Attention, got str", LAYER, LAYER_2, attention="dot"
        ),
        bad(
            r"attention must .*got",
            LAYER,
            LAYER_2,
            attention=AdditiveAttention(D, D, 2, rng=rng()),
        ),
        bad(r"must not share weights, got the same", LAYER, LAYER),
        bad(r"must not share weights, got", LAYER, Recurrent(LAYER.cell)),
        bad(r"rng must be a .*, got int", LAYER, LAYER_2, rng=1),
    ],
    Seq2Seq.loss: [
        bad(r"batch must be of type Pairs, got Batch", TRANSLATOR, TEXT),
        bad(r"gradients must be True or False", TRANSLATOR, PAIRS, gradients=0),
        bad(
            r"must lie between 0 and 10, got",
            TRANSLATOR,
            PAIRS._replace(source=PAIRS.source + 99),
        ),
        bad(
            r"must lie between 0 and 10, got",
            TRANSLATOR,
            PAIRS._replace(target=PAIRS.target + 99),
        ),
        bad(
            r"mask must leave",
            TRANSLATOR,
            PAIRS._replace(source_mask=PAIRS.source_mask & False),
        ),
        bad(
            r"mask must leave",
            TRANSLATOR,
            PAIRS._replace(target_mask=PAIRS.target_mask & False),
        ),
        bad(r"rng must be a .*, got None; pass rng=rng to", SAMPLER, PAIRS, rng=None),
    ],
    Seq2Seq.start: [
        bad(r"x must have shape .*\[:, None\]", TRANSLATOR, [3, 4]),
        bad(r"mask must have shape", TRANSLATOR, [[3], [4]], [[True]]),
        bad(r"x must lie between 0 and 10, got 99", TRANSLATOR, [[99]]),
    ],
    Seq2Seq.predict: [
        bad(r"max_length must be at least 1, got 0", TRANSLATOR, [[3]], max_length=0),
        bad(r"x must have shape .*\[:, None\]", TRANSLATOR, [3, 4], max_length=3),
    ],
    Seq2Seq.alignment: [
        bad(r"the model must have an attention .*, got none; pass", TRANSLATOR, PAIRS),
        bad(r"batch must be of type Pairs, got Batch", LOOKER, TEXT),
    ],
    # training
    **{
        schedule: [
            bad(r"updates must be at least 1, got 0", 0),
            bad(r"updates must be at least 1, got -5", -5),
            bad(r"updates must be a whole number, got 10.0", 10.0),
        ]
        for schedule in (cosine_decay, exponential_decay, linear_warmup)
    },
    EarlyStop: [
        bad(r"score must be a function, got", 0.9),
        bad(r"every must be at least 1, got 0", len, 0),
        bad(r"patience must be at least 1, got 0", len, 1, 0),
        bad(r"patience must be a whole number, got 1.5", len, 1, 1.5),
        bad(r"target must be a number, got '95 %'", len, 1, 1, "95 %"),
        bad(r"target must be finite, got nan", len, 1, 1, NAN),
    ],
    History: [
        bad(r"must be of one length, got 1, 0, 0, 0, 0", [1.0]),
        bad(r"each entry of a history must be finite, got nan", [NAN]),
        bad(r"each entry of a history must be a number, got 'a'", "a"),
        bad(r"each entry of a history must be a .*, got None", metric=[(1, None)]),
    ],
    History.cut: [
        bad(r"updates must be at least 0, got -1", History(), -1),
        bad(r"updates must be a whole number, got 1.5", History(), 1.5),
    ],
    fit: [
        bad(r"model must be a Model, got Recurrent", LAYER, [TEXT], SGD(0.1)),
        bad(r"model must be a Model, got NoneType", None, [TEXT], SGD(0.1)),
        bad(r"optimizer must be an Optimizer, got float", TAGGER, [TEXT], 0.1),
        bad(r"optimizer must be an Optimizer, got the class SGD", TAGGER, [TEXT], SGD),
        bad(r"batches must hold at least one batch, got none", TAGGER, [], SGD(0.1)),
        bad(r"batches must be a list .*, got int; for a", TAGGER, 3, SGD(0.1)),
        bad(r"got Batch; for a single one, write \[batch\]", TAGGER, TEXT, SGD(0.1)),
        bad(r"must start with the first chunk .*, got", TAGGER, [LATER], SGD(0.1)),
        *(
            bad(says, TAGGER, [TEXT], SGD(0.1), **option)
            for says, option in (
                (r"clip_norm must be greater than 0, got 0", {"clip_norm": 0}),
                (r"clip_norm must be a number, got '1'", {"clip_norm": "1"}),
                (r"schedule must be a function, got", {"schedule": 0.5}),
                (r"factor must be at least 0, got -1", {"schedule": lambda n: -1}),
                (r"rng must be a .*Generator, got int; make one", {"rng": 3}),
                (r"early_stop must be an EarlyStop, got fun", {"early_stop": rng}),
                (r"must be a Checkpoint, got str; write", {"checkpoint": "a.npz"}),
                (r"history must be a History, got list", {"history": []}),
                (r"progress must be True or False, got None", {"progress": None}),
                (r"watch must be at least 1, got 0", {"watch": 0}),
                (r"watch must be a whole number, got 1.5", {"watch": 1.5}),
            )
        ),
        bad(
            r"recurrent layer must be a Recurrent, got Bidirectional; only that",
            Tagger(BOTH, V, rng=rng()),
            [TEXT],
            SGD(0.1),
            watch=1,
        ),
    ],
    # storage
    save: [
        bad(r"model must be a Model, got Recurrent", "model.npz", LAYER),
        bad(r"model must be a Model, got str", TAGGER, "model.npz"),
        bad(r"path must be the name of a file, got 3", 3, TAGGER),
        bad(r"parameter .*output.b_y must be finite", "model.npz", nan_model()),
        bad(
            r"none/m.npz must be a place where .*, got the answer", "none/m.npz", TAGGER
        ),
        bad(r"must be a place where a file .*, got the answer", HERE, TAGGER),
    ],
    load: [
        bad(r"none.npz must be a file, got none there", "none.npz"),
        bad(r"library must be a file, got a folder", HERE),
        bad(r"a whole file that rnnlib wrote, got one that cannot be", __file__),
        bad(r"path must be the name of a file, got None", None),
    ],
    write_arrays: [
        bad(r"path must be the name of a file, got None", None, "model", {}, {}),
        bad(r"none/m.npz must be a place where", "none/m.npz", "model", {}, {}),
    ],
    read_arrays: [
        bad(r"none.npz must be a file, got none there", "none.npz", "model"),
        bad(r"path must be the name of a file, got 3", 3, "model"),
    ],
    look_into: [
        bad(r"none.npz must be a file, got none there", "none.npz", "model"),
        bad(r"a whole file that rnnlib wrote, got one that", __file__, "model"),
        bad(r"path must be the name of a file, got None", None, "model"),
    ],
    Checkpoint: [
        bad(r"rng must be a .*Generator, got int; make one", "run.npz", rng=0),
        bad(r"every must be at least 1, got 0", "run.npz", every=0),
        bad(r"every must be a whole number, got 1.5", "run.npz", every=1.5),
        bad(r"path must be the name of a file, got None", None),
    ],
    Checkpoint.save: [
        bad(
            r"model must be a Model, got Recurrent",
            NOWHERE,
            LAYER,
            SGD(1),
            History(),
            0,
        ),
        bad(r"must be an Optimizer, got float", NOWHERE, TAGGER, 0.1, History(), None),
        bad(r"history must be a History, got list", NOWHERE, TAGGER, SGD(1), [], None),
        bad(r"must be a place where", NOWHERE, TAGGER, SGD(1), History(), None),
    ],
    resume: [
        bad(r"none.npz must be a file, got none there", "none.npz", TAGGER, SGD(0.1)),
        bad(r"a whole file that rnnlib wrote, got", __file__, TAGGER, SGD(0.1)),
        bad(r"path must be the name of a file, got 3", 3, TAGGER, SGD(0.1)),
        bad(r"model must be a Model, got Recurrent", "none.npz", LAYER, SGD(0.1)),
        bad(r"optimizer must be an Optimizer, got str", "none.npz", TAGGER, "Adam"),
        bad(r"rng must be a .*, got int", "none.npz", TAGGER, SGD(0.1), rng=3),
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
    diagnostics.lyapunov_exponents: [
        bad(r"jacobians must have shape \(T, B, S, S\), got \(2, 5, 5\)", JACOBIANS[0]),
        bad(r"\(T, B, S, S\), got \(4, 2, 5, 4\)", JACOBIANS[..., :4]),
        bad(r"jacobians must be finite, got nan at .*", with_nan(JACOBIANS)),
        bad(r"jacobians must have dtype .*, got float16", JACOBIANS.astype("f2")),
        bad(r"mask must have shape \(4, 2\), got \(3, 2\)", JACOBIANS, MASK[1:]),
        bad(r"a step, got none for sequence 1", JACOBIANS, MASK & [True, False]),
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
    diagnostics.state_gradients: [
        bad(r"dh must have shape \(4, 2, 5\), got \(2, 5\)", CELL, CACHE, STATES[0]),
        bad(r"dh must have dtype float64,", CELL, CACHE, STATES.astype(np.float32)),
        bad(r"dh must be finite, got nan at .*", CELL, CACHE, with_nan(STATES)),
        bad(r"cache must be of type LSTMCache, got RNNCache", LSTM, CACHE, STATES),
        bad(r"cache.h must have .*, got \(2, 5\)", CELL, STEP_CACHE, STATES),
        bad(r"cell must be a Cell, got Recurrent", LAYER, CACHE, STATES),
    ],
    diagnostics.gate_traces: [
        bad(r"cell must be a Cell, got Recurrent", LAYER, CACHE),
        bad(r"cache must be of type GRUCache, got LSTMCache", GRU, LSTM_CACHE),
        bad(r"cache.h must have shape \(T, B, 5\), got \(2", CELL, STEP_CACHE),
    ],
    diagnostics.memory_half_life: [
        bad(r"f must lie between 0 and 1, got -[\d.]+; pass the gate", X),
        bad(r"f must lie between 0 and 1, got 1.0000000000000002;", [NAN, 1 + 2**-52]),
        bad(r"f must hold floats, got dtype int64; convert it", [0, 1]),
        bad(r"got \(0, 2, 3\); an axis of size 0 holds nothing", X[:0]),
    ],
    **{
        ask: [
            bad(r"model must be an? Model, got RNNCell", CELL, [0, 1], 2),
            bad(r"x must have shape \(T,\), got \(1, 2\)", WRITER, [[0, 1]], 2),
            bad(r"x must lie between 0 and 5, got 6", WRITER, [0, 6], 2),
            bad(r"x must have shape \(T, 6\), got \(4, 2, 3\)", WRITER, X, 2),
            bad(r"x must be finite, got nan at", WRITER, with_nan(SCORES[0]), 2),
            bad(r"target must lie between 0 and 5, got -1", WRITER, [0, 1], -1),
            bad(r"target must have shape \(\), got \(1,\)", WRITER, [0, 1], [2]),
            bad(r"step must lie between -2 and 1, got 2", WRITER, [0, 1], 2, step=2),
            bad(r"step must be a whole number, got 0.5", WRITER, [0, 1], 2, step=0.5),
            bad(r"x must have shape \(3,\), got \(4, 2, 3\)", SPEAKER, X, [3, 1]),
            bad(r"target must have shape \(T,\), got \(\)", SPEAKER, X[0, 0], 3),
            bad(
                r"step must lie .* -2 and 1, got -3", SPEAKER, X[0, 0], [3, 1], step=-3
            ),
        ]
        for ask in (
            diagnostics.saliency,
            diagnostics.occlusion,
            diagnostics.integrated_gradients,
        )
    },
    diagnostics.ablated: [
        bad(r"model must be an? Model, got RNNCell", CELL, HELD, at=HELD),
        *(
            bad(says, TAGGER, HELD, at=HELD, part=part)
            for part, says in {
                "x": r"part must be one of 'recurrent', 'output', got 'x'",
                "output": r"model.parts\['output'\] must be an? Recurrent, got Linear",
            }.items()
        ),
        *(
            bad(says, TAGGER, directions, at=HELD)
            for says, directions in {
                r"directions must have shape \(K, 5\), got \(6,\)": HELD_6,
                r"directions must .*, got \(1, 1, 5\)": HELD[None, None],
                r"directions must not depend .* got 2 that span 1": [HELD, 2 * HELD],
                r"directions must not depend .* got 1 that span 0": 0 * HELD,
                r"directions must be finite, got nan": with_nan(HELD),
            }.items()
        ),
        bad(r"at must have shape \(5,\), got \(6,\)", TAGGER, HELD, at=HELD_6),
        bad(r"at must be finite, got nan", TAGGER, HELD, at=with_nan(HELD)),
    ],
    diagnostics.fixed_points: [
        bad(
            r"cell must be an? Cell, got Recurrent; pass layer.cell",
            LAYER,
            starts=SEEDS,
        ),
        bad(r"cell must compute in float64, got float32", SINGLE, starts=SEEDS),
        bad(r"starts must have shape \(K, 5\), got \(2, 3\)", CELL, starts=X[0]),
        bad(r"starts must be finite, got nan", CELL, starts=with_nan(SEEDS)),
        bad(r"x must have shape \(B, 3\), got \(1, 4, 2, 3\)", CELL, X, starts=SEEDS),
        bad(
            r"tolerance must be greater than 0, got 0", CELL, starts=SEEDS, tolerance=0
        ),
        bad(r"apart must be greater than 0, got -1", CELL, starts=SEEDS, apart=-1),
        bad(r"rounds must be at least 1, got 0", CELL, starts=SEEDS, rounds=0),
    ],
    diagnostics.principal_components: [
        bad(r"states must hold floats, got dtype int64", TOKENS),
        bad(r"states must be finite, got nan", with_nan(X)),
        bad(r"count must be at most 3, the size of a state, got 4", X, 4),
        bad(r"count must be at least 1, got 0", X, 0),
        bad(r"states must differ from each other, got the same everywhere", 0 * X),
    ],
    diagnostics.linear_probe: [
        bad(r"states must be finite, got nan", with_nan(X), X),
        bad(
            r"targets must have shape \(4, 2\), or one axis more, got \(2, 3\)", X, X[0]
        ),
        bad(r"targets must have shape .*, got \(4, 2, 3, 1\)", X, X[..., None]),
        bad(r"targets must hold floats, got dtype int64; convert it", X, TOKENS),
        bad(r"targets must be finite, got nan", X, with_nan(X)),
        bad(r"ridge must be at least 0, got -1", X, X, ridge=-1),
    ],
    diagnostics.real_time_gradients: [
        bad(r"cell must be an? RNNCell, got LSTMCell", LSTM, X, STATES),
        bad(r"x must have shape \(T, B, 3\), got \(2, 3\)", CELL, X[0], X),
        bad(r"dh must have shape \(4, 2, 5\), got \(4, 2, 3\)", CELL, X, X),
        bad(r"x must be finite, got nan", CELL, with_nan(X), STATES),
        bad(
            r"state.h must have shape \(2, 5\), got \(3, 5\)",
            *(CELL, X, STATES, CELL.initial_state(3)),
        ),
    ],
    diagnostics.run_saturation: [
        bad(r"cell must be an? Cell, got Recurrent; pass layer.cell", LAYER, CACHE),
        bad(r"threshold must be greater than 0, got 0", CELL, CACHE, threshold=0),
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
}
ROWS[sampling.sample] += [
    bad(r"rng must be a .*Generator, got int; make one", SCORES, rng=0),
    bad(r"rng must be a .*, got NoneType; make one", SCORES, rng=None),
]


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
    assert type(caught.value) in (ValueError, NotFiniteError, StorageError)
    assert re.search(r"\bgot\b", str(caught.value))
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()  # on one line, without marks unseen


# The pieces of a cell and of an optimiser: called in loops, on what has been checked.
PIECES = {"step", "step_backward", "parameter_gradients", "project", "direction"}
PIECES |= {"allocate_cache", "preactivations", "slopes", "state_of", "result_type"}
PIECES |= {"by_gate", "squash", "steps_of", "carry_over", "choose_state"}
PIECES |= {"scores", "scores_backward", "config", "coefficients"}
# Of a layer and of a model: what a model asks its layer, and what its loss is made of.
PIECES |= {"final", "from_final", "from_hidden", "to_hidden", "criterion", "answers"}
CHECKS = {"check_input", "check_state", "check_cache"}


def public_modules():
    yield rnnlib
    for found in pkgutil.walk_packages(rnnlib.__path__, "rnnlib."):
        private = any(part.startswith("_") for part in found.name.split("."))
        if not private:
            yield importlib.import_module(found.name)


def is_record(found):
    """Return whether `found` is a NamedTuple, which takes whatever it is given."""
    return isinstance(found, type) and issubclass(found, tuple)


def public_callables():
    for module in public_modules():
        for name in module.__all__:
            found = getattr(module, name)
            if not callable(found) or is_record(found) or name in PIECES:
                continue
            if getattr(found, "_is_protocol", False) or get_origin(found):
                continue  # a protocol, or another name for a type
            if isinstance(found, type):
                if issubclass(found, Exception):
                    continue
                yield from methods_of(found)
                if inspect.isabstract(found) or not inspect.signature(found).parameters:
                    continue
            yield found


def methods_of(kind):
    """Yield the methods of a class, and those it has from a private one."""
    for owner in kind.__mro__:
        if owner is kind or owner.__name__.startswith("_"):
            for name, method in vars(owner).items():
                own = inspect.isfunction(method) and not name.startswith("_")
                own = own and not getattr(method, "__isabstractmethod__", False)
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
    owners = (
        Cell,
        Optimizer,
        Attention,
        cells.caches,
        LinearCell,
        Recurrent,
        Tagger,
    )
    assert any(hasattr(owner, piece) for owner in owners)
