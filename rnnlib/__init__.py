"""rnnlib: the mathematics of recurrent networks in numpy, written to be read.

Where to find what, from the ground up:

* `activations`, `init`, `vocab` - functions of arrays; text to arrays
* `losses`, `cells` - scores to a loss; one step of a recurrence, forward and backward
* `recurrent` - a cell over a sequence, and back through time
* `gradcheck`, `optimizers` - is the gradient right; what to do with it
* `tasks` - data made from a random generator
* `diagnostics` - what becomes of a gradient on its way back
* `computations`, `views`, `explorers` - what the notebooks let you move: numbers,
  pictures, controls. They need matplotlib and ipywidgets, so they are not loaded here.

Arrays have time first, `(T, B, D)`, and one row a sequence: `h_prev @ W_hh`.
"""

from rnnlib.activations import activation, log_softmax, sigmoid, softmax
from rnnlib.cells import RNNCell, RNNState
from rnnlib.gradcheck import check_gradients, numerical_gradients
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

__all__ = [
    "SGD",
    "Adam",
    "Momentum",
    "RMSProp",
    "RNNCell",
    "RNNState",
    "Recurrent",
    "Vocabulary",
    "activation",
    "binary_cross_entropy",
    "check_gradients",
    "clip_by_norm",
    "clip_by_value",
    "cross_entropy",
    "global_norm",
    "log_softmax",
    "mean_squared_error",
    "numerical_gradients",
    "one_hot",
    "pad",
    "sigmoid",
    "softmax",
]
__version__ = "0.1.0"
