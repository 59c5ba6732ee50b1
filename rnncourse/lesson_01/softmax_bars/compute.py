"""Four scores as probabilities, and the gradient of the loss for each."""

from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import number
from rnnlib._typing import Array
from rnnlib.activations import log_softmax
from rnnlib.losses import cross_entropy
from rnnlib.metrics import perplexity

__all__ = ["LETTERS", "TARGET", "SoftmaxBars", "compute"]

LETTERS, TARGET = "helo", 1
EVEN, PEAKED = 1.2, 3.5


@dataclass(frozen=True)
class SoftmaxBars:
    """Probabilities of the letters h, e, l, o, of which e is right.

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
    choices : float
        exp(entropy of p): an even choice among this many letters is as uncertain.
    """

    scores: Array
    temperature: float
    p: Array
    gradient: Array
    loss: float
    choices: float

    @property
    def largest(self) -> str:
        """The most probable letter, the first among equals."""
        return LETTERS[int(self.p.argmax())]

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        target = LETTERS[TARGET]
        return (
            f"{self._first()}{self._shape()} The target {target} has p = "
            f"{self.p[TARGET]:.3f}, so p \u2212 y = {_signed(self.gradient[TARGET])}: "
            f"{self._push()} The loss is {number(self.loss, 3)}."
        )

    def _first(self) -> str:
        if np.isclose(self.p, self.p.max(), atol=5e-4).sum() > 1:
            return "Several letters share the first place."
        return f"{self.largest} is the most probable, p = {self.p.max():.3f}."

    def _shape(self) -> str:
        if self.choices > PEAKED:
            return " It is nearly an even choice."
        if self.choices < EVEN:
            return " Hardly any doubt is left."
        return ""

    def _push(self) -> str:
        push = -float(self.gradient[TARGET])
        if push < 5e-4:
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
    temperature: float,
) -> SoftmaxBars:
    """Turn the scores of the letters h, e, l and o into probabilities.

    Parameters
    ----------
    score_h, score_e, score_l, score_o : float
    temperature : float
        Above 0.
    """
    scores = np.array([score_h, score_e, score_l, score_o], dtype=float)
    loss, gradient = cross_entropy(scores / temperature, TARGET)
    log_p = log_softmax(scores / temperature)
    p = np.exp(log_p)
    return SoftmaxBars(
        scores=scores,
        temperature=temperature,
        p=p,
        gradient=gradient,
        loss=float(loss),
        choices=perplexity(max(0.0, float(-p @ log_p))),
    )


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-", "\u2212")
