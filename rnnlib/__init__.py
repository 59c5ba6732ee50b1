"""rnnlib: the mathematics of recurrent networks in numpy, written to be read.

Where to find what, from the ground up:

* `activations`, `init`, `vocab` - functions of arrays; text to arrays
* `cells` - one step of a recurrence, forward and backward: plain RNN, LSTM, GRU, and
  those whose recurrence is linear
* `scan`, `state_space` - a linear recurrence in log2 T passes; a decay in continuous
  time, seen in steps
* `fast_weights` - a matrix as memory, written while reading
* `recurrent` - a cell over a sequence, and back through time; both directions, layers
* `layers`, `attention`, `losses` - linear scores, embeddings, dropout; a weighted look
  at a whole sequence; scores to a loss
* `self_attention` - a sequence that looks at itself, and where in it each step stands
* `gradcheck`, `optimizers` - is the gradient right; what to do with it
* `tasks`, `batches` - data made from a random generator; padded, shuffled, or cut
* `sampling`, `metrics`, `sound` - scores to tokens; how good the answers are; notes to
  what can be heard
* `ngrams` - models that count: what a network has to beat
* `models` - layers wired for a task: one to one, one to many, many to one, many to many
* `decoding` - from a model that scores the next token to whole sequences
* `training`, `storage` - `fit`, and what it records; going on after a break; models as
  files
* `diagnostics` - what becomes of a gradient in the backward pass, what the gates do,
  which letter mattered
* `interop` - weights to and from the layouts of PyTorch and Keras

What the lessons show and ask, explorers and exercises, is in `rnncourse`.

Arrays have time first, `(T, B, D)`, and one row a sequence: `h_prev @ W_hh`.

A language model that learns a sentence by heart, letter by letter:

>>> import numpy as np
>>> from rnnlib import Adam, LanguageModel, LSTMCell, Recurrent, Vocabulary
>>> from rnnlib import batchify, chunks, fit, generate
>>> rng = np.random.default_rng(0)
>>> wood = "how much wood would a woodchuck chuck if a woodchuck could chuck wood? "
>>> vocabulary = Vocabulary(set(wood))
>>> layer = Recurrent(LSTMCell(len(vocabulary), 32, rng=rng))
>>> model = LanguageModel(layer, vocabulary=vocabulary, rng=rng)
>>> text = batchify(vocabulary.encode(10 * wood), batch_size=4)
>>> batches = [chunk for epoch in range(25) for chunk in chunks(text, steps=25)]
>>> history = fit(model, batches, Adam(0.02), clip_norm=1.0, progress=False)
>>> generate(model, 58, prompt="how much wood", temperature=0.3, rng=rng)
' would a woodchuck chuck if a woodchuck could chuck wood? '
"""

import sys
from typing import Any

from rnnlib.activations import activation, log_softmax, sigmoid, softmax
from rnnlib.attention import AdditiveAttention, DotAttention
from rnnlib.batches import Batch, Chunk, Pairs, batchify, chunks, mini_batches
from rnnlib.cells import (
    CoupledLSTMCell,
    CoupledPeepholeLSTMCell,
    GRUCell,
    GRUState,
    LSTMCell,
    LSTMState,
    MinGRUCell,
    MinLSTMCell,
    NoForgetGateLSTMCell,
    NoInputGateLSTMCell,
    NoOutputGateLSTMCell,
    NoOutputTanhLSTMCell,
    PeepholeLSTMCell,
    RNNCell,
    RNNState,
    convert_gru,
)
from rnnlib.decoding import Hypothesis, beam_search, generate
from rnnlib.fast_weights import FastWeights
from rnnlib.gradcheck import check_gradients, numerical_gradients
from rnnlib.interop import from_keras, from_torch, to_keras, to_torch
from rnnlib.layers import Dropout, Embedding, Linear
from rnnlib.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnnlib.metrics import (
    accuracy,
    bits_per_character,
    bleu,
    exact_match,
    perplexity,
)
from rnnlib.models import (
    Classifier,
    LanguageModel,
    Loss,
    SequenceClassifier,
    Tagger,
)
from rnnlib.models.conditional import ConditionalLanguageModel
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.ngrams import NGramModel
from rnnlib.optimizers import (
    SGD,
    Adam,
    Momentum,
    RMSProp,
    clip_by_norm,
    clip_by_value,
    global_norm,
)
from rnnlib.recurrent import Bidirectional, Recurrent, Scanned, Stacked
from rnnlib.sampling import greedy, probabilities, sample
from rnnlib.self_attention import SelfAttention, positions
from rnnlib.storage import StorageError, load, save
from rnnlib.training import (
    EarlyStop,
    History,
    TrainingWarning,
    cosine_decay,
    exponential_decay,
    fit,
    linear_warmup,
)
from rnnlib.training.checkpoints import Checkpoint, resume
from rnnlib.vocab import Vocabulary, one_hot, pad

__all__ = [
    "SGD",
    "Adam",
    "AdditiveAttention",
    "Batch",
    "Bidirectional",
    "Checkpoint",
    "Chunk",
    "Classifier",
    "ConditionalLanguageModel",
    "CoupledLSTMCell",
    "CoupledPeepholeLSTMCell",
    "DotAttention",
    "Dropout",
    "EarlyStop",
    "Embedding",
    "FastWeights",
    "GRUCell",
    "GRUState",
    "History",
    "Hypothesis",
    "LSTMCell",
    "LSTMState",
    "LanguageModel",
    "Linear",
    "Loss",
    "MinGRUCell",
    "MinLSTMCell",
    "Momentum",
    "NGramModel",
    "NoForgetGateLSTMCell",
    "NoInputGateLSTMCell",
    "NoOutputGateLSTMCell",
    "NoOutputTanhLSTMCell",
    "Pairs",
    "PeepholeLSTMCell",
    "RMSProp",
    "RNNCell",
    "RNNState",
    "Recurrent",
    "Scanned",
    "SelfAttention",
    "Seq2Seq",
    "SequenceClassifier",
    "Stacked",
    "StorageError",
    "Tagger",
    "TrainingWarning",
    "Vocabulary",
    "accuracy",
    "activation",
    "batchify",
    "beam_search",
    "binary_cross_entropy",
    "bits_per_character",
    "bleu",
    "check_gradients",
    "chunks",
    "clip_by_norm",
    "clip_by_value",
    "convert_gru",
    "cosine_decay",
    "cross_entropy",
    "exact_match",
    "exponential_decay",
    "fit",
    "from_keras",
    "from_torch",
    "generate",
    "global_norm",
    "greedy",
    "linear_warmup",
    "load",
    "log_softmax",
    "mean_squared_error",
    "mini_batches",
    "numerical_gradients",
    "one_hot",
    "pad",
    "perplexity",
    "positions",
    "probabilities",
    "resume",
    "sample",
    "save",
    "sigmoid",
    "softmax",
    "to_keras",
    "to_torch",
]
__version__ = "0.1.0"

RENAMED = {"Generator": "ConditionalLanguageModel", "columns": "batchify"}


def __getattr__(name: str) -> Any:
    """Raise an error that says the new name of what was renamed."""
    if name not in RENAMED:
        raise AttributeError(f"module 'rnnlib' has no attribute {name!r}")
    says = f"rnnlib.{name} was renamed; it is rnnlib.{RENAMED[name]} now"
    # `from rnnlib import ...` replaces the message of an AttributeError by its own; it
    # looks names up in this function of importlib
    importing = sys._getframe(1).f_code.co_name == "_handle_fromlist"
    raise (ImportError if importing else AttributeError)(says)
