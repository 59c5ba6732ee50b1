"""How long a cell state lasts, and its gradient, beside that of a plain RNN."""

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from rnncourse.shared.wording import fixed, number, percent
from rnnlib._typing import Array
from rnnlib.activations import sigmoid
from rnnlib.cells import LSTMCell, LSTMState, RNNCell, steps_of
from rnnlib.recurrent import Recurrent

__all__ = [
    "LONGEST",
    "TimeConstant",
    "compute",
    "direction",
    "lstm",
    "lstm_gradients",
    "noise",
    "plain_gradients",
]

LONGEST = 200
INPUT_SIZE, HIDDEN = 4, 16


@dataclass(frozen=True)
class TimeConstant:
    """What is left of a cell state and of gradients, n steps on or back.

    Attributes
    ----------
    bias : float
        The forget gate's bias.
    amplitude : float
        Standard deviation of the input, the same for both.
    steps : int
        T, how far to look.
    direct : ndarray, shape (T + 1,)
        Gradient of c along the direct path alone, the product of the forget gates.
    total : ndarray, shape (T + 1,)
        Gradient of c along all paths.
    plain : ndarray, shape (T + 1,)
        Gradient of the state of a plain RNN, on the same input.
    """

    bias: float
    amplitude: float
    steps: int
    direct: Array
    total: Array
    plain: Array

    @property
    def f(self) -> float:
        """The forget gate at a pre-activation that is its bias alone."""
        return float(sigmoid(np.array(float(self.bias))))

    @property
    def tau(self) -> float:
        """Steps after which 1/e, 37 %, is left."""
        return -1 / math.log(self.f)

    @property
    def c(self) -> Array:
        """A cell state that is 1 at first and to which nothing is written."""
        return self.f ** np.arange(self.steps + 1)

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        return (
            f"f = σ({fixed(self.bias, 1)}) = {number(self.f, 3)}, so τ = −1/ln f = "
            f"{number(self.tau, 3)} steps (1/(1 − f) = {number(1 / (1 - self.f), 3)}). "
            f"{self.steps} steps leave {_left(self.c[-1])} of c, "
            f"{_left(self.total[-1])} of its gradient, and of the plain RNN's "
            f"{_left(self.plain[-1])}."
        )


def _left(share: float) -> str:
    if not share:
        return "less than a float can hold"
    return percent(share) if share > 5e-4 else number(share)


def compute(*, bias: float, amplitude: float, steps: int) -> TimeConstant:
    """Look back from the last step of a run of 200, over `steps` of them.

    Parameters
    ----------
    bias : float
        Of the forget gate.
    amplitude : float
        Standard deviation of the input.
    steps : int
        T, at most LONGEST.
    """
    here = slice(steps + 1)
    direct, total = lstm_gradients(bias, amplitude * noise())
    plain = _plain_gradients(amplitude)
    return TimeConstant(bias, amplitude, steps, direct[here], total[here], plain[here])


@cache
def noise() -> Array:
    """Return the input of amplitude one, (200, 1, INPUT_SIZE)."""
    return np.random.default_rng(0).standard_normal((LONGEST, 1, INPUT_SIZE))


def lstm(bias: float) -> LSTMCell:
    """Return the cell that is looked at: new, untrained weights, and that bias."""
    return LSTMCell(INPUT_SIZE, HIDDEN, rng=np.random.default_rng(1), forget_bias=bias)


@cache
def direction() -> Array:
    """Return the direction of length one in which the loss reads the last state."""
    u = np.random.default_rng(2).standard_normal(HIDDEN)
    return u / np.linalg.norm(u)


def lstm_gradients(bias: float, x: Array) -> tuple[Array, Array]:
    """Return the norms of dL/dc_{T-n}, n from 0 to 200: direct path, all paths."""
    cell, u = lstm(bias), direction()
    _, _, cache = Recurrent(cell).forward(x)
    direct = cache.f[::-1, 0].cumprod(axis=0)
    d_state, total = LSTMState(np.zeros((1, HIDDEN)), u[None]), [u]
    for slopes in reversed(steps_of(cell.slopes(cache))):
        _, d_state = cell.step_backward(d_state, slopes)
        total.append(d_state.c[0])
    return (
        np.hypot.reduce(np.vstack([u, u * direct]), axis=1),
        np.hypot.reduce(total, axis=1),
    )


@lru_cache(2)  # no bias changes them
def _plain_gradients(amplitude: float) -> Array:
    return plain_gradients(amplitude * noise())


def plain_gradients(x: Array) -> Array:
    """Return the norms of dL/dh_{T-n} of a plain tanh RNN with orthogonal weights."""
    cell = RNNCell(INPUT_SIZE, HIDDEN, rng=np.random.default_rng(1))
    _, _, cache = Recurrent(cell).forward(x)
    dh, left = direction(), [1.0]
    for h in cache.h[::-1, 0]:
        dh = cell.params["W_hh"] @ (dh * (1 - h**2))
        left.append(float(np.hypot.reduce(dh)))
    return np.array(left)
