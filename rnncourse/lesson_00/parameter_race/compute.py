"""How many parameters a window over T letters needs, and how many an RNN does."""

from dataclasses import dataclass
from math import floor, sqrt

import numpy as np

from rnncourse.shared.wording import number
from rnnlib._typing import Array

__all__ = ["LONGEST", "ParameterRace", "compute", "rnn_parameters", "window_parameters"]

LONGEST = 100


def window_parameters(T: int, V: int, H: int) -> int:
    """Return how many parameters `Classifier(T * V, H, V)` has.

    It reads T one-hot symbols side by side and scores the V symbols that may follow:
    W_xh (T V, H), b_h (H,), W_hy (H, V) and b_y (V,).

    >>> window_parameters(T=20, V=27, H=64)
    36379
    """
    return T * V * H + H + H * V + V


def rnn_parameters(V: int, H: int) -> int:
    """Return how many parameters an RNN language model has, at any length.

    It reads one symbol per step and scores the same V: W_xh (V, H), W_hh (H, H),
    b_h (H,), W_hy (H, V) and b_y (V,).

    >>> rnn_parameters(V=27, H=64)
    7643
    """
    return V * H + H * H + H + H * V + V


@dataclass(frozen=True)
class ParameterRace:
    """Two networks that predict the next of V symbols from the last T.

    Attributes
    ----------
    steps, vocab_size, hidden_size : int
        T, V and H.
    lengths : ndarray of int, shape (LONGEST,)
        Every T from 1 on.
    window : ndarray of int, shape (LONGEST,)
        Parameters of the window network at each of them.
    rnn : int
        Parameters of the RNN, at all of them.
    """

    steps: int
    vocab_size: int
    hidden_size: int
    lengths: Array
    window: Array
    rnn: int

    @property
    def at_steps(self) -> int:
        """Parameters of the window network at T."""
        return int(self.window[self.steps - 1])

    @property
    def inputs(self) -> tuple[int, int]:
        """How many numbers each hidden unit reads: T V, and V + H."""
        return self.steps * self.vocab_size, self.vocab_size + self.hidden_size

    @property
    def larger_from(self) -> int:
        """The first T at which the window network has more parameters."""
        return floor(1 + self.hidden_size / self.vocab_size) + 1

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        window, rnn = self.at_steps, self.rnn
        if window > rnn:
            compared = f"{number(window / rnn, 3)} times as many as the RNN's {rnn:,}"
        elif window == rnn:
            compared = "as many as the RNN"
        else:
            compared = f"fewer than the RNN's {rnn:,}, which also has W_hh"
        return (
            f"At T = {self.steps} the window needs {window:,} parameters, {compared}: "
            f"about as many numbers as a colour photo of {_photo(window)} pixels, "
            f"against {_photo(rnn)}.{self._crossing()}"
        )

    def _crossing(self) -> str:
        if self.steps >= self.larger_from:
            return f" It has more than the RNN from T = {self.larger_from} on."
        last = self.steps == LONGEST
        return " It never has more than the RNN on this axis." if last else ""


def _photo(numbers: int) -> str:
    """Return the size of a square photo with that many numbers, three per pixel."""
    side = round(sqrt(numbers / 3))
    return f"{side} × {side}"


def compute(*, steps: int, vocab: int, hidden: int) -> ParameterRace:
    """Count the parameters of both networks.

    Parameters
    ----------
    steps : int
        T, at most LONGEST.
    vocab : int
        V, how many symbols there are.
    hidden : int
        H, the hidden units of each network.
    """
    lengths = range(1, LONGEST + 1)
    return ParameterRace(
        steps=steps,
        vocab_size=vocab,
        hidden_size=hidden,
        lengths=np.array(lengths),
        window=np.array([window_parameters(T, vocab, hidden) for T in lengths]),
        rnn=rnn_parameters(vocab, hidden),
    )
