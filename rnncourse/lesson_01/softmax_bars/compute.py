"""Four scores as probabilities, and the gradient of the loss for each."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import number
from rnnlib._typing import Array
from rnnlib.activations import softmax
from rnnlib.losses import cross_entropy

__all__ = ["BESIDE", "LETTERS", "TARGET", "SoftmaxBars", "compute"]

LETTERS, TARGET = "helo", 1
BESIDE = ("scores", "gradient")
SURE, EVEN, SAME = 0.97, 0.1, 5e-4  # of the largest p, and of gaps between two


@dataclass(frozen=True)
class SoftmaxBars:
    """Scores of the letters h, e, l, o, of which e is right, and their probabilities.

    Attributes
    ----------
    scores : ndarray, shape (4,)
    temperature : float
        The scores are divided by it before the softmax.
    p : ndarray, shape (4,)
        The probabilities.
    gradient : ndarray, shape (4,)
        p - y, the gradient of the loss with respect to the divided scores.
    loss : float
        -log p of the target.
    beside : str
        What is shown beside the probabilities, one of BESIDE.
    """

    scores: Array
    temperature: float
    p: Array
    gradient: Array
    loss: float
    beside: str

    @property
    def largest(self) -> str:
        """The most probable letter, the first among equals."""
        return LETTERS[int(self.p.argmax())]

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        if self.beside == "scores":
            return f"{self._first()}{self._shape()}{self._ratio()}"
        target = LETTERS[TARGET]
        return (
            f"{self._first()}{self._shape()} The target {target} has p = "
            f"{self.p[TARGET]:.3f}, so p \u2212 y = {_signed(self.gradient[TARGET])}: "
            f"{self._push()} The loss is {number(self.loss, 3)}."
        )

    def _first(self) -> str:
        if self._gap() < SAME:
            return "Several letters share the first place."
        return f"{self.largest} is the most probable, p = {self.p.max():.3f}."

    def _shape(self) -> str:
        if np.ptp(self.p) < SAME:
            return " It is an even choice."
        if np.ptp(self.p) < EVEN:
            return " It is nearly an even choice."
        return " Hardly any doubt is left." if self.p.max() > SURE else ""

    def _gap(self) -> float:
        """Return how far the most probable letter is ahead of the next one."""
        last, first = np.sort(self.p)[-2:]
        return float(first - last)

    def _ratio(self) -> str:
        """Say why the first letter is so much more probable than the next one."""
        if self._gap() < SAME:
            return ""
        second, first = np.argsort(self.p)[-2:]
        above = float(self.scores[first] - self.scores[second]) / self.temperature
        return (
            f" Its score, divided by the temperature, is {number(above, 3)} above that "
            f"of {LETTERS[second]}: exp({number(above, 3)}) = "
            f"{number(np.exp(above), 3)} times as probable."
        )

    def _push(self) -> str:
        push = -float(self.gradient[TARGET])
        if push < SAME:
            return "nearly nothing is left to learn."
        if self.largest == LETTERS[TARGET]:
            return "it is right, and its score is still pushed up."
        return "its score is pushed up."


def compute(
    *,
    score_h: float,
    score_e: float,
    score_l: float,
    score_o: float,
    shift: float,
    temperature: float,
    beside: str,
) -> SoftmaxBars:
    """Turn the scores of the letters h, e, l and o into probabilities.

    Parameters
    ----------
    score_h, score_e, score_l, score_o : float
    shift : float
        Added to all of them.
    temperature : float
        Above 0.
    beside : str
        One of BESIDE.
    """
    scores = np.array([score_h, score_e, score_l, score_o]) + shift
    loss, gradient = cross_entropy(scores / temperature, TARGET)
    return SoftmaxBars(
        scores=scores,
        temperature=temperature,
        p=softmax(scores / temperature),
        gradient=gradient,
        loss=float(loss),
        beside=beside,
    )


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-", "\u2212")
