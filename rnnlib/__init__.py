"""rnnlib: the mathematics of recurrent networks in numpy, written to be read.

Where to find what, from the ground up:

* `activations`, `init`, `vocab` - functions of arrays; text to arrays
* `cells` - one step of a recurrence, forward and backward: plain RNN, LSTM, GRU
* `recurrent`, `wiring` - a cell over a sequence, and back through time; both
  directions, several layers
* `layers`, `attention`, `losses` - linear scores, embeddings, dropout; a weighted look
  at a whole sequence; scores to a loss
* `gradcheck`, `optimizers`, `schedules` - is the gradient right; what to do with it
* `tasks`, `batches`, `records` - data made from a random generator; padded, shuffled,
  or cut; what a model is given
* `sampling`, `metrics`, `sound` - scores to tokens; how good the answers are; notes to
  what can be heard
* `models`, `generator`, `seq2seq` - layers wired for a task: one to one, one to many,
  many to one, many to many
* `decoding` - from a model that scores the next token to whole sequences
* `training`, `history`, `checkpoints`, `storage` - `fit`, and what it records; going on
  after a break; models as files
* `diagnostics` - what becomes of a gradient on its way back, and what the gates do
* `interop` - weights to and from the layouts of PyTorch and Keras
* `exercises` - what a learner writes, and what is said to it: checks, hints, solutions
* `computations`, `views`, `explorers` - what the notebooks let you move: numbers,
  pictures, controls. They need matplotlib and ipywidgets, so they are not loaded here.

Arrays have time first, `(T, B, D)`, and one row a sequence: `h_prev @ W_hh`.
"""

from rnnlib.activations import activation, log_softmax, sigmoid, softmax
from rnnlib.attention import AdditiveAttention, DotAttention
from rnnlib.batches import Chunk, chunks, columns, mini_batches
from rnnlib.cells import GRUCell, GRUState, LSTMCell, LSTMState, RNNCell, RNNState
from rnnlib.checkpoints import Checkpoint, resume
from rnnlib.decoding import Hypothesis, beam_search, generate
from rnnlib.generator import Generator
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
from rnnlib.optimizers import (
    SGD,
    Adam,
    Momentum,
    RMSProp,
    clip_by_norm,
    clip_by_value,
    global_norm,
)
from rnnlib.records import Batch, Pairs
from rnnlib.recurrent import Recurrent
from rnnlib.sampling import greedy, probabilities, sample
from rnnlib.seq2seq import Seq2Seq
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
from rnnlib.vocab import Vocabulary, one_hot, pad
from rnnlib.wiring import Bidirectional, Stacked

__all__ = [
    "SGD",
    "Adam",
    "AdditiveAttention",
    "Batch",
    "Bidirectional",
    "Checkpoint",
    "Chunk",
    "Classifier",
    "DotAttention",
    "Dropout",
    "EarlyStop",
    "Embedding",
    "GRUCell",
    "GRUState",
    "Generator",
    "History",
    "Hypothesis",
    "LSTMCell",
    "LSTMState",
    "LanguageModel",
    "Linear",
    "Loss",
    "Momentum",
    "Pairs",
    "RMSProp",
    "RNNCell",
    "RNNState",
    "Recurrent",
    "Seq2Seq",
    "SequenceClassifier",
    "Stacked",
    "StorageError",
    "Tagger",
    "TrainingWarning",
    "Vocabulary",
    "accuracy",
    "activation",
    "beam_search",
    "binary_cross_entropy",
    "bits_per_character",
    "bleu",
    "check_gradients",
    "chunks",
    "clip_by_norm",
    "clip_by_value",
    "columns",
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
