"""rnnlib: the mathematics of recurrent networks in numpy, written to be read.

Where to find what, from the ground up:

* `activations`, `init`, `vocab` - functions of arrays; text to arrays
* `cells` - one step of a recurrence, forward and backward: plain RNN, LSTM, GRU
* `recurrent`, `wiring` - a cell over a sequence, and back through time; both
  directions, several layers
* `layers`, `attention`, `losses` - linear scores, embeddings, dropout; a weighted look
  at a whole sequence; scores to a loss
* `gradcheck`, `optimizers` - is the gradient right; what to do with it
* `tasks` - data made from a random generator
* `diagnostics` - what becomes of a gradient on its way back, and what the gates do
* `interop` - weights to and from the layouts of PyTorch and Keras
* `computations`, `views`, `explorers` - what the notebooks let you move: numbers,
  pictures, controls. They need matplotlib and ipywidgets, so they are not loaded here.

Arrays have time first, `(T, B, D)`, and one row a sequence: `h_prev @ W_hh`.
"""

from rnnlib.activations import activation, log_softmax, sigmoid, softmax
from rnnlib.attention import AdditiveAttention, DotAttention
from rnnlib.cells import GRUCell, GRUState, LSTMCell, LSTMState, RNNCell, RNNState
from rnnlib.gradcheck import check_gradients, numerical_gradients
from rnnlib.interop import from_keras, from_torch, to_keras, to_torch
from rnnlib.layers import Dropout, Embedding, Linear
from rnnlib.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnnlib.optimizers import (
    SGD,
    Adam,
    Momentum,
    RMSProp,
    clip_by_norm,
    clip_by_value,
    global_norm,
)
from rnnlib.recurrent import Recurrent
from rnnlib.vocab import Vocabulary, one_hot, pad
from rnnlib.wiring import Bidirectional, Stacked

__all__ = [
    "SGD",
    "Adam",
    "AdditiveAttention",
    "Bidirectional",
    "DotAttention",
    "Dropout",
    "Embedding",
    "GRUCell",
    "GRUState",
    "LSTMCell",
    "LSTMState",
    "Linear",
    "Momentum",
    "RMSProp",
    "RNNCell",
    "RNNState",
    "Recurrent",
    "Stacked",
    "Vocabulary",
    "activation",
    "binary_cross_entropy",
    "check_gradients",
    "clip_by_norm",
    "clip_by_value",
    "cross_entropy",
    "from_keras",
    "from_torch",
    "global_norm",
    "log_softmax",
    "mean_squared_error",
    "numerical_gradients",
    "one_hot",
    "pad",
    "sigmoid",
    "softmax",
    "to_keras",
    "to_torch",
]
__version__ = "0.1.0"
